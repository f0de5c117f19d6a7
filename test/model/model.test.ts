// A hundred thousand random histories in the suite; COUNTERSIGN_HISTORIES=1000000 npm test -- test/model for more.
import { afterAll, beforeAll, expect, test } from "@jest/globals"
import type { DatabaseLedger } from "../../adapters/database/ledger.ts"
import type { WorkspaceId } from "../../src/core/domain.ts"
import { freshLedger } from "../harness/ledgers.ts"
import { fc } from "../harness/property.ts"
import { makeWalk } from "../harness/walk.ts"
import { type History, history, Run, refusedFirst } from "./history.ts"

// Histories of one run share commits, as requests of one workspace do.
const together = 50
const groups = 5
const histories = Number(process.env.COUNTERSIGN_HISTORIES ?? 100_000)
// A ledger in memory only grows: it is thrown away now and then.
const runsPerLedger = 100

let ledger: DatabaseLedger
let parts: ReturnType<typeof makeWalk>["parts"]
let runs = 0
async function fresh(): Promise<void> {
  ledger = await freshLedger()
  // Rin asked, Bo is a member too, Eve is a stranger.
  parts = makeWalk(ledger).parts
}
beforeAll(fresh)
afterAll(() => ledger.close())
async function next(): Promise<string> {
  runs += 1
  if (runs % runsPerLedger === 0) {
    await ledger.close()
    await fresh()
  }
  return String(runs)
}

test(`${histories} histories of clicks, edits, stops and forgeries: the product does what the oracle allows, and nothing else`, async () => {
  let posts = 0
  const crowd = fc.array(history, { minLength: together, maxLength: together, size: "max" })
  await fc.assert(
    fc.asyncProperty(crowd, async (all: readonly History[]) => {
      const run = await next()
      const walks = all.map((h, i) => new Run(parts, h, `${run}-${i}`, `shared-${run}-${i % groups}` as WorkspaceId))
      await Promise.all(walks.map((w, i) => w.walk(all[i] as History)))
      posts += walks.filter((w) => w.sent.length > 0).length
    }),
    { numRuns: Math.ceil(histories / together), endOnFailure: true },
  )
  // A test in which nothing is ever posted would prove nothing.
  expect(posts).toBeGreaterThan(histories / 200)
}, 1_800_000)

test("histories under stops of the installation", async () => {
  await fc.assert(
    fc.asyncProperty(history, async (h) => {
      const name = `i-${await next()}`
      const run = new Run(parts, h, name, "one" as WorkspaceId, "installation")
      await run.walk(h).finally(() => run.cleanUp())
    }),
    { numRuns: 300, endOnFailure: true },
  )
}, 600_000)

test("histories after a platform's refusal: what stands in public all the same is nobody's approved post", async () => {
  await fc.assert(
    fc.asyncProperty(refusedFirst, async (h) => {
      const name = `r-${await next()}`
      await new Run(parts, h, name, name as WorkspaceId).walk(h)
    }),
    { numRuns: 2_000, endOnFailure: true },
  )
}, 600_000)
