// The connection to Discord: broken, resumed, lost, refused, split into shards. What was missed is looked for; nothing is done twice.
import { afterEach, describe, expect, test } from "@jest/globals"
import type { Log } from "../../src/core/ports.ts"
import { useStores } from "../harness/ledgers.ts"
import { clicks, type House, type HouseOptions, openHouse, openTown, posts, textOf } from "./house.ts"

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
async function house(o: HouseOptions = {}): Promise<House> {
  const made = await openHouse(o)
  closing.push(() => made.close())
  return made
}
const logged: string[] = []
const log: Log = { info: note, warn: note, error: note }
function note(_what: unknown, words: string): void {
  logged.push(words)
}
const stores = useStores()
const installs = async (h: House, server: House["acme"]) =>
  (await h.ledger.read({ workspace: `discord:${server.id}` as never, stream: "install" as never })).map((e) => e.fact.kind)
const monitor = (h: House) => h.ledger.read({ workspace: h.workspace, stream: "monitor" as never })
/** A connection is there again: discord.js waits a moment before it connects anew. */
async function connected(h: House): Promise<void> {
  while (h.discord.connections(h.app) === 0) await new Promise((resolve) => setTimeout(resolve, 20))
  await h.settled()
}

test("what was said while the connection was broken is told again on RESUME, and is one request", async () => {
  const h = await house()
  h.discord.settings.gateway = "down"
  h.discord.cut(h.app)
  h.rin.mention(h.infra, "how?")
  h.discord.settings.gateway = "up"
  await connected(h)
  while (h.rin.dm.length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
  await h.settled()
  expect(await h.ledger.heads({})).toHaveLength(1)
  expect(h.rin.dm).toHaveLength(1)
  h.discord.reconnects(h.app)
  await connected(h)
  expect(await h.ledger.heads({})).toHaveLength(1)
  expect(h.drafter.asked).toHaveLength(1)
  await clicks(h.rin, h.rin.dm[0], "approve")
  await h.settled()
  expect(posts(h)).toHaveLength(1)
})
test("when the session is lost, what stands under our name since then is looked through", async () => {
  const h = await house()
  h.rin.mention(h.infra, "how?")
  await h.settled()
  await clicks(h.rin, h.rin.dm[0], "approve")
  await h.settled()
  h.discord.settings.gateway = "down"
  h.discord.invalidates(h.app, "gone")
  h.discord.cut(h.app)
  h.discord.forgetsSessions()
  const thread = h.bo.startsThread(h.infra, "Rotating")
  await h.discord.impostor(h.app, thread, { content: "Run this." })
  h.discord.archives(thread)
  h.discord.settings.gateway = "up"
  await connected(h)
  // The approved one is known; the other is not.
  expect((await monitor(h)).map((e) => e.fact)).toMatchObject([{ kind: "rogueSeen", why: "unknown" }])
})
test("servers that the bot came into or was thrown out of while the session was lost are on the record; one that is out of order is not gone", async () => {
  const h = await house()
  const [beta, gamma] = ["Beta", "Gamma"].map((name) => h.discord.guild({ name })) as [typeof h.acme, typeof h.acme]
  h.discord.install(h.app, gamma, ["VIEW_CHANNEL"])
  await h.settled()
  h.discord.outage(h.acme)
  h.discord.settings.gateway = "down"
  h.discord.invalidates(h.app, "gone")
  h.discord.cut(h.app)
  h.discord.forgetsSessions()
  h.discord.install(h.app, beta, ["VIEW_CHANNEL"])
  h.discord.kicks(h.app, gamma)
  h.discord.settings.gateway = "up"
  await connected(h)
  h.discord.recovers(h.acme)
  await h.settled()
  expect(await installs(h, beta)).toEqual(["installed"])
  expect(await installs(h, gamma)).toEqual(["installed", "uninstalled"])
  expect(await installs(h, h.acme)).toEqual(["installed"])
  h.rin.mention(h.infra, "how?")
  await h.settled()
  expect(h.rin.dm).toHaveLength(1)
})
test("servers that it came into or was thrown out of while it did not run are on the record from its next start on, once", async () => {
  const { where } = await stores.place("sqlite")
  const first = await house({ where })
  await first.settled()
  expect(await installs(first, first.acme)).toEqual(["installed"])
  const { discord, app, acme } = first
  const [beta, gamma] = ["Beta", "Gamma"].map((name) => discord.guild({ name })) as [typeof acme, typeof acme]
  discord.install(app, gamma, ["VIEW_CHANNEL"])
  await first.settled()
  await first.leave()
  discord.install(app, beta, ["VIEW_CHANNEL"])
  discord.kicks(app, gamma)
  const atNextStart = async () => {
    const next = await house({ where, town: first })
    await next.settled()
    const said = await Promise.all([acme, beta, gamma].map((server) => installs(next, server)))
    await next.leave()
    return said
  }
  const [there, gone] = [["installed"], ["installed", "uninstalled"]]
  expect(await atNextStart()).toEqual([there, there, gone])
  expect(await atNextStart()).toEqual([there, there, gone])
  discord.install(app, gamma, ["VIEW_CHANNEL"])
  expect(await atNextStart()).toEqual([there, there, [...gone, "installed"]])
})
test("a start looks back over what appeared while nobody listened", async () => {
  const h = await house()
  await h.leave()
  await h.discord.impostor(h.app, h.infra, { content: "Run this." })
  const again = await house({ town: h })
  await again.flow.start()
  await again.settled()
  expect((await monitor(again)).map((e) => e.fact)).toMatchObject([{ kind: "rogueSeen", why: "unknown" }])
})
test("a graceful end closes the connection, and what is clicked then fails in Discord, and does nothing", async () => {
  const h = await house()
  h.rin.mention(h.infra, "how?")
  await h.settled()
  await h.leave()
  expect(h.discord.connections(h.app)).toBe(0)
  expect(await clicks(h.rin, h.rin.dm[0], "approve")).toEqual({ outcome: "failed" })
  expect(posts(h)).toHaveLength(0)
})

describe("shards", () => {
  test("as many as Discord asks for, in one process; a walk goes through each", async () => {
    const h = await house({ discord: { shards: 2 } })
    expect(h.platform.shards).toBe(2)
    expect(h.discord.connections(h.app)).toBe(2)
    const beta = h.discord.guild({ name: "Beta" })
    h.discord.install(h.app, beta, ["VIEW_CHANNEL", "SEND_MESSAGES", "READ_MESSAGE_HISTORY"])
    const zoe = h.discord.person({ name: "Zoe", guilds: [beta] })
    const lounge = h.discord.channel(beta, { name: "lounge" })
    h.rin.mention(h.infra, "how?")
    zoe.mention(lounge, "how?")
    await h.settled()
    await clicks(h.rin, h.rin.dm[0], "approve")
    await clicks(zoe, zoe.dm[0], "approve")
    await h.settled()
    expect(
      posts(h)
        .map((p) => p.channel.name)
        .sort(),
    ).toEqual(["infra", "lounge"])
  })
  test("when the servers have become too many for one, it connects anew with more", async () => {
    logged.length = 0
    const h = await house({ log })
    Object.assign(h.discord.settings, { shardingFrom: 1, shards: 2 })
    h.discord.closes(h.app, 4011)
    while (h.discord.connections(h.app) < 2) await new Promise((resolve) => setTimeout(resolve, 20))
    await h.settled()
    expect(h.platform.shards).toBe(2)
    expect(logged).toContain("Discord wants more shards; connecting anew")
    h.rin.mention(h.infra, "how?")
    await h.settled()
    expect(textOf(h.rin.dm[0])).toContain("Answer 1.")
  })
})

describe("what it does not start with", () => {
  test.each([
    ["a token that Discord does not know", { token: "MTIz.AbCdEf.unknown_unknown" }, "does not accept DISCORD_TOKEN"],
    [
      "the words around a question, which Discord does not grant",
      { messageContent: "on" as const },
      "DISCORD_MESSAGE_CONTENT is on, but the app may not",
    ],
    ["an address where nobody answers", { apiUrl: "http://127.0.0.1:9/api" }, "could not be reached"],
    ["an empty token", { token: " " }, "DISCORD_TOKEN is empty"],
  ])("%s", async (_what, options, words) => {
    const town = await openTown()
    closing.push(() => town.discord.close())
    await expect(openHouse({ town, options })).rejects.toThrow(words)
    expect(town.discord.connections(town.app)).toBe(0)
  })
  test("with the intent granted it reads the words around a question", async () => {
    logged.length = 0
    const h = await house({ privileged: ["content"], options: { messageContent: "on" }, log })
    // What of ours is no answer that somebody approved is no part of the talk.
    await h.discord.impostor(h.app, h.infra, { content: "A draft is ready for you." })
    h.bo.says(h.infra, "We use vault.")
    h.rin.mention(h.infra, "how?")
    await h.settled()
    expect(h.drafter.asked[0]?.thread).toMatchObject([{ text: "We use vault." }, { role: "question", text: "@Countersign how?" }])
    expect(logged.find((words) => words.startsWith("connected to Discord"))).toContain("with the words around a question")
  })
})
test("a token that is taken back while it runs ends every call, and says so once", async () => {
  logged.length = 0
  const h = await house({ log })
  h.rin.mention(h.infra, "how?")
  await h.settled()
  h.app.token = "reset"
  const before = () => h.discord.calls.filter((c) => c.status === 401).length
  await clicks(h.rin, h.rin.dm[0], "approve").catch(() => undefined)
  await h.settled()
  h.rin.mention(h.infra, "and this?")
  await h.settled()
  expect(posts(h)).toHaveLength(0)
  expect(before()).toBe(1)
  expect(logged.filter((words) => words.includes("Discord does not accept the token"))).toHaveLength(1)
})
