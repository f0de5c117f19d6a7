// oauth.v2.access: codes work once, refresh tokens once, a rotated access token twelve hours; two of them live at most.

import type { Core } from "../core.ts"
import { refuse } from "../refusal.ts"
import { addToken, join, joinOrganisation } from "../seed.ts"
import type { App, Fields, Install, Team } from "../state.ts"
import { secret } from "../state.ts"
import type { Method, MethodCall } from "../web/method.ts"
import { tiers } from "../web/method.ts"

const codeMs = 10 * 60_000
const tokenSeconds = 43_200
export interface Organisation {
  readonly id: string
  readonly name: string
  readonly teams: readonly Team[]
}
interface Code {
  readonly app: App
  readonly on: Team | Organisation
  readonly user: string
  readonly scopes: readonly string[]
  readonly redirectUri: string | null
  readonly until: number
  used: boolean
}

export class OAuth {
  readonly #core: Core
  readonly #codes = new Map<string, Code>()
  readonly #spentRefresh = new Set<string>()
  constructor(core: Core) {
    this.#core = core
  }
  /** A person pressed Allow: the code that Slack's redirect carries. */
  code(of: { app: App; on: Team | Organisation; user: string; scopes: readonly string[]; redirectUri: string | null }): string {
    const code = `${secret(6)}.${secret(6)}.${secret()}`
    this.#codes.set(code, { ...of, until: this.#core.time.elapsed() + codeMs, used: false })
    return code
  }
  methods(): Readonly<Record<string, Method>> {
    return { "oauth.v2.access": { token: "none", tier: tiers.two, run: (call) => this.#access(call) } }
  }
  #access(call: MethodCall & { readonly basic: readonly [string, string] | null }): Fields {
    const id = call.basic?.[0] ?? call.args.text("client_id") ?? refuse("bad_client_id")
    const app = [...this.#core.world.apps.values()].find((a) => a.clientId === id) ?? refuse("invalid_client_id")
    if ((call.basic?.[1] ?? call.args.text("client_secret")) !== app.clientSecret) return refuse("bad_client_secret")
    const grant = call.args.text("grant_type") ?? "authorization_code"
    if (grant === "refresh_token") return this.#refresh(app, call.args.must("refresh_token"))
    if (grant !== "authorization_code") return refuse("invalid_grant_type")
    const code = this.#codes.get(call.args.must("code"))
    if (code === undefined || code.app !== app) return refuse("invalid_code")
    if (code.used) return refuse("code_already_used")
    if (code.until < this.#core.time.elapsed()) return refuse("code_expired")
    const redirect = call.args.text("redirect_uri")
    if (code.redirectUri !== null && redirect !== code.redirectUri) return refuse("bad_redirect_uri")
    code.used = true
    const { on, scopes } = code
    const install = "teams" in on ? joinOrganisation(this.#core, app, on, on.teams, scopes) : join(this.#core, app, on, scopes)
    return this.#tokens(install, { authed_user: { id: code.user } })
  }
  #refresh(app: App, refresh: string): Fields {
    const token = [...this.#core.world.tokens.values()].find((t) => t.refresh === refresh && t.install.app === app)
    if (token === undefined || !token.install.active) return refuse("invalid_refresh_token")
    if (this.#spentRefresh.has(refresh)) return refuse("invalid_refresh_token")
    this.#spentRefresh.add(refresh)
    return this.#tokens(token.install, {})
  }
  #tokens(install: Install, more: Fields): Fields {
    const { app, team, enterprise } = install
    const made = app.rotation ? addToken(this.#core, install, { expiresAt: this.#core.time.now() + tokenSeconds * 1_000 }) : null
    const live = [...this.#core.world.tokens.values()].filter((t) => t.install === install && t.refresh !== null && t.state === "good")
    for (const old of live.slice(0, -2)) old.state = "revoked"
    return {
      access_token: made?.value ?? install.botToken,
      token_type: "bot",
      scope: [...install.scopes].join(","),
      bot_user_id: install.botUserId,
      app_id: app.id,
      team: team === null ? null : { id: team.id, name: team.name },
      enterprise: enterprise ?? team?.enterprise ?? null,
      is_enterprise_install: team === null,
      ...(made === null ? {} : { expires_in: tokenSeconds, refresh_token: made.refresh }),
      ...more,
    }
  }
}
