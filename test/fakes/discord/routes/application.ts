// The app itself: where the gateway is, what is switched on, and its commands.
import { checkCommands } from "../checks/commands.ts"
import { refuse } from "../refusal.ts"
import { type BotCall, bot, ownGuild, param, type Reply, type Routes } from "../rest/route.ts"
import { snowflake } from "../snowflake.ts"
import type { App, Command, Fields } from "../state.ts"
import { applicationFlags, userOut } from "../wire.ts"

const createdPerDay = 200

const applicationOut = (app: App): Fields => ({
  id: app.id,
  name: app.name,
  icon: null,
  description: "",
  bot_public: true,
  bot_require_code_grant: false,
  bot: userOut(app.user),
  owner: userOut(app.user),
  team: null,
  verify_key: "0".repeat(64),
  flags: applicationFlags(app),
  integration_types_config: { 0: {} },
})
/** A bot may look at and change its own commands only. */
function ownCommands(call: BotCall): { at: string; known: readonly Command[] } {
  if (param(call, "application") !== call.app.id) refuse(20012)
  const at = call.params["guild"] === undefined ? "" : ownGuild(call).id
  return { at, known: call.app.commands.get(at) ?? [] }
}
function commandOut(app: App, guild: string, command: Command): Fields {
  const where = guild === "" ? {} : { guild_id: guild }
  return { ...command.definition, id: command.id, application_id: app.id, version: command.version, type: command.type, name: command.name, ...where }
}
const created = new WeakMap<App, number[]>()
function overwrite(call: BotCall): Reply {
  const { core, app } = call
  const { at, known } = ownCommands(call)
  const now = core.time.now()
  const next = checkCommands(call.raw).map(({ type, name, definition }): Command => {
    const before = known.find((c) => c.type === type && c.name === name)
    if (before !== undefined && JSON.stringify(before.definition) === JSON.stringify(definition)) return before
    return { id: before?.id ?? snowflake(now), type, name, version: snowflake(now), definition }
  })
  const fresh = next.filter((c) => !known.some((k) => k.id === c.id)).length
  const today = (created.get(app) ?? []).filter((made) => made > now - 24 * 60 * 60_000)
  if (today.length + fresh > createdPerDay) refuse(30034)
  created.set(app, [...today, ...Array<number>(fresh).fill(now)])
  app.commands.set(at, next)
  return next.map((c) => commandOut(app, at, c))
}
const list = (call: BotCall): Reply => {
  const { at, known } = ownCommands(call)
  return known.map((c) => commandOut(call.app, at, c))
}
export const application: Routes = {
  "GET /gateway": bot((call) => ({ url: call.core.origin.replace(/^http/, "ws") })),
  "GET /gateway/bot": bot((call) => ({
    url: call.core.origin.replace(/^http/, "ws"),
    shards: call.core.settings.shards,
    session_start_limit: {
      total: call.core.settings.identifiesPerDay,
      remaining: call.app.identifies,
      reset_after: 14_400_000,
      max_concurrency: 1,
    },
  })),
  "GET /applications/@me": bot((call) => applicationOut(call.app)),
  "GET /oauth2/applications/@me": bot((call) => applicationOut(call.app)),
  "GET /applications/{application}/commands": bot(list),
  "PUT /applications/{application}/commands": bot(overwrite),
  "GET /applications/{application}/guilds/{guild}/commands": bot(list),
  "PUT /applications/{application}/guilds/{guild}/commands": bot(overwrite),
}
