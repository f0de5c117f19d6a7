// Asking and stopping by writing to the bot: stored first, heard at least once, one request; a stop never becomes a question.

import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, expect, test } from "@jest/globals"
import type { WorkspaceId } from "../../src/core/domain.ts"
import type { Ask, Inbox } from "../../src/core/ports.ts"
import type { Browser } from "./browser.ts"
import { type House, openHouse } from "./house.ts"

let house: House
afterEach(() => house.close())
const reply = async (who: Browser, text: string) => who.submit(await who.open("/t/welcome"), "/reply", { text })
const asked = async () => (await house.ledger.entries("forum" as WorkspaceId, 0, 1_000)).filter((e) => e.kind === "asked")
const doors = () => house.flow.inbox.doors({ workspace: "forum" as WorkspaceId, channel: "welcome" })

test.each([
  "@countersign how do I restart it?",
  "Does anybody know? @Countersign?",
  "**@countersign** please",
  "(@countersign)",
  "@countersign.",
  "- @countersign's view?",
])("%j asks, and the card is there", async (text) => {
  house = await openHouse()
  const page = await reply(await house.enter("Rin"), text)
  expect(page.text).toContain("Only you can see this")
  expect(await asked()).toHaveLength(1)
})
test.each([
  ...[
    "mail me@countersign.example",
    "@countersign.example.com",
    "@countersign-dev",
    "[x](https://a.example/@countersign)",
    "@countersigned it",
    "countersign",
  ],
  ...[
    "`@countersign` is its name",
    "``@countersign stop``",
    "```\n@countersign\n```",
    "As follows:\n\n    @countersign how?",
    "> ```\n> @countersign\n> ```",
  ],
  ...["> @countersign stop\n\nSomebody else wrote that.", "> - @countersign how?"],
])("%j does not ask", async (text) => {
  house = await openHouse()
  await reply(await house.enter("Rin"), text)
  expect([await asked(), await doors()]).toEqual([[], []])
})
test("a topic that mentions the bot asks, too", async () => {
  house = await openHouse()
  const rin = await house.enter("Rin")
  const page = await rin.submit(await rin.open("/new"), "/new", { title: "How?", text: "@countersign how?" })
  expect(page.text).toContain("Only you can see this")
})
test("a form sent twice is one message and one request; a button pressed twice is one request", async () => {
  house = await openHouse()
  const rin = await house.enter("Rin")
  const page = await rin.open("/t/welcome")
  await rin.submit(page, "/reply", { text: "@countersign how?" })
  expect((await rin.submit(page, "/reply", { text: "@countersign how?" })).status).toBe(200)
  await rin.submit(page, "/draft")
  await rin.submit(page, "/draft")
  expect(await asked()).toHaveLength(2)
  expect((await rin.open("/t/welcome")).text.match(/class="message"/g)).toHaveLength(2)
})
test("a form that one comes back to, and sends with other words, loses none of them", async () => {
  house = await openHouse()
  const rin = await house.enter("Rin")
  const [topic, asking] = [await rin.open("/t/welcome"), await rin.open("/new")]
  await rin.submit(topic, "/reply", { text: "the first" })
  const again = await rin.submit(topic, "/reply", { text: "the second" })
  expect([again.status, again.text]).toEqual([409, expect.stringContaining("This form was sent before, with another text")])
  expect((await rin.submit(again, "/reply")).text).toMatch(/the first[\s\S]*the second/)
  await rin.submit(asking, "/new", { title: "One?", text: "t" })
  const other = await rin.submit(asking, "/new", { title: "Two?", text: "t" })
  expect(other.status).toBe(409)
  await rin.submit(other, "/new")
  expect((await rin.open("/")).text).toMatch(/Two\?[\s\S]*One\?/)
})
test("a mention that did not reach the inbox before the end is heard at the next start, once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "countersign-forum-"))
  const where = { kind: "sqlite", folder } as const
  const dies = (inbox: Inbox): Inbox => ({ ...inbox, ask: (_a: Ask) => Promise.reject(new Error("killed")) })
  house = await openHouse({ where, between: dies })
  const rin = await house.enter("Rin")
  expect((await reply(rin, "@countersign how?")).status).toBe(500)
  expect(await asked()).toHaveLength(0)
  await house.close()
  for (let start = 0; start < 2; start += 1) {
    house = await openHouse({ where })
    await house.flow.idle()
    expect(await asked()).toHaveLength(1)
    await house.close()
  }
  rmSync(folder, { recursive: true })
  house = await openHouse()
})
test("what the bot is told to stop, stops: no request, the outcome in private, the banner for everyone", async () => {
  house = await openHouse()
  const rin = await house.enter("Rin")
  const bo = await house.enter("Bo")
  const page = await reply(bo, "@countersign stop!")
  expect(page.text).toContain("Stopped in this topic. Nothing more will be posted until an admin resumes.")
  expect(await asked()).toHaveLength(0)
  const seen = await rin.open("/t/welcome")
  expect(seen.text).toContain("<b>Stopped by Bo</b>")
  expect(seen.text).not.toContain("Stopped in this topic. Nothing")
  expect((await rin.open("/")).text).not.toContain("Stopped by Bo")
})
test("the switch stops what it says, with its reason; only an admin sees a way to resume, and resuming opens the door", async () => {
  house = await openHouse()
  const rin = await house.enter("Rin")
  const bo = await house.enter("Bo")
  await bo.submit(await bo.open("/t/welcome"), "/stop", { scope: "forum", why: "wrong <answers>" })
  expect(await doors()).toMatchObject([{ scope: { channel: null }, why: "wrong <answers>" }])
  expect((await bo.open("/")).text).toContain("“wrong &lt;answers&gt;”")
  expect((await bo.open("/")).text).not.toContain('action="/resume"')
  expect((await reply(bo, "@countersign how do I rotate it?")).text).toContain(
    "until an admin resumes. That is done in the line at the top of any page",
  )
  const csrf = /name="csrf" value="([^"]+)"/.exec((await bo.open("/")).text)?.[1] ?? ""
  expect((await bo.post("/resume", { csrf, scope: "forum" })).status).toBe(409)
  expect(await doors()).toHaveLength(1)
  await rin.submit(await rin.open("/"), "/resume")
  expect(await doors()).toHaveLength(0)
})
