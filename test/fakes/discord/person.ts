// A person at their screen: says, clicks, types, looks. They can do only what Discord's client would let them do.
import type { Acts } from "./acts.ts"
import type { Core } from "./core.ts"
import { channelEvent, memberEvent, messageCreated, messageDeleted, messageUpdated, reacted } from "./events.ts"
import type { Answered } from "./interactions.ts"
import { type Allowed, allowedFrom, pingsOf } from "./mentions.ts"
import type { Modal } from "./modals.ts"
import { may, maySee } from "./permissions.ts"
import { put, takeOut } from "./post.ts"
import { addThread, tagsFor } from "./routes/threads.ts"
import { addMember } from "./seed.ts"
import { type App, type Channel, channelTypes, flag, type Guild, type Message, type User } from "./state.ts"

export interface Saying {
  readonly replyTo?: Message
  /** Whether the reply calls the one replied to. Discord's client does unless told otherwise. */
  readonly ping?: "ping" | "no ping"
  readonly bot?: App
}
const everything: Allowed = allowedFrom(undefined, "everything")

export class Person {
  readonly id: string
  readonly user: User
  readonly #core: Core
  readonly #acts: Acts
  constructor(core: Core, acts: Acts, user: User) {
    this.#core = core
    this.#acts = acts
    this.user = user
    this.id = user.id
  }
  says(channel: Channel, text: string, how: Saying = {}): Message {
    this.#mustWrite(channel)
    const { replyTo } = how
    if (replyTo !== undefined && replyTo.channel !== channel) throw new Error("a reply stays in the channel of what it answers")
    const content = text.trim()
    if (content === "" || content.length > 2_000) throw new Error("Discord's client sends 1 to 2,000 characters")
    const guild = channel.guild === null ? {} : { guild_id: channel.guild.id }
    const app = [...this.#core.world.apps.values()].find((a) => a.user === this.user) ?? null
    const message = put(this.#core, channel, {
      author: this.user,
      app,
      content,
      type: replyTo === undefined ? 0 : 19,
      replyTo: replyTo ?? null,
      reference: replyTo === undefined ? null : { type: 0, message_id: replyTo.id, channel_id: channel.id, ...guild },
      allowed: { ...everything, repliedUser: how.ping === "no ping" ? "left alone" : "called" },
      nonce: channel.messages.length,
      via: "person",
    })
    messageCreated(this.#core, message, "all")
    if (message.unfurled) messageUpdated(this.#core, message, "all")
    return message
  }
  mention(channel: Channel, text: string, how: Saying = {}): Message {
    return this.says(channel, `<@${this.#bot(how.bot).user.id}> ${text}`, how)
  }
  dmWith(bot?: App): Channel {
    return this.#core.world.dm(this.user, this.#bot(bot).user, this.#core.time.now())
  }
  tells(text: string, how: Saying = {}): Message {
    return this.says(this.dmWith(how.bot), text, how)
  }
  /** Starts a thread on a message, or by itself in a text channel. */
  startsThread(channel: Channel, name: string, how: { on?: Message; private?: "private" } = {}): Channel {
    if (!may(channel, this.user, how.private === undefined ? "CREATE_PUBLIC_THREADS" : "CREATE_PRIVATE_THREADS"))
      throw new Error("may not start threads")
    const kind = how.private !== undefined ? "privateThread" : channel.kind === "announcement" ? "announcementThread" : "publicThread"
    const thread = addThread(this.#core, channel, { kind, name, owner: this.user, ...(how.on === undefined ? {} : { id: how.on.id }) })
    if (how.on !== undefined) how.on.flags |= flag.hasThread
    channelEvent(this.#core, thread, "CREATE")
    return thread
  }
  /** A post in a forum or a media channel: its thread, whose first message is `messages[0]`. */
  posts(forum: Channel, title: string, text: string, tags: readonly string[] = []): Channel {
    if (forum.kind !== "forum" && forum.kind !== "media") throw new Error("only forums have posts")
    if (!may(forum, this.user, "SEND_MESSAGES")) throw new Error(`${this.user.name} may not post there`)
    const ids = tags.map((name) => forum.tags.find((t) => t.name === name)?.id ?? name)
    const thread = addThread(this.#core, forum, { kind: "publicThread", name: title, owner: this.user, tags: tagsFor(forum, ids, this.user) })
    const message = put(this.#core, thread, { author: this.user, content: text.trim(), id: thread.id, allowed: everything, via: "person" })
    channelEvent(this.#core, thread, "CREATE")
    messageCreated(this.#core, message, "all")
    return thread
  }
  /** Into a private thread: who is brought in, and be it a bot, hears of the thread. */
  brings(who: User, thread: Channel): void {
    this.#mustSee(thread)
    if (thread.guild?.members.has(who.id) !== true) throw new Error(`${who.name} is not in this server`)
    thread.thread?.members.add(who.id)
    if (who.bot) channelEvent(this.#core, thread, "CREATE")
  }
  edits(message: Message, text: string): void {
    if (message.author !== this.user) throw new Error("only one's own messages")
    message.content = text.trim()
    message.editedAt = this.#core.time.now()
    const named = pingsOf(message.content, this.user, message.channel, everything)
    Object.assign(message, { mentions: named.users, mentionRoles: named.roles, mentionEveryone: named.everyone })
    messageUpdated(this.#core, message, "all")
  }
  /** One's own, or as a moderator anybody's. */
  deletes(message: Message): void {
    if (message.author !== this.user && !may(message.channel, this.user, "MANAGE_MESSAGES"))
      throw new Error("only a moderator deletes what others wrote")
    takeOut(message)
    messageDeleted(this.#core, message, "all")
  }
  /** Takes previews and embeds away from a message: its author may, and any moderator. */
  suppressesEmbeds(message: Message): void {
    if (message.author !== this.user && !may(message.channel, this.user, "MANAGE_MESSAGES")) throw new Error("only a moderator may")
    message.flags |= flag.suppressEmbeds
    messageUpdated(this.#core, message, "all")
  }
  reacts(message: Message, emoji: string): void {
    this.#mustSee(message.channel)
    message.reactions.set(emoji, (message.reactions.get(emoji) ?? new Set<string>()).add(this.id))
    reacted(this.#core, message, this.user, emoji, "ADD")
  }
  /** "Apps" in the menu of a message. */
  messageCommand(name: string, message: Message, bot?: App): Promise<Answered> {
    this.#mustSee(message.channel)
    return this.#acts.messageCommand(this.#bot(bot), this.user, name, message)
  }
  /** `/name sub option:value`. Without a subcommand, give null. */
  slash(
    name: string,
    sub: string | null,
    options: Readonly<Record<string, string | number | boolean>>,
    channel: Channel,
    bot?: App,
  ): Promise<Answered> {
    this.#mustSee(channel)
    return this.#acts.slash(this.#bot(bot), this.user, { name, sub, options, channel })
  }
  /** On what they see, or on a copy of what they saw before: a screen may be old. */
  clicks(message: Message, customId: string, values: readonly string[] = []): Promise<Answered> {
    if (message.ephemeralTo === null) this.#mustSee(message.channel)
    else if (!message.channel.ephemerals.some((e) => e.id === message.id && e.ephemeralTo === this.user))
      throw new Error("an ephemeral message is there for one person, until they reload")
    return this.#acts.click(this.user, message, customId, values)
  }
  /** `not-sent`: the client complained, and nothing went out. */
  submits(
    modal: Modal,
    values: Readonly<Record<string, string>> = {},
  ): Promise<Answered | { outcome: "not-sent"; errors: Readonly<Record<string, string>> }> {
    if (this.user.modal !== modal) throw new Error("that modal is not on their screen")
    return this.#acts.submit(this.user, modal, values)
  }
  closes(): void {
    this.user.modal = null
  }
  get modal(): Modal | null {
    return this.user.modal
  }
  /** What stands on their screen there, oldest first, with what is for their eyes only. */
  sees(channel: Channel): readonly Message[] {
    this.#mustSee(channel)
    const old = may(channel, this.user, "READ_MESSAGE_HISTORY") ? channel.messages : []
    return [...old, ...this.ephemeralsIn(channel)].sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1))
  }
  ephemeralsIn(channel: Channel): readonly Message[] {
    return channel.ephemerals.filter((e) => e.ephemeralTo === this.user)
  }
  /** Their client starts anew: whatever was ephemeral is gone, and a modal with it. */
  reloads(): void {
    for (const channel of this.#core.world.channels.values())
      for (const message of this.ephemeralsIn(channel)) channel.ephemerals.splice(channel.ephemerals.indexOf(message), 1)
    this.user.modal = null
  }
  /** The conversation with the bot, oldest first. */
  get dm(): readonly Message[] {
    return this.dmWith().messages
  }
  /** What called them: by name, by a role, with everyone, or directly. */
  get notifications(): readonly Message[] {
    return [...this.#core.world.channels.values()]
      .filter((c) => maySee(c, this.user))
      .flatMap((c) => c.messages.filter((m) => m.author !== this.user && (c.guild === null || this.#called(m))))
  }
  #called(message: Message): boolean {
    const roles = message.channel.guild?.members.get(this.id)?.roles
    return message.pings.everyone || message.pings.users.includes(this.id) || message.pings.roles.some((r) => roles?.has(r) === true)
  }
  opensDms(): void {
    this.user.dms = "open"
  }
  closesDms(): void {
    this.user.dms = "closed"
  }
  joins(guild: Guild): void {
    addMember(this.#core, guild, this.user)
    memberEvent(this.#core, guild, this.user, "ADD")
  }
  leaves(guild: Guild): void {
    guild.members.delete(this.id)
    memberEvent(this.#core, guild, this.user, "REMOVE")
  }
  #bot(given: App | undefined): App {
    const bot = given ?? [...this.#core.world.apps.values()][0]
    if (bot === undefined) throw new Error("there is no app in the local Discord")
    return bot
  }
  #mustSee(channel: Channel): void {
    if (!maySee(channel, this.user)) throw new Error(`${this.user.name} cannot see ${channel.name || channel.id}`)
  }
  #mustWrite(channel: Channel): void {
    this.#mustSee(channel)
    if (["category", "forum", "media"].includes(channel.kind)) throw new Error(`nobody writes into a channel of type ${channelTypes[channel.kind]}`)
    if (!may(channel, this.user, channel.thread === null ? "SEND_MESSAGES" : "SEND_MESSAGES_IN_THREADS"))
      throw new Error(`${this.user.name} may not write in ${channel.name}`)
    if (channel.thread?.locked === true && !may(channel, this.user, "MANAGE_THREADS")) throw new Error("the thread is locked")
  }
}
