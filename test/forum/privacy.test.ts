// A card is its requester's alone: not in another's pages, parts or streams, not even that there is one.
import { afterEach, beforeEach, expect, test } from "@jest/globals"
import { type Browser, forms } from "./browser.ts"
import { type House, openHouse } from "./house.ts"

let house: House
let rin: Browser
let bo: Browser
beforeEach(async () => {
  house = await openHouse()
  rin = await house.enter("Rin")
  bo = await house.enter("Bo")
})
afterEach(() => house.close())

test("nothing of a draft reaches anybody else: pages, parts, stream; the post reaches everyone at once", async () => {
  house.drafter.next({ answer: "the secret draft", sources: [] })
  const mine = rin.listen("/live?topic=welcome")
  const others = [bo.listen("/live?topic=welcome"), bo.listen("/live")]
  await Promise.all([mine, ...others].map((s) => s.opened))

  await rin.submit(await rin.open("/t/welcome"), "/draft")
  await house.flow.idle()
  await mine.until("event: card")
  const page = await rin.open("/t/welcome")
  const request = /data-request="([^"]+)"/.exec(page.text)?.[1] ?? ""
  const digest = /data-digest="([^"]+)"/.exec(page.text)?.[1] ?? ""
  expect([request, digest]).not.toContain("")
  expect(mine.heard.join("")).toContain(request)

  const paths = [
    "/",
    "/t/welcome",
    `/t/welcome?card=${request}`,
    "/queue",
    `/c/${request}`,
    `/part/card/${request}`,
    "/part/cards/welcome",
    "/part/messages/welcome?after=0",
    "/part/notes",
    "/people",
  ]
  for (const path of paths) {
    const { text, headers } = await bo.open(path)
    for (const trace of ["the secret draft", request, digest, "data-phase", "Only you can see this"]) expect(text).not.toContain(trace)
    expect(headers["x-waiting"] ?? "0").toBe("0")
  }
  for (const s of others) expect(s.heard.join("")).toBe("event: open\ndata: \n\n")

  await rin.submit(page, "/approve")
  await house.flow.idle()
  await Promise.all([mine, ...others].map((s) => s.until("event: message")))
  for (const s of others) expect(s.heard.join("")).not.toMatch(/event: card|event: note/)
  expect((await bo.open("/t/welcome")).text).toContain("the secret draft")
  for (const s of [mine, ...others]) s.close()
})

test("what a drafter is doing shows on the card while it does, with Cancel, and to nobody else", async () => {
  house.drafter.next("never")
  const mine = rin.listen("/live?topic=welcome")
  await mine.opened
  await rin.submit(await rin.open("/t/welcome"), "/draft")
  await mine.until("event: card")
  const page = await rin.open("/t/welcome")
  expect(page.text).toMatch(/Drafting/)
  expect((await bo.open("/t/welcome")).text).not.toMatch(/Drafting/)
  const cancelled = await rin.submit(page, "/cancel")
  await house.flow.idle()
  expect(cancelled.text).toContain('data-phase="settled"')
  mine.close()
})

test("a card in a queue leads to its topic, and to nobody else's queue", async () => {
  await rin.submit(await rin.open("/t/welcome"), "/draft")
  await house.flow.idle()
  const queue = await rin.open("/queue")
  expect(queue.text).toContain("What happens between asking Countersign")
  expect((await bo.open("/queue")).text).toContain("No draft waits for you")
  const link = /href="(\/c\/[^"]+)"/.exec(queue.text)?.[1] ?? ""
  expect((await rin.open(link)).text).toContain("Approve and post to this topic")
})

test("the stream of somebody who is removed or signs out ends, and their session with it", async () => {
  const stream = bo.listen("/live?topic=welcome")
  await stream.opened
  const people = await rin.open("/people")
  await rin.submit(people, "/people/remove", { person: forms(people.text).find((f) => f.action === "/people/remove")?.fields.person ?? "" })
  await stream.ended
  expect((await bo.get("/")).status).toBe(401)
})

test("admins see the account of each person, which countersign.yml and forget are given; others do not", async () => {
  const accounts = async (who: typeof rin) => new Set((await who.open("/people")).text.match(/<code>forum:[\w-]{16}<\/code>/g)).size
  expect([await accounts(rin), await accounts(bo)]).toEqual([2, 0])
})

test("asking for the head of a stream opens none, so that the streams that are read stay", async () => {
  const stream = bo.listen("/live?topic=welcome")
  await stream.opened
  for (let i = 0; i < 25; i += 1) expect((await bo.head("/live")).status).toBe(200)
  await rin.submit(await rin.open("/t/welcome"), "/reply", { text: "hello" })
  await Promise.race([stream.until("event: message"), stream.ended])
  expect(stream.heard.join("")).toContain("event: message")
  stream.close()
})
