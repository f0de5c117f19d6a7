// Slack does not say who somebody is: a click is refused in private and can be made again, nothing is decided by an old answer, and
// nothing that was typed is lost. Asks go on for a minute by what was heard last. Stops: stop-anyway.test.ts.
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
const limited = { retryAfterSeconds: 30 } as const
const says = () => h.rin.dm.map((m) => m.text).join("\n")
const at = async () => (await h.ledger.heads({})).map((head) => head.at)
const lately = (method: string) => h.slack.calls.filter((c) => c.method === method)
async function posted(): Promise<Message> {
  await h.rin.clicks(await card(), "approve")
  await h.settled()
  return posts(h)[0] as Message
}

describe.each<[string, Fault, string]>([
  ["has too many questions", limited, "Slack is busy, so nothing was changed. Try again in 30 seconds."],
  ["is in trouble", "500", "Slack is busy, so nothing was changed. Try again in 5 seconds."],
  ["does not answer", "failsAndNotDone", "Slack is busy, so nothing was changed. Try again in 5 seconds."],
])("Slack %s", (_why, fault, words) => {
  test.each(["approve", "discard"])("%s is refused privately, and can be clicked again", async (act) => {
    const seen = await card()
    const before = lately("users.info").length
    h.slack.failNext("users.info", fault)
    const { attempt } = await h.rin.clicks(seen, act)
    await h.settled()
    expect(attempt.outcome).toBe("acknowledged")
    expect(says()).toContain(words)
    expect(await at()).toEqual(["drafted"])
    expect(lately("users.info").length).toBe(before + 1)
    expect(h.infra.messages.filter((m) => m.bot !== null)).toEqual([])
    await h.rin.clicks(seen, act)
    await h.settled()
    expect(await at()).toEqual([act === "approve" ? "posted" : "declined"])
  })
  test("an edit that was sent stays in its form, and can be sent again", async () => {
    await h.rin.clicks(await card(), "edit")
    const form = h.rin.modal as NonNullable<typeof h.rin.modal>
    const field = JSON.stringify(form.definition).match(/"block_id":"(text:0:[^"]+)"/)?.[1] ?? ""
    h.slack.failNext("users.info", fault)
    expect(await h.rin.submits(form, { [field]: "My own words." })).toMatchObject({ outcome: "errors" })
    expect(JSON.stringify(h.rin.modal?.errors)).toContain(words)
    expect(await at()).toEqual(["drafted"])
    expect(await h.rin.submits(h.rin.modal as typeof form, { [field]: "My own words." })).toMatchObject({ outcome: "closed" })
    await h.settled()
    expect((await h.flow.inbox.queue(h.personId(h.rin)))[0]?.draft?.answer).toContain("My own words.")
  })
  test("a review without ticks stays open below the words", async () => {
    await card()
    await h.rin.clicks(h.rin.ephemeralsTo(h.infra).at(-1) as NonNullable<ReturnType<typeof h.rin.ephemeralsTo>[number]>, "review")
    const form = h.rin.modal as NonNullable<typeof h.rin.modal>
    h.slack.failNext("users.info", fault)
    await h.rin.submits(form, {})
    await h.settled()
    expect(JSON.stringify(h.rin.modal?.definition)).toContain(words)
    expect(await at()).toEqual(["drafted"])
    await h.rin.closes(h.rin.modal as typeof form)
    await h.rin.submits(form, {})
    await h.settled()
    expect(await at()).toEqual(["posted"])
  })
  test("a hint, a retraction and an admin's resume are refused", async () => {
    const post = await posted()
    await h.bo.slash("/countersign", "stop", h.infra)
    await h.settled()
    h.slack.failNext("users.info", fault)
    const { attempt } = await h.mira.slash("/countersign", "resume", h.infra)
    expect(JSON.stringify(attempt.answer)).toContain(words)
    expect(await h.flow.inbox.doors({ workspace: h.workspace, channel: h.infra.id })).toHaveLength(1)
    await h.mira.slash("/countersign", "resume", h.infra)
    await h.rin.shortcut("report_answer", post)
    const form = h.rin.modal as NonNullable<typeof h.rin.modal>
    h.slack.failNext("users.info", fault)
    expect(await h.rin.submits(form, { words: "It is wrong." })).toMatchObject({ outcome: "errors" })
    expect((await h.flow.inbox.posts(h.personId(h.rin), 1)).map((c) => c.phase)).toEqual(["settled"])
  })
  test("the menu's answers are said, not lost", async () => {
    const question = h.bo.says(h.infra, "How?")
    clock.advance(61_000)
    h.slack.failNext("users.info", fault)
    await h.rin.shortcut("draft_answer", question)
    await h.settled()
    expect(h.rin.ephemeralsTo(h.infra).map((m) => m.text)).toContain(words)
    expect(await at()).toEqual([])
  })
})

test("whoever is no member any more cannot use what Slack said before", async () => {
  const seen = await card()
  h.rin.user.guest = "multi"
  h.slack.failNext("users.info", limited)
  await h.rin.clicks(seen, "approve")
  await h.settled()
  expect(await at()).toEqual(["drafted"])
  await h.rin.clicks(seen, "approve")
  await h.settled()
  expect(await at()).toEqual(["drafted"])
})
test("a question that began before the click does not answer for it, nor for anything after it", async () => {
  const seen = await card()
  const hold = h.slack.holdNext("users.info", "after")
  clock.advance(61_000)
  h.rin.mention(h.infra, "and another?")
  await hold.arrived
  clock.advance(1_000)
  h.rin.user.guest = "multi"
  await h.rin.clicks(seen, "approve")
  hold.release()
  await h.settled()
  const [only, ...others] = await h.ledger.heads({})
  const entries = await h.ledger.read({ workspace: h.workspace, stream: only?.stream as NonNullable<typeof only>["stream"] })
  expect(entries.map((e) => e.fact.kind)).not.toContain("approved")
  expect(others).toEqual([])
})
test("what kind of place it is must be known, too", async () => {
  const seen = await card()
  clock.advance(61_000)
  h.slack.failNext("conversations.info", limited)
  await h.rin.clicks(seen, "approve")
  await h.settled()
  expect(says()).toContain("Try again in 30 seconds.")
  expect(await at()).toEqual(["drafted"])
})
test("an approval waits when Slack falls silent between the click and the post", async () => {
  const seen = await card()
  const hold = h.slack.holdNext("conversations.info", "after")
  clock.advance(61_000)
  const click = h.rin.clicks(seen, "approve")
  // The click's own question is answered; the post's is not.
  await hold.arrived
  h.slack.failNext("users.info", limited)
  hold.release()
  await click
  await h.settled()
  expect(await at()).toEqual(["approved"])
  expect(posts(h)).toEqual([])
})
test("what takes longer than Slack waits leaves the form open, and counts when it comes", async () => {
  await h.close()
  h = await openHouse({ options: { waitsMs: 700 } })
  await h.rin.clicks(await card(), "edit")
  const form = h.rin.modal as NonNullable<typeof h.rin.modal>
  const field = JSON.stringify(form.definition).match(/"block_id":"(text:0:[^"]+)"/)?.[1] ?? ""
  const hold = h.slack.holdNext("users.info", "after")
  expect(await h.rin.submits(form, { [field]: "My own words." })).toMatchObject({ outcome: "errors" })
  expect(JSON.stringify(h.rin.modal?.errors)).toContain("if nothing has changed there, send this again")
  hold.release()
  await h.settled()
  expect((await h.flow.inbox.queue(h.personId(h.rin)))[0]?.draft?.answer).toContain("My own words.")
})

describe("asks, of which nothing comes that is not judged again", () => {
  test("are taken for a minute by what was heard last", async () => {
    await card()
    clock.advance(59_000)
    h.slack.failNext("users.info", limited, limited)
    h.rin.mention(h.infra, "and this one?")
    await h.settled()
    expect(await at()).toEqual(["drafted", "drafted"])
  })
  test("and after that not at all, so that Slack brings them again", async () => {
    await h.close()
    h = await openHouse({ clock, by: "http" })
    await card()
    clock.advance(61_000)
    h.slack.failNext("users.info", limited)
    h.rin.mention(h.infra, "and this one?")
    await h.settled()
    expect(h.slack.deliveries.findLast((d) => d.name === "app_mention")?.attempts.map((a) => a.outcome)).toEqual(["http_error", "acknowledged"])
    expect(await at()).toEqual(["drafted", "drafted"])
  })
})
