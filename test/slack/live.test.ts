// The live line beside a card, against the local Slack: where the plan has streams and where it has not.
import { describe, expect, test } from "@jest/globals"
import type { CardRef } from "../../src/core/domain.ts"
import { liveDesk } from "./live-desk.ts"
import { perState } from "./states.ts"

const { at, stands, mine, working, dm, quiet, pass, show, lines, status, drafting } = liveDesk()

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
    stands.ref = `${sent.channel}:${sent.ts}` as CardRef
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
      stands.ref = null
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
    const first = stands.ref
    stands.ref = null
    await show({ ...working("Reading."), request: "r_2" as never })
    await pass(1_000)
    await show({ ...mine(perState.drafted), request: "r_2" as never })
    expect(at.calls("chat.startStream")).toHaveLength(1)
    await pass(20_000)
    stands.ref = first
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
