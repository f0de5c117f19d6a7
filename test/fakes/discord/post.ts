// Puts a message where it belongs and takes it out again. Who may do so was asked before.
import type { Core } from "./core.ts"
import { type Allowed, pingsOf, textsOf } from "./mentions.ts"
import { snowflake } from "./snowflake.ts"
import { type App, type Channel, type Fields, flag, type Message, type User } from "./state.ts"

export interface Draft {
  readonly author: User
  readonly app?: App | null
  readonly webhook?: Message["webhook"]
  readonly type?: number
  readonly content: string
  readonly embeds?: readonly Fields[]
  readonly components?: readonly Fields[]
  readonly attachments?: readonly Fields[]
  readonly flags?: number
  readonly nonce?: string | number | null
  readonly replyTo?: Message | null
  readonly reference?: Fields | null
  readonly interaction?: Fields | null
  readonly ephemeralTo?: User | null
  readonly allowed: Allowed
  readonly via: Message["via"]
  /** A message that starts a forum thread has the thread's id. */
  readonly id?: string
}
const link = /(?<!<)https?:\/\/[^\s<>]+/

export function put(core: Core, channel: Channel, draft: Draft): Message {
  const now = core.time.now()
  const { author, replyTo = null, ephemeralTo = null, components = [], embeds = [], flags = 0 } = draft
  const text = textsOf(draft.content, components)
  const named = pingsOf(text, author, channel, draft.allowed)
  const replied = replyTo !== null && replyTo.webhook === null && draft.allowed.repliedUser === "called" ? [replyTo.author.id] : []
  const pings = { ...named, users: [...new Set([...named.users, ...replied])] }
  const message: Message = {
    id: draft.id ?? snowflake(now),
    channel,
    author,
    webhook: draft.webhook ?? null,
    app: draft.app ?? null,
    type: draft.type ?? 0,
    content: draft.content,
    embeds,
    components: numbered(components),
    attachments: draft.attachments ?? [],
    flags,
    mentions: pings.users,
    mentionRoles: pings.roles,
    mentionEveryone: pings.everyone,
    // A silent message lights nothing up on a phone; it still mentions.
    pings: (flags & flag.suppressNotifications) === 0 ? pings : { users: [], roles: [], everyone: false },
    nonce: draft.nonce ?? null,
    sentAt: now,
    editedAt: null,
    replyTo,
    reference: draft.reference ?? null,
    interaction: draft.interaction ?? null,
    ephemeralTo,
    reactions: new Map(),
    via: draft.via,
    unfurled: (flags & flag.suppressEmbeds) === 0 && (flags & flag.componentsV2) === 0 && link.test(draft.content),
    deleted: false,
  }
  if (ephemeralTo !== null) channel.ephemerals.push(message)
  else {
    channel.messages.push(message)
    channel.byId.set(message.id, message)
    // A message wakes a thread up, and its author is in it from then on.
    if (channel.thread !== null) {
      channel.thread.archived = false
      if (!author.bot || draft.via === "rest") channel.thread.members.add(author.id)
    }
  }
  return message
}
/** Every component has an id; those that came without get one, counted through. */
export function numbered(components: readonly Fields[]): readonly Fields[] {
  let next = 0
  const walk = (c: Fields): Fields => {
    next += 1
    const out: Fields = { ...c, id: typeof c["id"] === "number" && c["id"] > 0 ? c["id"] : next }
    for (const inner of ["components"] as const) if (Array.isArray(c[inner])) out[inner] = (c[inner] as Fields[]).map(walk)
    for (const inner of ["accessory", "component"] as const)
      if (typeof c[inner] === "object" && c[inner] !== null) out[inner] = walk(c[inner] as Fields)
    return out
  }
  return components.map(walk)
}
export function takeOut(message: Message): void {
  const { channel } = message
  message.deleted = true
  channel.byId.delete(message.id)
  for (const list of [channel.messages, channel.ephemerals]) {
    const at = list.indexOf(message)
    if (at >= 0) list.splice(at, 1)
  }
}
