// Forms that did not come from a page of ours, not from this person, or not for this text: a clear page, and nothing changes.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals"
import type { WorkspaceId } from "../../src/core/domain.ts"
import { type Answer, type Browser, type Forged, forms } from "./browser.ts"
import { type House, openHouse } from "./house.ts"

let house: House
let rin: Browser
let bo: Browser
let card: Answer
beforeAll(async () => {
  house = await openHouse()
  rin = await house.enter("Rin")
  bo = await house.enter("Bo")
  await rin.submit(await rin.open("/t/welcome"), "/draft")
  await house.flow.idle()
  card = await rin.open("/t/welcome")
})
afterAll(() => house.close())

/** Everything that a form could change, as one text. */
async function everything(): Promise<string> {
  const entries = await house.ledger.entries("forum" as WorkspaceId, 0, 1_000)
  const tables = ["forum_person", "forum_topic", "forum_message", "forum_post", "forum_key", "forum_note", "forum_session"]
  const rows = []
  for (const table of tables)
    rows.push(await house.database.db.withTables<Record<string, Record<string, unknown>>>().selectFrom(table).selectAll().execute())
  return JSON.stringify([entries, rows])
}
let before = ""
beforeEach(async () => {
  before = await everything()
})
afterEach(async () => expect(await everything()).toBe(before))

const formFor = (page: Answer, action: string) => {
  const form = forms(page.text).find((f) => f.action.endsWith(action))
  if (form === undefined) throw new Error(`no form for ${action}`)
  return form
}
const actions = ["/approve", "/edit", "/redraft", "/decline", "/draft", "/reply", "/stop"]

describe.each(actions)("a forged %s", (action) => {
  const send = (from: Browser, change: Record<string, string>, forged: Forged = {}) => {
    const { action: path, fields } = formFor(card, action)
    return from.post(path, { ...fields, text: "changed", ...change }, forged)
  }
  test.each<[string, () => Promise<Answer>, number]>([
    ["without the session's token", () => send(rin, { csrf: "" }), 403],
    ["with somebody else's token", async () => send(rin, { csrf: formFor(await bo.open("/new"), "/new").fields.csrf ?? "" }), 403],
    ["from another origin", () => send(rin, {}, { origin: "https://evil.example" }), 403],
    ["from an opaque origin", () => send(rin, {}, { origin: "null" }), 403],
    ["without an origin", () => send(rin, {}, { origin: null }), 403],
    ["without a session", () => send(rin, {}, { cookie: "" }), 401],
    ["with a session that never was", () => send(rin, {}, { cookie: rin.cookie.replace(/=.*/, "=forged") }), 401],
    ["for another host", () => send(rin, {}, { host: "evil.example", origin: "http://evil.example" }), 421],
    ["for localhost, where forms are not ours", () => send(rin, {}, { host: house.origin.replace("http://127.0.0.1", "localhost") }), 421],
  ])("%s", async (_how, act, status) => {
    const answer = await act()
    expect(answer.status).toBe(status)
    expect(answer.text).toMatch(/nothing was changed|answers at/i)
  })
})

describe("decisions on a draft", () => {
  const csrfOf = async (who: Browser) => formFor(await who.open("/new"), "/new").fields.csrf ?? ""
  test.each(["approve", "edit", "redraft", "decline", "cancel", "resolve", "preview"])("%s by another person, who learns nothing", async (act) => {
    const { action, fields } = formFor(card, "/approve")
    const answer = await bo.post(action.replace("approve", act), { ...fields, csrf: await csrfOf(bo), text: "mine", attempt: "A", as: "posted" })
    const never = await bo.post(`/c/r_0000/${act}`, { ...fields, csrf: await csrfOf(bo), text: "mine", attempt: "A", as: "posted" })
    expect(answer.status).toBe(404)
    expect(answer.text).toContain("There is no such draft for you")
    expect(answer.text.replaceAll("Bo", "")).toBe(never.text.replaceAll("Bo", ""))
  })
  test.each(["approve", "edit", "redraft", "decline"])("%s with the digest of another text", async (act) => {
    const { action, fields } = formFor(card, `/${act}`)
    const answer = await rin.post(action, { ...fields, text: "what I wrote meanwhile", digest: "another" })
    expect(answer.status).toBe(409)
    expect(answer.text).toContain("The draft changed after you opened it")
    if (act === "edit") expect(answer.text).toContain("what I wrote meanwhile")
  })
  test("resolving what is not unclear", async () => {
    const { action, fields } = formFor(card, "/approve")
    const answer = await rin.post(action.replace("approve", "resolve"), { ...fields, attempt: "01ARZ", as: "posted" })
    expect(answer.status).toBe(409)
  })
})

test.each([
  ["the session has ended", { cookie: "" }],
  ["the token is wrong", { origin: "https://evil.example" }],
])("a reply comes back with its text when %s", async (_why, forged) => {
  const { action, fields } = formFor(card, "/reply")
  const answer = await rin.post(action, { ...fields, text: "an hour's <work>" }, forged)
  expect(answer.text).toContain("an hour&#39;s &lt;work&gt;")
})
test("a message of 200 kB gets a sentence, and comes back whole", async () => {
  const long = `${"ä<".repeat(66_000)}end`
  const { action, fields } = formFor(card, "/reply")
  const answer = await rin.post(action, { ...fields, text: long })
  expect(answer.status).toBe(422)
  expect(answer.text).toContain("A message has at most 40,000 characters; this one has 132,003.")
  expect(forms(answer.text).find((f) => f.action.endsWith("/reply"))?.fields.text).toBe(long)
})
test("a form larger than any text gets a sentence, too", async () => {
  const { action, fields } = formFor(card, "/reply")
  const answer = await rin.post(action, { ...fields, text: "x".repeat(5_000_000) })
  expect(answer.status).toBe(413)
  expect(answer.text).toContain("your text is still in the form")
})
test.each(["/stop", "/enter"])("%s of very many fields is refused before it is taken apart, whoever sends it", async (path) => {
  const answer = await house.visitor().post(path, Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [`a${i}`, ""])))
  expect([answer.status, answer.text]).toEqual([413, expect.stringContaining("more than this server takes")])
})
test("a form whose length is not said beforehand arrives all the same, and is cut off where it gets too long", async () => {
  const { csrf = "" } = formFor(card, "/reply").fields
  expect((await rin.inPieces("/notes/away", [`csrf=${csrf}&i`, "d=0"])).status).toBe(303)
  expect((await rin.inPieces("/notes/away", [`csrf=${csrf}`, "&id=0".repeat(900_000)])).status).toBe(413)
})
test("a body of another kind than a form's is no form", async () => {
  const { csrf = "" } = formFor(card, "/reply").fields
  const part = `--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n${csrf}\r\n--x--`
  expect((await rin.inPieces("/stop", [part], "multipart/form-data; boundary=x")).status).toBe(403)
})
test.each(["/people/invite", "/people/remove"])("%s by somebody who is no admin", async (path) => {
  const csrf = formFor(await bo.open("/new"), "/new").fields.csrf ?? ""
  const answer = await bo.post(path, { csrf, uses: "1", person: "x" })
  expect(answer.status).toBe(403)
  expect(answer.text).toContain("Only admins can do that")
})
test("localhost leads to the origin; any other host is refused, whatever it asks for", async () => {
  const port = new URL(house.origin).port
  const near = await rin.get("/t/welcome?from=1", { host: `localhost:${port}` })
  expect([near.status, near.location]).toEqual([302, `${house.origin}/t/welcome?from=1`])
  for (const host of ["evil.example", `evil.example:${port}`, "localhost", "127.0.0.1:1", "localhost.evil.example", "[::1]"])
    expect((await rin.get("/", { host })).status).toBe(421)
})
test("somebody who is not signed in sees no page, no part and no stream", async () => {
  const paths = [
    "/",
    "/t/welcome",
    "/new",
    "/queue",
    "/people",
    "/live",
    "/part/topics",
    "/part/messages/welcome?after=0",
    "/part/cards/welcome",
    "/part/notes",
    "/part/doors",
    "/nowhere",
  ]
  for (const path of paths) {
    const answer = await house.visitor().get(path)
    expect([path, answer.status]).toEqual([path, 401])
    expect(answer.text).not.toMatch(/Draft an answer|welcome|Rin/)
  }
})

test("the way back from a form leads to a page of ours only", async () => {
  const { csrf = "" } = formFor(card, "/reply").fields
  const from = (referer: string) => rin.post("/notes/away", { csrf, id: "0" }, { headers: { referer } })
  for (const [referer, to] of [
    [`${house.origin}/t/welcome?from=1`, "/t/welcome?from=1"],
    [`${house.origin}//evil.example/x`, "/"],
    [`${house.origin}/\\evil.example`, "/"],
    ["https://evil.example/t/welcome", "/"],
  ])
    expect((await from(referer ?? "")).location).toBe(to)
})
