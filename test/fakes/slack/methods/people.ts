// users.info and .list, bots.info, team.info, auth.test, auth.revoke.
import { tell } from "../events.ts"
import { refuse } from "../refusal.ts"
import type { Fields, Install } from "../state.ts"
import { type BotCall, type Method, page, tiers } from "../web/method.ts"
import { userOut } from "../wire.ts"

function info(call: BotCall): Fields {
  const user = call.core.world.users.get(call.args.must("user")) ?? refuse("user_not_found")
  return { user: userOut(call.core.world, user, call.caller.team) }
}
function list(call: BotCall): Fields {
  const mine = [...call.core.world.users.values()].filter((u) => u.team === call.caller.team)
  const { items, cursor } = page(mine, call.args, Math.min(call.args.limit(1_000), call.core.settings.maxPage))
  return { members: items.map((u) => userOut(call.core.world, u, call.caller.team)), response_metadata: { next_cursor: cursor } }
}
function bot(call: BotCall): Fields {
  const { world } = call.core
  const id = call.args.must("bot")
  const install = world.installs.find((i) => i.botId === id) ?? refuse("bot_not_found")
  return { bot: { id, app_id: install.app.id, user_id: install.botUserId, name: install.app.name, deleted: !install.active, updated: 0, icons: {} } }
}
function team(call: BotCall): Fields {
  const found = call.core.world.team(call.args.text("team") ?? call.caller.team)
  return {
    team: {
      id: found.id,
      name: found.name,
      domain: found.domain,
      ...(found.enterprise === null ? {} : { enterprise_id: found.enterprise.id, enterprise_name: found.enterprise.name }),
    },
  }
}
function test(call: BotCall): Fields {
  const { install, team: id } = call.caller
  const found = call.core.world.team(id)
  return {
    url: `https://${found.domain}.slack.com/`,
    team: found.name,
    user: call.core.world.user(install.botUserId).name,
    team_id: found.id,
    user_id: install.botUserId,
    bot_id: install.botId,
    is_enterprise_install: install.team === null,
    ...(found.enterprise === null ? {} : { enterprise_id: found.enterprise.id }),
  }
}
function revoke(call: BotCall): Fields {
  if (call.args.flag("test", false)) return { revoked: false }
  const { core } = call
  call.caller.token.state = "revoked"
  const { install, team: id } = call.caller
  call.afterReply(() => tokensRevoked(core, install, id))
  return { revoked: true }
}
export function tokensRevoked(core: BotCall["core"], install: Install, team: string): void {
  const event = { type: "tokens_revoked", tokens: { oauth: [], bot: [install.botUserId] }, event_ts: core.time.ts() }
  void tell(core, install, "tokens_revoked", event, { team, channel: null })
}
export const people: Readonly<Record<string, Method>> = {
  "users.info": { token: "bot", scopes: ["users:read"], tier: tiers.four, run: info },
  "users.list": { token: "bot", scopes: ["users:read"], tier: tiers.two, run: list },
  "bots.info": { token: "bot", scopes: ["users:read"], tier: tiers.three, run: bot },
  "team.info": { token: "bot", scopes: ["team:read"], tier: tiers.three, run: team },
  "auth.test": { token: "bot", scopes: [], tier: 1_000, run: test },
  "auth.revoke": { token: "bot", scopes: [], tier: tiers.three, run: revoke },
}
