// conversations.info, .members, .open, .list, and users.conversations: what there is, as far as the bot may know.
import { badArguments, refuse } from "../refusal.ts"
import type { Channel, ChannelKind, Fields } from "../state.ts"
import { type BotCall, isMember, type Method, needScope, needScopeFor, page, tiers, visibleChannel } from "../web/method.ts"
import { channelOut } from "../wire.ts"

const reads = ["channels:read", "groups:read", "im:read", "mpim:read"]
const out = (call: BotCall, channel: Channel, numMembers: boolean): Fields =>
  channelOut(call.core.world, channel, call.caller.install, call.caller.team, { numMembers })

function info(call: BotCall): Fields {
  const channel = visibleChannel(call, call.args.must("channel"))
  needScopeFor(call, channel, "read")
  return { channel: out(call, channel, call.args.flag("include_num_members", false)) }
}
function members(call: BotCall): Fields {
  const channel = visibleChannel(call, call.args.must("channel"))
  needScopeFor(call, channel, "read")
  const limit = Math.min(call.args.limit(100), call.core.settings.maxPage)
  const { items, cursor } = page([...channel.members], call.args, limit)
  return { members: items, response_metadata: { next_cursor: cursor } }
}
function open(call: BotCall): Fields {
  const { core, args } = call
  const { install, team } = call.caller
  const id = args.text("channel")
  if (id !== null) {
    const channel = visibleChannel(call, id)
    if (channel.kind !== "im" && channel.kind !== "mpim") refuse("method_not_supported_for_channel_type")
    needScope(call, channel.kind === "im" ? "im:write" : "mpim:write")
    return { no_op: true, already_open: true, channel: args.flag("return_im", false) ? out(call, channel, false) : { id: channel.id } }
  }
  const people = args.must("users").split(",")
  if (people.length > 8) refuse("too_many_users")
  needScope(call, people.length > 1 ? "mpim:write" : "im:write")
  for (const person of people) {
    const user = core.world.users.get(person) ?? refuse("user_not_found")
    if (user.team !== team && !core.world.share(team, user.id)) refuse("user_not_visible")
    if (user.bot !== null) refuse("cannot_dm_bot")
    if (user.deleted) refuse("user_disabled")
  }
  const channel = core.world.im(team, install.botUserId, ...people)
  return { channel: args.flag("return_im", false) ? out(call, channel, false) : { id: channel.id } }
}
const kinds: Readonly<Record<string, ChannelKind>> = { public_channel: "public", private_channel: "private", mpim: "mpim", im: "im" }
const scopeOf = { public: "channels:read", private: "groups:read", mpim: "mpim:read", im: "im:read" } as const

function listing(call: BotCall, which: (channel: Channel) => boolean): Fields {
  const { world, settings } = call.core
  const wanted = (call.args.text("types") ?? "public_channel").split(",").map((t) => kinds[t.trim()] ?? refuse("invalid_types"))
  for (const kind of wanted) needScope(call, scopeOf[kind])
  const found = [...world.channels.values()].filter((c) => {
    if (!world.canSee(call.caller.install, c) || !world.teamsOf(c).includes(call.caller.team) || !which(c)) return false
    if (call.args.flag("exclude_archived", false) && c.archived) return false
    const kind = c.kind === "im" || c.kind === "mpim" ? c.kind : world.isPrivate(c, call.caller.team) ? "private" : "public"
    return wanted.includes(kind)
  })
  const { items, cursor } = page(found, call.args, Math.min(call.args.limit(100), settings.maxPage))
  return { channels: items.map((c) => out(call, c, true)), response_metadata: { next_cursor: cursor } }
}
/** Of the bot itself; another person's only as far as both are in. */
function ofUser(call: BotCall): Fields {
  const user = call.args.text("user") ?? call.caller.install.botUserId
  if (!call.core.world.users.has(user)) badArguments("invalid user")
  return listing(call, (c) => isMember(call, c) && c.members.has(user))
}
export const conversations: Readonly<Record<string, Method>> = {
  "conversations.info": { token: "bot", scopes: reads, tier: tiers.three, run: info },
  "conversations.members": { token: "bot", scopes: reads, tier: tiers.four, run: members },
  "conversations.open": { token: "bot", scopes: ["im:write", "mpim:write", "channels:manage", "groups:write"], tier: tiers.three, run: open },
  "conversations.list": { token: "bot", scopes: reads, tier: tiers.two, run: (call) => listing(call, () => true) },
  "users.conversations": { token: "bot", scopes: reads, tier: tiers.three, run: ofUser },
}
