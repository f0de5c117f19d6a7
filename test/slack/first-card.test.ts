// The first card of a request when Slack's answer to it is lost: however that ends, there is one card, and it is the living one.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals"
import { FakeClock } from "../fakes/clock.ts"
import type { Fault } from "../fakes/slack/faults.ts"
import type { Message } from "../fakes/slack/state.ts"
import { type House, openHouse, posts } from "./house.ts"

let h: House
let clock: FakeClock
beforeEach(async () => {
  clock = new FakeClock(Date.now())
  h = await openHouse({ clock })
  // Its look back over the day reads what these tests let fail: it comes first.
  await h.flow.start()
  await h.settled()
})
afterEach(() => h.close())

const leaseMs = 30_000
/** The walk looks again when its lease has ended. */
async function later(): Promise<void> {
  for (let looks = 0; looks < 3; looks += 1) {
    clock.advance(leaseMs + 1_000)
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    await h.settled()
  }
}
const cards = () => h.rin.dm.filter((m) => JSON.stringify(m.metadata ?? null).includes("countersign_card"))
const reads = () => h.slack.calls.filter((c) => c.method === "conversations.history").length
async function approves(card: Message | undefined): Promise<void> {
  expect(JSON.stringify(card?.blocks)).toContain('"approve"')
  await h.rin.clicks(card as Message, "approve")
  await h.settled()
  expect(posts(h)).toHaveLength(1)
  expect(JSON.stringify(h.rin.dm.find((m) => m.ts === card?.ts)?.blocks)).toContain("Open the post")
}

const lost: readonly Fault[] = ["failsButDone", "500ButDone", "internal_errorButDone", "fatal_errorButDone"]
describe.each(lost.map((fault) => [String(fault), fault] as const))("it is there, and the answer is not: %s", (_name, fault) => {
  test("it is found and goes on, and no second one is sent", async () => {
    h.slack.failNext("chat.postMessage", fault)
    h.rin.mention(h.infra, "how do I rotate it?")
    await h.settled()
    expect(cards()).toHaveLength(1)
    await later()
    expect(cards()).toHaveLength(1)
    await approves(cards()[0])
  })
})
test("it is not there: another is sent, once", async () => {
  h.slack.failNext("chat.postMessage", "failsAndNotDone", "500")
  h.rin.mention(h.infra, "how do I rotate it?")
  await h.settled()
  expect(cards()).toEqual([])
  await later()
  expect(cards()).toHaveLength(1)
  await approves(cards()[0])
})
test("each finds its own among many", async () => {
  h.rin.mention(h.infra, "one?")
  await h.settled()
  h.slack.failNext("chat.postMessage", "failsButDone", "failsButDone")
  h.rin.mention(h.infra, "two?")
  h.rin.mention(h.infra, "three?")
  await h.settled()
  await later()
  expect(cards()).toHaveLength(3)
  expect(new Set(cards().map((m) => JSON.stringify(m.metadata))).size).toBe(3)
  for (const card of cards()) expect(JSON.stringify(card.blocks)).toContain('"approve"')
})
test("while Slack lets nothing be read, none is sent; when it says no for good, one is", async () => {
  h.slack.failNext("chat.postMessage", "failsButDone")
  h.slack.failNext("conversations.history", { retryAfterSeconds: 5 }, "500")
  h.rin.mention(h.infra, "how do I rotate it?")
  await h.settled()
  await later()
  expect(cards()).toHaveLength(1)
  expect(JSON.stringify(cards()[0]?.blocks)).toContain('"approve"')
  h.slack.failNext("chat.postMessage", "failsAndNotDone")
  h.slack.failNext("conversations.history", { error: "missing_scope" })
  h.rin.mention(h.infra, "and how do I revoke it?")
  await h.settled()
  await later()
  expect(cards()).toHaveLength(2)
})
test("without a doubt nothing is read for it, and a definite no is none", async () => {
  const before = reads()
  h.rin.mention(h.infra, "how do I rotate it?")
  await h.settled()
  h.slack.failNext("chat.postMessage", { retryAfterSeconds: 1 })
  h.rin.mention(h.infra, "and how do I revoke it?")
  await h.settled()
  await later()
  expect(cards()).toHaveLength(2)
  expect(reads()).toBe(before)
})
