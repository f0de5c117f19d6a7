// What goes wrong on request: the next calls of a route fail before or after they are done, or wait for the test.
/** `…ButDone`: the thing is done and the answer is lost. */
export type Fault =
  | "failsAndNotDone"
  | "failsButDone"
  | "hangs"
  | "hangsButDone"
  | "500"
  | "500ButDone"
  | { readonly status: number; readonly code: number; readonly message?: string }
  | { readonly retryAfterSeconds: number; readonly scope?: "user" | "global" | "shared" }
  | { readonly holds: Hold; readonly when: "before" | "after" }

/** Keeps a call waiting until the test lets go. */
export class Hold {
  readonly #arrival = Promise.withResolvers<void>()
  readonly #release = Promise.withResolvers<void>()
  readonly arrived = this.#arrival.promise
  async wait(): Promise<void> {
    this.#arrival.resolve()
    await this.#release.promise
  }
  release(): void {
    this.#release.resolve()
  }
}
export class Faults {
  readonly #next = new Map<string, Fault[]>()
  add(route: string, ...faults: readonly Fault[]): void {
    this.#next.set(route, [...(this.#next.get(route) ?? []), ...faults])
  }
  take(route: string): Fault | null {
    return this.#next.get(route)?.shift() ?? null
  }
  clear(): void {
    this.#next.clear()
  }
}
