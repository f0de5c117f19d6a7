// What happens in Discord between the card and the post, or between the approval and the post: whoever approved is no longer who they
// were, the place is no longer the place that they were shown, or it is gone. Nothing is posted, and the draft is with its person again.
import { afterEach, beforeEach, expect, test } from "@jest/globals"
import { checks } from "../../src/checks/all.ts"
import { FakeClock } from "../fakes/clock.ts"
import type { Channel } from "../fakes/discord/state.ts"
import { clicks, type House, idOf, modalOf, openHouse, posts, textOf } from "./house.ts"

let h: House
let clock: FakeClock
beforeEach(async () => {
  clock = new FakeClock(Date.now())
  h = await openHouse({ clock })
})
afterEach(() => h.close())

const kinds = async () => {
  const [head] = await h.ledger.heads({})
  return (await h.ledger.read({ workspace: h.workspace, stream: head?.stream ?? ("" as never) })).map((e) => e.fact.kind)
}
async function asks(channel: Channel): Promise<void> {
  const question = channel.parent?.kind === "forum" ? channel.messages[0] : h.bo.says(channel, "How?")
  await h.rin.messageCommand("Draft an answer", question as NonNullable<typeof question>)
  await h.settled()
}
/** The card that she sees is of before. */
async function approvesAfter(channel: Channel, happens: () => unknown): Promise<void> {
  await asks(channel)
  happens()
  await h.settled()
  await clicks(h.rin, h.rin.ephemeralsIn(channel).at(-1), "approve")
  await h.settled()
}
/** Approves, and it happens when Discord is asked once more who she is. */
async function approves(channel: Channel, happens: () => unknown): Promise<void> {
  await asks(channel)
  const hold = h.discord.holdNext("GET /guilds/{guild}/members/{user}", "before")
  const clicked = clicks(h.rin, h.rin.ephemeralsIn(channel).at(-1), "approve")
  await hold.arrived
  happens()
  await h.discord.read()
  hold.release()
  await clicked
  await h.settled()
}
/** Closed to everyone but the members of these roles, Rin among the first's, and Bo. */
function closed() {
  const [ops, all] = ["ops", "all"].map((name) => h.discord.role(h.acme, { name })) as [ReturnType<House["discord"]["role"]>, never]
  h.discord.gives(h.acme, ops, h.rin)
  const overwrites = [h.app.user, ops, h.bo.user].map((who) => ({ for: who, allow: ["VIEW_CHANNEL" as const] }))
  const channel = h.discord.channel(h.acme, { name: "ops", overwrites: [{ for: h.acme, deny: ["VIEW_CHANNEL"] }, ...overwrites] })
  return { channel, ops, all: all as ReturnType<House["discord"]["role"]> }
}

test("she loses the role by which she saw the channel", async () => {
  const { channel, ops } = closed()
  await approves(channel, () => h.discord.takes(h.acme, ops, h.rin))
  expect(posts(h).length).toBe(0)
  expect(await kinds()).toEqual(expect.arrayContaining(["approved", "approvalVoided"]))
  expect(await kinds()).not.toContain("postingBegun")
})
test("she leaves the server", async () => {
  await approves(h.infra, () => h.rin.leaves(h.acme))
  expect(posts(h).length).toBe(0)
  expect(await kinds()).toContain("approvalVoided")
})
test("another role is let in: she is asked again, and told why", async () => {
  const { channel, all } = closed()
  await approvesAfter(channel, () => h.discord.overwrites(channel, { for: all, allow: ["VIEW_CHANNEL"] }))
  expect(posts(h).length).toBe(0)
  expect(textOf(h.rin.ephemeralsIn(channel).at(-1))).toContain("More people can read this place")
  await clicks(h.rin, h.rin.ephemeralsIn(channel).at(-1), "approve")
  await h.settled()
  expect(posts(h)).toHaveLength(1)
})
test("one role takes the place of another", async () => {
  const { channel, ops, all } = closed()
  h.discord.overwrites(channel, { for: h.rin.user, allow: ["VIEW_CHANNEL"] })
  await approvesAfter(channel, () => h.discord.overwrites(channel, { for: ops }, { for: all, allow: ["VIEW_CHANNEL"] }))
  expect(posts(h).length).toBe(0)
  expect(textOf(h.rin.ephemeralsIn(channel).at(-1))).toContain("More people can read this place")
})
test("the channel is opened to everyone", async () => {
  const { channel } = closed()
  await approvesAfter(channel, () => h.discord.overwrites(channel, { for: h.acme, allow: ["VIEW_CHANNEL"] }))
  expect(posts(h).length).toBe(0)
  expect(textOf(h.rin.ephemeralsIn(channel).at(-1))).toContain("More people can read this place")
})
test("the server becomes one that anybody can discover", async () => {
  await approvesAfter(h.infra, () => h.discord.features(h.acme, "COMMUNITY", "DISCOVERABLE"))
  expect(posts(h).length).toBe(0)
  expect(textOf(h.rin.ephemeralsIn(h.infra).at(-1))).toContain("More people can read this place")
})
test("the forum's post is deleted, with everything in it", async () => {
  const forum = h.discord.channel(h.acme, { name: "help", kind: "forum" })
  const thread = h.bo.posts(forum, "Rotating", "How?")
  await approves(thread, () => h.discord.removes(thread))
  expect(posts(h).length).toBe(0)
  expect(await kinds()).not.toContain("posted")
  expect(await h.ledger.read({ workspace: h.workspace, stream: "monitor" as never })).toEqual([])
})
test("the channel is deleted when it was just looked at: it is asked again at once, and says so", async () => {
  await asks(h.infra)
  const card = h.rin.ephemeralsIn(h.infra).at(-1)
  // What was known of it is forgotten, and whoever clicks is judged by what Discord says of the channel now.
  clock.advance(3_001)
  const hold = h.discord.holdNext("GET /channels/{channel}", "after")
  const clicked = clicks(h.rin, card, "approve")
  await hold.arrived
  h.discord.removes(h.infra)
  await h.discord.read()
  hold.release()
  await clicked
  await h.settled()
  expect([posts(h).length, (await h.ledger.heads({})).map((head) => head.at)]).toEqual([0, ["drafted"]])
  expect(await kinds()).toEqual(expect.arrayContaining(["approved", "approvalVoided"]))
  expect(await kinds()).not.toContain("postingBegun")
})
test.each(["a channel", "a thread"] as const)("she may not write there any more, in %s: it is not said there through us either", async (kind) => {
  const channel = kind === "a channel" ? h.infra : h.bo.startsThread(h.infra, "Rotating")
  await approves(channel, () =>
    h.discord.overwrites(h.infra, { for: h.rin.user, deny: [kind === "a channel" ? "SEND_MESSAGES" : "SEND_MESSAGES_IN_THREADS"] }),
  )
  expect(posts(h).length).toBe(0)
  expect(await kinds()).toEqual(expect.arrayContaining(["approved", "approvalVoided"]))
  expect(await kinds()).not.toContain("postingBegun")
})
test("its thread is locked: what Discord says is told, and the draft is there again", async () => {
  const thread = h.bo.startsThread(h.infra, "Rotating")
  await approves(thread, () => h.discord.archives(thread, "locked"))
  expect(posts(h).length).toBe(0)
  expect(textOf(h.rin.ephemeralsIn(thread).at(-2)) + textOf(h.rin.ephemeralsIn(thread).at(-1))).toContain("The platform refused this post")
})
test("the bot is thrown out; brought in again, it posts what is approved then", async () => {
  await approves(h.infra, () => h.discord.kicks(h.app, h.acme))
  expect(posts(h).length).toBe(0)
  h.discord.install(h.app, h.acme, ["VIEW_CHANNEL", "SEND_MESSAGES", "READ_MESSAGE_HISTORY"])
  await h.settled()
  // What was known of its channels is forgotten by then.
  clock.advance(5_000)
  await h.rin.slash("countersign", "queue", {}, h.infra)
  await h.settled()
  await clicks(h.rin, h.rin.ephemeralsIn(h.infra).at(-1), "approve")
  await h.settled()
  expect(posts(h)).toHaveLength(1)
})
test.each(["#", "```\n\n```", "[]()"])("an edit of which nothing is left to see cannot be approved: %j", async (text) => {
  await h.close()
  h = await openHouse({ clock, checks })
  await asks(h.infra)
  await clicks(h.rin, h.rin.ephemeralsIn(h.infra).at(-1), "edit")
  await h.rin.submits(modalOf(h.rin), { text })
  await h.settled()
  const card = h.rin.ephemeralsIn(h.infra).at(-1)
  expect(textOf(card)).toContain("The answer is empty")
  expect([idOf(card, "approve"), idOf(card, "edit")]).toEqual([null, expect.any(String)])
})
test("an announcement channel's post stays in it: other servers get it only if somebody there publishes it", async () => {
  const news = h.discord.channel(h.acme, { name: "news", kind: "announcement" })
  await asks(news)
  await clicks(h.rin, h.rin.ephemeralsIn(news).at(-1), "approve")
  await h.settled()
  expect(posts(h)).toMatchObject([{ channel: news, flags: 4 }])
  expect(h.discord.calls.filter((c) => c.route.includes("crosspost"))).toEqual([])
})
