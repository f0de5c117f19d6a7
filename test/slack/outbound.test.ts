// Private words, against the local Slack: cards that stand in one place and follow what happens, and words for one pair of eyes.
import { describe, expect, test } from "@jest/globals"
import type { CardRef, PersonId } from "../../src/core/domain.ts"
import { desk } from "./desk.ts"
import { cardFor, drafted, draftOf, hard, perState } from "./states.ts"

const at = desk()

describe("cards", () => {
  const mine = (card = perState.drafted) => ({ ...card, workspace: at.house.workspace, place: at.place })
  const dm = () => at.house.rin.dm.map((m) => m.ts)
  test("stand in a direct message, once, and follow what happens", async () => {
    const ref = await at.out.show(mine(), at.rin, null)
    expect(at.house.rin.dm).toHaveLength(1)
    expect(ref).toBe(`${at.house.rin.dm[0]?.channel}:${at.house.rin.dm[0]?.ts}`)
    expect(await at.out.show(mine(), at.rin, ref as CardRef)).toBe(ref)
    expect(at.calls("chat.update")).toEqual([])
    expect(await at.out.show(mine(perState.posted), at.rin, ref as CardRef)).toBe(ref)
    expect(JSON.stringify(at.house.rin.dm[0]?.blocks)).not.toContain("approve")
    expect(dm()).toHaveLength(1)
  })
  test("are sent anew when their message is gone, and shown again after a failure", async () => {
    const ref = (await at.out.show(mine(), at.rin, null)) as CardRef
    at.house.slack.failNext("chat.update", { error: "message_not_found" })
    expect(await at.out.show(mine(perState.refused), at.rin, ref)).not.toBe(ref)
    at.house.slack.failNext("chat.update", "500")
    await expect(at.out.show(mine(perState.posted), at.rin, ref)).rejects.toThrow()
    expect(await at.out.show(mine(perState.posted), at.rin, ref)).toBe(ref)
    expect(at.house.rin.dm[0]?.text).toContain("Posted")
  })
  test("are pointed at in the thread, once, for one pair of eyes", async () => {
    await at.house.bo.says(at.house.infra, "Me too", { thread: at.question })
    const ref = (await at.out.show(mine(), at.rin, null)) as CardRef
    await at.out.show(mine(perState.posted), at.rin, ref)
    await until(() => at.house.rin.ephemeralsTo(at.house.infra).length > 0)
    expect(at.house.rin.ephemeralsTo(at.house.infra)).toMatchObject([{ threadTs: at.question.ts }])
    expect(at.house.bo.ephemeralsTo(at.house.infra)).toEqual([])
    expect(at.house.infra.messages.filter((m) => m.bot !== null)).toEqual([])
  })
  test("whom no direct message reaches hears of it where they asked: once for each turn, no word of the draft, and not of progress", async () => {
    const off = { error: "messages_tab_disabled" } as const
    at.house.slack.failNext("conversations.open", ...Array(10).fill(off))
    const said = () => at.house.rin.ephemeralsTo(at.house.infra).map((e) => JSON.stringify(e.blocks))
    expect(await at.out.show(mine(perState.asked), at.rin, null)).toBe("unreachable")
    for (let i = 0; i < 2; i += 1) expect(await at.out.show(mine(), at.rin, null)).toBe("unreachable")
    await until(() => said().length > 0)
    expect(await at.out.show(mine(perState.drafterDeclined), at.rin, null)).toBe("unreachable")
    await until(() => said().length > 1)
    expect(said()).toEqual([expect.stringContaining("Your draft waits for you."), expect.stringContaining("so there is no draft")])
    expect(said().join()).not.toContain("reporting-rotate")
    expect(said()[0]).toContain('"review"')
    expect(at.house.infra.messages.filter((m) => m.bot !== null)).toEqual([])
  })
  test("do not depend on the pointer", async () => {
    at.house.slack.failNext("chat.postEphemeral", "hangs")
    expect(await at.out.show(mine(), at.rin, null)).not.toBe("unreachable")
  })
  test("tell progress at most every three seconds, and never over what came after", async () => {
    const progress = (n: number) => ({ ...mine(perState.asked), note: `Drafting. Step ${n}.` })
    const ref = (await at.out.show(progress(0), at.rin, null)) as CardRef
    for (let n = 1; n < 50; n += 1) await at.out.show(progress(n), at.rin, ref)
    expect(at.calls("chat.update")).toEqual([])
    at.clock.advance(3_000)
    await at.out.show(progress(50), at.rin, ref)
    expect(at.calls("chat.update")).toHaveLength(1)
    await at.out.show(mine(), at.rin, ref)
    at.clock.advance(3_000)
    await at.out.show(progress(51), at.rin, ref)
    expect(at.house.rin.dm[0]?.text).toContain("Will be read by")
  })
  test("tell the latest progress when its time has come, though nothing more is said; and not over what came after", async () => {
    const progress = (n: number) => ({ ...mine(perState.asked), note: `Drafting. Step ${n}.` })
    const ref = (await at.out.show(progress(0), at.rin, null)) as CardRef
    for (let n = 1; n <= 5; n += 1) await at.out.show(progress(n), at.rin, ref)
    at.clock.advance(3_000)
    await until(() => at.house.rin.dm[0]?.text.includes("Step 5") === true)
    expect(at.calls("chat.update")).toHaveLength(1)
    await at.out.show(progress(6), at.rin, ref)
    at.clock.advance(3_000)
    // What was late has its turn after this one, and nothing to say any more.
    await at.out.show(progress(7), at.rin, ref)
    at.clock.advance(3_000)
    await at.out.show(progress(7), at.rin, ref)
    expect(at.house.rin.dm[0]?.text).toContain("Step 7")
    expect(at.calls("chat.update")).toHaveLength(2)
    await at.out.show(mine(), at.rin, ref)
    at.clock.advance(3_000)
    // In turn: what was late has had its chance when this is done.
    await at.out.show(mine(), at.rin, ref)
    expect(at.house.rin.dm[0]?.text).toContain("Will be read by")
    expect(at.calls("chat.update")).toHaveLength(3)
  })
  test("come in turn: a slow one does not cover the next", async () => {
    const ref = (await at.out.show(mine(perState.asked), at.rin, null)) as CardRef
    at.clock.advance(3_000)
    const hold = at.house.slack.holdNext("chat.update", "before")
    const slow = at.out.show({ ...mine(perState.asked), note: "Drafting. Later." }, at.rin, ref)
    await hold.arrived
    const next = at.out.show(mine(), at.rin, ref)
    // Time enough to overtake, for one that would.
    await Promise.race([next, new Promise((resolve) => setTimeout(resolve, 100))])
    hold.release()
    await Promise.all([slow, next])
    expect(at.house.rin.dm[0]?.text).toContain("Will be read by")
  })
  test("of any state are taken by Slack", async () => {
    let ref = (await at.out.show(mine(), at.rin, null)) as CardRef
    for (const [name, card] of Object.entries({ ...perState, ...hard })) {
      at.clock.advance(10_000)
      ref = (await at.out.show({ ...mine(card), request: `r_${name}` as never }, at.rin, ref)) as CardRef
    }
    expect(at.house.slack.calls.filter((c) => c.method === "chat.update" && c.outcome !== "ok")).toEqual([])
    expect(dm()).toHaveLength(1)
  })
  test("reach nobody of another workspace, nobody unknown, no bot", async () => {
    for (const who of [
      `slack:T0PART/${at.house.rin.id}`,
      "forum:u_1",
      "slack:T0ACME/UNONE",
      `slack:T0ACME/${at.house.install.botUserId}`,
    ] as PersonId[]) {
      expect(await at.out.show(mine(), who, null)).toBe("unreachable")
      expect(await at.out.tell(who, { kind: "refused", words: "No." })).toBe("unreachable")
    }
  })
})

describe("private words", () => {
  test("go to a conversation that is opened once, and anew when it is not there", async () => {
    const say = (words: string) => at.out.tell(at.rin, { kind: "refused", words })
    const heard = () => at.house.rin.dm.map((m) => m.text)
    for (const words of ["One.", "Two."]) expect(await say(words)).toBe("told")
    expect(at.calls("conversations.open")).toHaveLength(1)
    at.house.slack.failNext("chat.postMessage", { error: "channel_not_found" })
    expect(await say("Three.")).toBe("told")
    expect(await say("Four.")).toBe("told")
    expect(at.calls("conversations.open")).toHaveLength(2)
    expect(heard()).toEqual(["One.", "Two.", "Three.", "Four."])
  })
  test("are not said again where Slack did not say whether they arrived", async () => {
    await at.out.tell(at.rin, { kind: "refused", words: "One." })
    at.house.slack.failNext("chat.postMessage", "failsButDone")
    await expect(at.out.tell(at.rin, { kind: "refused", words: "Two." })).rejects.toThrow()
    expect(at.house.rin.dm.map((m) => m.text)).toEqual(["One.", "Two."])
  })
  test("are for one pair of eyes, and call nobody", async () => {
    await at.house.bo.says(at.house.infra, "Me too", { thread: at.question })
    expect(await at.out.whisper(at.place, at.rin, "Stopped by <!channel> & &lt;Co&gt;.")).toBe("told")
    expect(at.house.rin.ephemeralsTo(at.house.infra)).toMatchObject([
      { text: "Stopped by &lt;!channel&gt; &amp; &lt;Co&gt;.", threadTs: at.question.ts },
    ])
    expect(await at.out.tell(at.rin, { kind: "retracted", reason: "wrong", url: "https://acme.slack.com/archives/C1/p1" })).toBe("told")
    expect(at.house.rin.dm.at(-1)?.text).toBe(
      "An answer that you acted on was retracted: wrong advice. <https://acme.slack.com/archives/C1/p1|Open it>",
    )
    expect(at.house.slack.rung).toEqual([])
    expect(at.house.infra.messages.filter((m) => m.bot !== null)).toEqual([])
  })
  test("in a direct message are a message there", async () => {
    const direct = { ...at.place, channel: at.house.rin.dmWith(at.house.install).id, thread: null }
    expect(await at.out.whisper(direct, at.rin, "No.")).toBe("told")
    expect(at.house.rin.dm.at(-1)?.text).toBe("No.")
  })
  test("reach nobody who is not in the channel", async () => {
    const out_of_it = at.house.slack.person({ team: at.house.team, name: "Out" })
    expect(await at.out.whisper(at.place, at.house.personId(out_of_it), "No.")).toBe("unreachable")
  })
  test("are never sent through response_url, and nothing but posts is public", async () => {
    await at.out.show({ ...cardFor(drafted, draftOf()), workspace: at.house.workspace, place: at.place }, at.rin, null)
    await at.out.whisper(at.place, at.rin, "No.")
    expect(at.house.slack.messages.filter((m) => m.via === "response_url")).toEqual([])
    expect(at.house.infra.messages.filter((m) => m.bot !== null)).toEqual([])
  })
})
test("App Home is published to one person", async () => {
  await at.out.publishHome(at.rin, { workspace: at.house.workspace, doors: [], may: "stop", cards: [], posts: [], help: "Help." })
  expect(at.house.rin.home?.definition["type"]).toBe("home")
})
test("a modal that comes too late is no fault", async () => {
  at.house.slack.failNext("views.open", { error: "expired_trigger_id" })
  await at.out.openReview({ workspace: at.house.workspace, trigger: "1.2.3", over: "page" }, perState.drafted)
})
/** A pointer is not waited for by anybody else. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5))
}
