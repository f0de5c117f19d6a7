// Reading messages and reactions. Without the privileged intent the API blanks what the gateway blanks.

import { reacted } from "../events.ts"
import { may } from "../permissions.ts"
import { badForm, refuse } from "../refusal.ts"
import { type BotCall, bot, enters, knownMessage, need, param, type Reply, type Routes, visibleChannel } from "../rest/route.ts"
import { isOlder, isSnowflake } from "../snowflake.ts"
import type { Channel, Message } from "../state.ts"
import { messageOut, userOut } from "../wire.ts"

export function limitOf(call: BotCall, usual: number, most: number): number {
  const given = call.query.get("limit")
  if (given === null) return usual
  const limit = Number(given)
  if (Number.isInteger(limit) && limit >= 1 && limit <= most) return limit
  return badForm(["limit"], "NUMBER_TYPE_MAX", `int value should be between 1 and ${most}.`)
}
const content = (call: BotCall): boolean => call.app.privileged.has("content")

function page(call: BotCall, channel: Channel): readonly Message[] {
  const asked = (["around", "before", "after"] as const).filter((name) => call.query.has(name))
  const [how] = asked
  const limit = limitOf(call, 50, 100)
  const all = channel.messages
  if (how === undefined) return all.slice(-limit).toReversed()
  const id = call.query.get(how)
  if (asked.length > 1) return badForm([asked[1] ?? how], "MUTUALLY_EXCLUSIVE", "before, after and around exclude each other")
  if (!isSnowflake(id)) return badForm([how], "NUMBER_TYPE_COERCE", `Value "${id}" is not snowflake.`)
  const older = all.filter((m) => isOlder(m.id, id))
  const newer = all.filter((m) => isOlder(id, m.id))
  if (how === "before") return older.slice(-limit).toReversed()
  if (how === "after") return newer.slice(0, limit).toReversed()
  const half = Math.floor(limit / 2)
  return [...older.slice(-half), ...all.filter((m) => m.id === id), ...newer.slice(0, limit - half - 1)].toReversed()
}
function messages(call: BotCall): Reply {
  const channel = visibleChannel(call)
  if (["category", "forum", "media"].includes(channel.kind)) refuse(50008)
  enters(call, channel)
  if (!may(channel, call.app.user, "READ_MESSAGE_HISTORY")) return []
  return page(call, channel).map((m) => messageOut(m, call.app, content(call)))
}
function one(call: BotCall): Reply {
  const channel = visibleChannel(call)
  enters(call, channel)
  need(call, channel, "READ_MESSAGE_HISTORY")
  return messageOut(knownMessage(call, channel), call.app, content(call))
}
function reactions(call: BotCall): Reply {
  const channel = visibleChannel(call)
  need(call, channel, "READ_MESSAGE_HISTORY")
  const by = [...(knownMessage(call, channel).reactions.get(param(call, "emoji")) ?? [])]
  const after = call.query.get("after")
  const rest = after === null ? by : by.filter((id) => isOlder(after, id))
  return rest.slice(0, limitOf(call, 25, 100)).map((id) => userOut(call.core.world.user(id)))
}
function react(call: BotCall, how: "ADD" | "REMOVE"): Reply {
  const channel = visibleChannel(call)
  const message = knownMessage(call, channel)
  const name = param(call, "emoji")
  const by = message.reactions.get(name) ?? new Set<string>()
  if (how === "ADD") {
    need(call, channel, "READ_MESSAGE_HISTORY")
    if (by.size === 0) need(call, channel, "ADD_REACTIONS")
    if (channel.thread?.archived === true) refuse(50083)
    message.reactions.set(name, by.add(call.app.user.id))
  } else by.delete(call.app.user.id)
  if (by.size === 0) message.reactions.delete(name)
  call.afterReply(() => reacted(call.core, message, call.app.user, name, how))
  return null
}
export const reading: Routes = {
  "GET /channels/{channel}/messages": bot(messages),
  "GET /channels/{channel}/messages/{message}": bot(one),
  "GET /channels/{channel}/messages/{message}/reactions/{emoji}": bot(reactions),
  "PUT /channels/{channel}/messages/{message}/reactions/{emoji}/@me": bot((call) => react(call, "ADD")),
  "DELETE /channels/{channel}/messages/{message}/reactions/{emoji}/@me": bot((call) => react(call, "REMOVE")),
}
