// The local Discord's gateway: intents, sessions that come back or do not, codes that close, shards.
import { expect, test } from "@jest/globals"
import { Events, GatewayIntentBits, Status } from "discord.js"
import { WebSocket } from "ws"
import type { Discord } from "../fakes/discord/discord.ts"
import type { App } from "../fakes/discord/state.ts"
import { client, plainIntents, unready, whenDone, world } from "./fake-world.ts"

/** A bare connection: what comes, and the code that closes it. */
async function raw(discord: Discord, query = "?v=10&encoding=json") {
  const socket = new WebSocket(`${discord.url.replace("http", "ws").replace("/api", "")}/${query}`)
  whenDone(() => socket.terminate())
  const came: { op: number; t: string | null; s: number | null; d: never }[] = []
  const closed = new Promise<number>((resolve) => socket.on("close", resolve))
  const waiting: (() => void)[] = []
  socket.on("message", (data) => {
    came.push(JSON.parse(String(data)))
    for (const wake of waiting.splice(0)) wake()
  })
  const next = async (what: number | string) => {
    for (;;) {
      const found = came.find((f) => f.op === what || f.t === what)
      if (found !== undefined) return found as { op: number; d: Record<string, unknown>; s: number }
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
  }
  const say = (op: number, d: unknown) => socket.send(JSON.stringify({ op, d }))
  return { socket, came, closed, next, say }
}
const identify = (app: App, more: object = {}) => ({ token: app.token, intents: 513, properties: {}, ...more })

test("a privileged intent that is not switched on closes with 4014, and discord.js gives up", async () => {
  const { discord, app } = await world()
  const refused = unready(discord, { intents: [...plainIntents, GatewayIntentBits.MessageContent] })
  await expect(refused.login(app.token)).rejects.toThrow(/disallowed intents/)
  app.privileged.add("content")
  await client(discord, app, { intents: [...plainIntents, GatewayIntentBits.MessageContent] })
})

test.each<[string, number, object]>([
  ["a wrong token", 4004, { token: "wrong" }],
  ["an intent that there is not", 4013, { intents: 1 << 30 }],
  ["a shard out of range", 4010, { shard: [2, 2] }],
])("%s closes with %i", async (_what, code, more) => {
  const { discord, app } = await world()
  const connection = await raw(discord)
  await connection.next(10)
  connection.say(2, identify(app, more))
  expect(await connection.closed).toBe(code)
})

test("another version closes with 4012, a word before IDENTIFY with 4003, an unknown one with 4001, twice with 4005", async () => {
  const { discord, app } = await world()
  expect(await (await raw(discord, "?v=6")).closed).toBe(4012)
  for (const [op, code] of [
    [3, 4003],
    [42, 4001],
  ] as const) {
    const early = await raw(discord)
    await early.next(10)
    early.say(op, {})
    expect(await early.closed).toBe(code)
  }
  const twice = await raw(discord)
  await twice.next(10)
  twice.say(2, identify(app))
  await twice.next("READY")
  twice.say(2, identify(app))
  expect(await twice.closed).toBe(4005)
})

test("many servers want shards; each shard hears of its own", async () => {
  const { discord, app } = await world({ discord: { shardingFrom: 2 } })
  const [even, odd] = [0n, 1n].map((n) => discord.guild({ name: `g${n}`, id: String(((1n << 40n) + n) << 22n) }))
  if (even === undefined || odd === undefined) throw new Error("no guilds")
  for (const guild of [even, odd]) discord.install(app, guild, ["VIEW_CHANNEL"])
  const whole = await raw(discord)
  await whole.next(10)
  whole.say(2, identify(app))
  expect(await whole.closed).toBe(4011)
  const half = await raw(discord)
  await half.next(10)
  half.say(2, identify(app, { shard: [1, 2] }))
  const { d } = await half.next("READY")
  expect(d["guilds"]).toContainEqual({ id: odd.id, unavailable: true })
  expect(d["guilds"]).not.toContainEqual({ id: even.id, unavailable: true })
})

test("a lost connection comes back with what it missed", async () => {
  const { discord, app, ann, infra } = await world()
  const bot = await client(discord, app)
  const heard: string[] = []
  bot.on(Events.MessageCreate, (m) => void heard.push(m.content))
  const resumed = new Promise<void>((resolve) => bot.on(Events.ShardResume, () => resolve()))
  discord.settings.gateway = "down"
  discord.cut(app)
  ann.mention(infra, "while you were away")
  discord.settings.gateway = "up"
  await resumed
  expect(heard).toEqual([`<@${app.user.id}> while you were away`])
})

test("opcode 7 brings a client back to its session", async () => {
  const { discord, app } = await world()
  const bot = await client(discord, app)
  const resumed = new Promise<void>((resolve) => bot.on(Events.ShardResume, () => resolve()))
  discord.reconnects(app)
  await resumed
  expect(bot.ws.status).toBe(Status.Ready)
})

test("an invalid session is gone with everything that it missed", async () => {
  const { discord, app, ann, infra } = await world()
  const connection = await raw(discord)
  await connection.next(10)
  connection.say(2, identify(app))
  const { d } = await connection.next("READY")
  discord.invalidates(app, "gone")
  expect((await connection.next(9)).d).toBe(false)
  ann.mention(infra, "lost")
  const again = await raw(discord)
  await again.next(10)
  again.say(6, { token: app.token, session_id: d["session_id"], seq: 1 })
  expect((await again.next(9)).d).toBe(false)
  again.say(2, identify(app))
  await again.next("READY")
  expect(again.came.some((f) => f.t === "MESSAGE_CREATE")).toBe(false)
})

test("a session that was not seen for too long, or says goodbye, cannot be resumed", async () => {
  const { discord, app } = await world()
  for (const [leave, awayMs] of [
    [(s: WebSocket) => s.terminate(), 3 * 60_000 + 1],
    [(s: WebSocket) => s.close(1000), 0],
  ] as const) {
    const connection = await raw(discord)
    await connection.next(10)
    connection.say(2, identify(app))
    const { d } = await connection.next("READY")
    leave(connection.socket)
    await connection.closed
    // Until the other side knows it too.
    while (discord.connections(app) > 0) await new Promise((resolve) => setImmediate(resolve))
    await discord.tick(awayMs)
    const again = await raw(discord)
    await again.next(10)
    again.say(6, { token: app.token, session_id: d["session_id"], seq: 1 })
    expect((await again.next(9)).d).toBe(false)
  }
})

test("a number from the future closes with 4007", async () => {
  const { discord, app } = await world()
  const connection = await raw(discord)
  await connection.next(10)
  connection.say(2, identify(app))
  const { d } = await connection.next("READY")
  const again = await raw(discord)
  await again.next(10)
  again.say(6, { token: app.token, session_id: d["session_id"], seq: 99 })
  expect(await again.closed).toBe(4007)
})

test("heartbeats that nobody answers make the client come back", async () => {
  const { discord, app } = await world({ discord: { heartbeatIntervalMs: 100 } })
  const bot = await client(discord, app)
  const resumed = new Promise<void>((resolve) => bot.on(Events.ShardResume, () => resolve()))
  discord.settings.heartbeats = "ignored"
  await new Promise<void>((resolve) => bot.once(Events.ShardReconnecting, () => resolve()))
  discord.settings.heartbeats = "answered"
  await resumed
})

test("two IDENTIFY within five seconds are one too many, and the day's last costs the token", async () => {
  const { discord, app } = await world({ discord: { identifyConcurrency: "enforced", identifiesPerDay: 2 } })
  const one = async () => {
    const connection = await raw(discord)
    await connection.next(10)
    connection.say(2, identify(app))
    return connection
  }
  await (await one()).next("READY")
  expect((await (await one()).next(9)).d).toBe(false)
  await discord.tick(5_000)
  const { token } = app
  const last = await one()
  expect(await last.closed).toBe(4004)
  expect(app.token).not.toBe(token)
})

test("what was not asked for does not come", async () => {
  const { discord, app, ann, infra } = await world()
  const bot = await client(discord, app, { intents: [GatewayIntentBits.Guilds] })
  const heard: string[] = []
  bot.on(Events.MessageCreate, (m) => void heard.push(m.content))
  ann.mention(infra, "anybody?")
  ann.tells("here?")
  await discord.quiet()
  expect(heard).toEqual([])
})
