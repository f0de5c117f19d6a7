import { afterEach, expect, test } from "@jest/globals"
import type { PersonId, RequestId } from "../../src/core/domain.ts"
import { permitLifeMs } from "../../src/core/permit.ts"
import { DraftingFault } from "../../src/core/ports.ts"
import { FakeClock } from "../fakes/clock.ts"
import { forms } from "./browser.ts"
import { type House, openHouse } from "./house.ts"
import { verifyPosts } from "./verified.ts"

let house: House
afterEach(() => house.close())

test("the whole walk: asking on the welcome topic, a private card, approving, a labelled post for everyone", async () => {
  house = await openHouse()
  house.drafter.next({ answer: "First you ask, then you **approve**.", sources: [] })
  const rin = await house.enter("Rin")
  const bo = await house.enter("Bo")

  const asked = await rin.submit(await rin.open("/t/welcome"), "/draft")
  await house.flow.idle()
  const page = await rin.open(asked.status === 200 ? "/t/welcome" : "/")
  expect(page.text).toContain("Only you can see this")
  expect(page.text).toContain("First you ask, then you <strong>approve</strong>.")
  expect(page.text).toContain("Approve and post to this topic (2 people)")
  expect((await bo.open("/t/welcome")).text).not.toContain("First you ask")

  await rin.submit(page, "/approve")
  await house.flow.idle()
  for (const reader of [rin, bo]) {
    const thread = await reader.open("/t/welcome")
    expect(thread.text).toContain("First you ask, then you <strong>approve</strong>.")
    expect(await verifyPosts(house, thread.text)).toBe("valid")
  }
})

test.each([
  ["a drafter that fails", new DraftingFault("unavailable"), "There is no draft: the model did not answer."],
  ["a drafter that declines", "declined" as const, "Nothing fits this question, so there is no draft."],
])("%s is told of on whatever page one comes to, once, also without scripts", async (_what, answer, words) => {
  house = await openHouse()
  house.drafter.next(answer)
  const rin = await house.enter("Rin")
  const bo = await house.enter("Bo")
  await rin.submit(await rin.open("/new"), "/new", { title: "How?", text: "@countersign how?" })
  await house.flow.idle()
  for (const path of ["/", "/queue", "/t/welcome"]) expect((await rin.open(path)).text.split(words)).toHaveLength(2)
  expect((await bo.open("/")).text).not.toContain(words)
  const [, card] = /<a href="(\/c\/[^"]+)">Open<\/a>/.exec((await rin.open("/")).text) ?? []
  expect((await rin.open(card ?? "")).text.split(words)).toHaveLength(3)
})
test("a question that asks for a draft leads to its card, wherever that stands by then, and is told of once however often it is shown", async () => {
  house = await openHouse()
  house.drafter.next("declined")
  const rin = await house.enter("Rin")
  const form = forms((await rin.open("/new")).text).find((f) => f.action.endsWith("/new"))
  const { location } = await rin.post("/new", { ...form?.fields, title: "How?", text: "@countersign how?" })
  await house.flow.idle()
  const words = "Nothing fits this question, so there is no draft."
  expect((await rin.open(location.replace(house.origin, ""))).text.split(words)).toHaveLength(3)
  const [head] = await house.ledger.heads({})
  const { workspace, stream, person } = head as NonNullable<typeof head>
  const who = (await house.ledger.person(person))?.person as PersonId
  const card = await house.flow.inbox.card(workspace, stream as RequestId, who)
  await house.forum.show(card as NonNullable<typeof card>, who, null)
  expect((await rin.open("/")).text.split(words)).toHaveLength(2)
})
test("what a person ended themselves is not told to them again", async () => {
  house = await openHouse()
  const rin = await house.enter("Rin")
  await rin.submit(await rin.open("/t/welcome"), "/draft")
  await house.flow.idle()
  await rin.submit(await rin.open("/t/welcome"), "/decline")
  await house.flow.idle()
  expect((await rin.open("/")).text).not.toContain("Discarded")
})

test("what the forum's no to a post was stands on the card and in a private note", async () => {
  const clock = new FakeClock()
  const forumsOwn = new FakeClock()
  house = await openHouse({ clock, forum: { clock: forumsOwn } })
  const rin = await house.enter("Rin")
  await rin.submit(await rin.open("/t/welcome"), "/draft")
  await house.flow.idle()
  const card = await rin.open("/t/welcome")
  forumsOwn.advance(permitLifeMs)
  await rin.submit(card, "/approve")
  await house.flow.idle()
  const page = (await rin.open("/t/welcome")).text
  expect(page).toContain("so nothing was posted. The forum took too long to take it. Approve it to try again")
  expect(page).toContain("the platform refused it. The forum took too long to take it. Its draft waits for you again.")
  expect(page).toMatch(/waits for you again\. [^\n]*<a href="\/queue">Open<\/a>/)
})
