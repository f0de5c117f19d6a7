// Whoever ignores a signal holds nobody up: the work may go on out there, but nothing here waits for it or hears of it.
// Nothing stays on the signal when the work is done: a signal made of others lives, with all that its listeners hold, as long as it has any.
export function withAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    work.catch(() => undefined)
    return Promise.reject(signal.reason)
  }
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const abort = () => reject(signal.reason)
  signal.addEventListener("abort", abort, { once: true })
  work.then(resolve, reject)
  return promise.finally(() => signal.removeEventListener("abort", abort))
}
