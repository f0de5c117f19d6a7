// One process of the crash test: walks a request from the ask to the post, or picks up what a killed one left.
// argv: <database url or folder> <board url> <kill at point, 0: never> <clock ahead, ms> <what: walk | recover | draft | approve>
// For approve: <request> <digest> <start at, ms>.
// Prints a line for each thing that was acknowledged to a person: what is printed must never be lost.
import { writeSync } from "node:fs"
import { openLedger } from "../../adapters/database/ledger.ts"
import { openDatabase } from "../../adapters/database/open.ts"
import type { Digest, PersonId, RequestId, WorkspaceId } from "../../src/core/domain.ts"
import { defaultPolicy } from "../../src/core/policy.ts"
import type { Actor } from "../../src/core/ports.ts"
import { isRefusal } from "../../src/core/refusals.ts"
import { createFlow } from "../../src/flow/flow.ts"
import { FakeDrafter } from "../fakes/drafter.ts"
import { testPseudonyms, testSigner } from "../harness/signers.ts"
import { silentLog } from "../harness/walk.ts"
import { wiredBoard } from "./outbound.ts"
import { Points } from "./points.ts"

const [where = "", board = "", killAt = "0", ahead = "0", what = "walk"] = process.argv.slice(2)
const clock = {
  now: () => Date.now() + Number(ahead),
  sleep: (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const timer = setTimeout(resolve, Math.min(ms, 20))
      signal?.addEventListener(
        "abort",
        () => {
          clearTimeout(timer)
          reject(signal.reason)
        },
        { once: true },
      )
    }),
}
const points = new Points(Number(killAt))
const database = await openDatabase(where.startsWith("postgres") ? { kind: "postgres", url: where } : { kind: "sqlite", folder: where })
const ledger = await openLedger(database, clock)
const counted = points.around(ledger, ["follow", "close", "claim"])
const platform = points.around(wiredBoard(board), ["start", "stop", "render"])
const flow = createFlow({
  ledger: counted,
  platforms: new Map([["board", platform]]),
  drafter: points.around(new FakeDrafter()),
  knowledge: { size: 0, search: async () => [] },
  clock,
  labelKey: points.around(testSigner()),
  pseudonyms: testPseudonyms,
  policy: defaultPolicy,
  checks: [],
  log: silentLog,
  issuer: "http://127.0.0.1:3000",
  program: "countersign/test",
  onMilestone: () => undefined,
})
const rin: Actor = { person: "board:rin" as PersonId, name: "Rin", auth: "picked" }
const workspace = "board" as WorkspaceId
// The write returns when the kernel has it: a kill after it does not take it back.
const acknowledge = (fact: string, request: string) => writeSync(1, `${JSON.stringify({ fact, request })}\n`)

async function draftOf(request: RequestId): Promise<Digest> {
  for (;;) {
    await flow.idle()
    const draft = (await flow.inbox.card(workspace, request, rin.person))?.draft
    if (draft !== null && draft !== undefined) return draft.digest
    await clock.sleep(5)
  }
}
if (what === "approve") {
  // Many clicks at once on one draft, all through this process; every process starts at the same moment.
  const [request, digest, startAt] = process.argv.slice(7) as [RequestId, Digest, string]
  await clock.sleep(0)
  while (Date.now() < Number(startAt)) await clock.sleep(1)
  const click = () => flow.inbox.decide({ by: rin, workspace, request, digest, act: "approve", acknowledged: [] })
  const cards = await Promise.all(Array.from({ length: 8 }, click))
  await flow.idle()
  writeSync(1, `${JSON.stringify({ refused: cards.filter(isRefusal).length })}\n`)
} else if (what === "walk" || what === "draft") {
  const asked = await flow.inbox.ask({ by: rin, place: { platform: "board", workspace, channel: "t1", thread: null }, message: "q1", gesture: "g1" })
  if (isRefusal(asked)) throw new Error(asked.refused)
  acknowledge("asked", asked.request)
  const digest = await draftOf(asked.request)
  if (what === "draft") {
    writeSync(1, `${JSON.stringify({ digest })}\n`)
    process.exit(0)
  }
  const card = await flow.inbox.decide({ by: rin, workspace, request: asked.request, digest, act: "approve", acknowledged: [] })
  if (isRefusal(card)) throw new Error(card.refused)
  acknowledge("approved", asked.request)
  await flow.idle()
} else {
  await flow.start()
  const settled = new Set(["drafted", "posted", "unclear"])
  for (;;) {
    await clock.sleep(20)
    await flow.idle()
    const heads = await ledger.heads({ workspace })
    if (heads.every((h) => settled.has(h.at) && (h.due === null || h.due > clock.now()))) break
  }
}
await flow.stop()
await ledger.close()
writeSync(1, `${JSON.stringify({ points: points.count })}\n`)
