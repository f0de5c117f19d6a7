// Slack's own time. It runs with the real one, and `tick` moves it on: retries, expiries and deadlines due by then happen, in order.
// What is signed is stamped with the wall clock that the receiver has, which a tick does not move.
interface Timer {
  readonly due: number
  readonly run: () => void
  handle: NodeJS.Timeout | null
}

export class Time {
  readonly #wall: () => number
  readonly #timers = new Set<Timer>()
  #skew = 0
  #lastTs = 0

  constructor(wall: () => number) {
    this.#wall = wall
  }
  /** Milliseconds since 1970 as the receiver's clock has them. */
  wall(): number {
    return this.#wall()
  }
  now(): number {
    return this.#wall() + this.#skew
  }
  /** Monotonic; for deadlines. */
  elapsed(): number {
    return performance.now() + this.#skew
  }
  /** A message's ts: microseconds, never twice. */
  ts(): string {
    this.#lastTs = Math.max(Math.floor(this.now()) * 1_000, this.#lastTs + 1)
    return `${Math.floor(this.#lastTs / 1_000_000)}.${String(this.#lastTs % 1_000_000).padStart(6, "0")}`
  }
  after(ms: number, run: () => void): () => void {
    const timer: Timer = { due: this.elapsed() + ms, run, handle: null }
    timer.handle = setTimeout(() => this.#fire(timer), ms)
    timer.handle.unref()
    this.#timers.add(timer)
    return () => this.#drop(timer)
  }
  /** `settle` waits for what a timer set off, so that time does not run away from it. */
  async tick(ms: number, settle: () => Promise<void>): Promise<void> {
    const target = this.elapsed() + ms
    for (;;) {
      const next = [...this.#timers].sort((a, b) => a.due - b.due)[0]
      if (next === undefined || next.due > target) break
      this.#skew += Math.max(0, next.due - this.elapsed())
      this.#fire(next)
      await settle()
    }
    this.#skew += Math.max(0, target - this.elapsed())
  }
  clear(): void {
    for (const timer of this.#timers) this.#drop(timer)
  }
  #fire(timer: Timer): void {
    if (!this.#timers.has(timer)) return
    this.#drop(timer)
    timer.run()
  }
  #drop(timer: Timer): void {
    if (timer.handle !== null) clearTimeout(timer.handle)
    this.#timers.delete(timer)
  }
}
