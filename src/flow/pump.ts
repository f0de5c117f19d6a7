// Keeps requests moving: one step after the other, one request at a time in this process, one process at a time by lease.
// The ledger is the queue; a poke only saves the wait for the next look. A step that fails keeps its lease, so that it is
// tried again when the lease ends, and not in a loop. Drafting has a lane of its own: no click waits behind a flood of asks.
import { randomUUID } from "node:crypto"
import PQueue from "p-queue"
import { nextStep, type Step } from "../core/derive.ts"
import type { RequestId, StopScope } from "../core/domain.ts"
import { covers } from "../core/door.ts"
import type { StreamKey } from "../core/facts.ts"
import type { Live } from "../core/fold.ts"
import { dispatch } from "./dispatch.ts"
import type { Parts } from "./parts.ts"
import { outOfStep } from "./restate.ts"
import { keyOf, load, type Stepped } from "./stream.ts"

// Longer than a permit's life: nobody takes over while a request of ours may still be under way.
const leaseMs = 30_000
const lookEveryMs = 1_000
const draftersAtOnce = 8
const claimAtOnce = 100

export type Lane = "drafting" | "deciding"
type End = "done" | "wants-drafting-lane" | { readonly failed: unknown }
interface AtStep {
  readonly scope: StopScope
  readonly request: RequestId
  readonly step: Step
  readonly control: AbortController
}

export class Pump {
  readonly #parts: Parts
  readonly #owner = randomUUID()
  readonly #drafting = new PQueue({ concurrency: draftersAtOnce })
  /** Requests at work here; `again` when something changed meanwhile. */
  readonly #running = new Map<string, "once" | "again">()
  readonly #work = new Set<Promise<End>>()
  readonly #steps = new Set<AtStep>()
  readonly #onProgress: (state: Live) => void
  readonly #stopped = new AbortController()
  #looking: Promise<void> = Promise.resolve()
  /** What drafters at work here last said, by request. For the requester's card only. */
  readonly progress = new Map<RequestId, string>()

  constructor(parts: Parts, onProgress: (state: Live) => void) {
    this.#parts = parts
    this.#onProgress = onProgress
  }

  start(): void {
    this.#looking = this.#look(this.#stopped.signal)
  }
  /** Takes no new work, aborts drafting, lets posting finish. */
  async stop(): Promise<void> {
    this.#stopped.abort(new Error("the server is shutting down"))
    for (const s of this.#steps) if (s.step === "draft") s.control.abort(this.#stopped.signal.reason)
    await this.#looking
    await this.idle()
  }
  async idle(): Promise<void> {
    while (this.#work.size > 0) await Promise.allSettled([...this.#work])
  }
  poke = (key: StreamKey, lane: Lane = "deciding"): void => {
    if (this.#stopped.signal.aborted) return
    const name = nameOf(key)
    if (this.#running.has(name)) this.#running.set(name, "again")
    else void this.#begin(key, name, lane)
  }
  /** As a poke, and resolves when the request is at rest, at once if it was at work: with what went wrong, or null. */
  walk = async (key: StreamKey): Promise<unknown> => {
    if (this.#stopped.signal.aborted || this.#running.has(nameOf(key))) {
      this.poke(key)
      return null
    }
    const end = await this.#begin(key, nameOf(key), "deciding")
    return typeof end === "object" ? end.failed : null
  }
  abortDrafting = (request: RequestId): void => {
    for (const s of this.#steps) if (s.step === "draft" && s.request === request) s.control.abort(new Error("cancelled"))
  }
  /** Gives up what is being sent in a scope; what became of it is reconciled. */
  abortPosting = (scope: StopScope): void => {
    for (const s of this.#steps) if (s.step === "post" && covers(scope, s.scope)) s.control.abort(new Error("stopped"))
  }

  #begin(key: StreamKey, name: string, lane: Lane): Promise<End> {
    this.#running.set(name, "once")
    const run = async () => {
      const end = await this.#run(key, lane)
      const again = this.#running.get(name) === "again"
      this.#running.delete(name)
      if (this.#stopped.signal.aborted) return end
      if (end === "wants-drafting-lane") void this.#begin(key, name, "drafting")
      else if (again && end === "done") void this.#begin(key, name, "deciding")
      return end
    }
    const work: Promise<End> = lane === "drafting" ? this.#drafting.add(run, {}) : run()
    this.#work.add(work)
    void work.finally(() => this.#work.delete(work))
    return work
  }

  /** Walks one request as far as it goes without a person. Never rejects. */
  async #run(key: StreamKey, lane: Lane): Promise<End> {
    const { ledger, clock, log } = this.#parts
    let step: Step | "restate" | null = null
    try {
      if ((await ledger.lease(key, { now: clock.now(), owner: this.#owner, ttlMs: leaseMs })) === "taken") return "done"
      let state = await load(ledger, key)
      for (;;) {
        if (state.at === "none" || this.#stopped.signal.aborted) break
        const next = nextStep(state)
        const due = next !== null && next.due <= clock.now() ? next.step : null
        step = due ?? ((await outOfStep(ledger, state)) ? "restate" : null)
        if (step === null) break
        if (step === "draft" && lane !== "drafting") return "wants-drafting-lane"
        const stepped = await this.#step(step === "restate" ? "show" : step, state)
        // Nothing gained, nothing lost: the lease's end is the next try.
        if (stepped === state) return "done"
        state = stepped === "reload" ? await load(ledger, key) : stepped
      }
      await ledger.release(key, this.#owner)
      return "done"
    } catch (fault) {
      // A card that tells of no stop yet keeps nobody from clicking on it: whoever restates it comes again.
      if (step === "restate" || this.#stopped.signal.aborted) await ledger.release(key, this.#owner).catch(() => undefined)
      else log.error({ request: key.stream, fault: codeOf(fault) }, "a step failed; it is tried again when its lease ends")
      return { failed: fault }
    }
  }
  async #step(step: Step, state: Live): Promise<Stepped> {
    const control = new AbortController()
    const at: AtStep = { scope: { workspace: state.workspace, channel: state.place.channel }, request: state.request, step, control }
    this.#steps.add(at)
    // A model may take longer than a lease: as long as we are at it, it stays ours.
    const kept = step === "draft" ? setInterval(() => void this.#keep(state), leaseMs / 3) : undefined
    try {
      const onProgress = (words: string) => {
        this.progress.set(state.request, words)
        this.#onProgress(state)
      }
      return await dispatch(this.#parts, step, state, { signal: control.signal, onProgress, progress: this.progress })
    } catch (fault) {
      if (step === "draft" && control.signal.aborted && !this.#stopped.signal.aborted) return "reload"
      throw fault
    } finally {
      clearInterval(kept)
      this.#steps.delete(at)
      if (step === "draft") this.progress.delete(state.request)
    }
  }

  async #keep(state: Live): Promise<void> {
    const { ledger, clock, log } = this.#parts
    const held = { now: clock.now(), owner: this.#owner, ttlMs: leaseMs }
    await ledger
      .lease(keyOf(state), held)
      .catch((fault: unknown) => log.warn({ request: state.request, fault: codeOf(fault) }, "a lease could not be kept"))
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { ledger, clock, log } = this.#parts
    while (!signal.aborted) {
      try {
        const keys = await ledger.claim({ now: clock.now(), owner: this.#owner, ttlMs: leaseMs, limit: claimAtOnce })
        for (const key of keys) this.poke(key)
      } catch (fault) {
        log.error({ fault: codeOf(fault) }, "looking for due work failed; trying again")
      }
      await clock.sleep(lookEveryMs, signal).catch(() => undefined)
    }
  }
}

const nameOf = (key: StreamKey) => `${key.workspace}\n${key.stream}`
function codeOf(fault: unknown): string {
  if (!(fault instanceof Error)) return typeof fault
  return "code" in fault && typeof fault.code === "string" ? fault.code : fault.name
}
