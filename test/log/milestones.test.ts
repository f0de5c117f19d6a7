// What a checkpoint follows: every post and every stop, however it came to be known.
import { afterEach, beforeEach, expect, test } from "@jest/globals"
import type { Ledger } from "../../src/core/ports.ts"
import { freshLedger } from "../harness/ledgers.ts"
import { makeWalk, rin, type Walk } from "../harness/walk.ts"

let ledger: Ledger
let walk: Walk
let milestones: string[]
beforeEach(async () => {
  ledger = await freshLedger()
  milestones = []
  walk = makeWalk(ledger, { onMilestone: (why) => void milestones.push(why) })
})
afterEach(async () => {
  await walk.flow.stop()
  await ledger.close()
})

test("a post is a milestone, a draft is none", async () => {
  const request = await walk.ask()
  expect(milestones).toEqual([])
  await walk.decide(request, { act: "approve" })
  expect(milestones).toEqual(["post"])
})
test("a post that was found when its reply was lost is one too", async () => {
  const request = await walk.ask()
  walk.board.failNext("post", "failsButDone")
  await walk.decide(request, { act: "approve" })
  expect(milestones).toEqual([])
  walk.clock.advance(10_000)
  await walk.flow.start()
  while ((await walk.state(request)).at !== "posted") await new Promise((r) => setTimeout(r, 5))
  expect(milestones).toEqual(["post"])
})
test("a stop is a milestone before it is acknowledged", async () => {
  const scope = { workspace: walk.place.workspace, channel: null }
  await walk.flow.inbox.stop({ by: rin, scope, why: null, from: walk.place })
  expect(milestones).toEqual(["stop"])
})
