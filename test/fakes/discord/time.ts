// Discord's own time. It runs with the real one, or with the clock that a test gives; then nothing happens by itself. `tick` moves it
// on: deadlines and expiries due by then happen, in order.
interface Timer {
  readonly due: number
  readonly run: () => void
  handle: NodeJS.Timeout | null
}
const longestTimeoutMs = 2 ** 31 - 1

export class Time {
  readonly #timers = new Set<Timer>()
  readonly #given: (() => number) | null
  #skew = 0

  constructor(given: (() => number) | null) {
    this.#given = given
  }
  /** Milliseconds since 1970. */
  now(): number {
    return (this.#given ?? Date.now)() + this.#skew
  }
  /** Monotonic; for deadlines. */
  elapsed(): number {
    return (this.#given?.() ?? performance.now()) + this.#skew
  }
  after(ms: number, run: () => void): () => void {
    const timer: Timer = { due: this.elapsed() + ms, run, handle: null }
    if (this.#given === null && ms < longestTimeoutMs) timer.handle = setTimeout(() => this.#fire(timer), ms).unref()
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
