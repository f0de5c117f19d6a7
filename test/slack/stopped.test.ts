// Cards in direct messages while a stop stands: they say who stopped, offer no approval, and come back with the resume.
import { afterEach, beforeEach, expect, test } from "@jest/globals"
import type { PersonId } from "../../src/core/domain.ts"
import { installation } from "../../src/core/door.ts"
import { FakeClock } from "../fakes/clock.ts"
import type { Message } from "../fakes/slack/state.ts"
import { type House, openHouse, posts } from "./house.ts"

const cli = { person: "cli:ops" as PersonId, name: "ops", auth: "cli" as const }
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
  for (let second = 0; second < 29; second += 1) {
    clock.advance(1_000)
    // Turns enough for whoever would try again too soon.
    for (let turn = 0; turn < 30; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    await h.settled()
  }
  await h.settled()
  expect(now(seen)).toContain('"approve"')
  expect(updates()).toBe(before + 1)
  while (!now(seen).includes("Stopped by Mira")) {
    clock.advance(1_000)
    await new Promise((resolve) => setImmediate(resolve))
  }
})
test("who runs into a stop is told how an admin resumes it, and an admin who resumes the wrong one, too", async () => {
  const seen = { ...(await card()) }
  const told = async () => {
    await h.rin.clicks(seen, "approve")
    await h.settled()
    return h.rin.dm.at(-1)?.text
  }
  await h.mira.slash("/countersign", "stop", h.infra)
  expect(await told()).toBe(
    "Countersign is stopped here, so nothing is posted until an admin resumes. That is done with `/countersign resume`, typed in that channel.",
  )
  await h.mira.slash("/countersign", "stop everything", h.infra)
  expect(await told()).toContain("`/countersign resume everything`")
  const mira = async (words: string) => {
    await h.mira.slash("/countersign", words, h.infra)
    await h.settled()
    return h.mira.ephemeralsTo(h.infra).at(-1)?.text
  }
  expect(await mira("resume")).toMatch(/^Resumed\..* Stopped in this workspace by Mira\..*`\/countersign resume everything`/)
  expect(await mira("resume")).toMatch(/^Not that stop stands here, but another\. Stopped in this workspace.*`\/countersign resume everything`/)
  await h.flow.inbox.stop({ by: cli, scope: { workspace: installation, channel: null }, why: null, from: null })
  expect(await told()).toContain("`countersign resume` on the server")
  expect(await mira("resume everything")).toMatch(/^Resumed\..* Stopped everywhere by ops\./)
  await h.flow.inbox.resume({ by: cli, scope: { workspace: installation, channel: null }, why: null, from: null })
  expect(await mira("resume")).toBe("Nothing is stopped here, so there is nothing to resume.")
})
