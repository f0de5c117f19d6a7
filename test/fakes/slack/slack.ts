// A local Slack on one port of the loopback: Web API, Events over HTTP and Socket Mode, interactivity, OAuth.
// `startSlack()`, seed it, point an app's SLACK_API_URL at `url`, act as people, look at what they see, break things. See README.md.
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { type Call, Core, type Rung, type Settings } from "./core.ts"
import { Deliveries, type Delivery } from "./deliver/delivery.ts"
import { closeHttp, type Forgery, post, sign } from "./deliver/http.ts"
import { Sockets } from "./deliver/socket.ts"
import { inChannel, tell } from "./events.ts"
import { type Fault, Hold } from "./faults.ts"
import { Interactive } from "./interactive.ts"
import { OAuth } from "./methods/oauth.ts"
import { tokensRevoked } from "./methods/people.ts"
import { methodTable } from "./methods/table.ts"
import { Person } from "./person.ts"
import { ResponseUrls } from "./response-url.ts"
import {
  type AppSeed,
  addApp,
  addChannel,
  addTeam,
  addUser,
  type ChannelSeed,
  join,
  joinOrganisation,
  type PersonSeed,
  type TeamSeed,
} from "./seed.ts"
import { type App, type Channel, type Fields, type Install, type Message, secret, type Team, type Token } from "./state.ts"
import { Views } from "./views.ts"
import { Dispatcher } from "./web/dispatch.ts"
import { serve } from "./web/serve.ts"

export interface SlackOptions extends Partial<Settings> {
  /** The wall clock of whoever receives: signatures and message times are made with it. */
  readonly now?: () => number
  readonly port?: number
}

/** `teams`: the workspaces to which an org admin grants it. */
export type Allowed = { app: App; by: Person; scopes: readonly string[]; redirectUri: string; state?: string } & (
  | { team: Team }
  | { organisation: { id: string; name: string }; teams: readonly Team[] }
)
export class Slack {
  readonly #core: Core
  readonly #server: Server
  readonly #sockets: Sockets
  readonly #deliveries: Deliveries
  readonly #acts: Interactive
  readonly #oauth: OAuth
  readonly #people = new Map<string, Person>()
  #held: (() => void)[] = []

  private constructor(core: Core, server: Server, sockets: Sockets, deliveries: Deliveries, acts: Interactive, oauth: OAuth) {
    this.#core = core
    this.#server = server
    this.#sockets = sockets
    this.#deliveries = deliveries
    this.#acts = acts
    this.#oauth = oauth
    core.send = (app, body) => this.#send(app, body)
  }
  static async start(options: SlackOptions): Promise<Slack> {
    const { now = Date.now, port = 0, ...settings } = options
    const core = new Core(now, settings)
    core.views = new Views(core)
    const sockets = new Sockets(core)
    const deliveries = new Deliveries(core, sockets)
    const urls = new ResponseUrls(core)
    const oauth = new OAuth(core)
    const dispatcher = new Dispatcher(core, methodTable(sockets, oauth))
    const server = createServer((req, res) => void serve(req, res, dispatcher, urls))
    server.on("upgrade", (req, socket, head) => sockets.upgrade(req, socket, head))
    await new Promise<void>((done) => server.listen(port, "127.0.0.1", done))
    core.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    return new Slack(core, server, sockets, deliveries, new Interactive(core, deliveries, urls), oauth)
  }
  /** For SLACK_API_URL; ends in a slash. */
  get url(): string {
    return `${this.#core.origin}/api/`
  }
  /** Changed at will while it runs. */
  get settings(): Settings {
    return this.#core.settings
  }

  // Seeding
  team(seed: TeamSeed): Team {
    return addTeam(this.#core, seed)
  }
  person(seed: PersonSeed): Person {
    return this.personById(addUser(this.#core, seed).id)
  }
  channel(seed: ChannelSeed): Channel {
    return addChannel(this.#core, seed)
  }
  app(seed: AppSeed = {}): App {
    return addApp(this.#core, seed)
  }
  install(app: App, team: Team, scopes: readonly string[]): Install {
    return join(this.#core, app, team, scopes)
  }
  installOrganisation(app: App, enterprise: { id: string; name: string }, teams: readonly Team[], scopes: readonly string[]): Install {
    return joinOrganisation(this.#core, app, enterprise, teams, scopes)
  }
  personById(id: string): Person {
    const known = this.#people.get(id)
    if (known !== undefined) return known
    const made = new Person(this.#core, this.#acts, this.#core.world.user(id))
    this.#people.set(id, made)
    return made
  }
  /** The address that Slack sends the browser back to after Allow. */
  allow(of: Allowed): string {
    const { app, by, scopes, redirectUri, ...where } = of
    const on = "team" in where ? where.team : { ...where.organisation, teams: where.teams }
    const code = this.#oauth.code({ app, on, user: by.id, scopes, redirectUri })
    const url = new URL(of.redirectUri)
    url.searchParams.set("code", code)
    url.searchParams.set("state", of.state ?? "")
    return url.href
  }

  // What happens to channels and installs
  joins(channel: Channel, who: Person | Install): void {
    const id = "botUserId" in who ? who.botUserId : who.id
    channel.members.add(id)
    inChannel(this.#core, channel, "member_joined_channel", {
      user: id,
      channel: channel.id,
      channel_type: channel.kind === "public" ? "C" : "G",
      team: channel.team,
    })
  }
  leaves(channel: Channel, who: Person | Install): void {
    const id = "botUserId" in who ? who.botUserId : who.id
    channel.members.delete(id)
    inChannel(this.#core, channel, "member_left_channel", { user: id, channel: channel.id, channel_type: "C", team: channel.team })
  }
  /** `pending`: invited, not accepted. */
  shares(channel: Channel, team: Team, how: "accepted" | "pending"): void {
    if (how === "pending") channel.pendingWith.add(team.id)
    else {
      channel.pendingWith.delete(team.id)
      channel.sharedWith.add(team.id)
      inChannel(this.#core, channel, "channel_shared", { connected_team_id: team.id, channel: channel.id })
    }
  }
  archives(channel: Channel): void {
    channel.archived = true
    inChannel(this.#core, channel, "channel_archive", { channel: channel.id, user: "" })
  }
  unshares(channel: Channel, team: Team): void {
    channel.sharedWith.delete(team.id)
    inChannel(this.#core, channel, "channel_unshared", {
      previously_connected_team_id: team.id,
      channel: channel.id,
      is_ext_shared: channel.sharedWith.size > 0,
    })
  }
  /** An admin removes the app: its tokens are dead, and the app hears of it. */
  uninstalls(install: Install): void {
    const team = install.team?.id ?? [...install.teams][0] ?? ""
    const event = { type: "app_uninstalled", event_ts: this.#core.time.ts() }
    void tell(this.#core, install, "app_uninstalled", event, { team, channel: null })
    tokensRevoked(this.#core, install, team)
    install.active = false
  }
  /** Only the tokens die; `auth.test` says token_revoked. */
  revokes(install: Install): void {
    for (const token of this.#core.world.tokens.values()) if (token.install === install) token.state = "revoked"
    tokensRevoked(this.#core, install, install.team?.id ?? "")
  }
  /** Somebody posts with the bot's stolen token, or another program does. */
  impostor(
    install: Install,
    channel: Channel,
    text: string,
    more: { threadTs?: string; metadata?: Fields; blocks?: Fields[] } = {},
  ): Promise<Response> {
    const { threadTs, ...rest } = more
    return fetch(`${this.url}chat.postMessage`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${install.botToken}` },
      body: JSON.stringify({ channel: channel.id, text, ...rest, ...(threadTs === undefined ? {} : { thread_ts: threadTs }) }),
    })
  }

  // Looking
  get calls(): readonly Call[] {
    return this.#core.calls
  }
  get deliveries(): readonly Delivery[] {
    return this.#core.deliveries
  }
  /** Mentions that rang someone, `<!channel>` above all. */
  get rung(): readonly Rung[] {
    return this.#core.rung
  }
  get installs(): readonly Install[] {
    return this.#core.world.installs
  }
  /** Every token that was ever handed out, so that a test can look where they should not be. */
  get tokens(): readonly Token[] {
    return [...this.#core.world.tokens.values()]
  }
  get messages(): readonly Message[] {
    return [...this.#core.world.channels.values()].flatMap((c) => c.messages)
  }
  /** Told of each call when it has been dealt with, until the function is called that this gives. */
  watch(seen: (call: Call) => void): () => void {
    this.#core.watchers.add(seen)
    return () => this.#core.watchers.delete(seen)
  }
  connections(app: App): number {
    return this.#sockets.count(app)
  }
  /** Forgets calls and deliveries, for runs that measure memory. */
  forget(): void {
    this.#core.calls.length = 0
    this.#core.deliveries.length = 0
  }

  // Time and trouble
  /**
   * Moves Slack's time on: retries, expiries, deadlines that fall due. What is under way now may time out by it; a retry that falls
   * due on the way gets its real three seconds. Signatures keep the receiver's time.
   */
  async tick(ms: number): Promise<void> {
    const before = this.#deliveries.underWay()
    await this.#core.time.tick(ms, () => this.#deliveries.quiet(before))
  }
  /** Until nothing is being delivered. */
  quiet(): Promise<void> {
    return this.#deliveries.quiet()
  }
  failNext(method: string, ...faults: readonly Fault[]): void {
    this.#core.faults.add(method, ...faults)
  }
  /** The next call of the method waits, before or after it was done, until released. */
  holdNext(method: string, when: "before" | "after"): Hold {
    const hold = new Hold()
    this.#core.faults.add(method, { holds: hold, when })
    return hold
  }
  healed(): void {
    this.#core.faults.clear()
  }
  disconnect(app: App, reason: "warning" | "refresh_requested" | "link_disabled"): void {
    this.#sockets.disconnect(app, reason)
  }
  /** A frame that Slack does not send today, as it is, to every connection. */
  frame(app: App, data: string): void {
    this.#sockets.frame(app, data)
  }
  cut(app: App, which: "all" | "one" = "all"): void {
    this.#sockets.cut(app, which)
  }
  /** Slack looks whether the events URL is the app's: the challenge must come back. */
  async challenges(app: App): Promise<boolean> {
    const challenge = secret()
    const signed = sign(this.#core, app, "event", { token: app.verificationToken, challenge, type: "url_verification" })
    const answer = signed === null ? "connection_failed" : await post(this.#core, signed)
    return typeof answer === "object" && answer.status === 200 && answer.text.includes(challenge)
  }
  /** Lets held events go, in their order or the other way round. */
  release(order: "in-order" | "reversed" = "in-order"): void {
    const held = order === "in-order" ? this.#held : this.#held.toReversed()
    this.#held = []
    for (const run of held) run()
  }
  /** The same again, byte for byte over HTTP with the signature of now or of then; over a socket in a new envelope. Gives the statuses. */
  async replay(of: Delivery, times = 1, forged: Forgery = {}): Promise<readonly (number | string)[]> {
    if (of.app.socketMode) {
      const tries = Array.from({ length: times }, () => this.#deliveries.send(of.app, of.kind, of.name, of.body).first)
      return (await Promise.all(tries)).map((t) => t.outcome)
    }
    const signed = sign(this.#core, of.app, of.kind, of.body, forged)
    if (signed === null) throw new Error("the app has no request URL for that")
    const answers = await Promise.all(Array.from({ length: times }, () => post(this.#core, signed)))
    return answers.map((a) => (typeof a === "string" ? a : a.status))
  }
  async close(): Promise<void> {
    this.#deliveries.stop()
    this.#core.time.clear()
    this.#sockets.close()
    closeHttp(this.#core)
    this.#server.closeAllConnections()
    await new Promise((done) => this.#server.close(done))
  }
  #send(app: App, body: Fields): Promise<unknown> {
    const name = String((body["event"] as Fields)["type"])
    const run = () => this.#deliveries.send(app, "event", name, body).first
    if (this.#core.settings.events === "flow") return run()
    return new Promise((resolve) => this.#held.push(() => resolve(run())))
  }
}
/** Starts one on a free port. Close it when done. */
export const startSlack = (options: SlackOptions = {}): Promise<Slack> => Slack.start(options)
