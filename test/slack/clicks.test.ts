// Clicks that must not post: a stranger's, one on an old card, one after the end, and the same one again and again.
import { afterEach, describe, expect, test } from "@jest/globals"
import type { Digest } from "../../src/core/domain.ts"
import { FakeClock } from "../fakes/clock.ts"
import type { Message } from "../fakes/slack/state.ts"
import { useStores } from "../harness/ledgers.ts"
import { type House, type HouseOptions, openHouse, posts } from "./house.ts"

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
async function house(o: HouseOptions = {}): Promise<House> {
  const made = await openHouse(o)
  closing.push(() => made.close())
  return made
}
/** Rin's card, as she sees it now: a copy, since a screen may be old. */
async function card(h: House): Promise<Message> {
  h.rin.mention(h.infra, "how do I rotate it?")
  await h.settled()
  return { ...(h.rin.dm.findLast((m) => JSON.stringify(m.blocks).includes('"approve"')) as Message) }
}
const told = (messages: readonly { readonly text: string }[]) => messages.map((m) => m.text).join("\n")
const stores = useStores()

describe("the same click again", () => {
  test.each([["socket" as const], ["http" as const]])("100 times, by %s: one post, one approval, the same answer", async (by) => {
    const h = await house({ by })
    const seen = await card(h)
    const { delivery } = await h.rin.clicks(seen, "approve")
    const answers = await h.slack.replay(delivery, 100)
    await h.settled()
    expect(new Set(answers)).toEqual(new Set<number | string>([by === "http" ? 200 : "acknowledged"]))
    expect(posts(h)).toHaveLength(1)
    const [head] = await h.ledger.heads({ at: ["posted"] })
    const kinds = (await h.ledger.read({ workspace: h.workspace, stream: head?.stream ?? ("" as never) })).map((e) => e.fact.kind)
    expect(kinds.filter((k) => k === "approved" || k === "postingBegun" || k === "posted")).toEqual(["approved", "postingBegun", "posted"])
    expect(
      h.slack.calls.filter((c) => c.method === "chat.postMessage" && JSON.stringify(c.args["metadata"] ?? null).includes("ai_label")),
    ).toHaveLength(1)
  })
  test("10,000 times, signed, over HTTP: one post", async () => {
    const h = await house({ by: "http" })
    const seen = await card(h)
    const { delivery } = await h.rin.clicks(seen, "approve")
    for (let i = 0; i < 100; i += 1) await h.slack.replay(delivery, 100)
    await h.settled()
    expect(posts(h)).toHaveLength(1)
  }, 60_000)
  test("many at once, before any was answered, and after a restart: one post", async () => {
    const place = await stores.place("sqlite")
    const first = await openHouse({ by: "http", where: place.where })
    const seen = await card(first)
    const { delivery } = await first.rin.clicks(seen, "approve")
    await first.settled()
    await first.leave()
    const second = await house({ by: "http", where: place.where, town: first })
    await second.slack.replay(delivery, 64)
    await second.settled()
    expect(posts(second)).toHaveLength(1)
  })
})

describe("somebody else's click", () => {
  test("approves nothing, and they alone are told so", async () => {
    const h = await house()
    const seen = await card(h)
    // Slack shows nobody else the card: a forged click in Bo's name, on the value that was on Rin's.
    h.infra.messages.push({ ...seen, channel: h.infra.id })
    await h.bo.clicks({ ...seen, channel: h.infra.id }, "approve")
    await h.settled()
    h.infra.messages.pop()
    expect(posts(h)).toEqual([])
    expect(told(h.bo.ephemeralsTo(h.infra))).toContain("belongs to somebody else")
    expect(h.infra.messages.filter((m) => m.bot !== null)).toEqual([])
  })
  test("a person who was deactivated, or became a guest, since the card was shown approves nothing", async () => {
    const h = await house()
    const seen = await card(h)
    h.rin.user.guest = "multi"
    await h.rin.clicks(seen, "approve")
    await h.settled()
    expect(posts(h)).toEqual([])
    h.rin.user.guest = "none"
    h.rin.user.deleted = true
    await h.rin.clicks(seen, "approve")
    await h.settled()
    expect(posts(h)).toEqual([])
    // Not even an approval that is voided later.
    expect(await h.ledger.heads({})).toMatchObject([{ at: "drafted" }])
    const [head] = await h.ledger.heads({})
    const kinds = (await h.ledger.read({ workspace: h.workspace, stream: head?.stream ?? ("" as never) })).map((e) => e.fact.kind)
    expect(kinds).not.toContain("approved")
  })
})

test("a card of another workspace is none of this one's", async () => {
  const h = await house()
  const seen = await card(h)
  const forged = JSON.parse(JSON.stringify(seen.blocks).replaceAll(h.workspace, "slack:T0OTHER")) as Message["blocks"]
  await h.rin.clicks({ ...seen, blocks: forged }, "approve")
  await h.settled()
  expect(posts(h)).toEqual([])
  expect(told(h.rin.dm)).toContain("This card is out of date")
})
test.each(["review", "edit", "redraft"])("nor is a form of %s that names another workspace", async (act) => {
  const h = await house()
  const seen = await card(h)
  const opened = act === "review" ? h.rin.ephemeralsTo(h.infra)[0] : seen
  await h.rin.clicks(opened as Message, act)
  await h.settled()
  const form = h.rin.modal as NonNullable<typeof h.rin.modal>
  Object.assign(form.definition, { private_metadata: String(form.definition["private_metadata"]).replace(h.workspace, "slack:T0OTHER") })
  await h.rin.submits(form)
  await h.settled()
  expect(JSON.stringify(h.rin.modal?.definition)).toContain("This card is out of date")
  expect(await h.ledger.heads({})).toMatchObject([{ at: "drafted" }])
})
test("nor a post of another workspace, on a button or in a form", async () => {
  const h = await house()
  await h.rin.clicks(await card(h), "approve")
  await h.settled()
  await h.rin.opensHome()
  await h.settled()
  const home = h.rin.home as NonNullable<typeof h.rin.home>
  await h.rin.clicks(home, "retract")
  await h.settled()
  const form = h.rin.modal as NonNullable<typeof h.rin.modal>
  Object.assign(form.definition, { private_metadata: String(form.definition["private_metadata"]).replace(h.workspace, "slack:T0OTHER") })
  await h.rin.submits(form, { reason: "wrong" })
  await h.settled()
  expect(JSON.stringify(h.rin.modal?.definition)).toContain("This card is out of date")
  const forged = JSON.parse(JSON.stringify(home.definition).replaceAll(h.workspace, "slack:T0OTHER")) as typeof home.definition
  await h.rin.clicks({ ...home, definition: forged }, "retract")
  await h.settled()
  expect(told(h.rin.dm)).toContain("This card is out of date")
  expect(await h.ledger.heads({})).toMatchObject([{ at: "posted" }])
})
test("a click that opens a modal opens it once, however often it comes", async () => {
  const h = await house()
  const seen = await card(h)
  const { delivery } = await h.rin.clicks(seen, "edit")
  await h.slack.replay(delivery, 20)
  await h.settled()
  expect(h.slack.calls.filter((c) => c.method === "views.open")).toHaveLength(1)
})

describe("a click too late", () => {
  test("on an old card approves nothing; the new card posts the new text", async () => {
    const h = await house()
    const old = await card(h)
    await h.rin.clicks(old, "redraft")
    await h.rin.submits(h.rin.modal as NonNullable<typeof h.rin.modal>, { words: "shorter" })
    await h.settled()
    await h.rin.clicks(old, "approve")
    await h.settled()
    expect(posts(h)).toEqual([])
    expect(told(h.rin.dm)).toContain("The draft changed after you opened it")
    await h.rin.clicks(h.rin.dm.find((m) => m.ts === old.ts) as Message, "approve")
    await h.settled()
    expect(posts(h)).toHaveLength(1)
    expect(JSON.stringify(posts(h)[0]?.blocks)).toContain("Answer 2 (shorter)")
  })
  test("on an old edit changes nothing, and what was typed stays there to be copied", async () => {
    const h = await house()
    const old = await card(h)
    await h.rin.clicks(old, "edit")
    const form = h.rin.modal as NonNullable<typeof h.rin.modal>
    const [before] = await h.flow.inbox.queue(h.personId(h.rin))
    const by = { person: h.personId(h.rin), name: "Rin", auth: "slack" as const }
    const on = { by, workspace: h.workspace, request: before?.request as NonNullable<typeof before>["request"] }
    await h.flow.inbox.decide({ ...on, digest: before?.draft?.digest as Digest, act: "redraft", hint: null })
    await h.settled()
    expect(await h.rin.submits(form, { text: "What Rin typed." })).toMatchObject({ outcome: "errors" })
    expect(h.rin.modal?.definition["callback_id"]).toBe("edit_modal")
    expect(JSON.stringify(h.rin.modal?.errors)).toContain("The draft changed after you opened it")
    expect((await h.flow.inbox.queue(h.personId(h.rin)))[0]?.draft?.answer).not.toContain("typed")
  })
  test("after a restart it still posts, once", async () => {
    const place = await stores.place("sqlite")
    const first = await openHouse({ where: place.where })
    const seen = await card(first)
    await first.leave()
    const second = await house({ where: place.where, town: first })
    await second.rin.clicks(seen, "approve")
    await second.settled()
    expect(posts(second)).toHaveLength(1)
  })
  test("after the draft has expired it posts nothing", async () => {
    const clock = new FakeClock(Date.now())
    const h = await house({ clock, policy: { draftTtlMs: 3_600_000 } })
    const seen = await card(h)
    clock.advance(3_600_001)
    await h.rin.clicks(seen, "approve")
    await h.settled()
    expect(posts(h)).toEqual([])
    expect(told(h.rin.dm)).toContain("expired")
  })
  test("after a stop it posts nothing; after the stop was lifted it posts", async () => {
    const h = await house()
    await h.flow.start()
    const seen = await card(h)
    await h.bo.slash("/countersign", "stop it is wrong", h.infra)
    await h.settled()
    await h.rin.clicks(seen, "approve")
    await h.settled()
    expect(posts(h)).toEqual([])
    await h.rin.slash("/countersign", "resume", h.infra)
    expect(told(h.rin.ephemeralsTo(h.infra))).toContain("Only an admin can resume")
    await h.mira.slash("/countersign", "resume", h.infra)
    const now = () => h.rin.dm.find((m) => m.ts === seen.ts) as Message
    while (!JSON.stringify(now().blocks).includes('"approve"')) await h.settled()
    await h.rin.clicks(now(), "approve")
    await h.settled()
    expect(posts(h)).toHaveLength(1)
  })
})
