// The edges of the ways in: channels that the bot cannot see, servers that it is not in any more, names that call nobody, messages
// without words, several people at one message, and places that begin with the question.
import { afterEach, describe, expect, test } from "@jest/globals"
import { messageShape } from "../../adapters/discord/messages.ts"
import { saidIn } from "../../adapters/discord/said.ts"
import { FakeClock } from "../fakes/clock.ts"
import { useStores } from "../harness/ledgers.ts"
import { clicks, type House, type HouseOptions, openHouse, posts, textOf } from "./house.ts"

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})
async function house(o: HouseOptions = {}): Promise<House> {
  const made = await openHouse(o)
  closing.push(() => made.close())
  return made
}
const reading: HouseOptions = { privileged: ["content"], options: { messageContent: "on" } }
const asked = async (h: House) => (await h.ledger.heads({})).length
const doors = (h: House, channel: string | null) => h.flow.inbox.doors({ workspace: h.workspace, channel })
const toldIn = (who: House["rin"], channel: House["infra"]) => textOf(who.ephemeralsIn(channel).at(-1))

describe("where the bot cannot look", () => {
  const secretOf = (h: House) => h.discord.channel(h.acme, { name: "secret", overwrites: [{ for: h.app.user, deny: ["VIEW_CHANNEL"] }] })
  test("a question is refused in words, and nothing is asked", async () => {
    const h = await house()
    const secret = secretOf(h)
    await h.rin.messageCommand("Draft an answer", h.bo.says(secret, "how?"))
    await h.settled()
    expect(toldIn(h.rin, secret)).toContain("I cannot see this channel")
    expect(await asked(h)).toBe(0)
  })
  const voiceOf = (h: House) => h.discord.channel(h.acme, { name: "standup", kind: "voice" })
  test.each([
    ["in a channel", "SEND_MESSAGES", "SEND_MESSAGES_IN_THREADS", (h: House) => h.infra],
    ["in a thread", "SEND_MESSAGES_IN_THREADS", "SEND_MESSAGES", (h: House) => h.bo.startsThread(h.infra, "t")],
    ["what it may not read", "READ_MESSAGE_HISTORY", "CONNECT", (h: House) => h.infra],
    ["in a voice channel that it may not enter", "CONNECT", "SEND_MESSAGES_IN_THREADS", voiceOf],
  ] as const)("where it may not write, no draft is made that could not be posted: %s", async (_where, needed, other, where) => {
    const h = await house()
    const room = where(h)
    const channel = room.parent ?? room
    h.discord.overwrites(channel, { for: h.app.user, deny: [needed] })
    await h.rin.messageCommand("Draft an answer", h.bo.says(room, "how?"))
    await h.settled()
    expect(toldIn(h.rin, room)).toContain("does not let me read and write here")
    expect(await asked(h)).toBe(0)
    h.discord.overwrites(channel, { for: h.app.user, deny: [other] })
    await h.rin.messageCommand("Draft an answer", h.bo.says(room, "how?"))
    await h.settled()
    await clicks(h.rin, h.rin.ephemeralsIn(room).at(-1), "approve")
    await h.settled()
    expect(posts(h)).toMatchObject([{ channel: room }])
  })
  test("what is asked about a message elsewhere depends on the channel there", async () => {
    const h = await house(reading)
    const closed = h.discord.channel(h.acme, { name: "closed", overwrites: [{ for: h.app.user, deny: ["SEND_MESSAGES"] }] })
    const there = h.bo.says(h.infra, "how?")
    const link = `https://discord.com/channels/${h.acme.id}/${h.infra.id}/${there.id}`
    await h.rin.slash("countersign", "draft", { message: link }, closed)
    await h.settled()
    expect(await asked(h)).toBe(1)
  })
  test.each([["everything"], ["channel"]])("a stop stands all the same, and an admin takes it back there: %s", async (what) => {
    const h = await house()
    const secret = secretOf(h)
    await h.rin.slash("countersign", "stop", { what }, secret)
    await h.settled()
    const channel = what === "everything" ? null : secret.id
    expect(await doors(h, channel)).toMatchObject([{ scope: { workspace: h.workspace, channel }, byName: "Rin" }])
    await h.rin.slash("countersign", "resume", { what }, secret)
    await h.settled()
    expect(toldIn(h.rin, secret)).toContain("Only an admin can resume")
    await h.mira.slash("countersign", "resume", { what }, secret)
    await h.settled()
    expect(await doors(h, channel)).toEqual([])
  })
  test("a stop waits for no answer about the place", async () => {
    const h = await house()
    const hold = h.discord.holdNext("GET /channels/{channel}", "before")
    void h.rin.slash("countersign", "stop", {}, h.infra)
    await hold.arrived
    while ((await doors(h, h.infra.id)).length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
    hold.release()
    await h.settled()
    expect(toldIn(h.rin, h.infra)).toContain("Stopped in this channel")
  })
  test("where it was thrown out meanwhile there is nothing to stop", async () => {
    const h = await house()
    const hold = h.discord.holdNext("POST /interactions/{interaction}/{token}/callback", "before")
    const stop = h.rin.slash("countersign", "stop", { what: "everything" }, h.infra)
    await hold.arrived
    h.discord.kicks(h.app, h.acme)
    await h.discord.read()
    hold.release()
    await stop
    await h.settled()
    expect(await doors(h, null)).toEqual([])
  })
})

test("a name in code, or one that an edit brings in, asks nothing, also where every word is read", async () => {
  const h = await house(reading)
  h.bo.says(h.infra, `Write \`<@${h.app.user.id}> how do I …\` to ask.`)
  h.bo.edits(h.bo.says(h.infra, "how?"), `<@${h.app.user.id}> how?`)
  await h.settled()
  expect(await asked(h)).toBe(0)
  h.bo.says(h.infra, `<@!${h.app.user.id}> what does \`vault rotate\` do?`)
  await h.settled()
  expect(await asked(h)).toBe(1)
})
describe("somebody who takes no direct messages, when the process ends before the draft is there", () => {
  const stores = useStores()
  async function restarted(asks: (h: House) => unknown): Promise<House> {
    const { where } = await stores.place("sqlite")
    const first = await openHouse({ where })
    first.drafter.next("never")
    first.rin.closesDms()
    await asks(first)
    while ((await first.flow.inbox.queue(first.personId(first.rin))).length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
    await first.discord.quiet()
    await first.leave()
    const second = await house({ where, town: first })
    await second.flow.start()
    while ((await second.flow.inbox.queue(second.personId(second.rin))).some((c) => c.draft === null))
      await new Promise((resolve) => setTimeout(resolve, 20))
    await second.settled()
    return second
  }
  const ours = (h: House) => h.infra.messages.filter((m) => m.author === h.app.user)
  test("the public line comes all the same to whoever mentioned us", async () => {
    const h = await restarted(({ rin, infra }) => rin.mention(infra, "how?"))
    expect(ours(h)).toMatchObject([{ content: "A draft is ready for you." }])
    await clicks(h.rin, ours(h)[0], "review")
    await h.settled()
    expect(toldIn(h.rin, h.infra)).toContain("Answer 1.")
  })
  test.each([
    ["her own words", (h: House) => h.rin.says(h.infra, "How?")],
    ["a mention of somebody else's", (h: House) => h.bo.mention(h.infra, "how?")],
  ])("nothing is said in public of what was asked in private, about %s", async (_what, said) => {
    const h = await restarted((first) => {
      const question = said(first)
      first.drafter.next("never")
      return first.rin.messageCommand("Draft an answer", question)
    })
    expect(ours(h)).toEqual([])
    await h.rin.slash("countersign", "queue", {}, h.infra)
    await h.settled()
    expect(toldIn(h.rin, h.infra)).toMatch(/Answer \d/)
  })
})
describe("a message without words", () => {
  test.each<[string, HouseOptions, string]>([
    ["may have some that Discord keeps", {}, "Discord does not let me read that message"],
    ["has none, where every word is read", reading, "There are no words in this message"],
  ])("%s", async (_what, options, words) => {
    const h = await house(options)
    // As one with a picture, a sticker or a poll is.
    const picture = h.bo.says(h.infra, "x")
    picture.content = ""
    await h.rin.slash("countersign", "draft", {}, h.infra)
    await h.settled()
    expect(toldIn(h.rin, h.infra)).toContain(words)
    await h.rin.messageCommand("Draft an answer", picture)
    await h.settled()
    expect(toldIn(h.rin, h.infra)).toContain("There are no words in this message")
    expect(await asked(h)).toBe(0)
  })
})
const alarm = { type: "rich", title: "Disk full", description: "On **db-1**.", fields: [{ name: "Since", value: "10:02" }], footer: { text: "x" } }
const preview = { type: "article", title: "A page behind a link" }
test.each<[string, object, HouseOptions, string]>([
  ["in an embed, as an alarm has them", { content: "", embeds: [alarm] }, {}, "Disk full\nOn **db-1**.\nSince: 10:02"],
  ["in both, where every word is read", { content: "Look:", embeds: [alarm, preview] }, reading, "Look:\nDisk full\nOn **db-1**.\nSince: 10:02"],
])("words are answered wherever they stand: %s", async (_where, message, options, words) => {
  const h = await house(options)
  const other = h.discord.app({ name: "Alarms" })
  h.discord.install(other, h.acme, ["VIEW_CHANNEL", "SEND_MESSAGES"])
  await h.rin.messageCommand("Draft an answer", Object.assign(h.discord.actor(other).says(h.infra, "x"), message))
  await h.settled()
  expect(h.drafter.asked[0]?.thread).toMatchObject([{ role: "question", text: words }])
})
test("a message that was forwarded has the words that were", () => {
  const forwarded = { id: "1", channel_id: "2", author: { id: "3", username: "bo" }, content: "", type: 0 }
  const snapshots = [{ message: { content: "How do I rotate it?", embeds: [alarm] } }]
  const read = (more: object) => saidIn("9", messageShape.parse({ ...forwarded, ...more }))
  expect(read({ message_snapshots: snapshots })).toBe("How do I rotate it?\nDisk full\nOn **db-1**.\nSince: 10:02")
  for (const odd of [null, "x", [null], [{}], [{ message: { content: 7, embeds: [7, { fields: [null] }] } }]])
    expect(read({ message_snapshots: odd, embeds: odd })).toBe("")
})
test("what Discord itself says cannot be replied to, so nothing is drafted for it", async () => {
  const h = await house()
  const opened = Object.assign(h.bo.says(h.infra, "A thread's name"), { type: 18 })
  await h.rin.messageCommand("Draft an answer", opened)
  await h.settled()
  expect(toldIn(h.rin, h.infra)).toContain("There are no words in this message")
  expect(await asked(h)).toBe(0)
})
test("what a bot or a webhook said is answered when a person asks for it, and each who asks has a draft and a post of their own", async () => {
  const h = await house()
  const other = h.discord.app({ name: "Parrot" })
  h.discord.install(other, h.acme, ["VIEW_CHANNEL", "SEND_MESSAGES"])
  const alarm = h.discord.actor(other).says(h.infra, "The disk is full.")
  await Promise.all([h.rin, h.bo].map((who) => who.messageCommand("Draft an answer", alarm)))
  await h.mira.messageCommand("Draft an answer", h.discord.webhook(h.infra, "Feed").says("The build is red."))
  await h.settled()
  for (const who of [h.rin, h.bo, h.mira]) await clicks(who, who.ephemeralsIn(h.infra).at(-1), "approve")
  await h.settled()
  expect(posts(h).map((p) => p.replyTo?.content)).toEqual(["The disk is full.", "The disk is full.", "The build is red."])
})
test.each<[string, HouseOptions]>([
  ["asked about", {}],
  ["read with what stands around it", reading],
])("of a post of ours the label lines are nobody's words: %s", async (_what, options) => {
  const h = await house(options)
  h.drafter.next({ answer: "Run `vault rotate`.", sources: [] })
  await h.rin.messageCommand("Draft an answer", h.bo.says(h.infra, "How?"))
  await h.settled()
  await clicks(h.rin, h.rin.ephemeralsIn(h.infra).at(-1), "approve")
  await h.settled()
  const [post] = posts(h)
  await h.bo.messageCommand("Draft an answer", options === reading ? h.bo.says(h.infra, "Why?") : (post as never))
  await h.settled()
  const read = h.drafter.asked.at(-1)?.thread.find((m) => m.author === "Countersign")
  expect(read?.text).toBe("Run vault rotate.")
  expect(read?.role).toBe(options === reading ? "other" : "question")
})
test("whoever was erased has no name for a drafter", async () => {
  const h = await house()
  await h.platform.forget(h.personId(h.bo))
  await h.rin.messageCommand("Draft an answer", h.bo.says(h.infra, "How?"))
  await h.settled()
  expect(h.drafter.asked[0]?.thread).toMatchObject([{ author: "somebody", text: "How?" }])
})
test("what Discord could not say of a place is asked again, not remembered", async () => {
  const h = await house({ clock: new FakeClock(Date.now()) })
  h.discord.failNext("GET /channels/{channel}", "500")
  const question = h.bo.says(h.infra, "How?")
  await h.rin.messageCommand("Draft an answer", question)
  await h.settled()
  expect(await asked(h)).toBe(0)
  await h.rin.messageCommand("Draft an answer", question)
  await h.settled()
  expect(await asked(h)).toBe(1)
})
test.each<[string, HouseOptions, number]>([
  ["is told where the words must stand, since Discord gives out no others", {}, 0],
  ["asks about what stands around it, where that is read", reading, 1],
])("a mention without a word, as below somebody's question, %s", async (_what, options, drafts) => {
  const h = await house(options)
  h.rin.says(h.infra, `<@${h.app.user.id}>`, { replyTo: h.bo.says(h.infra, "How do I rotate it?") })
  await h.settled()
  expect(await asked(h)).toBe(drafts)
  expect(textOf(h.rin.dm.at(-1))).toContain(drafts === 0 ? "choose Apps and then" : "Answer 1.")
})
test("a mention that begins a forum's post, or stands in a thread that the bot is not in, is answered there", async () => {
  const h = await house()
  const forum = h.discord.channel(h.acme, { name: "help", kind: "forum" })
  const first = h.rin.posts(forum, "Rotating", `<@${h.app.user.id}> how?`)
  await h.settled()
  await clicks(h.rin, h.rin.dm.at(-1), "approve")
  const thread = h.bo.startsThread(h.infra, "Elsewhere")
  h.bo.mention(thread, "and how here?")
  await h.settled()
  await clicks(h.bo, h.bo.dm.at(-1), "approve")
  await h.settled()
  expect(posts(h).map((p) => p.channel)).toEqual(expect.arrayContaining([first, thread]))
  expect(posts(h)).toHaveLength(2)
})
