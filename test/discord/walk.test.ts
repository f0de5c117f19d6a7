// The walk of one question in Discord: real discord.js, by a message's menu, by command and by mention, in channels and threads.
import { afterEach, beforeEach, expect, test } from "@jest/globals"
import { readDiscord } from "../../src/label/read/discord.ts"
import { clicks, type House, idOf, modalOf, openHouse, posts, textOf } from "./house.ts"

let h: House
beforeEach(async () => {
  h = await openHouse()
})
afterEach(() => h.close())

test("Draft an answer: a card that one person sees, and a click on it the one public post", async () => {
  const { rin, bo, infra } = h
  h.drafter.next({ answer: "Run `vault rotate`.", sources: [] })
  const question = bo.says(infra, "How do I rotate the password?")
  await rin.messageCommand("Draft an answer", question)
  await h.settled()
  expect(posts(h)).toEqual([])
  expect(bo.sees(infra)).toEqual([question])
  const [card, ...more] = rin.ephemeralsIn(infra)
  expect(more).toEqual([])
  expect(textOf(card)).toContain("Run `vault rotate`.")
  expect(h.drafter.asked[0]?.thread).toMatchObject([{ role: "question", author: "Bo", text: "How do I rotate the password?" }])

  await clicks(rin, card, "approve")
  await h.settled()
  const [post] = posts(h)
  expect(posts(h)).toHaveLength(1)
  expect(post?.channel).toBe(infra)
  expect(post?.replyTo).toBe(question)
  expect(post?.pings).toEqual({ users: [], roles: [], everyone: false })
  const read = readDiscord({ content: post?.content, components: post?.components })
  expect(read.between).toContain("vault rotate")
  expect(read.whole).toMatch(/^✦ AI-generated · approved by Rin/)
  const settled = rin.ephemeralsIn(infra)[0]
  expect(textOf(settled)).toContain("Posted")
  expect(idOf(settled, "approve")).toBeNull()
  expect(rin.dm).toEqual([])
})
test("a mention: the card comes as a direct message, and the post stands below the question", async () => {
  const { rin, infra } = h
  const question = rin.mention(infra, "how do I rotate it?")
  await h.settled()
  expect(infra.messages).toEqual([question])
  const [card] = rin.dm
  expect(textOf(card)).toContain("Answer 1.")
  await clicks(rin, card, "approve")
  await h.settled()
  expect(posts(h)).toMatchObject([{ channel: infra, replyTo: question }])
  expect(rin.dm).toHaveLength(1)
  expect(textOf(rin.dm[0])).toContain("Posted")
  // A card is private: nobody takes it for a post in some other workspace.
  expect((await h.ledger.sizes()).map((s) => s.workspace)).toEqual([h.workspace])
})
test("a mention by somebody who takes no direct messages: a public line without a word of it, whose button is theirs alone", async () => {
  const { rin, bo, infra } = h
  rin.closesDms()
  const question = rin.mention(infra, "how do I rotate it?")
  await h.settled()
  const [, sign, ...more] = infra.messages
  expect(more).toEqual([])
  expect(sign).toMatchObject({ content: "A draft is ready for you.", replyTo: question, pings: { users: [], roles: [], everyone: false } })
  await clicks(bo, sign, "review")
  await h.settled()
  expect(textOf(bo.ephemeralsIn(infra)[0])).toContain("belongs to somebody else")
  expect(textOf(bo.ephemeralsIn(infra)[0])).not.toContain("Answer 1.")
  await clicks(rin, sign, "review")
  await h.settled()
  const [card] = rin.ephemeralsIn(infra)
  expect(textOf(card)).toContain("Answer 1.")
  await clicks(rin, card, "approve")
  await h.settled()
  expect(posts(h)).toHaveLength(1)
  expect(infra.messages).toEqual([question, posts(h)[0]])
  // The line that led there was no incident, neither when it came nor when it went.
  expect(await h.ledger.read({ workspace: h.workspace, stream: "monitor" as never })).toEqual([])
})
test("/countersign draft answers the newest message that it can read, and says so where it can read none", async () => {
  const { rin, bo, infra, app } = h
  const question = bo.mention(infra, "how do I rotate it?")
  await h.settled()
  await rin.slash("countersign", "draft", {}, infra)
  await h.settled()
  const card = rin.ephemeralsIn(infra).at(-1)
  await clicks(rin, card, "approve")
  await h.settled()
  expect(posts(h)).toMatchObject([{ replyTo: question }])
  bo.says(infra, "Something that is not for the bot's eyes")
  await rin.slash("countersign", "draft", {}, infra)
  await h.settled()
  expect(textOf(rin.ephemeralsIn(infra).at(-1))).toContain("Discord does not let me read that message")
  expect(app.commands.get("")?.length).toBe(5)
})
test("/countersign draft with the link of a message answers that one", async () => {
  const { rin, bo, infra, acme } = h
  const first = bo.mention(infra, "how do I rotate it?")
  bo.mention(infra, "never mind")
  await rin.slash("countersign", "draft", { message: `https://discord.com/channels/${acme.id}/${infra.id}/${first.id}` }, infra)
  await h.settled()
  await clicks(rin, rin.ephemeralsIn(infra).at(-1), "approve")
  await h.settled()
  expect(posts(h)).toMatchObject([{ replyTo: first }])
  const beta = h.discord.guild({ name: "Beta" })
  h.discord.install(h.app, beta, ["VIEW_CHANNEL", "READ_MESSAGE_HISTORY"])
  const lounge = h.discord.channel(beta, { name: "lounge" })
  const elsewhere = h.discord.person({ name: "Zoe", guilds: [beta] }).mention(lounge, "a secret of Beta's")
  await h.settled()
  for (const link of [
    `https://discord.example/channels/${acme.id}/${infra.id}/${first.id}`,
    `https://discord.com/channels/${beta.id}/${lounge.id}/${elsewhere.id}`,
  ]) {
    await rin.slash("countersign", "draft", { message: link }, infra)
    await h.settled()
    expect(textOf(rin.ephemeralsIn(infra).at(-1))).toContain("Give the link of a message of this server")
  }
  // Nor by naming this server for a channel of another.
  await rin.slash("countersign", "draft", { message: `https://discord.com/channels/${acme.id}/${lounge.id}/${elsewhere.id}` }, infra)
  await h.settled()
  expect(textOf(rin.ephemeralsIn(infra).at(-1))).toContain("I cannot see this channel")
})
test("in a forum's post with a required tag, the answer stands in that post", async () => {
  const { rin, bo, discord, acme } = h
  const forum = discord.channel(acme, { name: "help", kind: "forum", tags: ["database"], requireTag: true })
  const thread = bo.posts(forum, "Rotating", "How do I rotate the password?", ["database"])
  await rin.messageCommand("Draft an answer", thread.messages[0] as NonNullable<(typeof thread.messages)[0]>)
  await h.settled()
  const card = rin.ephemeralsIn(thread).at(-1)
  expect(textOf(card)).toContain("everyone in this server")
  await clicks(rin, card, "approve")
  await h.settled()
  expect(posts(h)).toMatchObject([{ channel: thread }])
})
test("in a private thread, for those who are in it", async () => {
  const { rin, bo, mira, infra, app } = h
  const thread = bo.startsThread(infra, "Between us", { private: "private" })
  for (const id of [rin.id, app.user.id]) thread.thread?.members.add(id)
  expect(() => mira.sees(thread)).toThrow("cannot see")
  const question = bo.says(thread, "How do I rotate the password?")
  await rin.messageCommand("Draft an answer", question)
  await h.settled()
  const card = rin.ephemeralsIn(thread).at(-1)
  expect(textOf(card)).toContain("the people in this private thread")
  await clicks(rin, card, "approve")
  await h.settled()
  expect(posts(h)).toMatchObject([{ channel: thread }])
})
test("an edit is a new revision, and what is posted is the edited text", async () => {
  const { rin, bo, infra } = h
  await rin.messageCommand("Draft an answer", bo.says(infra, "How?"))
  await h.settled()
  await clicks(rin, rin.ephemeralsIn(infra)[0], "edit")
  expect(await rin.submits(modalOf(rin), { text: "My own words." })).toMatchObject({ outcome: "acknowledged" })
  await h.settled()
  await clicks(rin, rin.ephemeralsIn(infra)[0], "approve")
  await h.settled()
  expect(readDiscord({ content: posts(h)[0]?.content, components: posts(h)[0]?.components }).between).toContain("My own words.")
  expect(posts(h)[0]?.content).toContain("edited by a person")
})
test("a redraft with a hint, and then nothing after all", async () => {
  const { rin, infra } = h
  rin.mention(infra, "how?")
  await h.settled()
  await clicks(rin, rin.dm[0], "redraft")
  await rin.submits(modalOf(rin), { words: "shorter" })
  await h.settled()
  expect(textOf(rin.dm[0])).toContain("Answer 2 (shorter).")
  await clicks(rin, rin.dm[0], "discard")
  await h.settled()
  expect(textOf(rin.dm[0])).toContain("Discarded")
  expect(posts(h)).toEqual([])
  expect(rin.dm).toHaveLength(1)
})
test("a redraft still knows the question, though Discord does not give it out again", async () => {
  const { rin, bo, infra } = h
  await rin.messageCommand("Draft an answer", bo.says(infra, "How do I rotate the password?"))
  await h.settled()
  await clicks(rin, rin.ephemeralsIn(infra)[0], "redraft")
  await rin.submits(modalOf(rin), { words: "shorter" })
  await h.settled()
  expect(h.drafter.asked[1]?.thread).toMatchObject([{ role: "question", text: "How do I rotate the password?" }])
})
test("/countersign queue brings back every card that Discord's client has forgotten", async () => {
  const { rin, bo, infra } = h
  for (const words of ["How?", "And why?"]) await rin.messageCommand("Draft an answer", bo.says(infra, words))
  await h.settled()
  rin.reloads()
  await rin.slash("countersign", "queue", {}, infra)
  await h.settled()
  const cards = rin.ephemeralsIn(infra)
  expect(cards.map((c) => idOf(c, "approve") !== null)).toEqual([true, true])
  for (const card of cards) await clicks(rin, card, "approve")
  await h.settled()
  expect(posts(h)).toHaveLength(2)
  expect(rin.ephemeralsIn(infra).map((c) => idOf(c, "approve"))).toEqual([null, null])
  await rin.slash("countersign", "queue", {}, infra)
  await h.settled()
  expect(textOf(rin.ephemeralsIn(infra).at(-1))).toContain("Nothing waits for you")
})
