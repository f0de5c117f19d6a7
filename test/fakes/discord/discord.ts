// A local Discord on one port of the loopback: REST v10, the gateway, interactions.
// `startDiscord()`, seed it, point DISCORD_API_URL at `url`, act as people, look at what they see, break things. See README.md.
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { Acts } from "./acts.ts"
import { type Call, Core, type Settings } from "./core.ts"
import { channelEvent, guildCreate, guildGone, guildUpdated, memberEvent, messageCreated, outage, roleUpdated, whileSeen } from "./events.ts"
import { type Fault, Hold } from "./faults.ts"
import { Gateway } from "./gateway/gateway.ts"
import { Interactions } from "./interactions.ts"
import { allowedFrom } from "./mentions.ts"
import { bits, type Permission } from "./permissions.ts"
import { Person } from "./person.ts"
import { put } from "./post.ts"
import { Dispatcher } from "./rest/dispatch.ts"
import { serve } from "./rest/serve.ts"
import { routes } from "./routes/table.ts"
import {
  type AppSeed,
  addApp,
  addChannel,
  addGuild,
  addMember,
  addRole,
  addUser,
  type ChannelSeed,
  type GuildSeed,
  install,
  type OverwriteSeed,
  overwriteOf,
  type RoleSeed,
} from "./seed.ts"
import { snowflake } from "./snowflake.ts"
import type { App, Channel, Fields, Guild, Message, Role, User } from "./state.ts"

export interface DiscordOptions extends Partial<Settings> {
  readonly port?: number
  /** A clock instead of the real one: then no deadline passes by itself, only by `tick`. */
  readonly now?: () => number
}
/** An answer that arrives and the call that it leads to are a few turns apart. */
const calmTurns = 25

export class Discord {
  readonly #core: Core
  readonly #server: Server
  readonly #rest: Dispatcher
  readonly #acts: Acts
  readonly #people = new Map<string, Person>()

  private constructor(core: Core, server: Server, rest: Dispatcher) {
    this.#core = core
    this.#server = server
    this.#rest = rest
    this.#acts = new Acts(core)
  }
  static async start(options: DiscordOptions): Promise<Discord> {
    const { port = 0, now = null, ...settings } = options
    const core = new Core(settings, now)
    core.gateway = new Gateway(core)
    core.interactions = new Interactions(core)
    const rest = new Dispatcher(core, routes)
    const server = createServer((req, res) => void serve(req, res, rest))
    server.on("upgrade", (req, socket, head) => core.gateway.upgrade(req, socket, head))
    await new Promise<void>((done) => server.listen(port, "127.0.0.1", done))
    core.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    return new Discord(core, server, rest)
  }
  /** For DISCORD_API_URL, and for `rest.api` of discord.js. */
  get url(): string {
    return `${this.#core.origin}/api`
  }
  /** Changed at will while it runs. */
  get settings(): Settings {
    return this.#core.settings
  }

  // Seeding
  guild(seed: Omit<GuildSeed, "owner"> & { owner?: Person }): Guild {
    const { owner, ...rest } = seed
    return addGuild(this.#core, { ...rest, ...(owner === undefined ? {} : { owner: owner.user }) })
  }
  person(seed: { name: string; guilds?: readonly Guild[]; roles?: readonly Role[]; dms?: User["dms"] }): Person {
    const user = addUser(this.#core, { name: seed.name, ...(seed.dms === undefined ? {} : { dms: seed.dms }) })
    for (const guild of seed.guilds ?? []) {
      addMember(this.#core, guild, user)
      for (const role of seed.roles ?? []) if (guild.roles.has(role.id)) guild.members.get(user.id)?.roles.add(role.id)
    }
    return this.personOf(user)
  }
  role(guild: Guild, seed: RoleSeed): Role {
    return addRole(this.#core, guild, seed)
  }
  channel(guild: Guild, seed: ChannelSeed): Channel {
    const channel = addChannel(this.#core, guild, seed)
    channelEvent(this.#core, channel, "CREATE")
    return channel
  }
  app(seed: AppSeed = {}): App {
    return addApp(this.#core, seed)
  }
  /** The bot comes into a server, with what its invite link asked for in a role of its own. */
  install(app: App, guild: Guild, permissions: readonly Permission[]): Role {
    const role = install(this.#core, app, guild, permissions)
    this.#core.gateway.dispatch(app, guildCreate(this.#core, app, guild))
    return role
  }
  /** Another bot, or this one's account in somebody else's hands. */
  actor(app: App): Person {
    return this.personOf(app.user)
  }
  personOf(user: User): Person {
    const known = this.#people.get(user.id)
    if (known !== undefined) return known
    const made = new Person(this.#core, this.#acts, user)
    this.#people.set(user.id, made)
    return made
  }
  webhook(channel: Channel, name: string): { readonly id: string; says(text: string): Message } {
    const id = snowflake(this.#core.time.now())
    const author = addUser(this.#core, { name, bot: "bot" })
    const says = (text: string): Message => {
      const allowed = allowedFrom(undefined, "people")
      const message = put(this.#core, channel, { author, webhook: { id, name }, content: text, allowed, via: "webhook" })
      messageCreated(this.#core, message, "all")
      return message
    }
    return { id, says }
  }

  // What happens to servers and channels
  gives(guild: Guild, role: Role, to: Person): void {
    whileSeen(this.#core, guild, () => guild.members.get(to.id)?.roles.add(role.id))
    memberEvent(this.#core, guild, to.user, "UPDATE")
  }
  takes(guild: Guild, role: Role, from: Person): void {
    whileSeen(this.#core, guild, () => guild.members.get(from.id)?.roles.delete(role.id))
    memberEvent(this.#core, guild, from.user, "UPDATE")
  }
  /** From now on the role holds these. `everyone` is the role with the server's id. */
  permits(guild: Guild, role: Role, permissions: readonly Permission[]): void {
    whileSeen(this.#core, guild, () => {
      role.permissions = bits(permissions)
    })
    roleUpdated(this.#core, guild, role)
  }
  /** Replaces what was said of them in that channel. */
  overwrites(channel: Channel, ...seeds: readonly OverwriteSeed[]): void {
    for (const seed of seeds) channel.overwrites.set(seed.for.id, overwriteOf(seed))
    channelEvent(this.#core, channel, "UPDATE")
  }
  features(guild: Guild, ...features: readonly string[]): void {
    guild.features.clear()
    for (const feature of features) guild.features.add(feature)
    guildUpdated(this.#core, guild)
  }
  archives(thread: Channel, how: "archived" | "locked" = "archived"): void {
    if (thread.thread === null) throw new Error("only threads are archived")
    thread.thread.archived = true
    thread.thread.locked = how === "locked"
    channelEvent(this.#core, thread, "UPDATE")
  }
  removes(channel: Channel): void {
    channelEvent(this.#core, channel, "DELETE")
    this.#core.world.channels.delete(channel.id)
  }
  /** Somebody throws the bot out. */
  kicks(app: App, guild: Guild): void {
    guildGone(this.#core, app, guild, "left")
    guild.members.delete(app.user.id)
  }
  /** Discord has trouble with a server: unavailable, which is not thrown out. */
  outage(guild: Guild): void {
    outage(this.#core, guild, "begins")
  }
  recovers(guild: Guild): void {
    outage(this.#core, guild, "ends")
  }
  /** Somebody posts with the bot's stolen token, or another program does. */
  impostor(app: App, channel: Channel, body: Fields): Promise<Response> {
    return fetch(`${this.url}/v10/channels/${channel.id}/messages`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bot ${app.token}` },
      body: JSON.stringify(body),
    })
  }

  // Looking
  get calls(): readonly Call[] {
    return this.#core.calls
  }
  /** Everything that stands in public or in direct conversations, oldest first in each. Nothing ephemeral. */
  get messages(): readonly Message[] {
    return [...this.#core.world.channels.values()].flatMap((c) => c.messages)
  }
  /** Told of each call when it has been dealt with, until the function is called that this gives. */
  watch(seen: (call: Call) => void): () => void {
    this.#core.watchers.add(seen)
    return () => this.#core.watchers.delete(seen)
  }
  /** How many events the connected apps were told of. */
  get told(): number {
    return [...this.#core.gateway.sessions].reduce((sum, s) => sum + s.seq, 0)
  }
  connections(app: App): number {
    return this.#core.gateway.connections(app).length
  }
  forget(): void {
    this.#core.calls.length = 0
  }

  // Time and trouble
  /** Moves Discord's time on: deadlines that fall due, tokens that end, nonces forgotten, limits that fill up again. */
  async tick(ms: number): Promise<void> {
    await this.#core.time.tick(ms, () => this.#core.gateway.flushed())
  }
  /**
   * Until everything is delivered, every call answered, every interaction acknowledged or lost, and nothing more comes of it for a
   * while: counted in turns of the event loop, not in time, so that a busy machine changes nothing for a client in this process.
   */
  async quiet(): Promise<void> {
    for (let calm = 0; calm < calmTurns; calm += 1) {
      const before = this.#core.calls.length
      await this.#core.interactions.quiet()
      await this.#core.gateway.flushed()
      await this.#rest.quiet()
      await new Promise((resolve) => setImmediate(resolve))
      if (this.#core.calls.length !== before || this.#rest.busy > 0 || this.#core.interactions.waiting > 0) calm = -1
    }
  }
  /** Until every connected app has read what it was told. */
  read(): Promise<void> {
    return this.#core.gateway.flushed()
  }
  failNext(route: string, ...faults: readonly Fault[]): void {
    this.#mustKnow(route)
    this.#core.faults.add(route, ...faults)
  }
  /** The next call of the route waits, before or after it was done, until released. */
  holdNext(route: string, when: "before" | "after"): Hold {
    this.#mustKnow(route)
    const hold = new Hold()
    this.#core.faults.add(route, { holds: hold, when })
    return hold
  }
  healed(): void {
    this.#core.faults.clear()
  }
  /** Drops the connections without a word; the session can be resumed. */
  cut(app: App): void {
    for (const connection of this.#core.gateway.connections(app)) connection.cut()
  }
  closes(app: App, code: number): void {
    for (const connection of this.#core.gateway.connections(app)) connection.close(code, "")
  }
  /** Op 7. */
  reconnects(app: App): void {
    for (const connection of this.#core.gateway.connections(app)) connection.reconnect()
  }
  /** Op 9. When `gone`, so is what was missed. */
  invalidates(app: App, what: "resumable" | "gone"): void {
    for (const connection of this.#core.gateway.connections(app)) connection.invalidate(what)
  }
  /** Nothing can be resumed any more, though connections stand. */
  forgetsSessions(): void {
    this.#core.gateway.sessions.clear()
  }
  /** Opcode 1 from Discord: a heartbeat is wanted at once. */
  asksHeartbeat(app: App): void {
    for (const connection of this.#core.gateway.connections(app)) connection.askHeartbeat()
  }
  async close(): Promise<void> {
    this.#core.interactions.close()
    this.#core.time.clear()
    this.#core.gateway.close()
    this.#server.closeAllConnections()
    await new Promise((done) => this.#server.close(done))
  }
  #mustKnow(route: string): void {
    if (!this.#rest.knows(route)) throw new Error(`the local Discord has no route ${route}`)
  }
}
/** Starts one on a free port. Close it when done. */
export const startDiscord = (options: DiscordOptions = {}): Promise<Discord> => Discord.start(options)
