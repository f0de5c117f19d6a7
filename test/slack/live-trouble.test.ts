// Live lines that go wrong, and those that must not stay open: each is ended, by us or at last by Slack, and none keeps a card waiting.
import { describe, expect, test } from "@jest/globals"
import { live } from "../../adapters/slack/live.ts"
import type { Fault } from "../fakes/slack/faults.ts"
import { silentLog } from "../harness/walk.ts"
import { liveDesk } from "./live-desk.ts"
import { perState } from "./states.ts"

const { at, mine, working, dm, root, quiet, pass, show, lines, drafting } = liveDesk()

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
