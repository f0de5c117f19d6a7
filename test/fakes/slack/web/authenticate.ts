// Whose token is it, and is it good? Slack tells a wrong, an expired, a revoked and an uninstalled one apart.
import type { IncomingMessage } from "node:http"
import type { Core } from "../core.ts"
import { refuse } from "../refusal.ts"
import type { App } from "../state.ts"
import type { Args } from "./args.ts"
import type { Caller } from "./method.ts"

export function tokenOf(req: IncomingMessage, args: Args): string {
  const header = /^Bearer (.+)$/i.exec(req.headers.authorization ?? "")?.[1]
  const given = header ?? args.text("token")
  return given === null || given === "" ? refuse("not_authed") : given
}
export function callerOf(core: Core, value: string, args: Args): Caller {
  const token = core.world.tokens.get(value)
  if (token === undefined) return refuse([...core.world.apps.values()].some((a) => a.appToken === value) ? "not_allowed_token_type" : "invalid_auth")
  if (token.state === "revoked") return refuse("token_revoked")
  if (!token.install.active) return refuse("account_inactive")
  if (token.expiresAt !== null && token.expiresAt <= core.time.now()) return refuse("token_expired")
  const asked = args.text("team_id")
  const [first] = token.install.teams
  const team = token.install.team?.id ?? asked ?? first
  if (team === undefined || !core.world.serves(token.install, team)) return refuse(asked === null ? "missing_argument" : "team_access_not_granted")
  return { token, install: token.install, team }
}
/** Configuration tokens are of people, for the apps that they may change. */
export function configuredBy(core: Core, value: string, appId: string): App {
  const theirs = [...core.world.apps.values()].find((a) => a.configToken === value)
  if (theirs === undefined) return refuse(/^xox[bp]-|^xapp-/.test(value) ? "not_allowed_token_type" : "invalid_auth")
  return theirs.id === appId ? theirs : refuse("app_not_found")
}
export function appOf(core: Core, value: string): App {
  const app = [...core.world.apps.values()].find((a) => a.appToken === value)
  if (app !== undefined) return app
  return refuse(core.world.tokens.has(value) ? "not_allowed_token_type" : "invalid_auth")
}
