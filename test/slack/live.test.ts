// The live line beside a card, against the local Slack: where the plan has streams and where it has not, and that none stays open.
import { beforeEach, describe, expect, test } from "@jest/globals"
import { live } from "../../adapters/slack/live.ts"
import type { Card } from "../../src/core/card.ts"
import type { CardRef } from "../../src/core/domain.ts"
import type { Fault } from "../fakes/slack/faults.ts"
import { silentLog } from "../harness/walk.ts"
import { desk } from "./desk.ts"
import { perState } from "./states.ts"

const at = desk()
const mine = (card: Card) => ({ ...card, workspace: at.house.workspace, place: at.place })
const working = (note: string) => ({ ...mine(perState.asked), note })
let ref: CardRef
const show = async (card: Card) => {
  ref = (await at.out.show(card, at.rin, ref ?? null)) as CardRef
}
/** What moves beside the card has moved. */
async function quiet(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve))
  await at.out.idle()
}
async function pass(ms: number): Promise<void> {
  await quiet()
  at.clock.advance(ms)
  await quiet()
}
const dm = () => at.house.rin.dm
const root = () => dm()[0]?.ts ?? ""
const lines = () => dm().filter((m) => m.threadTs === root())
const status = () => at.house.rin.sessionIn(at.house.rin.dmWith(at.house.install), root())?.status ?? null
beforeEach(() => {
  ref = undefined as never
  at.house.team.plan = "paid"
  at.house.install.scopes.add("assistant:write")
})
/** A card whose draft takes longer than a moment. */
async function drafting(): Promise<void> {
  await show(working("Reading the thread."))
  await pass(1_000)
}

describe("where the plan has it", () => {
  test("a draft that takes its time has one line in its card's thread, which ends with it", async () => {
    await drafting()
    expect(lines()).toMatchObject([{ text: "Reading the thread.", stream: { state: "in_progress" }, blocks: [{ status: "in_progress" }] }])
    expect(status()).toBe("processing")
    await show(mine(perState.drafted))
    await quiet()
    expect(lines()).toMatchObject([{ text: "The draft is ready on its card.", stream: { state: "completed" }, blocks: [{ status: "complete" }] }])
    expect(status()).toBe("suspended")
    expect(at.calls("agents.sessions.setStatus")).toHaveLength(1)
    await show(mine(perState.posted))
    await quiet()
    expect(status()).toBe("active")
    expect(lines()).toHaveLength(1)
  })
  test("a draft that is there at once has none, and costs no call", async () => {
    await show(working("Reading the thread."))
    await quiet()
    await show(mine(perState.drafted))
    await pass(10_000)
    expect(at.house.slack.calls.filter((c) => /Stream|sessions/.test(c.method))).toEqual([])
  })
  test("it says the latest words, at most every three seconds, and the card says them too", async () => {
    await drafting()
    for (let n = 1; n <= 50; n += 1) await show(working(`Writing · ${n} words.`))
    await quiet()
    expect(at.calls("chat.appendStream")).toEqual([])
    await pass(3_000)
    expect(at.calls("chat.appendStream")).toHaveLength(1)
    expect(lines()).toMatchObject([{ text: "Writing · 50 words." }])
    expect(dm()[0]?.text).toContain("50 words")
  })
  test("what it says calls nobody, and is cut to what Slack takes", async () => {
    await show(working(`Asked <!channel> & <@U1> ${"x".repeat(400)}`))
    await pass(1_000)
    expect(lines()[0]?.text).toMatch(/^Asked &lt;!channel&gt; &amp; &lt;@U1&gt; x+…$/)
    expect(at.house.slack.rung).toEqual([])
  })
  test.each(["cancelled", "draftingFailed", "drafterDeclined", "expired"] as const)("%s ends it, with the card's words", async (state) => {
    await drafting()
    await show(mine(perState[state]))
    await quiet()
    expect(lines()).toMatchObject([{ text: perState[state].note, stream: { state: "completed" } }])
    expect(status()).toBe("active")
  })
  test("a redraft has a line of its own", async () => {
    await drafting()
    await show(mine(perState.drafted))
    await show(mine(perState.reworking))
    await pass(1_000)
    expect(lines().map((m) => m.stream?.state)).toEqual(["completed", "in_progress"])
    expect(status()).toBe("processing")
  })
  test("what cannot be cancelled, since it is done in no time, has none", async () => {
    await show(mine(perState.drafted))
    await show({ ...mine(perState.reworking), actions: [] })
    await pass(5_000)
    expect(lines()).toEqual([])
  })
  test("it stands in a direct message and nowhere else, whatever a card's place is said to be", async () => {
    const client = await at.house.platform.clients.control(at.house.workspace)
    const sent = await client.chat.postMessage({ channel: at.house.infra.id, text: "A card?" })
    ref = `${sent.channel}:${sent.ts}` as CardRef
    await drafting()
    expect(at.house.slack.calls.filter((c) => /Stream|sessions/.test(c.method))).toEqual([])
  })
  test("it names no recipient: without one Slack refuses a stream outside a direct message", async () => {
    await drafting()
    expect(at.calls("chat.startStream").map((c) => Object.keys(c.args).sort())).toEqual([["channel", "chunks", "thread_ts"]])
  })
})

describe("where it has not", () => {
  const codes = ["unknown_method", "missing_scope", "not_allowed_token_type", "feature_not_enabled", "paid_teams_only", "channel_type_not_supported"]
  test.each(codes)("%s: the card says how it goes, and Slack is not asked again for an hour", async (error) => {
    at.house.slack.failNext("chat.startStream", { error })
    at.house.slack.failNext("agents.sessions.setStatus", { error })
    await drafting()
    at.clock.advance(3_000)
    await show(working("Writing."))
    expect(dm()[0]?.text).toContain("Writing.")
    await show(mine(perState.drafted))
    for (const [n, minutes] of [61, 0].entries()) {
      ref = undefined as never
      await show({ ...working("Reading."), request: `r_${n}` as never })
      await pass(1_000)
      expect(at.calls("chat.startStream")).toHaveLength(1 + n)
      expect(at.calls("agents.sessions.setStatus")).toHaveLength(1 + n)
      at.clock.advance(minutes * 60_000)
    }
  })
  test("a free plan is one of these", async () => {
    at.house.team.plan = "free"
    await drafting()
    await show(mine(perState.drafted))
    await quiet()
    expect(lines()).toEqual([])
    expect(dm()[0]?.text).toContain("Will be read by")
  })
  test("streams without sessions are streams", async () => {
    at.house.install.scopes.delete("assistant:write")
    await drafting()
    await show(mine(perState.drafted))
    await quiet()
    expect(lines()).toMatchObject([{ stream: { state: "completed" } }])
    expect(at.calls("chat.stopStream")[0]?.args).not.toHaveProperty("session_status")
  })
  test("too many at once: nobody asks again for so long, this draft does without, and the next one has it", async () => {
    at.house.slack.failNext("chat.startStream", { retryAfterSeconds: 20 })
    await drafting()
    const first = ref
    ref = undefined as never
    await show({ ...working("Reading."), request: "r_2" as never })
    await pass(1_000)
    await show({ ...mine(perState.drafted), request: "r_2" as never })
    expect(at.calls("chat.startStream")).toHaveLength(1)
    await pass(20_000)
    ref = first
    await show(working("Writing."))
    await quiet()
    expect(at.calls("chat.startStream")).toHaveLength(1)
    await show(mine(perState.drafted))
    await show(mine(perState.reworking))
    await pass(1_000)
    expect(lines()).toMatchObject([{ stream: { state: "in_progress" } }])
  })
  test("a thread that can have no session has none, is not asked for it again, and has its line", async () => {
    at.house.slack.failNext("agents.sessions.setStatus", { error: "channel_not_found" })
    await drafting()
    expect(lines()).toMatchObject([{ stream: { state: "in_progress" } }])
    expect(at.calls("agents.sessions.setStatus")).toHaveLength(1)
  })
})

describe("a line that goes wrong", () => {
  test("dies after five minutes: it says so, the card goes on, and no other is begun", async () => {
    await drafting()
    await at.house.slack.tick(300_000)
    await show(working("Writing."))
    await pass(3_000)
    expect(lines()).toMatchObject([{ text: expect.stringContaining("The card says how it goes on"), stream: { state: "completed" } }])
    await show(working("Still writing."))
    await pass(3_000)
    expect(at.calls("chat.startStream")).toHaveLength(1)
    await show(mine(perState.drafted))
    await quiet()
    expect(dm()[0]?.text).toContain("Will be read by")
  })
  test("dies unnoticed: at the end it is mended", async () => {
    await drafting()
    await at.house.slack.tick(300_000)
    await show(mine(perState.drafted))
    await quiet()
    expect(lines()).toMatchObject([{ text: "The draft is ready on its card.", blocks: [{ type: "section" }] }])
  })
  test.each<[string, Fault, number]>([
    ["Slack has enough", { retryAfterSeconds: 7 }, 7_000],
    ["no answer", "failsAndNotDone", 2_000],
    ["an answer that got lost", "failsButDone", 2_000],
    ["a fault of Slack's own", "internal_error", 2_000],
    ["words that it does not take", { error: "invalid_chunks" }, 2_000],
  ])("does not end at once (%s): it ends a little later", async (_why, fault, ms) => {
    await drafting()
    at.house.slack.failNext("chat.stopStream", fault)
    await show(mine(perState.drafted))
    await pass(ms - 1)
    expect(at.calls("chat.stopStream")).toHaveLength(1)
    await pass(1)
    expect(lines()).toMatchObject([{ stream: { state: "completed" } }])
    expect(at.calls("chat.stopStream")).toHaveLength(2)
  })
  test("ends without its last words where Slack does not take them", async () => {
    await drafting()
    at.house.slack.failNext("chat.stopStream", { error: "invalid_chunks" })
    await show(mine(perState.drafted))
    await pass(2_000)
    expect(at.calls("chat.stopStream").map((c) => "chunks" in c.args)).toEqual([true, false])
  })
  test("is begun once, however many words come while it begins", async () => {
    const hold = at.house.slack.holdNext("chat.startStream", "before")
    await show(working("Reading."))
    for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve))
    at.clock.advance(1_000)
    await hold.arrived
    for (let n = 0; n < 3; n += 1) await show(working(`Writing · ${n} words.`))
    hold.release()
    await quiet()
    expect(at.calls("chat.startStream")).toHaveLength(1)
  })
  test("loses no card that comes right after another", async () => {
    const open = new Set<string>()
    const streams = {
      start: async () => {
        open.add("1.1")
        return "1.1"
      },
      append: async () => undefined,
      stop: async (_: unknown, line: { readonly ts: string }) => void open.delete(line.ts),
      replace: async () => undefined,
    }
    const own = live(streams, { turn: async () => undefined, ours: async () => [] }, at.clock, silentLog)
    const stands = { channel: "D1", ts: "1.0" }
    own.follow(working("Reading."), stands, "new")
    await quiet()
    at.clock.advance(1_000)
    await quiet()
    expect(open.size).toBe(1)
    // The first has nothing to do; the second comes before that is known.
    own.follow(working("Reading."), stands, "over")
    own.follow(mine(perState.drafted), stands, "over")
    await own.idle()
    expect(open.size).toBe(0)
  })
  test("does not end at all: it is given up, since Slack ends it", async () => {
    await drafting()
    at.house.slack.failNext("chat.stopStream", ...Array.from({ length: 9 }, () => "failsAndNotDone" as const))
    await show(mine(perState.drafted))
    for (let i = 0; i < 12; i += 1) await pass(2_000)
    expect(at.calls("chat.stopStream")).toHaveLength(5)
  })
  test("begins, and the answer is lost: it is found and ended, and none is begun beside it", async () => {
    at.house.slack.failNext("chat.startStream", "failsButDone")
    await drafting()
    expect(lines()).toMatchObject([{ stream: { state: "in_progress" } }])
    at.house.rin.tells("help", { thread: root() })
    await show(working("Writing."))
    await pass(3_000)
    expect(lines().filter((m) => m.stream !== null)).toMatchObject([{ stream: { state: "completed" } }])
    expect(at.calls("chat.startStream")).toHaveLength(1)
    expect(at.calls("chat.stopStream")).toHaveLength(1)
  })
  test("takes no more words: it ends as it stands", async () => {
    await drafting()
    at.house.slack.failNext("chat.appendStream", { error: "streaming_mode_mismatch" })
    await show(working("Writing."))
    await pass(3_000)
    await show(working("Still writing."))
    await pass(3_000)
    expect(at.calls("chat.appendStream")).toHaveLength(1)
    await show(mine(perState.drafted))
    await quiet()
    expect(lines()).toMatchObject([{ text: "Reading the thread.", stream: { state: "completed" } }])
  })
  test("keeps no card waiting", async () => {
    const hold = at.house.slack.holdNext("chat.startStream", "before")
    await show(working("Reading."))
    for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve))
    at.clock.advance(1_000)
    await hold.arrived
    await show(mine(perState.drafted))
    expect(dm()[0]?.text).toContain("Will be read by")
    hold.release()
    await quiet()
    expect(lines()).toMatchObject([{ stream: { state: "completed" } }])
  })
})

test("closing ends what is open, and begins nothing more", async () => {
  await drafting()
  await at.out.close()
  expect(lines()).toMatchObject([{ text: "Interrupted. The card goes on when Countersign is back.", stream: { state: "completed" } }])
  await show(working("Writing."))
  await pass(5_000)
  await show(mine(perState.drafted))
  await quiet()
  expect(at.house.slack.calls.filter((c) => /Stream|sessions/.test(c.method)).map((c) => c.method)).toEqual([
    "agents.sessions.setStatus",
    "chat.startStream",
    "chat.stopStream",
  ])
})
test("progress that comes late does not cover the word that it was cancelled", async () => {
  await show(working("Reading."))
  await show(mine(perState.cancelled))
  at.clock.advance(10_000)
  await show(working("Writing."))
  expect(dm()[0]?.text).toContain("Cancelled")
})
