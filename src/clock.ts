// The machine's clock, as a port so that tests can turn it.
import type { Clock } from "./core/ports.ts"

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason)
      const abort = () => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", abort)
        resolve()
      }, ms)
      signal?.addEventListener("abort", abort, { once: true })
    }),
}
