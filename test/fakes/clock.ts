// A clock that stands still until a test moves it. Sleepers wake in order.
import type { Clock } from "../../src/core/ports.ts"

export class FakeClock implements Clock {
  #now: number
  readonly #sleepers = new Set<{ until: number; wake: () => void }>()
  constructor(now = Date.UTC(2026, 10, 21, 10, 0)) {
    this.#now = now
  }
  now(): number {
    return this.#now
  }
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const sleeper = { until: this.#now + ms, wake: resolve }
      this.#sleepers.add(sleeper)
      signal?.addEventListener(
        "abort",
        () => {
          this.#sleepers.delete(sleeper)
          reject(signal.reason)
        },
        { once: true },
      )
    })
  }
  /** Moves on by `ms` and wakes whoever slept until then. */
  advance(ms: number): void {
    this.#now += ms
    for (const s of [...this.#sleepers].sort((a, b) => a.until - b.until)) {
      if (s.until > this.#now) continue
      this.#sleepers.delete(s)
      s.wake()
    }
  }
}
