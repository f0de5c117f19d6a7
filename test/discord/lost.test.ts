// What happens when Discord's answer to a post gets lost, or comes late, or never: never two posts, and never one after a stop.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals"
import { FakeClock } from "../fakes/clock.ts"
import type { Fault } from "../fakes/discord/faults.ts"
import { clicks, type House, openHouse, posts, textOf } from "./house.ts"

let h: House
let clock: FakeClock
beforeEach(async () => {
  clock = new FakeClock(Date.now())
  h = await openHouse({ clock })
})
afterEach(() => h.close())

const posting = "POST /channels/{channel}/messages"
/** A card that is ready to be approved, with nothing else of ours on the wire. */
async function ready() {
  await h.rin.messageCommand("Draft an answer", h.bo.says(h.infra, "How?"))
  await h.settled()
  return h.rin.ephemeralsIn(h.infra)[0]
}
const sent = () => h.discord.calls.filter((c) => c.route === posting && c.body["enforce_nonce"] === true && c.body["flags"] === 4)
const state = async () => (await h.ledger.heads({})).map((head) => head.at)
const leaseMs = 30_000
/** The walk looks again when the permit has died and its lease has ended. */
async function later(): Promise<void> {
  await h.flow.start()
  for (let looks = 0; looks < 3; looks += 1) {
    clock.advance(leaseMs + 1_000)
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    await h.settled()
  }
}

const lost: readonly Fault[] = ["failsButDone", "500ButDone"]
describe.each(lost.map((fault) => [String(fault), fault] as const))("the post is there, its answer is not: %s", (_name, fault) => {
  test("it is seen by its own event, and stands as posted", async () => {
    const seen = await ready()
    h.discord.failNext(posting, fault)
    await clicks(h.rin, seen, "approve")
    await h.settled()
    expect([posts(h).length, sent().length]).toEqual([1, 1])
    expect(await state()).toEqual(["posted"])
  })
  test("without the event it is found by the label in its button", async () => {
    h.discord.settings.ownEvents = "never"
    const seen = await ready()
    h.discord.failNext(posting, fault)
    await clicks(h.rin, seen, "approve")
    await h.settled()
    await later()
    expect([posts(h).length, sent().length]).toEqual([1, 1])
    expect(await state()).toEqual(["posted"])
  })
})
test.each(["failsAndNotDone", "500"] as const)(
  "the post is not there, and nobody can tell (%s): a person is asked, and nothing is sent again",
  async (fault) => {
    const seen = await ready()
    h.discord.failNext(posting, fault)
    await clicks(h.rin, seen, "approve")
    await h.settled()
    await later()
    expect(await state()).toEqual(["unclear"])
    expect([posts(h).length, sent().length]).toEqual([0, 1])
    await clicks(h.rin, h.rin.ephemeralsIn(h.infra)[0], "resolve_never_seen")
    await h.settled()
    expect(await state()).toEqual(["neverSeen"])
    expect([posts(h).length, sent().length]).toEqual([0, 1])
  },
)
test("an event that comes before the reply is the same post", async () => {
  h.discord.settings.ownEvents = "before-reply"
  await clicks(h.rin, await ready(), "approve")
  await h.settled()
  expect(await state()).toEqual(["posted"])
  expect(posts(h)).toHaveLength(1)
  expect(await h.ledger.read({ workspace: h.workspace, stream: "monitor" as never })).toEqual([])
})
test.each([
  ["a thread that went to sleep for good", () => thread("locked"), "posted. The thread is archived. Open it again"],
  ["a channel where the bot may not write", () => closed(), "posted. Discord does not let the app post in this channel."],
])("a definite no, from %s: nothing stands there, and the card says why", async (_what, make, why) => {
  const { room, happens } = make()
  await h.rin.messageCommand("Draft an answer", h.bo.says(room, "How?"))
  await h.settled()
  const seen = h.rin.ephemeralsIn(room)[0]
  happens()
  await clicks(h.rin, seen, "approve")
  await h.settled()
  // Asked again at once, as a revision of its own.
  expect(await state()).toEqual(["drafted"])
  expect(posts(h)).toHaveLength(0)
  expect(textOf(h.rin.ephemeralsIn(room)[0])).toContain(why)
  expect(h.rin.ephemeralsIn(room).map(textOf).join()).toContain(`the platform refused it. ${why.slice("posted. ".length)}`)
})
function thread(how: "locked") {
  const room = h.bo.startsThread(h.infra, "Rotating")
  return { room, happens: () => h.discord.archives(room, how) }
}
function closed() {
  return { room: h.infra, happens: () => h.discord.overwrites(h.infra, { for: h.app.user, deny: ["SEND_MESSAGES"] }) }
}
test("a 429 is not waited out: what was limited when the stop was pulled is not posted after it", async () => {
  const seen = await ready()
  h.discord.failNext(posting, { retryAfterSeconds: 1 })
  await clicks(h.rin, seen, "approve")
  await h.settled()
  await h.bo.slash("countersign", "stop", {}, h.infra)
  await h.settled()
  await new Promise((resolve) => setTimeout(resolve, 1_200))
  await h.settled()
  expect([posts(h).length, sent().length]).toEqual([0, 1])
})
test("a sweep that waits out a 429 ends with its platform", async () => {
  h.bo.says(h.infra, "How?")
  h.discord.failNext("GET /guilds/{guild}/channels", { retryAfterSeconds: 3_600 })
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
test("posts that wait in the client's queue when the stop is pulled are never sent", async () => {
  const cards = []
  for (const words of ["One?", "Two?", "Three?"]) {
    await h.rin.messageCommand("Draft an answer", h.bo.says(h.infra, words))
    await h.settled()
    cards.push(h.rin.ephemeralsIn(h.infra).at(-1))
  }
  const hold = h.discord.holdNext(posting, "before")
  const approvals = cards.map((seen) => clicks(h.rin, seen, "approve"))
  await hold.arrived
  await Promise.all(approvals)
  while ((await h.ledger.heads({ at: ["posting"] })).length < cards.length) await new Promise((resolve) => setImmediate(resolve))
  await h.mira.slash("countersign", "stop", { what: "everything" }, h.infra)
  await pass()
  hold.release()
  await h.settled()
  expect(sent()).toHaveLength(1)
  expect(textOf(h.mira.ephemeralsIn(h.infra).at(-1))).toContain("already on the way and may still appear")
})
/** Time passes until everything is at rest: permits die for certain. */
async function pass(): Promise<void> {
  let settled = false
  const settling = h.settled().then(() => {
    settled = true
  })
  while (!settled) {
    clock.advance(1_000)
    await new Promise((resolve) => setImmediate(resolve))
  }
  await settling
}
