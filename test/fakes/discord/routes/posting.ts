// POST, PATCH and DELETE of messages in a channel, by the bot's own token.
import { type Content, checkEdit, checkMessage, isEmpty, settable } from "../checks/message.ts"
import { messageCreated, messageDeleted, messageUpdated } from "../events.ts"
import { allowedFrom, pingsOf, textsOf } from "../mentions.ts"
import { may } from "../permissions.ts"
import { numbered, put, takeOut } from "../post.ts"
import { badForm, refuse } from "../refusal.ts"
import { type BotCall, bot, enters, knownMessage, need, type Reply, type Routes, visibleChannel } from "../rest/route.ts"
import { type Channel, type Fields, flag, isFields, type Message } from "../state.ts"
import { messageOut } from "../wire.ts"

const hourMs = 60 * 60_000
const replyTypes = [0, 19, 20, 23]

/** The bot itself hears of what it did as the setting says; everyone else at once. */
export async function hear(call: BotCall, tell: (whose: "own" | "others") => void): Promise<void> {
  const { core, app } = call
  tell("others")
  switch (core.settings.ownEvents) {
    case "after-reply":
      return call.afterReply(() => tell("own"))
    case "before-reply":
      tell("own")
      return core.gateway.flushed(app)
    case "never":
      return
  }
}
/** May the bot write here? In a direct conversation it depends on the other side. */
export function mayWrite(call: BotCall, channel: Channel): void {
  const { core, app } = call
  if (channel.guild === null) {
    const other = channel.recipients.find((u) => u !== app.user) ?? refuse(50033)
    if (!core.world.share(app.user, other)) refuse(50278)
    if (other.dms === "closed") refuse(50007)
    return
  }
  if (["category", "forum", "media"].includes(channel.kind)) refuse(50008)
  enters(call, channel)
  need(call, channel, channel.thread === null ? "SEND_MESSAGES" : "SEND_MESSAGES_IN_THREADS")
  if (channel.thread?.locked === true && !may(channel, app.user, "MANAGE_THREADS")) refuse(channel.thread.archived ? 50083 : 160005)
}
function nonceOf(body: Fields): string | number | null {
  const nonce = body["nonce"] ?? null
  if (nonce === null || Number.isInteger(nonce)) return nonce as number | null
  if (typeof nonce !== "string") return badForm(["nonce"], "STRING_TYPE_CONVERT", "Could not interpret the value as string.")
  return nonce.length <= 25 ? nonce : badForm(["nonce"], "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
}
function replyOf(call: BotCall, channel: Channel): { replyTo: Message | null; reference: Fields | null } {
  const given = call.body["message_reference"]
  if (!isFields(given)) return { replyTo: null, reference: null }
  if (given["type"] !== undefined && given["type"] !== 0)
    badForm(["message_reference", "type"], "BASE_TYPE_CHOICES", "Forwards are not in the local Discord.")
  if (given["channel_id"] !== undefined && given["channel_id"] !== channel.id)
    badForm(["message_reference"], "MESSAGE_REFERENCE_CHANNEL_MISMATCH", "Cannot reply to a message in another channel")
  const replyTo = channel.byId.get(String(given["message_id"])) ?? null
  if (channel.guild !== null && !may(channel, call.app.user, "READ_MESSAGE_HISTORY")) refuse(160002)
  if (replyTo === null) {
    if (given["fail_if_not_exists"] === false) return { replyTo: null, reference: null }
    badForm(["message_reference"], "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message")
  }
  if (replyTo !== null && !replyTypes.includes(replyTo.type))
    badForm(["message_reference"], "REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE", "Cannot reply to a system message")
  const guild = channel.guild === null ? {} : { guild_id: channel.guild.id }
  return { replyTo, reference: { type: 0, message_id: replyTo?.id, channel_id: channel.id, ...guild } }
}
/** The same author's message with this nonce of the past few minutes. One that is gone stays gone (discord-api-docs#6647). */
function twin(call: BotCall, nonce: string | number): Message | undefined {
  const { core, app } = call
  const found = core.world.nonces.get(`${app.user.id} ${nonce}`)
  if (found === undefined || found.sentAt <= core.time.now() - core.settings.nonceWindowMs) return undefined
  return found.deleted ? refuse(10008) : found
}
async function create(call: BotCall): Promise<Reply> {
  const { core, app, body } = call
  const channel = visibleChannel(call)
  mayWrite(call, channel)
  const allowed = allowedFrom(body["allowed_mentions"], "everything")
  const nonce = nonceOf(body)
  const content = checkMessage(body, settable)
  if (isEmpty(content)) refuse(50006)
  if (content.embeds.length > 0 && !may(channel, app.user, "EMBED_LINKS")) refuse(50013)
  if (body["tts"] === true) badForm(["tts"], "NOT_IN_THE_LOCAL_DISCORD", "The local Discord does not speak")
  const { replyTo, reference } = replyOf(call, channel)
  const before = body["enforce_nonce"] === true && nonce !== null ? twin(call, nonce) : undefined
  if (before !== undefined) return messageOut(before, app, true, { nonce: true })
  const type = reference === null ? 0 : 19
  const message = put(core, channel, { author: app.user, app, ...content, type, nonce, replyTo, reference, allowed, via: "rest" })
  if (nonce !== null) core.world.nonces.set(`${app.user.id} ${nonce}`, message)
  await hear(call, (whose) => messageCreated(core, message, whose))
  if (message.unfurled) call.afterReply(() => messageUpdated(core, message, "all"))
  return messageOut(message, app, true, { nonce: true })
}
async function edit(call: BotCall): Promise<Reply> {
  const { core, app, body } = call
  const channel = visibleChannel(call)
  const message = knownMessage(call, channel)
  if (message.author !== app.user || message.webhook !== null) {
    const onlyFlags = Object.keys(body).every((name) => name === "flags")
    if (!onlyFlags) refuse(50005)
    need(call, channel, "MANAGE_MESSAGES")
  }
  if (channel.thread?.archived === true) refuse(50083)
  if (channel.guild === null) mayWrite(call, channel)
  const content = checkEdit(body, message)
  if (isEmpty(content)) refuse(50006)
  tooOften(call, message)
  apply(message, content, body, core.time.now())
  await hear(call, (whose) => messageUpdated(core, message, whose))
  return messageOut(message, app, true)
}
const oldEdits = new WeakMap<Channel, number[]>()
function tooOften(call: BotCall, message: Message): void {
  const { core } = call
  const now = core.time.now()
  if (now - message.sentAt < hourMs) return
  const recent = (oldEdits.get(message.channel) ?? []).filter((at) => at > now - hourMs)
  if (recent.length >= core.settings.oldEditsPerHour) refuse(30046)
  oldEdits.set(message.channel, [...recent, now])
}
/** The new text names whom it names, and calls nobody. */
export function apply(message: Message, content: Content, body: Fields, now: number): void {
  const components = body["components"] === undefined ? message.components : numbered(content.components)
  const allowed = allowedFrom(body["allowed_mentions"], "everything")
  const named = pingsOf(textsOf(content.content, components), message.author, message.channel, allowed)
  const replied = message.replyTo !== null && message.mentions.includes(message.replyTo.author.id) ? [message.replyTo.author.id] : []
  const mentions = [...new Set([...named.users, ...replied])]
  const onlyFlags = Object.keys(body).every((name) => name === "flags")
  Object.assign(message, { ...content, components, mentions, mentionRoles: named.roles, mentionEveryone: named.everyone })
  message.flags &= ~flag.loading
  if (!onlyFlags) message.editedAt = now
}
async function remove(call: BotCall): Promise<Reply> {
  const { core, app } = call
  const channel = visibleChannel(call)
  const message = knownMessage(call, channel)
  if (message.author !== app.user || message.webhook !== null) {
    if (channel.guild === null) refuse(50003)
    need(call, channel, "MANAGE_MESSAGES")
  }
  if (channel.thread?.archived === true) refuse(50083)
  takeOut(message)
  await hear(call, (whose) => messageDeleted(core, message, whose))
  return null
}
export const posting: Routes = {
  "POST /channels/{channel}/messages": bot(create),
  "PATCH /channels/{channel}/messages/{message}": bot(edit),
  "DELETE /channels/{channel}/messages/{message}": bot(remove),
  "POST /channels/{channel}/typing": bot((call) => {
    const channel = visibleChannel(call)
    mayWrite(call, channel)
    return null
  }),
  "POST /channels/{channel}/messages/{message}/crosspost": bot((call) => {
    const channel = visibleChannel(call)
    const message = knownMessage(call, channel)
    if (channel.kind !== "announcement") refuse(50024)
    need(call, channel, message.author === call.app.user ? "SEND_MESSAGES" : "MANAGE_MESSAGES")
    message.flags |= flag.crossposted
    return messageOut(message, call.app, true)
  }),
}
