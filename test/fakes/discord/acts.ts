// What a person's hands set off in an app: commands, clicks, submitted modals. Each is an interaction of its own.
import type { Core } from "./core.ts"
import type { Answered } from "./interactions.ts"
import { complaints, type Modal, submission } from "./modals.ts"
import { inGuild } from "./permissions.ts"
import { type App, type Channel, type Command, type Fields, isFields, type Message, type User } from "./state.ts"
import { memberOut, messageOut, userOut } from "./wire.ts"

export type Option = string | number | boolean
const onMessages = 3
const optionTypes = { string: [3], number: [4, 10], boolean: [5] } as const

export class Acts {
  readonly #core: Core
  constructor(core: Core) {
    this.#core = core
  }
  messageCommand(app: App, user: User, name: string, message: Message): Promise<Answered> {
    const { channel } = message
    const command = this.#offered(app, user, channel, onMessages, name)
    // What a person points at with a command, the app may read.
    const resolved = { messages: { [message.id]: messageOut(message, app, true) } }
    const data = { id: command.id, name, type: onMessages, target_id: message.id, resolved }
    return this.#core.interactions.send({ type: 2, app, user, channel, source: null, data })
  }
  slash(
    app: App,
    user: User,
    of: { name: string; sub: string | null; options: Readonly<Record<string, Option>>; channel: Channel },
  ): Promise<Answered> {
    const command = this.#offered(app, user, of.channel, 1, of.name)
    const subs = list(command.definition["options"]).filter((o) => o["type"] === 1)
    const sub = of.sub === null ? null : (subs.find((o) => o["name"] === of.sub) ?? missing(`no subcommand ${of.sub} of /${of.name}`))
    if (sub === null && subs.length > 0) throw new Error(`/${of.name} wants one of its subcommands`)
    const options = filledIn(list((sub ?? command.definition)["options"]), of.options)
    const data = { id: command.id, name: of.name, type: 1, options: sub === null ? options : [{ name: of.sub, type: 1, options }] }
    return this.#core.interactions.send({ type: 2, app, user, channel: of.channel, source: null, data })
  }
  /** `seen` may be a copy from before: what is no longer there fails, as a click on an old screen does. */
  click(user: User, seen: Message, customId: string, values: readonly string[]): Promise<Answered> {
    const { channel } = seen
    const on = componentOf(seen.components, customId) ?? missing(`no button ${customId} on that message`)
    if (on["disabled"] === true) throw new Error(`${customId} is disabled`)
    const source = channel.byId.get(seen.id) ?? channel.ephemerals.find((e) => e.id === seen.id)
    const { app } = seen
    if (app === null) throw new Error("no app owns that message")
    if (source === undefined || componentOf(source.components, customId) === null) return Promise.resolve({ outcome: "failed" })
    const chosen = on["type"] === 2 ? {} : { values: [...values] }
    const data = {
      custom_id: customId,
      component_type: on["type"],
      id: on["id"],
      ...chosen,
      ...(on["type"] === 2 ? {} : { resolved: this.#resolved(channel, values) }),
    }
    return this.#core.interactions.send({ type: 3, app, user, channel, source, data })
  }
  async submit(
    user: User,
    modal: Modal,
    values: Readonly<Record<string, string>>,
  ): Promise<Answered | { outcome: "not-sent"; errors: Readonly<Record<string, string>> }> {
    const errors = complaints(modal, values)
    if (Object.keys(errors).length > 0) return { outcome: "not-sent", errors }
    const { app, channel, source } = modal.of
    const data = { custom_id: modal.customId, components: submission(modal, values), resolved: {} }
    const answered = await this.#core.interactions.send({ type: 5, app, user, channel, source, data })
    // A modal that fails stays on the screen, so that nobody loses what they typed.
    if (answered.outcome === "acknowledged") user.modal = null
    return answered
  }
  /** The command, if Discord's client would offer it to this person here. */
  #offered(app: App, user: User, channel: Channel, type: number, name: string): Command {
    const { guild } = channel
    const known = [...(app.commands.get(guild?.id ?? "-") ?? []), ...(app.commands.get("") ?? [])]
    const command = known.find((c) => c.type === type && c.name === name) ?? missing(`the app has registered no command ${name} here`)
    const { contexts, default_member_permissions: needed } = command.definition
    const context = guild === null ? 1 : 0
    if (Array.isArray(contexts) && !contexts.includes(context)) throw new Error(`${name} is not offered here`)
    if (guild !== null && !guild.members.has(app.user.id)) throw new Error("the app is not in this server")
    if (guild !== null && typeof needed === "string" && (inGuild(guild, user) & BigInt(needed)) !== BigInt(needed))
      throw new Error(`${name} is not offered to ${user.name}`)
    return command
  }
  #resolved(channel: Channel, ids: readonly string[]): Fields {
    const members = ids.flatMap((id) => channel.guild?.members.get(id) ?? [])
    return {
      users: Object.fromEntries(members.map((m) => [m.user.id, userOut(m.user)])),
      members: Object.fromEntries(members.map((m) => [m.user.id, memberOut(m)])),
    }
  }
}
const list = (of: unknown): readonly Fields[] => (Array.isArray(of) ? of.filter(isFields) : [])
function missing(what: string): never {
  throw new Error(what)
}
function filledIn(declared: readonly Fields[], given: Readonly<Record<string, Option>>): readonly Fields[] {
  for (const option of declared)
    if (option["required"] === true && given[String(option["name"])] === undefined) missing(`the option ${String(option["name"])} is required`)
  return Object.entries(given).map(([name, value]) => {
    const option = declared.find((o) => o["name"] === name) ?? missing(`there is no option ${name}`)
    const type = Number(option["type"])
    const fits: readonly number[] = optionTypes[typeof value as keyof typeof optionTypes]
    if (!fits.includes(type)) missing(`the option ${name} is of another type`)
    const choices = list(option["choices"])
    if (choices.length > 0 && !choices.some((c) => c["value"] === value)) missing(`${value} is no choice of ${name}`)
    return { name, type, value }
  })
}
function componentOf(components: readonly Fields[], customId: string): Fields | null {
  for (const one of components) {
    if (one["custom_id"] === customId) return one
    const inner = [...list(one["components"]), ...(isFields(one["accessory"]) ? [one["accessory"]] : [])]
    const found = componentOf(inner, customId)
    if (found !== null) return found
  }
  return null
}
