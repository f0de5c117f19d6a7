// One call of the REST API: parse, fault, token, rate limit, route, reply. What Discord says no to is `{code, message}` with its status.
import type { IncomingMessage, ServerResponse } from "node:http"
import type { Call, Core } from "../core.ts"
import type { Fault } from "../faults.ts"
import { Refusal, refuse } from "../refusal.ts"
import { type App, type Fields, isFields } from "../state.ts"
import { type Match, matching } from "./match.ts"
import { RateLimits, type Room } from "./rate-limit.ts"
import type { BotCall, Reply, Routes } from "./route.ts"

interface Answer {
  readonly status: number
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>
}
const undone: readonly Fault[] = ["failsAndNotDone", "hangs", "500"]

export class Dispatcher {
  readonly #core: Core
  readonly #routes: Routes
  readonly #limits: RateLimits
  #busy = 0
  #idle: (() => void)[] = []

  constructor(core: Core, routes: Routes) {
    this.#core = core
    this.#routes = routes
    this.#limits = new RateLimits(core)
  }
  knows(route: string): boolean {
    return route in this.#routes
  }
  get busy(): number {
    return this.#busy
  }
  /** Until no call is being answered. One that hangs or is held does not count. */
  async quiet(): Promise<void> {
    if (this.#busy > 0) await new Promise<void>((resolve) => this.#idle.push(resolve))
  }
  async handle(req: IncomingMessage, res: ServerResponse, raw: string): Promise<void> {
    this.#busy += 1
    const free = once(() => {
      this.#busy -= 1
      if (this.#busy === 0) for (const run of this.#idle.splice(0)) run()
    })
    try {
      await this.#handle(req, res, raw, free)
    } finally {
      free()
    }
  }
  async #handle(req: IncomingMessage, res: ServerResponse, raw: string, free: () => void): Promise<void> {
    const core = this.#core
    const url = new URL(req.url ?? "/", "http://local")
    const method = req.method ?? "GET"
    const found = matching(this.#routes, method, url.pathname)
    const app = core.world.appWithToken(/^Bot (.+)$/.exec(req.headers.authorization ?? "")?.[1] ?? "") ?? null
    const body = parse(raw)
    const call: Call = {
      method,
      route: typeof found === "string" ? "unknown" : found.name,
      path: pathWithoutToken(url.pathname, found),
      app,
      body: isFields(body) ? body : {},
      at: core.time.now(),
      status: null,
      outcome: "ok",
    }
    core.calls.push(call)
    const later: (() => void)[] = []
    const fault = core.faults.take(call.route)
    if (fault !== null) call.outcome = typeof fault === "string" ? fault : JSON.stringify("holds" in fault ? { holds: fault.when } : fault)
    try {
      if (fault !== null && typeof fault === "object" && "holds" in fault && fault.when === "before") await waiting(fault.holds.wait(), free)
      const early = fault === null ? null : faulty(fault)
      if (fault !== null && (early !== null || undone.includes(fault))) return this.#settle(res, fault, early, call)
      const answer = await this.#run(req, found, { core, query: url.searchParams, raw: body, app, later, call })
      if (fault !== null && typeof fault === "object" && "holds" in fault && fault.when === "after") await waiting(fault.holds.wait(), free)
      if (fault !== null && typeof fault === "string") return this.#settle(res, fault, null, call)
      send(res, answer, call)
    } finally {
      for (const seen of core.watchers) seen(call)
      for (const run of later) run()
    }
  }
  #settle(res: ServerResponse, fault: Fault, early: Answer | null, call: Call): void {
    if (early !== null) {
      if (early.status === 429 && early.headers["x-ratelimit-scope"] !== "shared") this.#limits.invalid()
      send(res, early, call)
    } else if (fault === "failsAndNotDone" || fault === "failsButDone") res.destroy()
    // "hangs" and "hangsButDone": until the caller gives up or the server closes.
    else if (fault === "500" || fault === "500ButDone")
      send(res, { status: 500, body: { message: "500: Internal Server Error", code: 0 }, headers: {} }, call)
  }
  async #run(
    req: IncomingMessage,
    found: Match | "unknown" | "other method",
    of: { core: Core; query: URLSearchParams; raw: unknown; app: App | null; later: (() => void)[]; call: Call },
  ): Promise<Answer> {
    if (this.#limits.banned()) return { status: 429, body: "error code: 1015", headers: { "retry-after": "600" } }
    if (found === "unknown") return { status: 404, body: { message: "404: Not Found", code: 0 }, headers: {} }
    if (found === "other method") return { status: 405, body: { message: "405: Method Not Allowed", code: 0 }, headers: {} }
    let room: Room | null = null
    try {
      const { app } = of
      if (found.route.auth === "bot" && app === null) throw new Refusal(401, 0, "401: Unauthorized")
      room = this.#limits.take(found, app)
      if (room.wait !== null) {
        this.#limits.invalid()
        of.call.outcome = "rate limited"
        return { status: 429, body: { message: "You are being rate limited.", retry_after: room.wait, global: room.global }, headers: room.headers }
      }
      const open = {
        core: of.core,
        params: found.params,
        query: of.query,
        body: bodyOf(req, of.raw),
        raw: of.raw,
        afterReply: (run: () => void) => void of.later.push(run),
      }
      const reply: Reply = found.route.auth === "bot" ? await found.route.run({ ...open, app } as BotCall) : await found.route.run(open)
      return { status: reply === null ? 204 : 200, body: reply, headers: room.headers }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (error.status === 401 || error.status === 403 || error.status === 429) this.#limits.invalid()
      of.call.outcome = String(error.code)
      const errors = error.errors === null ? {} : { errors: error.errors }
      const patience = error.status === 429 ? { retry_after: 5 } : {}
      return {
        status: error.status,
        body: { message: error.message, code: error.code, ...errors, ...patience },
        headers: { ...room?.headers, ...(error.status === 429 ? { "retry-after": "5" } : {}) },
      }
    }
  }
}
/** While it is held, a call counts as nobody's work. */
async function waiting(hold: Promise<void>, free: () => void): Promise<void> {
  free()
  await hold
}
function bodyOf(req: IncomingMessage, raw: unknown): Fields {
  if (raw === undefined) return {}
  if (raw === null || !/^application\/json/.test(req.headers["content-type"] ?? "")) refuse(50109)
  return isFields(raw) ? raw : {}
}
/** Undefined for no body, null for one that is no JSON. */
function parse(raw: string): unknown {
  if (raw === "") return undefined
  try {
    return JSON.parse(raw)
  } catch {
    return null
  }
}
const pathWithoutToken = (path: string, found: Match | string): string =>
  typeof found === "string" || found.params["token"] === undefined ? path : path.replace(found.params["token"], "{token}")

function faulty(fault: Fault): Answer | null {
  if (typeof fault === "string" || "holds" in fault) return null
  if ("status" in fault) return { status: fault.status, body: { message: fault.message ?? "said no on request", code: fault.code }, headers: {} }
  const { retryAfterSeconds: wait, scope = "user" } = fault
  const global = scope === "global"
  const headers = {
    "retry-after": String(Math.ceil(wait)),
    "x-ratelimit-scope": scope,
    ...(global
      ? { "x-ratelimit-global": "true" }
      : { "x-ratelimit-limit": "5", "x-ratelimit-remaining": "0", "x-ratelimit-reset-after": String(wait) }),
  }
  return { status: 429, body: { message: "You are being rate limited.", retry_after: wait, global }, headers }
}
function send(res: ServerResponse, answer: Answer, call: Call): void {
  if (res.destroyed) return
  call.status = answer.status
  if (answer.status === 204) res.writeHead(204, answer.headers).end()
  else if (typeof answer.body === "string") res.writeHead(answer.status, { "content-type": "text/plain", ...answer.headers }).end(answer.body)
  else res.writeHead(answer.status, { "content-type": "application/json", ...answer.headers }).end(JSON.stringify(answer.body))
}
function once(run: () => void): () => void {
  let done = false
  return () => {
    if (!done) run()
    done = true
  }
}
