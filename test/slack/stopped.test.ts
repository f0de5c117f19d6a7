// Cards in direct messages while a stop stands: they say who stopped, offer no approval, and come back with the resume.
import { afterEach, beforeEach, expect, test } from "@jest/globals"
import { FakeClock } from "../fakes/clock.ts"
import type { Message } from "../fakes/slack/state.ts"
import { type House, openHouse, posts } from "./house.ts"

let h: House
let clock: FakeClock
beforeEach(async () => {
  clock = new FakeClock(Date.now())
  h = await openHouse({ clock })
  await h.flow.start()
})
afterEach(() => h.close())

async function card(): Promise<Message> {
  h.rin.mention(h.infra, "how do I rotate it?")
  await h.settled()
  return h.rin.dm.findLast((m) => JSON.stringify(m.blocks).includes('"approve"')) as Message
}
const now = (of: Message) => JSON.stringify((h.rin.dm.find((m) => m.ts === of.ts) as Message).blocks)
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve))
  await h.settled()
}

test.each(["stop", "stop everything"])("/countersign %s changes the card, and the resume brings it back; nothing new is sent", async (words) => {
  const seen = await card()
  const messages = h.rin.dm.length
  await h.mira.slash("/countersign", words, h.infra)
  await until(() => now(seen).includes("Stopped by Mira: nothing will be posted."))
  expect(now(seen)).not.toContain('"approve"')
  expect(now(seen)).toContain('"discard"')
  await h.mira.slash("/countersign", words.replace("stop", "resume"), h.infra)
  await until(() => now(seen).includes('"approve"'))
  expect(now(seen)).not.toContain("Stopped by")
  expect(h.rin.dm).toHaveLength(messages)
  expect(posts(h)).toEqual([])
  await h.rin.clicks(h.rin.dm.find((m) => m.ts === seen.ts) as Message, "approve")
  await h.settled()
  expect(posts(h)).toHaveLength(1)
})
test("an old screen may still show the button: the click is refused in private", async () => {
  const seen = { ...(await card()) }
  await h.mira.slash("/countersign", "stop", h.infra)
  await until(() => now(seen).includes("Stopped by Mira"))
  await h.rin.clicks(seen, "approve")
  await h.settled()
  expect(posts(h)).toEqual([])
  expect(h.rin.dm.map((m) => m.text).join("\n")).toContain("Countersign is stopped here")
})
test("while Slack is limited the stop stands, and the card follows when Slack takes it again", async () => {
  const seen = await card()
  h.slack.failNext("chat.update", { retryAfterSeconds: 30 })
  await h.mira.slash("/countersign", "stop", h.infra)
  expect(await h.flow.inbox.doors({ workspace: h.workspace, channel: h.infra.id })).toHaveLength(1)
  const updates = () => h.slack.calls.filter((c) => c.method === "chat.update" && c.args["ts"] === seen.ts).length
  const before = updates()
  await until(() => updates() > before)
  clock.advance(29_000)
  await h.settled()
  expect(now(seen)).toContain('"approve"')
  expect(updates()).toBe(before + 1)
  while (!now(seen).includes("Stopped by Mira")) {
    clock.advance(1_000)
    await new Promise((resolve) => setImmediate(resolve))
  }
})
