// Every message under our name is looked at: what we wait for settles, what nobody approved is an incident.
import { afterEach, beforeEach, expect, test } from "@jest/globals"
import type { AttemptId, LabelId, RequestId } from "../src/core/domain.ts"
import { system } from "../src/core/facts.ts"
import type { OwnMessage } from "../src/core/inbox.ts"
import type { Ledger } from "../src/core/ports.ts"
import { freshLedger } from "./harness/ledgers.ts"
import { makeWalk, rin, type Walk } from "./harness/walk.ts"

let ledger: Ledger
let walk: Walk
let request: RequestId
beforeEach(async () => {
  ledger = await freshLedger()
  walk = makeWalk(ledger, { can: { readsConsistently: false } })
  request = await walk.ask()
})
afterEach(async () => {
  await walk.flow.stop()
  await ledger.close()
})
const incidents = async () =>
  (await ledger.read({ workspace: walk.place.workspace, stream: "monitor" })).map((e) =>
    e.fact.kind === "rogueSeen" ? [e.fact.post, e.fact.why] : [],
  )
async function ownMessage(more: Partial<OwnMessage> = {}): Promise<OwnMessage> {
  for await (const m of walk.platform.sweep(0)) return { ...m, ...more }
  throw new Error("nothing was posted")
}

test("a post that was approved is no incident, however often it is seen", async () => {
  await walk.decide(request, { act: "approve" })
  await walk.flow.inbox.seen(await ownMessage())
  await walk.flow.inbox.seen(await ownMessage({ what: "changed" }))
  expect(await incidents()).toEqual([])
})

test("a reply that was lost is made good by the message itself", async () => {
  walk.board.failNext("post", "failsButDone")
  walk.board.failNext("find", "failsAndNotDone", "failsAndNotDone")
  await walk.decide(request, { act: "approve" })
  expect((await walk.state(request)).at).toBe("unclear")
  await walk.flow.inbox.seen(await ownMessage())
  await walk.flow.idle()
  expect((await walk.state(request)).at).toBe("posted")
  expect(await incidents()).toEqual([])
})

async function sawIt(): Promise<void> {
  walk.board.failNext("post", "failsButDone")
  await walk.decide(request, { act: "approve" })
  const { attempt } = await walk.card(request)
  await walk.flow.inbox.resolve({ by: rin, workspace: walk.place.workspace, request, attempt: attempt as AttemptId, as: "posted" })
}
const retracting = async () =>
  walk.flow.inbox.retract({ by: rin, workspace: walk.place.workspace, post: { label: await labelOf() }, reason: "wrong", words: null })
async function labelOf(): Promise<LabelId> {
  const state = await walk.state(request)
  if (!("draft" in state)) throw new Error("no draft")
  return state.draft.label
}
test("a post that a person saw is no incident when it is seen, and its reference is known from then on", async () => {
  await sawIt()
  const message = await ownMessage()
  expect(await walk.state(request)).not.toMatchObject({ post: { id: message.post.id } })
  await walk.flow.inbox.seen(message)
  await walk.flow.inbox.seen(message)
  expect(await walk.state(request)).toMatchObject({ at: "posted", post: { id: message.post.id } })
  await walk.flow.inbox.seen({ ...message, post: { ...message.post, id: "b99" } })
  expect(await incidents()).toEqual([["b99", "unknown"]])
})
test("a post that a person saw is looked for when it is retracted, and taken down", async () => {
  await sawIt()
  expect(await retracting()).toBe("retracting")
  await walk.flow.idle()
  expect(await walk.state(request)).toMatchObject({ at: "retracted" })
  expect((await ownMessage()).visible).toContain("Retracted by Rin")
})
test("a post that a person saw and that cannot be found is not called retracted", async () => {
  await sawIt()
  walk.board.posts.splice(0)
  await retracting()
  await walk.flow.idle()
  expect(await walk.state(request)).toMatchObject({ at: "retractionFailed" })
})

test("a message that no entry covers is an incident, once", async () => {
  await walk.decide(request, { act: "approve" })
  const rogue = await ownMessage({ attempt: null, post: { workspace: walk.place.workspace, id: "b77", url: null } })
  await walk.flow.inbox.seen(rogue)
  await walk.flow.inbox.seen(rogue)
  expect(await incidents()).toEqual([["b77", "unknown"]])
})

test.each<[string, Partial<OwnMessage>]>([
  ["another place", { place: { platform: "board", workspace: "board" as never, channel: "t2", thread: null } }],
  ["a second message", { post: { workspace: "board" as never, id: "b2", url: null } }],
  ["an attempt that nobody made", { attempt: "A9" as AttemptId, post: { workspace: "board" as never, id: "b3", url: null } }],
])("the label of a good post does not cover %s", async (_what, more) => {
  await walk.decide(request, { act: "approve" })
  await walk.flow.inbox.seen(await ownMessage(more))
  expect((await incidents()).map(([, why]) => why)).toEqual(["unknown"])
})

test.each<[string, Partial<OwnMessage>]>([
  ["other words", { visible: "Drop the table." }],
  ["words that cannot be read back", { visible: null }],
])("a post that now says %s is an incident", async (_what, more) => {
  await walk.decide(request, { act: "approve" })
  await walk.flow.inbox.seen(await ownMessage({ what: "changed", ...more }))
  expect(await incidents()).toEqual([["b1", "changed"]])
})

const attempts = async () =>
  (await ledger.read({ workspace: walk.place.workspace, stream: request })).flatMap((e) => (e.fact.kind === "postingBegun" ? [e.fact.attempt] : []))
/** Stands in public though its platform had said for certain that it does not. */
function refusedButThere(attempt: AttemptId): Promise<OwnMessage> {
  walk.board.post({ attempt, channel: "t1", html: "<p>Answer 1.</p>", first: "", last: "", jws: "" })
  return ownMessage()
}
test("a message of an attempt that was refused for certain is an incident, and its request waits as before", async () => {
  walk.board.failNext("post", "refused")
  await walk.decide(request, { act: "approve" })
  const [first] = await attempts()
  await walk.flow.inbox.seen(await refusedButThere(first as AttemptId))
  expect(await incidents()).toEqual([["b1", "unknown"]])
  expect((await walk.state(request)).at).toBe("drafted")
})
test("a message of an attempt that was refused is not taken for the post of the next attempt", async () => {
  walk.board.failNext("post", "refused", "failsAndNotDone")
  await walk.decide(request, { act: "approve" })
  await walk.decide(request, { act: "approve" })
  const [first, second] = await attempts()
  await walk.flow.inbox.seen(await refusedButThere(first as AttemptId))
  expect(await incidents()).toEqual([["b1", "unknown"]])
  expect(await walk.state(request)).toMatchObject({ at: "unclear", attempt: second })
  // By its label alone it is known as well.
  const message = await ownMessage({ attempt: null, label: (await draftLabels())[1] as LabelId })
  await walk.flow.inbox.seen({ ...message, post: { ...message.post, id: "b2" } })
  expect(await walk.state(request)).toMatchObject({ at: "posted", post: { id: "b2" } })
})
const draftLabels = async () =>
  (await ledger.read({ workspace: walk.place.workspace, stream: request })).flatMap((e) => (e.fact.kind === "drafted" ? [e.fact.jti] : []))
test("as long as its request has not gone on from it, a refused attempt that is there after all is posted", async () => {
  walk.board.failNext("post", "failsButDone")
  walk.board.failNext("find", "failsAndNotDone", "failsAndNotDone")
  await walk.decide(request, { act: "approve" })
  const [attempt] = (await attempts()) as [AttemptId]
  // Without the question that follows, as an older version left it.
  const after = (await walk.kinds(request)).length
  const key = { workspace: walk.place.workspace, stream: request }
  await ledger.append({ key, after, actor: system, facts: [{ kind: "postingFailed", attempt, why: "refused" }] })
  await walk.flow.inbox.seen(await ownMessage())
  await walk.flow.idle()
  expect(await walk.state(request)).toMatchObject({ at: "posted", attempt, post: { id: "b1" } })
  expect(await incidents()).toEqual([])
})

test("a deletion is recorded, and no more", async () => {
  await walk.decide(request, { act: "approve" })
  await walk.flow.inbox.seen(await ownMessage({ what: "deleted", visible: null }))
  await walk.flow.idle()
  expect(await walk.state(request)).toMatchObject({ at: "posted", vanishedAt: expect.any(Number) })
  expect(await incidents()).toEqual([])
})

test("a retraction changes the message, and that is no incident", async () => {
  await walk.decide(request, { act: "approve" })
  const before = await ownMessage()
  await walk.flow.inbox.retract({ by: rin, workspace: walk.place.workspace, post: { id: "b1" }, reason: "wrong", words: null })
  await walk.flow.idle()
  await walk.flow.inbox.seen({ ...before, what: "changed", visible: "Retracted by Rin." })
  expect(await incidents()).toEqual([])
})

test("installing and uninstalling are facts of the workspace", async () => {
  await walk.flow.inbox.installed(walk.place.workspace, "board")
  await walk.flow.inbox.uninstalled(walk.place.workspace, "board")
  const entries = await ledger.read({ workspace: walk.place.workspace, stream: "install" })
  expect(entries.map((e) => e.fact.kind)).toEqual(["installed", "uninstalled"])
})
test("a platform that says at each start that it is installed is recorded once, and anew only after it was gone", async () => {
  const { inbox } = walk.flow
  const { workspace } = walk.place
  for (const kind of ["installed", "installed", "uninstalled", "uninstalled", "installed"] as const) await inbox[kind](workspace, "board")
  await inbox.installed(workspace, "another")
  const entries = await ledger.read({ workspace, stream: "install" })
  expect(entries.map((e) => e.fact.kind)).toEqual(["installed", "uninstalled", "installed", "installed"])
})

test("a start looks for what appeared while nobody listened", async () => {
  await walk.decide(request, { act: "approve" })
  walk.board.post({ attempt: "nobody's", channel: "t1", html: "<p>Drop the table.</p>", first: "", last: "", jws: "" })
  await walk.flow.stop()
  walk = makeWalk(ledger, { board: walk.board, can: { readsConsistently: false } })
  await walk.flow.start()
  await walk.flow.idle()
  expect(await incidents()).toEqual([["b2", "unknown"]])
})

test("a platform that cannot be swept holds nothing up", async () => {
  Object.assign(walk.platform, {
    sweep: () => {
      throw new Error("not now")
    },
  })
  await walk.flow.start()
  await walk.flow.idle()
  expect(await incidents()).toEqual([])
})

test("a platform that waits out its limits does not keep the server from stopping", async () => {
  let left = false
  const waits = Promise.withResolvers<never>()
  Object.assign(walk.platform, {
    async *sweep() {
      try {
        yield await waits.promise
      } finally {
        left = true
      }
    },
  })
  await walk.flow.start()
  await walk.flow.stop()
  // Left to itself, not cut off: it ends when its platform does.
  expect(left).toBe(false)
  waits.reject(new Error("the platform was stopped"))
  await new Promise((r) => setImmediate(r))
  expect(left).toBe(true)
})
