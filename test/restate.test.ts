// Cards tell the truth when a place is stopped and resumed, by whomever, also while nobody was there to tell them.
import { afterEach, beforeEach, expect, test } from "@jest/globals"
import type { Card } from "../src/core/card.ts"
import type { PersonId, RequestId } from "../src/core/domain.ts"
import { installation } from "../src/core/door.ts"
import { type Ledger, PlatformBusy, type StopOrder } from "../src/core/ports.ts"
import { isRefusal } from "../src/core/refusals.ts"
import { createFlow } from "../src/flow/flow.ts"
import { freshLedger } from "./harness/ledgers.ts"
import { bo, makeWalk, mira, rin, type Walk } from "./harness/walk.ts"

let ledger: Ledger
let walk: Walk
beforeEach(async () => {
  ledger = await freshLedger()
  walk = makeWalk(ledger)
})
afterEach(async () => {
  await walk.flow.stop()
  await ledger.close()
})
const order = (by = bo, channel: string | null = null): StopOrder => ({
  by,
  scope: { workspace: walk.place.workspace, channel },
  why: null,
  from: walk.place,
})
const shown = (): readonly Card[] => walk.platform.shown.get(rin.person) ?? []
const lastOf = (request: RequestId) => shown().findLast((c) => c.request === request)
const acts = (card: Card | undefined) => card?.actions.map((a) => a.act) ?? []
const stopped = () => new Set(shown().flatMap((c) => (lastOf(c.request)?.tone === "stopped" ? [c.request] : []))).size
const aTurn = () => new Promise((resolve) => setImmediate(resolve))
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await aTurn()
}
/** Until all that can happen without time passing has happened. */
async function calm(): Promise<void> {
  for (let i = 0; i < 200; i += 1) await aTurn()
  await walk.flow.idle()
}
async function pending(n: number): Promise<readonly RequestId[]> {
  const all: RequestId[] = []
  for (let i = 0; i < n; i += 1) {
    walk.board.say("t1", `m${i}`, "How?")
    all.push(await walk.ask(rin, `g${i}`, `m${i}`))
  }
  return all
}

test("a stop takes the approval off the card that waits; a resume brings it back, and releases nothing", async () => {
  const request = await walk.ask()
  await walk.flow.start()
  await walk.flow.inbox.stop(order())
  await until(() => lastOf(request)?.tone === "stopped")
  expect(lastOf(request)).toMatchObject({ note: "Stopped by Bo: nothing will be posted.", phase: "review" })
  expect(acts(lastOf(request))).toEqual(["edit", "redraft", "decline"])
  await walk.flow.inbox.resume(order(mira))
  await until(() => lastOf(request)?.tone === "plain")
  expect(acts(lastOf(request))).toEqual(["approve", "edit", "redraft", "decline"])
  expect(walk.board.posts).toEqual([])
  expect(isRefusal(await walk.decide(request, { act: "approve" }))).toBe(false)
  expect(walk.board.posts).toHaveLength(1)
})
test("a stop of another place changes no card here, and one said twice changes none again", async () => {
  const request = await walk.ask()
  await walk.flow.start()
  await walk.flow.inbox.stop(order(bo, "t2"))
  await calm()
  expect(lastOf(request)?.tone).toBe("plain")
  await walk.flow.inbox.stop(order(bo, "t1"))
  await until(() => lastOf(request)?.tone === "stopped")
  const before = shown().length
  await walk.flow.inbox.stop(order(bo, "t1"))
  await calm()
  expect(shown()).toHaveLength(before)
})
test("the wider of two stops is the one that is told of", async () => {
  const request = await walk.ask()
  await walk.flow.start()
  await walk.flow.inbox.stop(order(bo, "t1"))
  await until(() => lastOf(request)?.tone === "stopped")
  await walk.flow.inbox.stop(order(rin))
  await until(() => lastOf(request)?.note?.startsWith("Stopped by Rin") === true)
  await walk.flow.inbox.resume(order(mira))
  await until(() => lastOf(request)?.note?.startsWith("Stopped by Bo") === true)
})
const ops = { person: "cli:ops" as PersonId, name: "ops", auth: "cli" as const }
const everything: StopOrder = { by: ops, scope: { workspace: installation, channel: null }, why: null, from: null }
test("cards follow a stop of the installation from the command line, where no platform runs", async () => {
  const request = await walk.ask()
  await walk.flow.start()
  await calm()
  const beside = createFlow({ ...walk.parts, platforms: new Map() })
  await beside.inbox.stop(everything)
  await until(() => lastOf(request)?.note === "Stopped by ops: nothing will be posted.")
})
test.each([
  ["of the workspace", () => order()],
  ["of everything", () => everything],
])("a stop %s while nobody was there is told at the next start", async (_scope, given) => {
  const request = await walk.ask()
  await walk.flow.inbox.stop(given())
  await calm()
  expect(lastOf(request)?.tone).toBe("plain")
  await walk.flow.start()
  await until(() => lastOf(request)?.tone === "stopped")
})
test("a refused click makes its own card the next to tell the truth", async () => {
  const request = await walk.ask()
  await walk.flow.inbox.stop(order())
  expect(await walk.decide(request, { act: "approve" })).toMatchObject({ refused: "stopped" })
  expect(lastOf(request)?.tone).toBe("stopped")
})
test("what is stopped while a card is on its way is told by the next one", async () => {
  const { show } = walk.platform
  let stop: Promise<unknown> | null = null
  Object.assign(walk.platform, {
    show: async (...[card, ...to]: Parameters<typeof show>) => {
      if (card.phase === "review") stop ??= walk.flow.inbox.stop(order())
      await stop
      return show(card, ...to)
    },
  })
  const request = await walk.ask()
  expect(lastOf(request)?.tone).toBe("stopped")
})

test("a stop waits for no card: a platform that shows nothing holds it up no moment", async () => {
  await pending(3)
  const { show } = walk.platform
  const held = Promise.withResolvers<void>()
  let calls = 0
  Object.assign(walk.platform, {
    show: async (...given: Parameters<typeof show>) => {
      calls += 1
      await held.promise
      return show(...given)
    },
  })
  await walk.flow.start()
  await walk.flow.inbox.stop(order(bo, "t2"))
  await walk.flow.inbox.stop(order())
  await until(() => calls > 0)
  expect(await walk.flow.inbox.stop(order(rin))).toMatchObject({ outcome: "sure" })
  held.resolve()
})
test("many cards follow a few at a time, newest first, and a resume overtakes the rest", async () => {
  const all = await pending(40)
  await walk.flow.start()
  await walk.flow.inbox.stop(order())
  await until(() => stopped() === 15)
  await calm()
  expect(stopped()).toBe(15)
  expect(lastOf(all.at(-1) as RequestId)?.tone).toBe("stopped")
  walk.clock.advance(2_000)
  await until(() => stopped() === 16)
  const before = shown().length
  await walk.flow.inbox.resume(order(mira))
  while (stopped() > 0) {
    walk.clock.advance(2_000)
    await aTurn()
  }
  await calm()
  // Who was not told of the stop is not told of its end.
  expect(shown().length - before).toBe(16)
  expect(all.every((request) => acts(lastOf(request)).includes("approve"))).toBe(true)
})
test("a platform that is busy is left alone for as long as it says, and nobody waits for its lease", async () => {
  const request = await walk.ask()
  const { show } = walk.platform
  let calls = 0
  const busy = async () => {
    calls += 1
    throw new PlatformBusy(30_000)
  }
  await walk.flow.start()
  Object.assign(walk.platform, { show: busy })
  await walk.flow.inbox.stop(order())
  await until(() => calls === 1)
  walk.clock.advance(29_000)
  await calm()
  expect(calls).toBe(1)
  const key = { workspace: walk.place.workspace, stream: request }
  const other = { now: walk.clock.now(), owner: "another", ttlMs: 1 }
  expect(await ledger.lease(key, other)).toBe("yours")
  await ledger.release(key, "another")
  Object.assign(walk.platform, { show })
  while (lastOf(request)?.tone !== "stopped") {
    walk.clock.advance(1_000)
    await aTurn()
  }
})
test("a platform that fails is tried later and later, and then left until the door changes again", async () => {
  const request = await walk.ask()
  const { show } = walk.platform
  let calls = 0
  await walk.flow.start()
  Object.assign(walk.platform, {
    show: async () => {
      calls += 1
      throw new Error("gone")
    },
  })
  await walk.flow.inbox.stop(order())
  for (let after = 0; after < 2_000; after += calls < 10 ? 0 : 1) {
    walk.clock.advance(1_000)
    await aTurn()
  }
  await calm()
  expect(calls).toBe(10)
  Object.assign(walk.platform, { show })
  await walk.flow.inbox.stop(order(rin))
  await until(() => lastOf(request)?.tone === "stopped")
})
test("whoever runs into a stop is told how its platform opens the widest of the doors that are shut", async () => {
  const request = await walk.ask()
  Object.assign(walk.platform, { resumeBy: (s: StopOrder["scope"]) => `Open ${s.workspace}/${s.channel ?? "all"}.` })
  await walk.flow.inbox.stop(order(bo, "t1"))
  expect(await walk.decide(request, { act: "approve" })).toMatchObject({ refused: "stopped", words: expect.stringContaining(". Open board/t1.") })
  await walk.flow.inbox.stop(order(bo))
  const asked = await walk.flow.inbox.ask({ by: rin, place: walk.place, message: "q1", gesture: "g2" })
  expect(isRefusal(asked) ? asked.words : asked).toEqual({ request, was: "open-already" })
  walk.board.say("t1", "q9", "And how?")
  expect(await walk.flow.inbox.ask({ by: rin, place: walk.place, message: "q9", gesture: "g9" })).toMatchObject({
    refused: "stopped",
    words: expect.stringContaining(". Open board/all."),
  })
})
/** The ledger, with each call of a method told of. */
function counting(method: keyof Ledger, called: () => void): Ledger {
  return new Proxy(ledger, {
    get(inner, name) {
      if (name === method) called()
      const value = Reflect.get(inner, name, inner)
      return typeof value === "function" ? value.bind(inner) : value
    },
  })
}
test("whoever could not be reached is not written to by a stop, and what no platform here can show is not tried", async () => {
  const { show } = walk.platform
  let calls = 0
  const unreachable = async () => {
    calls += 1
    return "unreachable" as const
  }
  Object.assign(walk.platform, { show: unreachable })
  await walk.ask()
  const before = calls
  Object.assign(walk.platform, { show })
  await pending(1)
  const seen = shown().length
  let leases = 0
  const counted = counting("lease", () => {
    leases += 1
  })
  const elsewhere = createFlow({ ...walk.parts, ledger: counted, platforms: new Map() })
  await elsewhere.start()
  await calm()
  await walk.flow.inbox.stop(order())
  await calm()
  await elsewhere.stop()
  expect(leases).toBe(0)
  await walk.flow.start()
  await until(() => stopped() === 1)
  await calm()
  expect([calls, shown().length]).toEqual([before, seen + 1])
})
test("looking through many cards leaves others their turn, and ends with the server", async () => {
  await pending(40)
  let reads = 0
  let most = 0
  const counted = counting("read", () => {
    reads += 1
  })
  const flow = createFlow({ ...walk.parts, ledger: counted })
  await flow.start()
  await calm()
  await walk.flow.inbox.stop(order(bo, "t2"))
  reads = 0
  for (let turns = 0; turns < 60; turns += 1) {
    const before = reads
    await aTurn()
    most = Math.max(most, reads - before)
  }
  expect(most).toBeGreaterThan(0)
  expect(most).toBeLessThan(30)
  await flow.stop()
  const ended = reads
  await calm()
  expect(reads).toBe(ended)
})
