// What happens between an approval and its post: approvals that do not hold any more are asked for again, and nothing is posted.
import { afterEach, beforeEach, expect, test } from "@jest/globals"
import type { Digest } from "../src/core/domain.ts"
import type { Ledger } from "../src/core/ports.ts"
import { freshLedger } from "./harness/ledgers.ts"
import { makeWalk, rin, type Walk } from "./harness/walk.ts"

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
/** Until nothing is at work, in real time a few turns of the loop. */
async function settled() {
  for (let i = 0; i < 5; i++) {
    await new Promise((r) => setTimeout(r, 5))
    await walk.flow.idle()
  }
}

test("more readers at the post than at the approval: asked again, and nothing is posted until then", async () => {
  const request = await walk.ask()
  walk.board.audience = { scope: "internet", people: null }
  await walk.decide(request, { act: "approve" })
  expect(walk.board.posts).toEqual([])
  const card = await walk.card(request)
  expect(card).toMatchObject({ phase: "review", tone: "warning", draft: { revision: 2, audience: { scope: "internet" } } })
  await walk.decide(request, { act: "approve" })
  expect(walk.board.posts).toHaveLength(1)
})

test.each(["audience", "mayAct"] as const)("an approval expires after its time also where the platform never answers (%s)", async (call) => {
  const request = await walk.ask()
  const digest = (await walk.card(request)).draft?.digest as Digest
  await walk.flow.start()
  const asked = walk.platform[call] as (...a: unknown[]) => Promise<unknown>
  let answers = call === "mayAct" ? 1 : 0
  // The click itself is still judged.
  Object.assign(walk.platform, { [call]: async (...a: unknown[]) => (answers-- > 0 ? asked(...a) : Promise.reject(new Error("channel_not_found"))) })
  await walk.flow.inbox.decide({ by: rin, workspace: walk.place.workspace, request, digest, act: "approve", acknowledged: [] })
  await settled()
  expect((await walk.state(request)).at).toBe("approved")
  walk.clock.advance(29 * 60_000)
  await settled()
  expect((await walk.state(request)).at).toBe("approved")
  walk.clock.advance(2 * 60_000)
  while ((await walk.state(request)).at !== "drafted") {
    walk.clock.advance(1_000)
    await settled()
  }
  expect(await walk.state(request)).toMatchObject({ draft: { revision: 2 }, because: { why: "voided", reason: "expired" } })
  expect(await walk.card(request)).toMatchObject({ phase: "review", note: expect.stringContaining("Your approval expired") })
  expect(walk.board.posts).toEqual([])
})

test("an approver who left between click and post does not post", async () => {
  const request = await walk.ask()
  const mayAct = walk.platform.mayAct
  let asked = 0
  Object.assign(walk.platform, { mayAct: async (...a: Parameters<typeof mayAct>) => (++asked > 1 ? "stranger" : mayAct(...a)) })
  await walk.decide(request, { act: "approve" })
  expect(walk.board.posts).toEqual([])
  expect(await walk.kinds(request)).toContain("approvalVoided")
})

/** The database takes so long to note that a post begins. */
function slowToBegin(ms: number): void {
  const append = ledger.append.bind(ledger)
  Object.assign(ledger, {
    append: async (a: Parameters<Ledger["append"]>[0]) => {
      const appended = await append(a)
      if (a.facts[0]?.kind === "postingBegun") walk.clock.advance(ms)
      return appended
    },
  })
}
test("a database that took a permit's time to note it: nothing is sent, that is certain, and the same text is asked again", async () => {
  const request = await walk.ask()
  slowToBegin(8_000)
  await walk.decide(request, { act: "approve" })
  expect(walk.board.posts).toEqual([])
  expect(await walk.card(request)).toMatchObject({ phase: "review", draft: { revision: 2 }, note: expect.stringContaining("It took too long") })
})
test("a database that took most of a permit's time leaves the post the rest: it is given up before the permit dies", async () => {
  const request = await walk.ask()
  slowToBegin(7_990)
  const givenUp = Promise.withResolvers<unknown>()
  Object.assign(walk.platform, {
    publish: (_: unknown, signal: AbortSignal) => new Promise(() => signal.addEventListener("abort", () => givenUp.resolve(signal.reason))),
  })
  await walk.decide(request, { act: "approve" })
  expect(await givenUp.promise).toMatchObject({ name: "TimeoutError" })
  expect((await walk.state(request)).at).toBe("unclear")
}, 6_000)
