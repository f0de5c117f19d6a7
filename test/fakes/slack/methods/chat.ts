// chat.postMessage, .update, .delete, .getPermalink; scheduling is refused.
import { changed, deleted, posted, snapshot } from "../events.ts"
import { put, ring, takeOut, threadOf } from "../post.ts"
import { refuse } from "../refusal.ts"
import type { Channel, Fields, Message } from "../state.ts"
import { type BotCall, isMember, type Method, tiers, visibleChannel } from "../web/method.ts"
import { messageOut } from "../wire.ts"
import { contentOf, looksOf, metadataOf } from "./content.ts"

/** A channel by id, a public one by name, or a person: posting to a person opens the conversation with the app. */
function target(call: BotCall): Channel {
  const { world } = call.core
  const given = call.args.must("channel")
  const { install, team } = call.caller
  const user = world.users.get(given)
  if (user !== undefined) {
    if (user.team !== team && !world.share(team, user.id)) return refuse("channel_not_found")
    if (user.bot !== null) return refuse("cannot_dm_bot")
    return world.im(team, install.botUserId, user.id)
  }
  const named = [...world.channels.values()].find((c) => c.kind === "public" && `#${c.name}` === given && world.teamsOf(c).includes(team))
  return visibleChannel(call, named?.id ?? given)
}
export function mayPost(call: BotCall, channel: Channel, threadTs: string | null): void {
  if (channel.archived) refuse("is_archived")
  if (!isMember(call, channel) && (channel.kind !== "public" || !call.caller.install.scopes.has("chat:write.public"))) refuse("not_in_channel")
  if (channel.posting === "admins") refuse("restricted_action_read_only_channel")
  if (channel.posting === "threads" && threadTs === null) refuse("restricted_action_thread_only_channel")
}
const disguises = ["username", "icon_url", "icon_emoji"]
export function undisguised({ args, caller: { install } }: BotCall): void {
  if (disguises.some((name) => args.has(name)) && !install.scopes.has("chat:write.customize"))
    refuse("missing_scope", { needed: "chat:write.customize", provided: [...install.scopes].join(",") })
}

async function postMessage(call: BotCall): Promise<Fields> {
  const { core, args } = call
  const { install } = call.caller
  const channel = target(call)
  undisguised(call)
  const given = args.text("thread_ts")
  const threadTs = given === null || given === "" ? null : (threadOf(channel, given) ?? refuse("thread_not_found"))
  mayPost(call, channel, threadTs)
  const { text, blocks, attachments } = contentOf(call)
  if ((text === null || text === "") && blocks === null && attachments === null) refuse("no_text")
  const metadata = metadataOf(call)
  const message = put(core, channel, {
    user: install.botUserId,
    team: call.caller.team,
    bot: { botId: install.botId, appId: install.app.id, name: install.app.name },
    text: text ?? "This content can't be displayed.",
    blocks,
    attachments,
    metadata: typeof metadata === "string" ? null : metadata,
    threadTs,
    broadcast: threadTs !== null && args.flag("reply_broadcast", false),
    via: "web-api",
    unfurl: { links: args.flag("unfurl_links", true), media: args.flag("unfurl_media", true) },
    looks: looksOf(call),
  })
  await hear(call, message)
  return { channel: channel.id, ts: message.ts, message: messageOut(core.world, message, "all") }
}
/** Everyone else hears of it at once; the app itself when the setting says so. */
export async function hear(call: BotCall, message: Message): Promise<void> {
  const { core } = call
  void posted(core, message, "others")
  if (core.settings.ownEvents === "after-reply") call.afterReply(() => void posted(core, message, "own"))
  if (core.settings.ownEvents === "before-reply") await posted(core, message, "own")
}
function own(call: BotCall, fault: "cant_update_message" | "cant_delete_message"): { message: Message; channel: Channel } {
  const channel = visibleChannel(call, call.args.must("channel"))
  const message = call.core.world.message(channel.id, call.args.must("ts")) ?? refuse("message_not_found")
  if (message.subtype === "tombstone") refuse("message_not_found")
  if (message.bot?.botId !== call.caller.install.botId) refuse(fault)
  if (channel.archived) refuse("is_inactive")
  return { message, channel }
}
function update(call: BotCall): Fields {
  const { core } = call
  const { message, channel } = own(call, "cant_update_message")
  if (message.stream?.state === "in_progress") refuse("streaming_state_conflict")
  if ((call.args.text("text") ?? "").length > 4_000) refuse("msg_too_long")
  const { text, blocks, attachments } = contentOf(call)
  if ((text === null || text === "") && blocks === null && attachments === null) refuse("no_text")
  const metadata = metadataOf(call)
  const before = snapshot(message)
  message.text = text ?? "This content can't be displayed."
  // Text alone takes the blocks away, and whatever stood in them.
  message.blocks = blocks
  message.attachments = attachments
  if (metadata === "removed") message.metadata = null
  else if (metadata !== "absent") message.metadata = metadata
  // With blocks Slack shows no "(edited)".
  if (blocks === null) message.edited = { user: message.user, ts: core.time.ts() }
  ring(core, message, looksOf(call))
  call.afterReply(() => changed(core, message, before))
  return { channel: channel.id, ts: message.ts, text: message.text, message: messageOut(core.world, message, "all") }
}
function remove(call: BotCall): Fields {
  const { message, channel } = own(call, "cant_delete_message")
  if (message.stream?.state === "in_progress") refuse("cant_delete_message")
  takeAway(call, channel, message)
  return { channel: channel.id, ts: message.ts }
}
function takeAway(call: BotCall, channel: Channel, message: Message): void {
  const tell = erase(channel, message)
  call.afterReply(() => tell(call.core))
}
/** A message with replies leaves a tombstone, so that its thread stays. Gives what to tell. */
export function erase(channel: Channel, message: Message): (core: BotCall["core"]) => void {
  const before = snapshot(message)
  if ((channel.threads.get(message.ts) ?? []).length > 0) {
    Object.assign(message, { text: "This message was deleted.", blocks: null, attachments: null, metadata: null, subtype: "tombstone" })
    return (core) => changed(core, message, before)
  }
  takeOut(channel, message)
  return (core) => deleted(core, message, before)
}
function getPermalink(call: BotCall): Fields {
  const channel = visibleChannel(call, call.args.must("channel"))
  const message = call.core.world.message(channel.id, call.args.must("message_ts")) ?? refuse("message_not_found")
  const thread = message.threadTs !== null && message.threadTs !== message.ts ? `?thread_ts=${message.threadTs}&cid=${channel.id}` : ""
  const { domain } = call.core.world.team(call.caller.team)
  return { channel: channel.id, permalink: `https://${domain}.slack.com/archives/${channel.id}/p${message.ts.replace(".", "")}${thread}` }
}
const write = { token: "bot", scopes: ["chat:write"] } as const
export const chat: Readonly<Record<string, Method>> = {
  "chat.postMessage": { ...write, tier: tiers.posting, run: postMessage },
  "chat.update": { ...write, tier: tiers.three, run: update },
  "chat.delete": { ...write, tier: tiers.three, run: remove },
  "chat.getPermalink": { token: "bot", scopes: [], tier: tiers.four, run: getPermalink },
  // A post that goes out later, without anyone looking: no test may need it.
  "chat.scheduleMessage": { ...write, tier: tiers.three, run: () => refuse("restricted_action") },
}
