// One connection: HELLO, then IDENTIFY or RESUME, heartbeats, requests for members; a wrong word closes it with Discord's code.
import type { WebSocket } from "ws"
import { guildCreate } from "../events.ts"
import { shardOf } from "../snowflake.ts"
import { type App, type Fields, type Guild, isFields } from "../state.ts"
import { applicationFlags, memberWithUser, userOut } from "../wire.ts"
import type { Gateway } from "./gateway.ts"
import { allIntents, disallowed, intent } from "./intents.ts"
import { Session } from "./session.ts"

const op = {
  dispatch: 0,
  heartbeat: 1,
  identify: 2,
  presence: 3,
  voice: 4,
  resume: 6,
  reconnect: 7,
  members: 8,
  invalid: 9,
  hello: 10,
  ack: 11,
} as const
/** Discord's code for closing, and its words. */
type No = readonly [number, string] | null
const longestFrame = 4_096
const framesPerMinute = 120

export class Connection {
  session: Session | null = null
  readonly #gateway: Gateway
  readonly #socket: WebSocket
  readonly #heard: number[] = []

  constructor(gateway: Gateway, socket: WebSocket, query: URLSearchParams) {
    this.#gateway = gateway
    this.#socket = socket
    socket.on("error", () => {})
    socket.on("close", (code) => this.#gone(code))
    const plain = (query.get("encoding") ?? "json") === "json" && !query.has("compress")
    if (query.get("v") !== "10") this.close(4012, "Invalid API version")
    else if (!plain) this.close(4002, "The local Discord speaks plain JSON")
    else {
      socket.on("message", (raw) => {
        const no = this.#hear(String(raw))
        if (no !== null) this.close(...no)
      })
      this.#send(op.hello, { heartbeat_interval: gateway.core.settings.heartbeatIntervalMs })
    }
  }
  close(code: number, reason: string): void {
    this.#socket.close(code, reason)
  }
  cut(): void {
    this.#socket.terminate()
  }
  /** Op 7: the client should come back and resume. */
  reconnect(): void {
    this.#send(op.reconnect, null)
  }
  /** Op 9. With `false` the session and what it missed are gone. */
  invalidate(resumable: "resumable" | "gone"): void {
    if (resumable === "gone" && this.session !== null) {
      this.#gateway.sessions.delete(this.session)
      this.session.socket = null
      this.session = null
    }
    this.#send(op.invalid, resumable === "resumable")
  }
  /** Discord may ask for a heartbeat at any time. */
  askHeartbeat(): void {
    this.#send(op.heartbeat, null)
  }
  #send(code: number, d: unknown): void {
    this.#socket.send(JSON.stringify({ op: code, t: null, s: null, d }))
  }
  #hear(raw: string): No {
    const { core } = this.#gateway
    if (raw.length > longestFrame) return [4002, "Decode error"]
    const now = core.time.elapsed()
    this.#heard.push(now)
    while ((this.#heard[0] ?? now) < now - 60_000) this.#heard.shift()
    if (this.#heard.length > framesPerMinute) return [4008, "Rate limited"]
    const frame = parse(raw)
    if (frame === null) return [4002, "Decode error"]
    const body = isFields(frame["d"]) ? frame["d"] : {}
    switch (frame["op"]) {
      case op.heartbeat:
        if (core.settings.heartbeats === "answered") this.#send(op.ack, null)
        return null
      case op.identify:
        return this.session === null ? this.#identify(body) : [4005, "Already authenticated"]
      case op.resume:
        return this.session === null ? this.#resume(body) : [4005, "Already authenticated"]
      case op.presence:
      case op.voice:
        return this.session === null ? [4003, "Not authenticated"] : null
      case op.members:
        return this.session === null ? [4003, "Not authenticated"] : this.#members(this.session, body)
      default:
        return [4001, "Unknown opcode"]
    }
  }
  #identify(body: Fields): No {
    const { core, sessions } = this.#gateway
    const app = core.world.appWithToken(String(body["token"] ?? ""))
    if (app === undefined) return [4004, "Authentication failed"]
    const intents = Number(body["intents"])
    if (!Number.isInteger(intents) || intents < 0 || (intents & ~allIntents) !== 0) return [4013, "Invalid intent(s)"]
    if (disallowed(app, intents)) return [4014, "Disallowed intent(s)"]
    const shard = shardFrom(body["shard"])
    if (shard === null) return [4010, "Invalid shard"]
    const guilds = core.world.guildsOf(app.user)
    if (guilds.length / shard[1] >= core.settings.shardingFrom) return [4011, "Sharding required"]
    // The day's last one is spent: Discord resets the token and closes everything.
    if (app.identifies <= 0) {
      app.token = `reset.${app.token}`
      for (const other of this.#gateway.connections(app)) other.close(4004, "Authentication failed")
      return [4004, "Authentication failed"]
    }
    app.identifies -= 1
    if (this.#tooSoon(app, shard[0])) return this.#refused()
    const session = new Session(app, intents, shard, this.#socket)
    this.session = session
    sessions.add(session)
    const mine = guilds.filter((g) => shardOf(g.id, shard[1]) === shard[0])
    session.tell("READY", this.#ready(session, mine))
    const told = (intents & intent.GUILDS) === 0 ? [] : mine.filter((g) => g.outage !== true)
    for (const guild of told) session.tell("GUILD_CREATE", guildCreate(core, app, guild).body(intents))
    return null
  }
  #tooSoon(app: App, shard: number): boolean {
    const { core, identified } = this.#gateway
    const key = `${app.id} ${shard}`
    const last = identified.get(key)
    identified.set(key, core.time.elapsed())
    return core.settings.identifyConcurrency === "enforced" && last !== undefined && core.time.elapsed() - last < 5_000
  }
  #ready(session: Session, guilds: readonly Guild[]): Fields {
    const { core } = this.#gateway
    return {
      v: 10,
      user: { ...userOut(session.app.user), verified: true, mfa_enabled: true, email: null, flags: 0 },
      guilds: guilds.map((g) => ({ id: g.id, unavailable: true })),
      session_id: session.id,
      resume_gateway_url: core.origin.replace(/^http/, "ws"),
      shard: session.shard,
      application: { id: session.app.id, flags: applicationFlags(session.app) },
      private_channels: [],
      relationships: [],
      presences: [],
      session_type: "normal",
      user_settings: {},
    }
  }
  #resume(body: Fields): No {
    const { core, sessions } = this.#gateway
    const app = core.world.appWithToken(String(body["token"] ?? ""))
    if (app === undefined) return [4004, "Authentication failed"]
    const seq = Number(body["seq"])
    const session = [...sessions].find((s) => s.app === app && s.id === body["session_id"])
    if (session === undefined || !session.knows(seq)) return this.#refused()
    if (seq > session.seq) return [4007, "Invalid seq"]
    session.socket?.terminate()
    this.session = session
    session.replay(seq, this.#socket)
    session.tell("RESUMED", { _trace: [] })
    return null
  }
  #refused(): null {
    this.#send(op.invalid, false)
    return null
  }
  /** Op 8. A whole list needs the privileged intent; up to 100 by id do not. */
  #members(session: Session, body: Fields): null {
    const guild = this.#gateway.core.world.guilds.get(String(body["guild_id"] ?? ""))
    if (guild === undefined || !guild.members.has(session.app.user.id)) return null
    const wanted = ([] as unknown[]).concat(body["user_ids"] ?? []).map(String)
    const byId = body["user_ids"] !== undefined && wanted.length <= 100
    if (!byId && (session.intents & intent.GUILD_MEMBERS) === 0) return null
    const members = [...guild.members.values()].filter((m) => !byId || wanted.includes(m.user.id))
    session.tell("GUILD_MEMBERS_CHUNK", {
      guild_id: guild.id,
      members: members.map(memberWithUser),
      chunk_index: 0,
      chunk_count: 1,
      not_found: byId ? wanted.filter((id) => !guild.members.has(id)) : [],
      ...(body["nonce"] === undefined ? {} : { nonce: body["nonce"] }),
    })
    return null
  }
  /** A client that says goodbye with 1000 or 1001 ends its session; one that was lost may come back for a while. */
  #gone(code: number): void {
    const { session } = this
    if (session === null || session.socket !== this.#socket) return
    session.socket = null
    const { core, sessions } = this.#gateway
    if (code === 1_000 || code === 1_001) sessions.delete(session)
    else
      core.time.after(core.settings.resumeWindowMs, () => {
        if (session.socket === null) sessions.delete(session)
      })
  }
}
function parse(raw: string): Fields | null {
  try {
    const value: unknown = JSON.parse(raw)
    return isFields(value) ? value : null
  } catch {
    return null
  }
}
function shardFrom(given: unknown): readonly [number, number] | null {
  if (given === undefined) return [0, 1]
  if (!Array.isArray(given)) return null
  const [mine, all] = given.map(Number)
  if (mine === undefined || all === undefined || !(mine >= 0 && mine < all)) return null
  return [mine, all]
}
