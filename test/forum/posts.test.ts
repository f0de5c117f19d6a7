// What readers and approvers say of a post, and what is left when it is retracted.
import { afterEach, beforeEach, expect, test } from "@jest/globals"
import type { WorkspaceId } from "../../src/core/domain.ts"
import { permitLifeMs } from "../../src/core/permit.ts"
import { PostRefused } from "../../src/core/ports.ts"
import { readHtml } from "../../src/label/read/html.ts"
import { FakeClock } from "../fakes/clock.ts"
import { catchPermit } from "../harness/permits.ts"
import type { Answer, Browser } from "./browser.ts"
import { type House, openHouse } from "./house.ts"

let house: House
let admin: Browser
let rin: Browser
let bo: Browser
beforeEach(async () => {
  house = await openHouse()
  admin = await house.enter("Admin Ada")
  rin = await house.enter("Rin")
  bo = await house.enter("Bo")
  house.drafter.next({ answer: "Turn it **off**.", sources: [] })
  await rin.submit(await rin.open("/t/welcome"), "/draft")
  await house.flow.idle()
  await rin.submit(await rin.open("/t/welcome"), "/approve")
  await house.flow.idle()
})
afterEach(() => house.close())
const thread = (who: Browser) => who.open("/t/welcome")
const permalink = async () => /<article class="message post[^>]*id="m-([^"]+)"/.exec((await thread(bo)).text)?.[1] ?? ""

test("a post carries its label in every form: lines, attributes, JWS, linked data, and a meta on its own page", async () => {
  const page = await bo.open(`/m/${await permalink()}`)
  expect(page.text).toMatch(/<meta name="ai-disclosure" content="ai-assisted"/)
  expect(page.text).toMatch(/<article [^>]*ai-disclosure="ai-assisted" ai-model="parrot-1" ai-provider="test"/)
  expect(page.text).toContain('"digitalSourceType":"http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"')
  const [post] = readHtml(page.text)
  expect(post?.whole).toMatch(/^✦ AI-generated · approved by Rin · not edited · .*\nTurn it off\.\n✦ AI-generated · approved by Rin /)
  expect(post?.jws).toMatch(/^ey/)
})
test("nothing in a label can end the element that it travels in", async () => {
  const db = house.database.db.withTables<{ forum_post: { claims: string } }>()
  const { claims } = await db.selectFrom("forum_post").select("claims").executeTakeFirstOrThrow()
  await db
    .updateTable("forum_post")
    .set({ claims: claims.replace("countersign/test", "</script><h1>out</h1>") })
    .execute()
  expect((await thread(bo)).text).not.toContain("<h1>out")
})
test("the approver and moderators can retract, others cannot; the text goes and the frame says so", async () => {
  const id = await permalink()
  expect((await thread(bo)).text).not.toContain(`/m/${id}/retract`)
  const csrf = /name="csrf" value="([^"]+)"/.exec((await thread(bo)).text)?.[1] ?? ""
  const refused = await bo.post(`/m/${id}/retract`, { csrf, reason: "wrong" })
  expect([refused.status, refused.text.includes("Only the person who approved this post")]).toEqual([409, true])
  expect((await thread(admin)).text).toContain(`/m/${id}/retract`)

  const stream = bo.listen("/live?topic=welcome")
  await stream.opened
  await rin.submit(await thread(rin), "/retract", { reason: "unsafe", words: "" })
  await house.flow.idle()
  await stream.until("event: changed")
  stream.close()
  const left: Answer = await thread(bo)
  expect(left.text).not.toContain("Turn it")
  expect(left.text).toMatch(/Retracted by Rin at \d\d:\d\d: not safe to follow\. If you acted on it, say so here\./)
  expect(readHtml(left.text)).toEqual([])
})
test("what a post was retracted for stays, whoever asks again", async () => {
  const post = { workspace: "forum" as WorkspaceId, id: await permalink(), url: null }
  await house.forum.withdraw(post, { kind: "retracted", reason: "outdated", at: 1, by: "Rin" })
  await house.forum.withdraw(post, { kind: "retracted", reason: "unsafe", at: 2, by: "Eve" })
  expect((await thread(bo)).text).toMatch(/Retracted by Rin at \d\d:\d\d: out of date/)
})
test("a post that had to wait until its permit died is not made", async () => {
  const clock = new FakeClock()
  const late = await openHouse({ clock })
  const closing: (() => Promise<void>)[] = [() => late.close()]
  const ada = await late.enter("Ada")
  const member = await late.forum.viewer(new Request(late.origin, { headers: { cookie: ada.cookie } }))
  if (member === null) throw new Error("not signed in")
  const message = /id="m-([^"]+)"/.exec((await ada.open("/t/welcome")).text)?.[1] ?? ""
  const place = { platform: "forum", workspace: "forum" as WorkspaceId, channel: "welcome", thread: null }
  const { permit, attempt, label } = await catchPermit({ platform: late.forum, clock, place, message, member, answer: "Late." }, closing)
  const posting = late.forum.publish(permit, new AbortController().signal)
  clock.advance(permitLifeMs)
  await expect(posting).rejects.toThrow(PostRefused)
  expect(await late.forum.findPosted(attempt, place, label)).toBe("absent")
  expect((await ada.open("/t/welcome")).text).not.toContain("Late.")
  for (const close of closing.reverse()) await close()
})
test("a report reaches who approved it; whoever acted on it learns of its retraction; nobody else does", async () => {
  await bo.submit(await thread(bo), "/report", { why: "It is on." })
  await bo.submit(await thread(bo), "/acted")
  await house.flow.idle()
  expect((await rin.open("/")).text).toContain("Somebody reported a problem with an answer that you approved")
  await rin.submit(await thread(rin), "/retract", { reason: "wrong" })
  await house.flow.idle()
  expect((await bo.open("/")).text).toContain("An answer that you acted on was retracted: wrong advice.")
  expect((await admin.open("/")).text).not.toContain("Only you can see this")
})
test("notes are put away by who they are for", async () => {
  await rin.submit(await thread(rin), "/acted")
  await bo.submit(await thread(bo), "/acted")
  const noted = await bo.open("/")
  expect(noted.text).toContain("Noted. You are told here")
  expect((await bo.submit(noted, "/notes/away")).text).not.toContain("Noted.")
  expect((await rin.open("/")).text).toContain("Noted.")
})
test("an edit shows its preview and difference, makes a new revision, and the label says so", async () => {
  house.drafter.next({ answer: "Turn it off and on again after ten seconds, then look at the light on its left side.", sources: [] })
  await bo.submit(await thread(bo), "/draft")
  await house.flow.idle()
  const text = "Turn it off and on again after twenty seconds, then look at the light on its left side."
  const page = await thread(bo)
  const edit = { text }
  const { forms } = await import("./browser.ts")
  const form = forms(page.text).find((f) => f.action.endsWith("/edit"))
  const preview = await bo.post(form?.action.replace("/edit", "/preview") ?? "", { ...form?.fields, ...edit })
  expect(preview.text).toContain("<del>ten</del><ins>twenty</ins>")
  expect(preview.text).toContain(`>${text}</textarea>`)
  const saved = await bo.submit(page, "/edit", edit)
  await house.flow.idle()
  expect(saved.status).toBe(200)
  const again = await thread(bo)
  expect(again.text).toContain("revision 2")
  expect(again.text).toContain("edited by a person")
  await bo.submit(again, "/approve")
  await house.flow.idle()
  expect((await thread(rin)).text).toContain("after twenty seconds")
})
test("an edit that comes too late comes back whole, though its card has ended", async () => {
  await bo.submit(await thread(bo), "/draft")
  await house.flow.idle()
  const page = await thread(bo)
  await bo.submit(page, "/decline")
  const late = await bo.submit(page, "/edit", { text: "an hour's <work>" })
  expect([late.status, late.text]).toEqual([409, expect.stringContaining("an hour&#39;s &lt;work&gt;")])
})
test.each(["/edit", "/preview"])("%s of a text beyond all measure is not looked at, and comes back", async (act) => {
  await bo.submit(await thread(bo), "/draft")
  await house.flow.idle()
  const { forms } = await import("./browser.ts")
  const form = forms((await thread(bo)).text).find((f) => f.action.endsWith("/edit"))
  const text = "[".repeat(200_001)
  const answer = await bo.post(form?.action.replace("/edit", act) ?? "", { ...form?.fields, text })
  expect([answer.status, answer.text]).toEqual([422, expect.stringContaining(text)])
  expect((await thread(bo)).text).toContain("revision 1")
})
test("a reminder leads to the drafts that wait", async () => {
  await bo.submit(await thread(bo), "/draft")
  await house.flow.idle()
  const asked = (await house.ledger.heads({ at: ["drafted"] }))[0]?.person
  const person = asked === undefined ? null : await house.ledger.person(asked)
  if (person === null) throw new Error("nobody asked")
  await house.forum.tell(person.person, { kind: "reminder", until: 0, url: null })
  expect((await bo.open("/")).text).toMatch(/expires soon\.[\s\S]*?<a href="\/queue">Open<\/a>/)
})
test("somebody who is forgotten leaves no name and no words in any page", async () => {
  await bo.submit(await thread(bo), "/reply", { text: "My secret plan." })
  await house.forum.forget((await viewerOf(bo)) as never)
  await house.forum.forget((await viewerOf(rin)) as never)
  const { text } = await thread(admin)
  expect(text).not.toMatch(/My secret plan|>Bo<|approved by Rin/)
  expect((await bo.get("/")).status).toBe(401)
})
async function viewerOf(who: Browser): Promise<string | undefined> {
  return (await house.forum.viewer(new Request(house.origin, { headers: { cookie: who.cookie } })))?.person
}
