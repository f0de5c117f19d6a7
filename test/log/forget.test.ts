// Forgetting a person: their words and name are gone everywhere, and the log still verifies.
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "@jest/globals"
import type { Ledger } from "../../src/core/ports.ts"
import { verify } from "../../src/flow/audit.ts"
import { forget } from "../../src/flow/forget.ts"
import { textsOf } from "../../src/flow/texts.ts"
import { request, workspace } from "../harness/history.ts"
import { freshLedger } from "../harness/ledgers.ts"
import { testPseudonyms } from "../harness/signers.ts"
import { bo, makeWalk, rin, type Walk } from "../harness/walk.ts"

let ledger: Ledger
let walk: Walk
const board = workspace("board")
beforeEach(async () => {
  ledger = await freshLedger()
  walk = makeWalk(ledger)
})
afterEach(async () => {
  await walk.flow.stop()
  await ledger.close()
})
const textsIn = async (stream: string) => {
  const entries = await ledger.read(request(stream, "board"))
  const refs = entries.flatMap((e) => textsOf(e.fact)).filter((t) => t.is === "words")
  return Promise.all(refs.map((t) => ledger.body(board, t.ref)))
}

test("an open request ends, its texts and the person's name are erased, others' stay", async () => {
  const mine = await walk.ask(rin)
  await walk.decide(mine, { act: "edit", text: "My own words." })
  const theirs = await walk.ask(bo, "g2")
  expect(await forget(walk.parts, rin.person)).toMatchObject({ requests: 1, workspaces: 1, left: [] })
  expect(await walk.state(mine)).toMatchObject({ at: "expired" })
  expect((await textsIn(mine)).every((t) => t === null)).toBe(true)
  expect((await textsIn(theirs)).every((t) => t !== null)).toBe(true)
  expect(await ledger.person(testPseudonyms.of(rin.person))).toBeNull()
  expect(await ledger.person(testPseudonyms.of(bo.person))).not.toBeNull()
  const erased = (await ledger.read({ workspace: board, stream: "bodies" })).map((e) => e.fact)
  expect(erased).toMatchObject([{ kind: "erased", people: 1 }])
})
test("the log still verifies, and a post's label is still there", async () => {
  const request = await walk.ask(rin)
  await walk.decide(request, { act: "approve" })
  await forget(walk.parts, rin.person)
  const folder = mkdtempSync(join(tmpdir(), "countersign-forget-"))
  const report = await verify({ ledger, folder, keys: [], guardProblem: null })
  rmSync(folder, { recursive: true })
  expect(report).toMatchObject({ ok: true, erased: 2, texts: 1 })
})
test("what they reported about another's post is erased too", async () => {
  const request = await walk.ask(rin)
  await walk.decide(request, { act: "approve" })
  const state = await walk.state(request)
  if (!("post" in state)) throw new Error("not posted")
  await walk.flow.inbox.report({ by: bo, workspace: board, post: { id: state.post.id }, why: "It broke my laptop" })
  expect(await forget(walk.parts, bo.person)).toMatchObject({ requests: 0, bodies: 1, workspaces: 1 })
  expect(await textsIn(request)).toEqual([expect.any(String), expect.any(String), null])
})
test("the platform is told, and somebody unknown is forgotten without a trace in the log", async () => {
  const told: string[] = []
  const platforms = new Map([["board", { ...walk.platform, forget: async (p: string) => void told.push(p) }]])
  await forget({ ...walk.parts, platforms: platforms as unknown as typeof walk.parts.platforms }, bo.person)
  expect(told).toEqual([bo.person])
  expect(await ledger.sizes()).toEqual([])
})
