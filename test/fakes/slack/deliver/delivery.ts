// One thing that Slack tells an app, and each try at it. Events are tried again: at once, after a minute, after five more.
// Interactive payloads and commands are tried once: a click that is not acknowledged is lost.
import type { Core } from "../core.ts"
import type { App, Fields } from "../state.ts"
import { overHttp } from "./http.ts"
import type { Sockets } from "./socket.ts"

export type DeliveryKind = "event" | "interactive" | "command"
export type Outcome = "pending" | "acknowledged" | "http_timeout" | "http_error" | "connection_failed"
export interface Attempt {
  readonly at: number
  readonly transport: "http" | "socket"
  readonly retryNum: number
  readonly retryReason: string | null
  outcome: Outcome
  status: number | null
  /** How long Slack itself had no connection free for it. */
  heldBackMs: number
  /** From the moment Slack began to send it until the app's yes, as Slack's clock has it. */
  acknowledgedAfterMs: number | null
  /** What the app said with its acknowledgement. */
  answer: unknown
  noRetry: boolean
}
export interface Delivery {
  readonly app: App
  readonly kind: DeliveryKind
  /** `app_mention`, `message`, `block_actions`, `/countersign`. */
  readonly name: string
  readonly body: Fields
  readonly attempts: Attempt[]
  /** Of the first try that was acknowledged. */
  acknowledgedAfterMs: number | null
}
const retriesAfterMs = [0, 60_000, 300_000]

export class Deliveries {
  readonly #core: Core
  readonly #sockets: Sockets
  readonly #open = new Set<Promise<unknown>>()
  #stopped = false
  constructor(core: Core, sockets: Sockets) {
    this.#core = core
    this.#sockets = sockets
  }
  /** Resolves with the first try; later ones go on by themselves. */
  send(app: App, kind: DeliveryKind, name: string, body: Fields): { delivery: Delivery; first: Promise<Attempt> } {
    const delivery: Delivery = { app, kind, name, body, attempts: [], acknowledgedAfterMs: null }
    this.#core.deliveries.push(delivery)
    return { delivery, first: this.#try(delivery, 0, null) }
  }
  /** No further tries. */
  stop(): void {
    this.#stopped = true
  }
  underWay(): ReadonlySet<Promise<unknown>> {
    return new Set(this.#open)
  }
  /** Until no try is under way, but for those. Retries that wait for their minute do not count. */
  async quiet(except: ReadonlySet<Promise<unknown>> = new Set()): Promise<void> {
    for (;;) {
      const rest = [...this.#open].filter((run) => !except.has(run))
      if (rest.length === 0) return
      await Promise.allSettled(rest)
    }
  }
  #try(delivery: Delivery, retryNum: number, retryReason: string | null): Promise<Attempt> {
    const run = this.#once(delivery, retryNum, retryReason)
    this.#open.add(run)
    const done = () => this.#open.delete(run)
    run.then(done, done)
    return run
  }
  async #once(delivery: Delivery, retryNum: number, retryReason: string | null): Promise<Attempt> {
    const { app, kind } = delivery
    const attempt: Attempt = {
      at: this.#core.time.now(),
      transport: app.socketMode ? "socket" : "http",
      retryNum,
      retryReason,
      outcome: "pending",
      status: null,
      heldBackMs: 0,
      acknowledgedAfterMs: null,
      answer: null,
      noRetry: false,
    }
    delivery.attempts.push(attempt)
    const began = this.#core.time.elapsed()
    if (app.socketMode) await this.#sockets.send(delivery, attempt)
    else await overHttp(this.#core, delivery, attempt)
    if (attempt.outcome === "acknowledged") {
      attempt.acknowledgedAfterMs = this.#core.time.elapsed() - began - attempt.heldBackMs
      delivery.acknowledgedAfterMs ??= attempt.acknowledgedAfterMs
      return attempt
    }
    const wait = retriesAfterMs[retryNum]
    if (kind === "event" && wait !== undefined && !attempt.noRetry && !this.#stopped) {
      const again = () => void this.#try(delivery, retryNum + 1, attempt.outcome)
      if (wait === 0) again()
      else this.#core.time.after(wait, again)
    }
    return attempt
  }
}
