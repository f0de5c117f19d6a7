// A person at their screen: says, clicks, types, looks. They can do only what Slack's client would let them do.

import { isFields } from "./checks/problem.ts"
import type { Core } from "./core.ts"
import { changed, posted, snapshot, tell } from "./events.ts"
import type { Answered, Interactive, Submission } from "./interactive.ts"
import { erase } from "./methods/chat.ts"
import { sessionKey } from "./methods/sessions.ts"
import { ended } from "./methods/streams.ts"
import { kept } from "./normalise.ts"
import { put, ring, threadOf } from "./post.ts"
import { isEphemeral } from "./response-url.ts"
import { type Channel, type Ephemeral, type Fields, type Install, type Message, newId, type Session, type User } from "./state.ts"
import { complaints, elementNamed, stateValues, type Typed } from "./state-of-inputs.ts"
import { type View, viewOut } from "./views.ts"
import { messageOut } from "./wire.ts"

export interface ClickHow {
  /** Tells buttons of one name apart. */
  readonly value?: string
  readonly blockId?: string
  /** The option of an overflow, select or radio group; the options of checkboxes. */
  readonly option?: string
  readonly options?: readonly string[]
  readonly state?: Typed
}

export class Person {
  readonly id: string
  readonly user: User
  readonly #core: Core
  readonly #acts: Interactive
  constructor(core: Core, acts: Interactive, user: User) {
    this.#core = core
    this.#acts = acts
    this.user = user
    this.id = user.id
  }
  /** Told to the apps at once; when they heard of it is in `slack.deliveries`. */
  says(channel: Channel, text: string, where: { thread?: string | Message; broadcast?: boolean; files?: readonly string[] } = {}): Message {
    const { world } = this.#core
    if (!channel.members.has(this.id)) throw new Error(`${this.user.name} is not in ${channel.name || channel.id}`)
    if (channel.archived) throw new Error(`${channel.name} is archived`)
    const given = typeof where.thread === "object" ? where.thread.ts : where.thread
    const threadTs = given === undefined ? null : threadOf(channel, given)
    if (given !== undefined && threadTs === null) throw new Error("there is no such thread")
    const shown = kept(text, "link")
    const block = { type: "rich_text", block_id: "said", elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }] }
    const message = put(this.#core, channel, {
      user: this.id,
      team: world.user(this.id).team,
      bot: null,
      text: shown,
      blocks: [block],
      files: where.files?.map((title) => ({ id: newId("F"), name: title, title, mode: "hosted" })) ?? null,
      threadTs,
      broadcast: threadTs !== null && where.broadcast === true,
      via: "person",
    })
    void posted(this.#core, message, "all")
    return message
  }
  mention(channel: Channel, text: string, where: { thread?: string | Message; bot?: Install } = {}): Message {
    return this.says(channel, `<@${this.#bot(where.bot).botUserId}> ${text}`, where)
  }
  /** The direct conversation with the bot. */
  dmWith(bot?: Install): Channel {
    return this.#core.world.im(this.user.team, this.id, this.#bot(bot).botUserId)
  }
  /** The direct conversation of two people, which no app is in. */
  dmWithPerson(other: Person): Channel {
    return this.#core.world.im(this.user.team, this.id, other.id)
  }
  tells(text: string, where: { thread?: string | Message; bot?: Install } = {}): Message {
    return this.says(this.dmWith(where.bot), text, where)
  }
  edits(message: Message, text: string): void {
    if (message.user !== this.id) throw new Error("only one's own messages")
    const before = snapshot(message)
    message.text = kept(text, "link")
    message.edited = { user: this.id, ts: this.#core.time.ts() }
    ring(this.#core, message, "markup")
    changed(this.#core, message, before)
  }
  /** One's own, or as an admin anybody's. */
  deletes(message: Message): void {
    if (message.user !== this.id && !this.user.admin) throw new Error("only one's own messages, unless one is an admin")
    erase(this.#core.world.channel(message.channel), message)(this.#core)
  }
  /** In the channel's settings. Slack says so there in the person's name, with the bot's id. */
  addsApp(channel: Channel, bot: Install, subtype: "bot_add" | "app_conversation_join" = "bot_add"): Message {
    channel.members.add(bot.botUserId)
    const message = put(this.#core, channel, {
      user: this.id,
      team: this.user.team,
      bot: { botId: bot.botId, appId: bot.app.id, name: bot.app.name },
      text: `added an integration to this channel: <https://acme.slack.com/services/${bot.botId}|${bot.app.name}>`,
      blocks: null,
      threadTs: null,
      via: "person",
      subtype,
    })
    void posted(this.#core, message, "all")
    return message
  }
  shortcut(callbackId: string, message: Message | null, bot?: Install): Promise<Answered> {
    const install = this.#offered(bot)
    const kind = install.app.shortcuts.get(callbackId)
    if (kind !== (message === null ? "global" : "message")) throw new Error(`the app has no such shortcut: ${callbackId}`)
    if (message !== null) this.#mustSee(this.#core.world.channel(message.channel))
    return this.#acts.shortcut(install, this.user, callbackId, message)
  }
  slash(command: string, text: string, channel: Channel, bot?: Install): Promise<Answered> {
    const install = this.#offered(bot)
    if (!install.app.commands.has(command)) throw new Error(`the app has no command ${command}`)
    this.#mustSee(channel)
    return this.#acts.slash(install, this.user, command, text, channel)
  }
  /** On what they see, or on a copy of what they saw before: a screen may be old. */
  clicks(on: Message | Ephemeral | View, actionId: string, how: ClickHow = {}): Promise<Answered> {
    const blocks = "definition" in on ? on.definition["blocks"] : on.blocks
    const { block, element } = elementNamed(blocks, actionId, how)
    const action = { ...this.#action(element, how), block_id: block["block_id"], action_id: actionId, action_ts: this.#core.time.ts() }
    const values = stateValues(blocks, how.state ?? {})
    if ("definition" in on) return this.#acts.clickView(this.user, on, action, values)
    if (isEphemeral(on) && on.to !== this.id) throw new Error("only its reader sees an ephemeral message")
    this.#mustSee(this.#core.world.channel(on.channel))
    const install = this.#core.world.installs.find((i) => (isEphemeral(on) ? i.app.id === on.appId : i.botId === on.bot?.botId))
    if (install === undefined) throw new Error("no app owns that message")
    return this.#acts.clickMessage(install, this.user, on, action, values)
  }
  #action(element: Fields, how: ClickHow): Fields {
    const options = (Array.isArray(element["options"]) ? element["options"] : []).filter(isFields)
    const option = (value: string) => options.find((o) => o["value"] === value) ?? missing(value)
    const { type, text, value, confirm } = element
    if (type === "button") return { type, text, ...(value === undefined ? {} : { value }), ...(confirm === undefined ? {} : { confirm }) }
    if (type === "checkboxes" || type === "multi_static_select") return { type, selected_options: (how.options ?? []).map(option) }
    return { type, selected_option: option(how.option ?? "") }
  }
  /** `not-sent`: the client complained, and nothing went out. */
  async submits(view: View, typed: Typed = {}): Promise<Submission | { outcome: "not-sent"; errors: Readonly<Record<string, string>> }> {
    if (this.#core.views.front(this.id) !== view) throw new Error("that view is not in front")
    const blocks = view.definition["blocks"]
    const values = stateValues(blocks, typed)
    const errors = complaints(blocks, values)
    if (Object.keys(errors).length > 0) return { outcome: "not-sent", errors }
    return this.#acts.submit(this.user, view, values)
  }
  closes(view: View, how: "one" | "all" = "one"): Promise<Answered | null> {
    return this.#acts.close(this.user, view, view.definition["clear_on_close"] === true ? "all" : how)
  }
  async opensHome(tab: "home" | "messages" = "home", bot?: Install): Promise<void> {
    const install = this.#offered(bot)
    const view = this.#core.views.home(this.id, install)
    const event = { type: "app_home_opened", user: this.id, channel: this.dmWith(install).id, tab, event_ts: this.#core.time.ts() }
    const shown = tab === "home" && view !== null ? { view: viewOut(view) } : {}
    await tell(this.#core, install, "app_home_opened", { ...event, ...shown }, { team: this.user.team, channel: null })
  }
  /** Slack's own Stop button: there while the agent is at work and wants to hear of it. It ends the streams, and nothing else. */
  async stopsAgent(channel: Channel, threadTs: string, bot?: Install): Promise<void> {
    const install = this.#offered(bot)
    if (this.sessionIn(channel, threadTs)?.status !== "processing" || !install.app.events.has("agent_session_stopped"))
      throw new Error("there is no Stop button")
    const running = (channel.threads.get(threadTs) ?? []).filter((m) => m.stream?.state === "in_progress")
    for (const message of running) ended(this.#core, message)
    const event = {
      type: "agent_session_stopped",
      channel: channel.id,
      user: this.id,
      thread_ts: threadTs,
      streaming_message_ts: running.map((m) => m.ts),
      event_ts: this.#core.time.ts(),
    }
    await tell(this.#core, install, "agent_session_stopped", event, { team: this.user.team, channel })
  }
  /** What an agent does in a thread, as the thread shows it; null: no agent said. */
  sessionIn(channel: Channel, threadTs: string): Session | null {
    this.#mustSee(channel)
    return this.#core.world.sessions.get(sessionKey(channel.id, threadTs)) ?? null
  }
  /** What stands on their screen there: messages, and what is for their eyes only. */
  sees(where: Channel | Message): readonly (Message | Ephemeral)[] {
    const channel = "members" in where ? where : this.#core.world.channel(where.channel)
    this.#mustSee(channel)
    const root = "members" in where ? null : (where.threadTs ?? where.ts)
    const here = (m: { ts: string; threadTs: string | null }) =>
      root === null ? m.threadTs === null || m.threadTs === m.ts : m.threadTs === root || m.ts === root
    // An ephemeral message in a thread shows only where the thread has replies already.
    const shown = channel.ephemerals.filter(
      (e) => e.to === this.id && here(e) && (e.threadTs === null || channel.messages.some((m) => m.threadTs === e.threadTs)),
    )
    const shows = channel.messages.filter((m) => here(m) || (root === null && m.broadcast))
    return [...shows, ...shown].sort((a, b) => (a.ts < b.ts ? -1 : 1))
  }
  /** Sent to them alone, wherever: also where Slack would not have shown it. */
  ephemeralsTo(channel: Channel): readonly Ephemeral[] {
    return channel.ephemerals.filter((e) => e.to === this.id)
  }
  /** The conversation with the bot, oldest first. */
  get dm(): readonly Message[] {
    return this.dmWith().messages
  }
  /** The modal in front. */
  get modal(): View | null {
    return this.#core.views.front(this.id)
  }
  get home(): View | null {
    return this.#core.views.home(this.id, this.#bot(undefined))
  }
  /** What their phone and their desktop said: the fallback text there, the blocks' text here. */
  get notifications(): readonly { readonly message: Message; readonly mobile: string; readonly desktop: string }[] {
    const called = new Set(this.#core.rung.filter((r) => this.#callsMe(r.kind, r.whom, r.message)).map((r) => r.message))
    return [...this.#core.world.channels.values()]
      .filter((c) => c.members.has(this.id))
      .flatMap((c) => c.messages.filter((m) => m.user !== this.id && (called.has(m) || c.kind === "im" || c.kind === "mpim")))
      .map((message) => ({ message, mobile: message.text, desktop: wordsOf(message.blocks) || message.text }))
  }
  #callsMe(kind: string, whom: string, message: Message): boolean {
    return kind === "user" ? whom === this.id : kind !== "subteam" && this.#core.world.channel(message.channel).members.has(this.id)
  }
  /** As the API has a message of theirs or of anyone. */
  json(message: Message): Fields {
    return messageOut(this.#core.world, message, "all")
  }
  #mustSee(channel: Channel): void {
    const { world } = this.#core
    const inside =
      channel.kind === "public" &&
      this.user.guest === "none" &&
      world.teamsOf(channel).includes(this.user.team) &&
      !world.isPrivate(channel, this.user.team)
    if (!channel.members.has(this.id) && !inside) throw new Error(`${this.user.name} cannot see ${channel.name || channel.id}`)
  }
  #bot(given: Install | undefined): Install {
    const { installs } = this.#core.world
    const mine = given ?? installs.find((i) => this.#core.world.serves(i, this.user.team)) ?? installs[0]
    if (mine === undefined) throw new Error("no app is installed")
    return mine
  }
  /** Shortcuts, commands and the Home tab exist only where the app is installed, and with the `commands` scope. */
  #offered(given: Install | undefined): Install {
    const install = this.#bot(given)
    if (!this.#core.world.serves(install, this.user.team)) throw new Error(`the app is not installed in ${this.user.name}'s workspace`)
    return install
  }
}
function missing(value: string): never {
  throw new Error(`there is no option ${value}`)
}
function wordsOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(wordsOf).filter(Boolean).join("\n")
  if (!isFields(value)) return ""
  if (typeof value["text"] === "string") return value["text"]
  return [value["text"], value["fields"], value["elements"]].map(wordsOf).filter(Boolean).join("\n")
}
