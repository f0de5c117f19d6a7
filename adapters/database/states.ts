// States that this process wrote or read last, by request. A log only grows, so what a request was at one version stays true;
// whether it is the newest version, the guard decides.
import type { StreamKey } from "../../src/core/facts.ts"
import type { Live, State } from "../../src/core/fold.ts"

const kept = 2_000

export class States {
  readonly #states = new Map<string, Live>()
  get(key: StreamKey): Live | null {
    return this.#states.get(`${key.workspace}\n${key.stream}`) ?? null
  }
  keep(state: State): void {
    if (state.at === "none") return
    const name = `${state.workspace}\n${state.request}`
    this.#states.delete(name)
    this.#states.set(name, state)
    if (this.#states.size > kept) for (const oldest of this.#states.keys()) return void this.#states.delete(oldest)
  }
  forget(key: StreamKey): void {
    this.#states.delete(`${key.workspace}\n${key.stream}`)
  }
}
