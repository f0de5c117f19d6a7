// Who is heard in Discord, and as what: people who name the bot, and nobody else; a stop from anywhere; each thing once.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals"
import type { Log } from "../../src/core/ports.ts"
import { clicks, type House, idOf, modalOf, openHouse, posts, textOf } from "./house.ts"

let h: House
const logged: string[] = []
const note = (_what: unknown, words: string) => void logged.push(words)
const log: Log = { info: note, warn: note, error: note }
beforeEach(async () => {
  logged.length = 0
  h = await openHouse({ log })
})
afterEach(() => h.close())

const asked = async () => (await h.ledger.heads({})).length
const doors = (channel: string | null = null) => h.flow.inbox.doors({ workspace: h.workspace, channel })
const toldIn = (who: House["rin"], channel = h.infra) => textOf(who.ephemeralsIn(channel).at(-1))
/** Cards follow a stop one by one: looked for until the test's own time is over. */
async function until(look: () => boolean): Promise<void> {
  while (!look()) await new Promise((resolve) => setTimeout(resolve, 20))
}

describe("no mention", () => {
  test("a reply that pings, unless the name stands in its words", async () => {
    h.rin.mention(h.infra, "how?")
    await h.settled()
    await clicks(h.rin, h.rin.dm[0], "approve")
    await h.settled()
    const [post] = posts(h)
    h.bo.says(h.infra, "thank you, but how does that work?", { replyTo: post as NonNullable<typeof post> })
    await h.settled()
    expect(await asked()).toBe(1)
    h.bo.mention(h.infra, "and how does that work?", { replyTo: post as NonNullable<typeof post> })
    await h.settled()
    expect(await asked()).toBe(2)
  })
  test("another bot's, a webhook's, or our own", async () => {
    const other = h.discord.app({ name: "Parrot" })
    h.discord.install(other, h.acme, ["VIEW_CHANNEL", "SEND_MESSAGES"])
    h.discord.actor(other).mention(h.infra, "how?", { bot: h.app })
    h.discord.webhook(h.infra, "Feed").says(`<@${h.app.user.id}> how?`)
    await h.settled()
    expect(await asked()).toBe(0)
    expect(h.drafter.asked).toEqual([])
  })
  test("everyone, or another person's name", async () => {
    h.rin.says(h.infra, `@everyone <@${h.bo.id}> how?`)
    await h.settled()
    expect(await asked()).toBe(0)
  })
})
test("the bot's own role is no name of its own: whoever uses it is told what to do", async () => {
  const role = [...h.acme.roles.values()].find((r) => r.botId === h.app.user.id)
  Object.assign(role ?? {}, { mentionable: true })
  h.rin.says(h.infra, `<@&${role?.id}> how?`)
  await h.settled()
  expect(await asked()).toBe(0)
  expect(textOf(h.rin.dm.at(-1))).toContain("Mention me by my name")
})

describe("stop", () => {
  test("by a mention: the channel, and the words go to whoever said it", async () => {
    h.rin.mention(h.infra, "STOP. Do not post.")
    await h.settled()
    expect(await doors(h.infra.id)).toMatchObject([{ scope: { workspace: h.workspace, channel: h.infra.id }, byName: "Rin" }])
    expect(textOf(h.rin.dm.at(-1))).toContain("Stopped in this channel")
    expect(h.infra.messages).toHaveLength(1)
  })
  test("in a thread it stops the channel of the thread", async () => {
    const thread = h.bo.startsThread(h.infra, "Rotating")
    h.rin.mention(thread, "stop")
    await h.settled()
    expect(await doors(h.infra.id)).toMatchObject([{ scope: { channel: h.infra.id } }])
  })
  test("in a direct message: every server of both", async () => {
    h.rin.tells("stop")
    await h.settled()
    expect(await doors()).toMatchObject([{ scope: { workspace: h.workspace, channel: null } }])
    expect(textOf(h.rin.dm.at(-1))).toContain("Stopped in this server")
  })
  test("in a direct message of somebody who is in none of them: nothing", async () => {
    const eve = h.discord.person({ name: "Eve" })
    eve.tells("stop")
    await h.settled()
    expect(await doors()).toEqual([])
  })
  test("by command: cards tell of it and come back; an admin resumes, nobody else", async () => {
    await h.flow.start()
    await h.rin.messageCommand("Draft an answer", h.bo.says(h.infra, "How?"))
    await h.settled()
    await h.bo.slash("countersign", "stop", { what: "everything", why: "it is *wrong* <@1>" }, h.infra)
    await h.settled()
    expect(toldIn(h.bo)).toContain("Stopped in this server")
    const card = () => h.rin.ephemeralsIn(h.infra)[0]
    await until(() => textOf(card()).includes("Stopped by Bo"))
    expect(idOf(card(), "approve")).toBeNull()
    await h.rin.slash("countersign", "status", {}, h.infra)
    await h.settled()
    expect(toldIn(h.rin)).toContain("Stopped in this server by Bo")
    await h.rin.slash("countersign", "resume", { what: "everything" }, h.infra)
    await h.settled()
    expect(toldIn(h.rin)).toContain("Only an admin can resume")
    await h.mira.slash("countersign", "resume", { what: "everything" }, h.infra)
    await h.settled()
    expect(toldIn(h.mira)).toContain("Resumed")
    await until(() => idOf(card(), "approve") !== null)
    await clicks(h.rin, card(), "approve")
    await h.settled()
    expect(posts(h)).toHaveLength(1)
  })
  test.each([
    ["in a channel", () => h.rin.mention(h.infra, "stop")],
    ["in a direct message", () => h.rin.tells("stop")],
  ])("also when Discord says nothing of who it is, or of where it was said: %s", async (_where, says) => {
    h.discord.failNext("GET /guilds/{guild}", "500", "500", "500")
    h.discord.failNext("GET /channels/{channel}", "500", "500", "500")
    h.discord.failNext("GET /guilds/{guild}/members/{user}", "500", "500", "500")
    says()
    await h.settled()
    expect(await doors()).toHaveLength(1)
  })
})

test("a click is refused, in words, while Discord does not say who it is", async () => {
  h.rin.mention(h.infra, "how?")
  await h.settled()
  h.discord.failNext("GET /guilds/{guild}/members/{user}", { retryAfterSeconds: 30 }, { retryAfterSeconds: 30 })
  await clicks(h.rin, h.rin.dm[0], "approve")
  await h.settled()
  expect(posts(h)).toHaveLength(0)
  expect(toldIn(h.rin, h.rin.dmWith())).toContain("Discord is busy, so nothing was changed")
})

describe("what could not be acknowledged in time", () => {
  const callback = "POST /interactions/{interaction}/{token}/callback"
  const cannot = [
    ["Discord waits no longer", { status: 404, code: 10062 }],
    ["Discord has trouble", "500"],
  ] as const
  test.each(cannot)("is not done: %s", async (_why, fault) => {
    await h.rin.messageCommand("Draft an answer", h.bo.says(h.infra, "How?"))
    await h.settled()
    h.discord.failNext(callback, fault)
    const click = clicks(h.rin, h.rin.ephemeralsIn(h.infra)[0], "approve")
    await h.discord.tick(600_000)
    expect(await click).toEqual({ outcome: "failed" })
    await h.settled()
    expect(posts(h)).toHaveLength(0)
    expect(await h.ledger.heads({})).toMatchObject([{ at: "drafted" }])
    await clicks(h.rin, h.rin.ephemeralsIn(h.infra)[0], "edit")
    h.discord.failNext(callback, fault)
    const edit = h.rin.submits(modalOf(h.rin), { text: "Another text." })
    await h.discord.tick(600_000)
    expect(await edit).toEqual({ outcome: "failed" })
    await h.settled()
    expect((await h.flow.inbox.queue(h.personId(h.rin))).map((card) => card.draft?.answer)).toEqual(["Answer 1."])
    h.discord.failNext(callback, fault)
    const ask = h.rin.messageCommand("Draft an answer", h.bo.says(h.infra, "And why?"))
    await h.discord.tick(600_000)
    expect(await ask).toEqual({ outcome: "failed" })
    await h.settled()
    expect(await h.ledger.heads({})).toHaveLength(1)
  })
  test.each(cannot)("but a stop stands: %s", async (_why, fault) => {
    h.discord.failNext(callback, fault)
    const stop = h.rin.slash("countersign", "stop", {}, h.infra)
    await h.discord.tick(600_000)
    await stop
    await h.settled()
    expect(await doors(h.infra.id)).toHaveLength(1)
  })
})

describe("readers of a post", () => {
  async function post() {
    await h.rin.messageCommand("Draft an answer", h.bo.says(h.infra, "How?"))
    await h.settled()
    await clicks(h.rin, h.rin.ephemeralsIn(h.infra)[0], "approve")
    await h.settled()
    return posts(h)[0] as NonNullable<ReturnType<typeof posts>[0]>
  }
  test("say that they acted on it, report it, and learn when it is retracted", async () => {
    const seen = await post()
    await clicks(h.bo, seen, "acted")
    await h.settled()
    expect(toldIn(h.bo)).toContain("You are told if this answer is retracted")
    await h.mira.messageCommand("Report this answer", seen)
    await h.mira.submits(modalOf(h.mira), { words: "It is wrong." })
    await h.settled()
    expect(toldIn(h.mira)).toContain("Thank you")
    expect(toldIn(h.rin)).toContain("Somebody reported a problem")
    await h.bo.messageCommand("Retract this answer", seen)
    await h.bo.submits(modalOf(h.bo), { reason: "wrong", words: "" })
    await h.settled()
    expect(toldIn(h.bo)).toContain("Only the person who approved this post")
    await h.rin.messageCommand("Retract this answer", seen)
    await h.rin.submits(modalOf(h.rin), { reason: "wrong", words: "" })
    await h.settled()
    expect(seen.content).toContain("Retracted by Rin: wrong advice")
    expect(seen.content).not.toContain("Answer 1.")
    expect(textOf(h.bo.dm.at(-1))).toContain("was retracted: wrong advice")
    expect(await h.ledger.read({ workspace: h.workspace, stream: "monitor" as never })).toEqual([])
  })
  test("are told when it is none of ours", async () => {
    await h.rin.messageCommand("Report this answer", h.bo.says(h.infra, "No post"))
    await h.settled()
    expect(toldIn(h.rin)).toContain("not a post of Countersign")
    expect(h.rin.modal).toBeNull()
  })
  test("a moderator deletes it: that is recorded, and no incident", async () => {
    const seen = await post()
    const role = h.discord.role(h.acme, { name: "Mods", permissions: ["MANAGE_MESSAGES"] })
    h.discord.gives(h.acme, role, h.bo)
    h.bo.deletes(seen)
    await h.settled()
    const [head] = await h.ledger.heads({ at: ["posted"] })
    const kinds = (await h.ledger.read({ workspace: h.workspace, stream: head?.stream ?? ("" as never) })).map((e) => e.fact.kind)
    expect(kinds).toContain("vanished")
    expect(await h.ledger.read({ workspace: h.workspace, stream: "monitor" as never })).toEqual([])
  })
  test("a moderator who suppresses its embeds changes nothing", async () => {
    const seen = await post()
    const role = h.discord.role(h.acme, { name: "Mods", permissions: ["MANAGE_MESSAGES"] })
    h.discord.gives(h.acme, role, h.bo)
    h.bo.suppressesEmbeds(seen)
    await h.settled()
    expect(await h.ledger.read({ workspace: h.workspace, stream: "monitor" as never })).toEqual([])
  })
})

test("what stands in public under our name without an approval is an incident; an edit of a post with our token, too", async () => {
  await h.discord.impostor(h.app, h.infra, { content: "Run `rm -rf /`." })
  await h.settled()
  const monitor = () => h.ledger.read({ workspace: h.workspace, stream: "monitor" as never })
  expect((await monitor()).map((e) => e.fact)).toMatchObject([{ kind: "rogueSeen", why: "unknown" }])
  await h.discord.impostor(h.app, h.infra, { content: "A draft is ready for you. Run it." })
  await h.settled()
  expect(await monitor()).toHaveLength(2)
})
test("commands are set once; a start that finds them changes nothing", async () => {
  const sets = () => h.discord.calls.filter((c) => c.route === "PUT /applications/{application}/commands").length
  expect(sets()).toBe(1)
  await h.leave()
  const again = await openHouse({ town: h })
  expect(sets()).toBe(1)
  await again.leave()
})
test("whoever comes into a server and leaves it is on the record; it says whether it reads the words around a question", async () => {
  const beta = h.discord.guild({ name: "Beta" })
  h.discord.install(h.app, beta, ["VIEW_CHANNEL"])
  await h.settled()
  h.discord.kicks(h.app, beta)
  await h.settled()
  const facts = (await h.ledger.read({ workspace: `discord:${beta.id}` as never, stream: "install" as never })).map((e) => e.fact.kind)
  expect(facts).toEqual(["installed", "uninstalled"])
  expect(logged.find((words) => words.startsWith("connected to Discord"))).toContain("DISCORD_MESSAGE_CONTENT is off")
})
