// What happens when Slack's answer to a post gets lost, or comes late, or never: never two posts, and never one after a stop.
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
})
afterEach(() => h.close())

async function card(): Promise<Message> {
  h.rin.mention(h.infra, "how do I rotate it?")
  await h.settled()
  return h.rin.dm.findLast((m) => JSON.stringify(m.blocks).includes('"approve"')) as Message
}
const sent = () => h.slack.calls.filter((c) => c.method === "chat.postMessage" && JSON.stringify(c.args["metadata"] ?? null).includes("ai_label"))
const state = async () => (await h.ledger.heads({})).map((head) => head.at)
/** The walk looks again when the permit has died and its lease has ended. */
async function later(): Promise<void> {
  await h.flow.start()
  for (let looks = 0; looks < 3; looks += 1) {
    clock.advance(leaseMs + 1_000)
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    await h.settled()
  }
}
const leaseMs = 30_000

const lost: readonly Fault[] = ["failsButDone", "500ButDone", "internal_errorButDone", "fatal_errorButDone"]
describe.each(lost.map((fault) => [String(fault), fault] as const))("the post is there, its answer is not: %s", (_name, fault) => {
  test("it is seen by its own event, and stands as posted", async () => {
    const seen = await card()
    h.slack.failNext("chat.postMessage", fault)
    await h.rin.clicks(seen, "approve")
    await h.settled()
    expect(posts(h)).toHaveLength(1)
    expect(sent()).toHaveLength(1)
    expect(await state()).toEqual(["posted"])
  })
  test("without the event it is found by its metadata", async () => {
    h.slack.settings.ownEvents = "never"
    const seen = await card()
    h.slack.failNext("chat.postMessage", fault)
    await h.rin.clicks(seen, "approve")
    await h.settled()
    await later()
    expect(posts(h)).toHaveLength(1)
    expect(sent()).toHaveLength(1)
    expect(await state()).toEqual(["posted"])
  })
})

test.each(["failsAndNotDone", "500", "internal_error", "fatal_error"] as const)(
  "the post is not there, and nobody can tell (%s): a person is asked, and nothing is sent again",
  async (fault) => {
    const seen = await card()
    h.slack.failNext("chat.postMessage", fault)
    await h.rin.clicks(seen, "approve")
    await h.settled()
    await later()
    expect(await state()).toEqual(["unclear"])
    expect([posts(h).length, sent().length]).toEqual([0, 1])
    const now = h.rin.dm.find((m) => m.ts === seen.ts) as Message
    await h.rin.clicks(now, "resolve_never_seen")
    await h.settled()
    expect(await state()).toEqual(["neverSeen"])
    expect([posts(h).length, sent().length]).toEqual([0, 1])
  },
)
test("an event that comes before the reply is the same post", async () => {
  h.slack.settings.ownEvents = "before-reply"
  const seen = await card()
  await h.rin.clicks(seen, "approve")
  await h.settled()
  expect(await state()).toEqual(["posted"])
  expect(posts(h)).toHaveLength(1)
  expect(await h.ledger.read({ workspace: h.workspace, stream: "monitor" as never })).toEqual([])
})
test("a definite no is a no: nothing stands there, and the card says why", async () => {
  const seen = await card()
  const old = { ...seen }
  h.infra.archived = true
  await h.rin.clicks(seen, "approve")
  await h.settled()
  expect(await state()).toEqual(["drafted"])
  expect(posts(h)).toEqual([])
  const now = () => h.rin.dm.find((m) => m.ts === seen.ts) as Message
  expect(JSON.stringify(now().blocks)).toContain("so nothing was posted. The channel is archived. Approve it to try again")
  const told = h.rin.dm.filter((m) => m.text?.includes("the platform refused it. The channel is archived."))
  expect(told).toHaveLength(1)
  h.infra.archived = false
  await h.rin.clicks(old, "approve")
  await h.settled()
  expect(posts(h)).toEqual([])
  await h.rin.clicks(now(), "approve")
  await h.settled()
  expect(posts(h)).toHaveLength(1)
})
test("a sweep that waits out a 429 ends with its platform", async () => {
  h.slack.failNext("users.conversations", "429")
  const waits = asleep()
  const ended = expect(h.platform.sweep(0)[Symbol.asyncIterator]().next()).rejects.toThrow("aborted")
  await waits
  await h.platform.stop()
  await ended
})
/** When somebody lies down to sleep on the clock. */
function asleep(): Promise<void> {
  const { sleep } = FakeClock.prototype
  return new Promise((resolve) => {
    clock.sleep = (...how) => {
      resolve()
      return sleep.apply(clock, how)
    }
  })
}
test("a 429 is not waited out: what was limited when the stop was pulled is not posted after it", async () => {
  const seen = await card()
  h.slack.failNext("chat.postMessage", { retryAfterSeconds: 1 })
  await h.rin.clicks(seen, "approve")
  await h.settled()
  await h.bo.slash("/countersign", "stop", h.infra)
  await h.settled()
  await new Promise((resolve) => setTimeout(resolve, 1_200))
  await h.settled()
  expect(posts(h)).toEqual([])
  expect(sent()).toHaveLength(1)
})
test("a stop ends a request under way, and says so when nobody can know what became of it", async () => {
  const seen = await card()
  const hold = h.slack.holdNext("chat.postMessage", "before")
  const click = h.rin.clicks(seen, "approve")
  await hold.arrived
  const stop = h.mira.slash("/countersign", "stop everything", h.infra)
  await click
  await stop
  // Time passes until the permit is dead for certain.
  let settled = false
  const settling = h.settled().then(() => {
    settled = true
  })
  while (!settled) {
    clock.advance(1_000)
    await new Promise((resolve) => setImmediate(resolve))
  }
  await settling
  expect(h.mira.ephemeralsTo(h.infra).map((m) => m.text)).toContainEqual(expect.stringContaining("already on the way and may still appear"))
  hold.release()
  await h.settled()
  expect(sent()).toHaveLength(1)
})
