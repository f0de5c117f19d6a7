// views.open, .push, .update, .publish.
import { badArguments, refuse } from "../refusal.ts"
import type { Fields } from "../state.ts"
import { viewOut } from "../views.ts"
import { type BotCall, type Method, tiers } from "../web/method.ts"

const viewOf = (call: BotCall): unknown =>
  call.args.json("view", "invalid_arguments") ?? badArguments("missing required field: view [json-pointer:/view]")
function open(call: BotCall): Fields {
  return { view: viewOut(call.core.views.open(call.args.must("trigger_id"), call.caller.install, viewOf(call))) }
}
function push(call: BotCall): Fields {
  return { view: viewOut(call.core.views.push(call.args.must("trigger_id"), call.caller.install, viewOf(call))) }
}
function update(call: BotCall): Fields {
  const by = { id: call.args.text("view_id"), externalId: call.args.text("external_id") }
  if (by.id === null && by.externalId === null) return badArguments("missing required field: view_id [json-pointer:/view_id]")
  return { view: viewOut(call.core.views.update(call.caller.install, by, viewOf(call), call.args.text("hash"))) }
}
function publish(call: BotCall): Fields {
  const user = call.core.world.users.get(call.args.must("user_id")) ?? refuse("user_not_found")
  if (!call.core.world.serves(call.caller.install, user.team)) return refuse("user_not_found")
  if (user.bot !== null) return refuse("not_enabled")
  return { view: viewOut(call.core.views.publish(call.caller.install, user.id, viewOf(call), call.args.text("hash"))) }
}
export const views: Readonly<Record<string, Method>> = {
  "views.open": { token: "bot", scopes: [], tier: tiers.four, run: open },
  "views.push": { token: "bot", scopes: [], tier: tiers.four, run: push },
  "views.update": { token: "bot", scopes: [], tier: tiers.four, run: update },
  "views.publish": { token: "bot", scopes: [], tier: tiers.four, run: publish },
}
