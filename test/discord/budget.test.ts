// What Discord counts against a bot ends here before it bars the machine.
import { expect, test } from "@jest/globals"
import { budget, mostInvalid, TokenDead } from "../../adapters/discord/budget.ts"
import { PlatformBusy } from "../../src/core/ports.ts"
import { FakeClock } from "../fakes/clock.ts"

type Send = Parameters<typeof budget>[2] & {}
const logged: string[] = []
const note = (_what: unknown, words: string) => void logged.push(words)
const log = { info: note, warn: note, error: note }
function answering(...statuses: readonly number[]) {
  let sent = 0
  const send: Send = async () => {
    sent += 1
    return new Response(null, { status: statuses[Math.min(sent, statuses.length) - 1] ?? 200 }) as Awaited<ReturnType<Send>>
  }
  return { send, sent: () => sent }
}
const ours = { headers: { authorization: "Bot x" } } as unknown as Parameters<Send>[1]
const byToken = { headers: {} } as Parameters<Send>[1]

test("before 10,000 refusals within ten minutes nothing more is sent, until the ten minutes are over", async () => {
  logged.length = 0
  const clock = new FakeClock()
  const wire = answering(403)
  const spent = budget(clock, log, wire.send)
  for (let i = 0; i < mostInvalid; i += 1) await spent.makeRequest("", ours)
  expect(logged).toHaveLength(mostInvalid / 1_000)
  await expect(spent.makeRequest("", ours)).rejects.toThrow(PlatformBusy)
  expect(wire.sent()).toBe(mostInvalid)
  clock.advance(10 * 60_000)
  await spent.makeRequest("", ours)
  expect(wire.sent()).toBe(mostInvalid + 1)
})
test("good answers and what is not there cost nothing", async () => {
  const wire = answering(200, 404, 500)
  const spent = budget(new FakeClock(), log, wire.send)
  for (let i = 0; i < mostInvalid + 10; i += 1) await spent.makeRequest("", ours)
  expect(wire.sent()).toBe(mostInvalid + 10)
})
test("after a 401 nothing is sent any more; the 401 of an interaction's own token says nothing of ours", async () => {
  const wire = answering(401)
  const spent = budget(new FakeClock(), log, wire.send)
  await spent.makeRequest("", byToken)
  await spent.makeRequest("", ours)
  await expect(spent.makeRequest("", ours)).rejects.toThrow(TokenDead)
  await expect(spent.makeRequest("", byToken)).rejects.toThrow(TokenDead)
  expect(wire.sent()).toBe(2)
})
