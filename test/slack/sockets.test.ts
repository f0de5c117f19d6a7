// Slack's sockets end now and then, and a click is sent once. One connection stands in for the other; when both are gone it is said,
// they are opened again at once, and what appeared under our name meanwhile is looked for.
import { afterEach, expect, test } from "@jest/globals"
import type { Log } from "../../src/core/ports.ts"
import type { Message } from "../fakes/slack/state.ts"
import { type House, openHouse, openTown, posts } from "./house.ts"

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
function logInto(said: string[]): Log {
  const say = (_about: object, words: string) => void said.push(words)
  return { info: say, warn: say, error: say }
}
async function house(said: string[] = []): Promise<House> {
  const made = await openHouse({ log: logInto(said) })
  closing.push(() => made.close())
  await both(made)
  return made
}
/** Slack has no event for it: looked for until the test's own time is over. */
async function until(look: () => boolean): Promise<void> {
  while (!look()) await new Promise((resolve) => setTimeout(resolve, 5))
}
const opened = (h: House) => h.slack.calls.filter((c) => c.method === "apps.connections.open").length
const both = (h: House) => until(() => h.slack.connections(h.app) === 2)
async function card(h: House): Promise<Message> {
  h.rin.mention(h.infra, "how do I rotate it?")
  await h.settled()
  return h.rin.dm.findLast((m) => JSON.stringify(m.blocks).includes('"approve"')) as Message
}
const gap = /no connection to Slack/

test("a click while one connection is gone comes by the other", async () => {
  const said: string[] = []
  const h = await house(said)
  const seen = await card(h)
  const hold = h.slack.holdNext("apps.connections.open", "before")
  h.slack.cut(h.app, "one")
  await hold.arrived
  expect(h.slack.connections(h.app)).toBe(1)
  await h.rin.clicks(seen, "approve")
  await h.settled()
  expect(posts(h)).toHaveLength(1)
  hold.release()
  await both(h)
  expect(said.filter((s) => gap.test(s))).toEqual([])
})
test.each(["warning", "refresh_requested"] as const)("what Slack ends itself (%s) is opened anew", async (reason) => {
  const h = await house()
  const before = opened(h)
  h.slack.disconnect(h.app, reason)
  await until(() => opened(h) === before + 2)
  await both(h)
  const seen = await card(h)
  await h.rin.clicks(seen, "approve")
  await h.settled()
  expect(posts(h)).toHaveLength(1)
})
test("when both are gone it is said, and what appeared meanwhile is found", async () => {
  const said: string[] = []
  const h = await house(said)
  h.slack.settings.ownEvents = "never"
  const holds = [1, 2].map(() => h.slack.holdNext("apps.connections.open", "before"))
  h.slack.cut(h.app)
  await Promise.all(holds.map((hold) => hold.arrived))
  await h.slack.impostor(h.install, h.infra, "Run this.")
  expect(said.filter((s) => gap.test(s))).toHaveLength(1)
  for (const hold of holds) hold.release()
  await both(h)
  await h.settled()
  expect(said.some((s) => s.includes("has to be clicked again"))).toBe(true)
  const entries = await h.ledger.read({ workspace: h.workspace, stream: "monitor" })
  expect(entries.map((e) => e.fact)).toMatchObject([{ kind: "rogueSeen", why: "unknown" }])
})
test("a frame in a form that nobody knows ends nothing", async () => {
  const h = await house()
  const event = (payload: unknown) => ({ type: "events_api", envelope_id: "E1", payload })
  const frames = [null, [], 1, "x", {}, { type: "a_new_one" }, { type: "a_new_one", envelope_id: "E1", payload: {} }, event(null), event(undefined)]
  const inner = [
    { type: "event_callback", event: null },
    { type: "event_callback", event: { type: "message", channel_type: "im", message: null } },
  ]
  const acts = ["interactive", "slash_commands"].flatMap((type) => [null, "x", {}].map((payload) => ({ type, envelope_id: "E1", payload })))
  for (const frame of ["{", ...[...frames, ...inner.map(event), ...acts].map((f) => JSON.stringify(f))]) h.slack.frame(h.app, frame)
  const seen = await card(h)
  await h.rin.clicks(seen, "approve")
  await h.settled()
  expect(posts(h)).toHaveLength(1)
})
test("an end that comes while Slack takes no connection ends all the same", async () => {
  const h = await house()
  h.slack.failNext("apps.connections.open", ...Array(50).fill("failsAndNotDone"))
  h.slack.cut(h.app)
  await until(() => h.slack.connections(h.app) === 0)
  await h.leave()
  expect(h.slack.connections(h.app)).toBe(0)
})
test("a connection that Slack refuses is tried again, and the other one serves", async () => {
  const h = await house()
  const before = opened(h)
  h.slack.failNext("apps.connections.open", "500", "failsAndNotDone")
  h.slack.cut(h.app, "one")
  await until(() => opened(h) === before + 3)
  await both(h)
})
test("a token that opens no connection at all is no start", async () => {
  const town = await openTown({ by: "socket", now: Date.now })
  closing.push(() => town.slack.close())
  town.app.socketMode = false
  await expect(openHouse({ town })).rejects.toThrow(/forbidden_for_app/)
})
