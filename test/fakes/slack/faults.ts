// What goes wrong with the next call of a method, in the order given. "ButDone": Slack did it, and the caller does not learn so.
import type { Fields } from "./state.ts"

/**
 * `failsAndNotDone`, `failsButDone`: the connection breaks, before or after it was done.
 * `hangs`, `hangsButDone`: no reply ever. `429`: with Retry-After, not done. `500`, `500ButDone`: an HTML page.
 * `internal_error`, `fatal_error`: Slack's own words for "some of it may have happened"; each may be done or not.
 */
export type Fault =
  | "failsAndNotDone"
  | "failsButDone"
  | "hangs"
  | "hangsButDone"
  | "429"
  | "500"
  | "500ButDone"
  | "internal_error"
  | "internal_errorButDone"
  | "fatal_error"
  | "fatal_errorButDone"
  | { readonly error: string; readonly more?: Fields }
  | { readonly retryAfterSeconds: number }
  | { readonly holds: Hold; readonly when: "before" | "after" }

/** Keeps a call waiting until the test lets go. */
export class Hold {
  #arrive: () => void = () => {}
  #release: () => void = () => {}
  readonly arrived = new Promise<void>((resolve) => {
    this.#arrive = resolve
  })
  readonly #released = new Promise<void>((resolve) => {
    this.#release = resolve
  })
  async wait(): Promise<void> {
    this.#arrive()
    await this.#released
  }
  release(): void {
    this.#release()
  }
}

export class Faults {
  readonly #next = new Map<string, Fault[]>()
  add(method: string, ...faults: readonly Fault[]): void {
    this.#next.set(method, [...(this.#next.get(method) ?? []), ...faults])
  }
  take(method: string): Fault | null {
    return this.#next.get(method)?.shift() ?? null
  }
  clear(): void {
    this.#next.clear()
  }
}
