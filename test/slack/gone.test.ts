// The place goes while something is under way in it: the app is taken out, the question is deleted. Nothing is posted that nobody
// can place, nobody waits for an answer that cannot come, and what is elsewhere is looked after all the same.
import { afterEach, beforeEach, expect, test } from "@jest/globals"
import type { AttemptId, LabelId } from "../../src/core/domain.ts"
import type { OwnMessage } from "../../src/core/inbox.ts"
import { FakeClock } from "../fakes/clock.ts"
import type { Channel, Message } from "../fakes/slack/state.ts"
import { useStores } from "../harness/ledgers.ts"
import { type House, openHouse, posts } from "./house.ts"

const stores = useStores()
let h: House
let clock: FakeClock
let where: Awaited<ReturnType<typeof stores.place>>["where"]
let room: Channel
beforeEach(async () => {
  clock = new FakeClock(Date.now())
  where = (await stores.place("sqlite")).where
  h = await openHouse({ clock, where })
  room = h.slack.channel({ team: h.team, name: "room", kind: "private", members: [h.rin, h.install] })
})
afterEach(() => h.close())

const state = async () => (await h.ledger.heads({})).map((head) => head.at)
const cardNow = () => h.rin.dm.findLast((m) => JSON.stringify(m.blocks).includes('"header"')) as Message
async function card(): Promise<Message> {
  h.rin.mention(room, "how do I rotate it?")
  await h.settled()
  return cardNow()
}
/** The process dies between Slack's answer and the note of it, and another one begins after the permit's life. */
async function diesWhilePosting(seen: Message): Promise<void> {
  h.slack.settings.ownEvents = "never"
  h.slack.failNext("chat.postMessage", "failsAndNotDone")
  const append = h.ledger.append
  h.ledger.append = (a) => (a.facts[0]?.kind === "postingUnclear" ? Promise.reject(new Error("died")) : append.call(h.ledger, a))
  await h.rin.clicks(seen, "approve")
  await h.settled()
  expect(await state()).toEqual(["posting"])
  await h.leave()
}
async function restarted(): Promise<void> {
  h = await openHouse({ clock, where, town: h })
  await h.flow.start()
  for (let looks = 0; looks < 3; looks += 1) {
    clock.advance(31_000)
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    await h.settled()
  }
}

test("of an attempt in a channel that the app is not in any more, a person says what became of it", async () => {
  await diesWhilePosting(await card())
  h.slack.leaves(room, h.install)
  await restarted()
  expect(await state()).toEqual(["unclear"])
  expect(JSON.stringify(cardNow().blocks)).toContain("It is never sent twice")
})
test.each([{ error: "internal_error" }, "500", "429"] as const)(
  "while Slack is only in trouble (%j), nobody is asked: it is looked for again",
  async (fault) => {
    const question = h.rin.says(room, "How?")
    const look = () =>
      h.platform.findPosted("01KAJ5ZZZZZZZZZZZZZZZZZZZA" as AttemptId, h.place(room, question), "01KAJ5ZZZZZZZZZZZZZZZZZZZZ" as LabelId)
    h.slack.failNext("conversations.replies", fault)
    await expect(look()).rejects.toThrow()
    expect(await look()).toBe("cannot-tell")
  },
)
test("a click while the app is taken out is answered, and approves nothing", async () => {
  const seen = await card()
  clock.advance(3_001)
  const hold = h.slack.holdNext("conversations.info", "after")
  const click = h.rin.clicks(seen, "approve")
  await hold.arrived
  h.slack.leaves(room, h.install)
  hold.release()
  expect((await click).delivery.attempts.map((a) => a.outcome)).toEqual(["acknowledged"])
  await h.settled()
  expect(await state()).toEqual(["drafted"])
  expect(h.rin.dm.map((m) => m.text).join("\n")).toContain("Only members of this place can do that")
})
test.each(["conversations.info", "conversations.members"])("gone between the approval and the post (%s): it is asked again at once", async (look) => {
  const seen = await card()
  clock.advance(3_001)
  const hold = h.slack.holdNext("conversations.members", "after")
  const click = h.rin.clicks(seen, "approve")
  await hold.arrived
  if (look === "conversations.info") h.slack.leaves(room, h.install)
  else h.slack.failNext(look, { error: "channel_not_found" })
  hold.release()
  await click
  await h.settled()
  expect(posts(h)).toEqual([])
  expect(await state()).toEqual(["drafted"])
  expect(JSON.stringify(cardNow().blocks)).toContain("so nothing was posted. Approve it to try again")
})
test("a question that was deleted is not answered", async () => {
  const question = h.bo.says(h.infra, "How?")
  await h.rin.shortcut("draft_answer", question)
  await h.settled()
  h.bo.deletes(question)
  await h.rin.clicks(cardNow(), "approve")
  await h.settled()
  expect(posts(h)).toEqual([])
  expect(await state()).toEqual(["drafted"])
})
test.each([
  ["is gone since the channels were counted", { error: "channel_not_found" }],
  ["cannot be read just now", "500"],
] as const)("a channel that %s keeps nobody from looking through the others", async (_what, fault) => {
  await h.slack.impostor(h.install, h.shared, "Run this.")
  await h.settled()
  h.slack.failNext("conversations.history", fault)
  const found: OwnMessage[] = []
  for await (const m of h.platform.sweep(clock.now() - 60_000)) found.push(m)
  expect(found.map((m) => m.place.channel)).toEqual([h.shared.id])
})
