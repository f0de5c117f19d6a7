// The console: what each viewer sees, and a stop that only those who take part can give.
import { afterEach, beforeEach, expect, test } from "@jest/globals"
import { DraftingFault } from "../../src/core/ports.ts"
import { bo, mira, rin } from "../harness/walk.ts"
import { csrfOf, type House, openHouse } from "./house.ts"

let house: House
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.close())

const stopForm = (who = rin, more: Record<string, string> = {}) => ({ csrf: csrfOf(who), workspace: "*", why: "odd answers", ...more })
const stops = async () => (await house.walk.flow.inbox.doors({ workspace: house.walk.place.workspace, channel: null })).length

test("strangers are asked to sign in, and are told nothing", async () => {
  await house.walk.ask()
  const answer = await house.get("/console")
  expect(answer.status).toBe(401)
  expect(await answer.text()).not.toContain("Rin")
})
test("a member sees posts and the switch, but not who waits for a draft", async () => {
  await house.walk.decide(await house.walk.ask(), { act: "approve" })
  await house.walk.ask(rin, "g2", "q1")
  const page = await house.page("/console", bo)
  expect(page).toContain("Stop posting now")
  expect(page).toContain("Posted in the last day")
  expect(page).not.toContain("waiting for a decision")
  expect(page).not.toContain("Refusals and incidents")
})
test("nothing on a member's console changes when somebody else asks", async () => {
  const page = async () => (await house.page("/console", bo)).replace(/answered in [\d.]+ ms/, "")
  const before = await page()
  await house.walk.ask()
  expect(await page()).toBe(before)
})
test("an admin sees what waits for whom, with the way to its entries", async () => {
  const request = await house.walk.ask()
  const page = await house.page("/console", mira)
  expect(page).toContain("waiting for a decision")
  expect(page).toContain("Rin")
  const entries = await house.page(`/console/entries/board/${request}`, mira)
  for (const kind of ["asked", "drafted", "cardShown"]) expect(entries).toContain(`<b>${kind}</b>`)
})
test("entries are for the people in charge", async () => {
  const request = await house.walk.ask()
  expect((await house.get(`/console/entries/board/${request}`, bo)).status).toBe(403)
  expect((await house.get(`/console/entries/board/${request}`)).status).toBe(401)
})
test("a fault of the drafter, a report and a retraction are incidents", async () => {
  house.walk.drafter.next(new DraftingFault("timeout"))
  await house.walk.ask(rin, "g0")
  const request = await house.walk.ask(rin, "g1")
  await house.walk.decide(request, { act: "approve" })
  const on = { workspace: house.walk.place.workspace, post: { id: house.walk.board.posts[0]?.id ?? "" } }
  await house.walk.flow.inbox.report({ ...on, by: bo, why: null })
  await house.walk.flow.inbox.retract({ ...on, by: rin, reason: "wrong", words: null })
  const page = await house.page("/console", mira)
  for (const words of [
    "The drafter failed: timeout",
    "the drafter failed once in the last week",
    "A reader reported a problem",
    "An answer was retracted",
  ])
    expect(page).toContain(words)
})
test("the trends count each day's questions and decisions", async () => {
  await house.walk.decide(await house.walk.ask(rin, "g1"), { act: "approve" })
  await house.walk.decide(await house.walk.ask(rin, "g2"), { act: "decline" })
  const page = await house.page("/console", mira)
  expect(page).toContain('aria-label="Asked, the last 14 days: 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2"')
  expect(page).toContain('aria-label="Declined, the last 14 days: 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1"')
  await house.walk.ask(rin, "g3")
  expect(await house.page("/console", mira)).toContain('0, 0, 3"')
})

test("whoever may ask may stop, with a reason that everyone sees", async () => {
  expect((await house.post("/console/stop", rin, stopForm())).status).toBe(303)
  expect(await stops()).toBe(1)
  const page = await house.page("/console", bo)
  expect(page).toContain("Stopped everywhere")
  expect(page).toContain("“odd answers”")
  expect(page).not.toContain("/console/resume")
})
test.each([
  ["without signing in", null, stopForm(), {}, 401],
  ["with another person's token", bo, stopForm(rin), {}, 403],
  ["from another site", rin, stopForm(), { origin: "https://evil.example" }, 403],
  ["without saying where", rin, stopForm(rin, { workspace: "" }), {}, 400],
])("a stop %s changes nothing", async (_how, who, form, headers, status) => {
  expect((await house.post("/console/stop", who, form, headers)).status).toBe(status)
  expect(await stops()).toBe(0)
})
test("only an admin resumes", async () => {
  await house.post("/console/stop", rin, stopForm())
  const refused = await house.post("/console/resume", rin, stopForm())
  expect(refused.status).toBe(409)
  expect(await refused.text()).toContain("Only an admin can resume")
  expect(await stops()).toBe(1)
  expect((await house.post("/console/resume", mira, stopForm(mira))).status).toBe(303)
  expect(await stops()).toBe(0)
})
test("a stop of one place is shown on the console, and resumed from there", async () => {
  await house.walk.flow.inbox.stop({ by: rin, scope: { workspace: house.walk.place.workspace, channel: "t1" }, why: null, from: house.walk.place })
  expect(await house.page("/console", mira)).toContain("Stopped in one place of board")
  await house.post("/console/resume", mira, { csrf: csrfOf(mira), workspace: "board", place: "t1" })
  expect(await house.page("/console", mira)).toContain("Posting is open")
})
test("a request under another name of the host is turned away", async () => {
  expect((await house.get("/console", mira, { host: "evil.example" })).status).toBe(421)
})

test("a stop of a workspace that does not exist makes no log for it", async () => {
  const before = await house.ledger.sizes()
  const answer = await house.post("/console/stop", rin, stopForm(rin, { workspace: "../made-up" }))
  expect(answer.status).toBe(400)
  expect(await house.ledger.sizes()).toEqual(before)
})
