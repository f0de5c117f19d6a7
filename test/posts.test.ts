// What readers and approvers do with a post: report it, act on it, take it back.
import { afterEach, beforeEach, expect, test } from "@jest/globals"
import type { RequestId } from "../src/core/domain.ts"
import type { Ledger, OnPost } from "../src/core/ports.ts"
import { freshLedger } from "./harness/ledgers.ts"
import { bo, makeWalk, mira, rin, type Walk } from "./harness/walk.ts"

let ledger: Ledger
let walk: Walk
let request: RequestId
beforeEach(async () => {
  ledger = await freshLedger()
  walk = makeWalk(ledger)
  request = await walk.ask()
  await walk.decide(request, { act: "approve" })
})
afterEach(async () => {
  await walk.flow.stop()
  await ledger.close()
})
const on = (by = bo): OnPost => ({ by, workspace: walk.place.workspace, post: { id: walk.board.posts[0]?.id ?? "" } })

test("a report is noted once a person, and the approver is told once each", async () => {
  expect(await walk.flow.inbox.report({ ...on(), why: "this deletes data" })).toBe("noted")
  expect(await walk.flow.inbox.report({ ...on(), why: "again" })).toBe("noted")
  await walk.flow.inbox.report({ ...on(mira), why: null })
  await walk.flow.idle()
  expect(walk.platform.told.map((t) => [t.person, t.notice.kind])).toEqual([
    [rin.person, "reported"],
    [rin.person, "reported"],
  ])
  expect(await walk.card(request)).toMatchObject({ note: "Posted. 2 people report a problem with it." })
})

test("who acted on an answer is told when it is retracted", async () => {
  expect(await walk.flow.inbox.actedOn(on())).toBe("noted")
  expect(await walk.flow.inbox.retract({ ...on(rin), reason: "unsafe", words: null })).toBe("retracting")
  await walk.flow.idle()
  expect(walk.platform.told).toMatchObject([{ person: bo.person, notice: { kind: "retracted", reason: "unsafe" } }])
  expect(walk.board.posts[0]?.withdrawn).toBe("Retracted by Rin: not safe to follow. If you acted on it, say so here.")
})

test("who says so by the words that stand in its place is told then, once", async () => {
  await walk.flow.inbox.retract({ ...on(rin), reason: "unsafe", words: null })
  await walk.flow.idle()
  expect(await walk.flow.inbox.actedOn(on())).toBe("noted")
  expect(await walk.flow.inbox.actedOn(on())).toBe("noted")
  await walk.flow.idle()
  expect(walk.platform.told).toMatchObject([{ person: bo.person, notice: { kind: "retracted", reason: "unsafe" } }])
})

test("what was said of a post counts, though somebody cannot be told of it now", async () => {
  const { tell } = walk.platform
  const unreached = [rin.person, bo.person]
  Object.assign(walk.platform, {
    tell: async (...to: Parameters<typeof tell>) => (unreached.includes(to[0]) ? Promise.reject(new Error("rate limited")) : tell(...to)),
  })
  expect(await walk.flow.inbox.report({ ...on(), why: null })).toBe("noted")
  await walk.flow.inbox.actedOn(on())
  await walk.flow.inbox.actedOn(on(mira))
  await walk.flow.inbox.retract({ ...on(rin), reason: "wrong", words: null })
  await walk.flow.idle()
  expect((await walk.state(request)).at).toBe("retracted")
  expect(walk.platform.told.map((t) => t.person)).toEqual([mira.person])
})

test("a reader cannot retract; a moderator can; once", async () => {
  expect(await walk.flow.inbox.retract({ ...on(bo), reason: "wrong", words: null })).toMatchObject({ refused: "not-allowed-to-retract" })
  expect(await walk.flow.inbox.retract({ ...on(mira), reason: "wrong", words: "see ticket 7" })).toBe("retracting")
  await walk.flow.idle()
  expect(await walk.flow.inbox.retract({ ...on(rin), reason: "wrong", words: null })).toMatchObject({ refused: "already-retracted" })
  expect((await walk.state(request)).at).toBe("retracted")
})

test("a post that is not ours, or of another workspace, is no post", async () => {
  const other = { ...on(), post: { id: "b99" } }
  expect(await walk.flow.inbox.report({ ...other, why: null })).toMatchObject({ refused: "not-posted" })
  expect(await walk.flow.inbox.report({ ...on(), workspace: "elsewhere" as never, why: null })).toMatchObject({ refused: "not-posted" })
})
