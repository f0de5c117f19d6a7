// One call of the Web API: parse, fault, token, scopes, tier, method, reply. Everything that Slack says no to is status 200 and `ok: false`.
import type { IncomingMessage, ServerResponse } from "node:http"
import type { Call, Core } from "../core.ts"
import type { Fault } from "../faults.ts"
import { Refusal, refuse } from "../refusal.ts"
import type { Fields } from "../state.ts"
import { Args, parseBody } from "./args.ts"
import { appOf, callerOf, configuredBy, tokenOf } from "./authenticate.ts"
import { type BotCall, type Method, needScope } from "./method.ts"
import { RateLimit } from "./rate-limit.ts"

interface Reply {
  readonly body: Fields
  readonly headers: Readonly<Record<string, string>>
}
const undone = ["failsAndNotDone", "hangs", "429", "500", "internal_error", "fatal_error"]

export class Dispatcher {
  readonly #core: Core
  readonly #methods: ReadonlyMap<string, Method>
  readonly #rates: RateLimit
  constructor(core: Core, methods: ReadonlyMap<string, Method>) {
    this.#core = core
    this.#methods = methods
    this.#rates = new RateLimit(core)
  }
  async handle(req: IncomingMessage, res: ServerResponse, name: string, raw: string): Promise<void> {
    const all = parseBody(raw, req.headers["content-type"] ?? "")
    // What is kept for tests to look at holds no secret.
    const { token: _, client_secret: __, refresh_token: ___, ...args } = all ?? {}
    const call: Call = { method: name, app: null, team: null, args, at: this.#core.time.now(), outcome: "ok" }
    this.#core.calls.push(call)
    const fault = this.#core.faults.take(name)
    if (fault !== null) call.outcome = typeof fault === "string" ? fault : JSON.stringify("holds" in fault ? { holds: fault.when } : fault)
    const later: (() => void)[] = []
    try {
      if (fault !== null && (await this.#refused(fault, res))) return
      const reply =
        all === null ? { body: { ok: false, error: "invalid_json" }, headers: {} } : await this.#run(req, name, new Args(all), call, later)
      if (fault !== null && typeof fault === "object" && "holds" in fault && fault.when === "after") await fault.holds.wait()
      if (fault !== null && typeof fault === "string" && (await this.#lost(fault, res))) return
      if (res.destroyed) return
      res.writeHead(200, { "content-type": "application/json; charset=utf-8", ...reply.headers }).end(JSON.stringify(reply.body))
    } catch (error) {
      if (!(error instanceof TooMany)) throw error
      call.outcome = "ratelimited"
      tooMany(res, error.seconds)
    } finally {
      for (const seen of this.#core.watchers) seen(call)
      for (const run of later) run()
    }
  }
  async #run(req: IncomingMessage, name: string, args: Args, call: Call, later: (() => void)[]): Promise<Reply> {
    const headers: Record<string, string> = {}
    try {
      const method = this.#methods.get(name) ?? refuse("unknown_method", { req_method: name })
      const base = { core: this.#core, name, args, afterReply: (run: () => void) => void later.push(run) }
      const body = await this.#invoke(req, method, base, call, headers)
      return { body: { ok: true, ...body }, headers }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      call.outcome = error.message
      return { body: { ok: false, error: error.message, ...error.more }, headers }
    }
  }
  #invoke(
    req: IncomingMessage,
    method: Method,
    base: Omit<BotCall, "caller">,
    call: Call,
    headers: Record<string, string>,
  ): Fields | Promise<Fields> {
    const limited = (who: string) => {
      const wait = this.#rates.over(base.name, who, method.tier, base.args.text("channel"))
      if (wait !== null) throw new TooMany(wait)
    }
    switch (method.token) {
      case "none": {
        limited("")
        const given = /^Basic (.+)$/i.exec(req.headers.authorization ?? "")?.[1]
        const [id = "", secret = ""] = given === undefined ? [] : Buffer.from(given, "base64").toString("utf8").split(":")
        return method.run({ ...base, basic: given === undefined ? null : [decodeURIComponent(id), decodeURIComponent(secret)] })
      }
      case "app": {
        const app = appOf(this.#core, tokenOf(req, base.args))
        call.app = app.id
        if (!method.scopes.every((s) => app.appTokenScopes.has(s)))
          refuse("missing_scope", { needed: method.scopes.join(","), provided: [...app.appTokenScopes].join(",") })
        limited(app.id)
        return method.run({ ...base, app })
      }
      case "config": {
        const app = configuredBy(this.#core, tokenOf(req, base.args), base.args.must("app_id"))
        call.app = app.id
        limited(app.id)
        return method.run({ ...base, app })
      }
      case "bot": {
        const caller = callerOf(this.#core, tokenOf(req, base.args), base.args)
        call.app = caller.install.app.id
        call.team = caller.team
        headers["x-oauth-scopes"] = [...caller.install.scopes].join(",")
        if (method.scopes.length > 0) headers["x-accepted-oauth-scopes"] = method.scopes.join(",")
        limited(`${caller.install.app.id} ${caller.team}`)
        const bot: BotCall = { ...base, caller }
        needScope(bot, ...method.scopes)
        return method.run(bot)
      }
    }
  }
  /** Before anything is done. True when the answer, or its absence, is settled. */
  async #refused(fault: Fault, res: ServerResponse): Promise<boolean> {
    if (typeof fault === "string") {
      if (!undone.includes(fault)) return false
      return this.#lost(fault, res)
    }
    if ("holds" in fault) {
      if (fault.when === "before") await fault.holds.wait()
      return false
    }
    if ("retryAfterSeconds" in fault) tooMany(res, fault.retryAfterSeconds)
    else
      res.writeHead(200, { "content-type": "application/json; charset=utf-8" }).end(JSON.stringify({ ok: false, error: fault.error, ...fault.more }))
    return true
  }
  async #lost(fault: Extract<Fault, string>, res: ServerResponse): Promise<boolean> {
    switch (fault) {
      case "failsAndNotDone":
      case "failsButDone":
        res.destroy()
        return true
      case "hangs":
      case "hangsButDone":
        // Until the caller gives up or the server closes.
        return true
      case "429":
        tooMany(res, 1)
        return true
      case "500":
      case "500ButDone":
        res.writeHead(500, { "content-type": "text/html" }).end("<html>Server Error</html>")
        return true
      case "internal_error":
      case "internal_errorButDone":
      case "fatal_error":
      case "fatal_errorButDone":
        res
          .writeHead(200, { "content-type": "application/json; charset=utf-8" })
          .end(JSON.stringify({ ok: false, error: fault.replace("ButDone", "") }))
        return true
    }
  }
}
class TooMany extends Error {
  readonly seconds: number
  constructor(seconds: number) {
    super("ratelimited")
    this.seconds = seconds
  }
}
function tooMany(res: ServerResponse, seconds: number): void {
  res
    .writeHead(429, { "content-type": "application/json; charset=utf-8", "retry-after": String(seconds) })
    .end(JSON.stringify({ ok: false, error: "ratelimited" }))
}
