// Threads: from a message, on their own, as a post in a forum; who is in them.

import { text } from "../checks/fields.ts"
import { checkMessage, isEmpty, settable } from "../checks/message.ts"
import type { Core } from "../core.ts"
import { channelEvent, messageCreated, messageUpdated } from "../events.ts"
import { allowedFrom } from "../mentions.ts"
import { may } from "../permissions.ts"
import { put } from "../post.ts"
import { badForm, Form, refuse } from "../refusal.ts"
import { type BotCall, bot, knownMessage, need, param, type Reply, type Routes, visibleChannel } from "../rest/route.ts"
import { snowflake } from "../snowflake.ts"
import { type Channel, type ChannelKind, type Fields, flag, isFields, type User } from "../state.ts"
import { channelOut, iso, messageOut } from "../wire.ts"
import { hear } from "./posting.ts"

export function addThread(
  core: Core,
  parent: Channel,
  of: { kind: ChannelKind; name: string; owner: User; id?: string; tags?: readonly string[] },
): Channel {
  const now = core.time.now()
  const thread = { owner: of.owner.id, members: new Set([of.owner.id]), archived: false, locked: false, tags: of.tags ?? [], createdAt: now }
  const id = of.id ?? snowflake(now)
  return core.world.addChannel({ id, kind: of.kind, guild: parent.guild, name: of.name, parent, thread }, now)
}
function nameOf(call: BotCall): string {
  const form = new Form()
  const name = text(form, call.body, [], "name", { min: 1, max: 100, required: "required" })
  form.done()
  return name ?? ""
}
const kinds: Readonly<Record<number, ChannelKind>> = { 10: "announcementThread", 11: "publicThread", 12: "privateThread" }

function fromMessage(call: BotCall): Reply {
  const { core, app } = call
  const channel = visibleChannel(call)
  const message = knownMessage(call, channel)
  if (channel.kind !== "text" && channel.kind !== "announcement") refuse(50024)
  need(call, channel, "CREATE_PUBLIC_THREADS")
  if ((message.flags & flag.hasThread) !== 0) refuse(160004)
  const kind = channel.kind === "text" ? "publicThread" : "announcementThread"
  const thread = addThread(core, channel, { kind, name: nameOf(call), owner: app.user, id: message.id })
  message.flags |= flag.hasThread
  call.afterReply(() => {
    channelEvent(core, thread, "CREATE")
    messageUpdated(core, message, "all")
  })
  return channelOut(thread)
}
/** Tags of a forum: five at most, known ones, and one where the forum wants one. */
export function tagsFor(forum: Channel, given: unknown, user: User): readonly string[] {
  const tags = Array.isArray(given) ? given.map(String) : []
  const moderator = may(forum, user, "MANAGE_THREADS")
  if (tags.length > 5) badForm(["applied_tags"], "BASE_TYPE_BAD_LENGTH", "Must be 5 or fewer in length.")
  for (const [at, id] of tags.entries()) {
    const tag = forum.tags.find((t) => t.id === id)
    if (tag === undefined) badForm(["applied_tags", at], "FORUM_TAG_UNKNOWN", "Unknown tag")
    if (tag?.moderated === true && !moderator) refuse(50013)
  }
  if (forum.requireTag && tags.length === 0) {
    if (!moderator && forum.tags.every((t) => t.moderated)) refuse(40066)
    refuse(40067)
  }
  return tags
}
async function start(call: BotCall): Promise<Reply> {
  const { core, app, body } = call
  const channel = visibleChannel(call)
  if (channel.kind === "forum" || channel.kind === "media") return forumPost(call, channel)
  const kind = kinds[Number(body["type"] ?? 12)] ?? badForm(["type"], "BASE_TYPE_CHOICES", "Value must be one of {10, 11, 12}.")
  if ((channel.kind === "announcement") !== (kind === "announcementThread") || !["text", "announcement"].includes(channel.kind)) refuse(50024)
  need(call, channel, kind === "privateThread" ? "CREATE_PRIVATE_THREADS" : "CREATE_PUBLIC_THREADS")
  const thread = addThread(core, channel, { kind, name: nameOf(call), owner: app.user })
  call.afterReply(() => channelEvent(core, thread, "CREATE"))
  return channelOut(thread)
}
async function forumPost(call: BotCall, forum: Channel): Promise<Reply> {
  const { core, app, body } = call
  need(call, forum, "SEND_MESSAGES")
  const name = nameOf(call)
  const given: Fields = isFields(body["message"]) ? body["message"] : badForm(["message"], "BASE_TYPE_REQUIRED", "This field is required")
  const content = checkMessage(given, settable)
  if (isEmpty(content)) refuse(50006)
  const allowed = allowedFrom(given["allowed_mentions"], "everything")
  const thread = addThread(core, forum, { kind: "publicThread", name, owner: app.user, tags: tagsFor(forum, body["applied_tags"], app.user) })
  const message = put(core, thread, { author: app.user, app, ...content, id: thread.id, allowed, via: "rest" })
  call.afterReply(() => channelEvent(core, thread, "CREATE"))
  await hear(call, (whose) => messageCreated(core, message, whose))
  return { ...channelOut(thread), message: messageOut(message, app, true) }
}
const memberOf = (thread: Channel, user: string): Fields => ({
  id: thread.id,
  user_id: user,
  join_timestamp: iso(thread.thread?.createdAt ?? 0),
  flags: 0,
})
function threadOf(call: BotCall): Channel {
  const channel = visibleChannel(call)
  return channel.thread === null ? refuse(50024) : channel
}
function inAndOut(call: BotCall, user: string, how: "in" | "out"): Reply {
  const thread = threadOf(call)
  if (thread.thread?.archived === true) refuse(50083)
  if (how === "in") {
    if (user !== call.app.user.id) need(call, thread, "SEND_MESSAGES_IN_THREADS")
    if (thread.guild?.members.has(user) !== true) refuse(10007)
    thread.thread?.members.add(user)
  } else {
    if (user !== call.app.user.id) need(call, thread, "MANAGE_THREADS")
    thread.thread?.members.delete(user)
  }
  return null
}
export const threads: Routes = {
  "POST /channels/{channel}/messages/{message}/threads": bot(fromMessage),
  "POST /channels/{channel}/threads": bot(start),
  "GET /channels/{channel}/thread-members": bot((call) => {
    const thread = threadOf(call)
    return call.app.privileged.has("members") ? [...(thread.thread?.members ?? [])].map((id) => memberOf(thread, id)) : refuse(50001)
  }),
  "GET /channels/{channel}/thread-members/@me": bot((call) => {
    const thread = threadOf(call)
    return thread.thread?.members.has(call.app.user.id) === true ? memberOf(thread, call.app.user.id) : refuse(10007)
  }),
  "GET /channels/{channel}/thread-members/{user}": bot((call) => {
    const thread = threadOf(call)
    return thread.thread?.members.has(param(call, "user")) === true ? memberOf(thread, param(call, "user")) : refuse(10007)
  }),
  "PUT /channels/{channel}/thread-members/@me": bot((call) => inAndOut(call, call.app.user.id, "in")),
  "DELETE /channels/{channel}/thread-members/@me": bot((call) => inAndOut(call, call.app.user.id, "out")),
  "PUT /channels/{channel}/thread-members/{user}": bot((call) => inAndOut(call, param(call, "user"), "in")),
  "DELETE /channels/{channel}/thread-members/{user}": bot((call) => inAndOut(call, param(call, "user"), "out")),
}
