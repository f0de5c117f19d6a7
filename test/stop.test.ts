// The stop: obeyed by the database, waited for, and never undone by a resume.
import { afterEach, beforeEach, expect, test } from "@jest/globals"
import type { RequestId, WorkspaceId } from "../src/core/domain.ts"
import { installation } from "../src/core/door.ts"
import { saysStop } from "../src/core/orders.ts"
import { type Ledger, PlatformBusy, type StopOrder } from "../src/core/ports.ts"
import { isRefusal } from "../src/core/refusals.ts"
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
const order = (by = rin, scope: StopOrder["scope"] = { workspace: walk.place.workspace, channel: null }, why: string | null = null): StopOrder => ({
  by,
  scope,
  why,
  from: walk.place,
})
const scopes = (w: Walk): [string, StopOrder["scope"]][] => [
  ["this place", { workspace: w.place.workspace, channel: "t1" }],
  ["the workspace", { workspace: w.place.workspace, channel: null }],
  ["the installation", { workspace: installation, channel: null }],
]

test.each([0, 1, 2])("a stop of scope %s keeps a waiting draft from being approved", async (n) => {
  const request = await walk.ask()
  const [, scope] = scopes(walk)[n] as [string, StopOrder["scope"]]
  expect(await walk.flow.inbox.stop(order(bo, scope, "wrong advice"))).toMatchObject({ outcome: "sure" })
  expect(await walk.decide(request, { act: "approve" })).toMatchObject({ refused: "stopped" })
  expect(await walk.card(request)).toMatchObject({ tone: "stopped", note: "Stopped by Bo: nothing will be posted." })
  expect(await walk.flow.inbox.doors({ workspace: walk.place.workspace, channel: "t1" })).toMatchObject([{ byName: "Bo", why: "wrong advice" }])
  expect(walk.board.posts).toEqual([])
})

test.each([
  ["another place", { workspace: "board", channel: "t2" }],
  ["another workspace", { workspace: "elsewhere", channel: null }],
])("a stop of %s does not touch this one", async (_which, scope) => {
  const request = await walk.ask()
  await walk.flow.inbox.stop(order(rin, scope as StopOrder["scope"]))
  expect(isRefusal(await walk.decide(request, { act: "approve" }))).toBe(false)
  expect(walk.board.posts).toHaveLength(1)
})

test("only an admin resumes, and a resume releases nothing that was approved before the stop", async () => {
  // The stop comes between the approval and the attempt: the approval is written by a process that dies at once.
  const request = await walk.ask()
  const state = await walk.state(request)
  if (state.at !== "drafted") throw new Error(state.at)
  await ledger.append({
    key: { workspace: walk.place.workspace, stream: request },
    after: state.version,
    actor: state.requester,
    facts: [{ kind: "approved", digest: state.draft.digest, place: "t1", epoch: 0, until: walk.clock.now() + 60_000, auth: "picked" }],
  })
  await walk.flow.inbox.stop(order())
  expect(await walk.flow.inbox.resume(order(rin))).toMatchObject({ refused: "only-admins-resume" })
  expect(await walk.flow.inbox.resume(order(mira))).toBe("resumed")
  await walk.flow.start()
  while ((await walk.state(request)).at !== "drafted") await new Promise((r) => setTimeout(r, 5))
  await walk.flow.idle()
  expect(walk.board.posts).toEqual([])
  expect(await walk.card(request)).toMatchObject({ draft: { revision: 2 }, note: expect.stringContaining("A stop came after your approval") })
  expect(isRefusal(await walk.decide(request, { act: "approve" }))).toBe(false)
  expect(walk.board.posts).toHaveLength(1)
})

test("nobody asks while it is stopped, and a stranger cannot stop", async () => {
  walk.board.standings.delete(bo.person)
  expect(await walk.flow.inbox.stop(order(bo))).toMatchObject({ refused: "not-a-member" })
  await walk.flow.inbox.stop(order())
  expect(await walk.flow.inbox.ask({ by: rin, place: walk.place, message: "q1", gesture: "g" })).toMatchObject({ refused: "stopped" })
})

/** Stops while `request` is being sent, and moves the clock until the stop is acknowledged. */
async function stopWhileSending(request: RequestId) {
  const approving = walk.decide(request, { act: "approve" })
  while ((await walk.state(request)).at !== "posting") await new Promise((r) => setTimeout(r, 2))
  const stopping = walk.flow.inbox.stop(order())
  const turns = setInterval(() => walk.clock.advance(200), 5)
  const outcome = await stopping
  clearInterval(turns)
  await approving
  return outcome
}

test.each(["hangs", "deaf"] as const)(
  "a stop aborts what is being sent (the platform %s), asks what became of it, and then is sure",
  async (fault) => {
    const request = await walk.ask()
    await walk.flow.start()
    walk.board.failNext("post", fault)
    expect(await stopWhileSending(request)).toMatchObject({ outcome: "sure" })
    expect(await walk.kinds(request)).toContain("postingFailed")
    expect(walk.board.posts).toEqual([])
  },
)

test("a stop is not sure of what was given up and may have been taken all the same", async () => {
  await walk.flow.stop()
  walk = makeWalk(ledger, { can: { readsConsistently: false } })
  const request = await walk.ask()
  walk.board.failNext("post", "givenUpButDone")
  expect(await stopWhileSending(request)).toMatchObject({ outcome: { unsure: [request] } })
  expect(walk.board.posts).toHaveLength(1)
})

test("a stop waits for what was given up before it, as long as the platform may yet take it", async () => {
  await walk.flow.stop()
  walk = makeWalk(ledger, { can: { readsConsistently: false } })
  const request = await walk.ask()
  walk.board.failNext("post", "failsAndNotDone")
  await walk.decide(request, { act: "approve" })
  const stopping = walk.flow.inbox.stop(order())
  const turns = setInterval(() => walk.clock.advance(1_000), 2)
  expect(await stopping).toMatchObject({ outcome: { unsure: [request] } })
  // Long afterwards nothing of it is under way any more, though nobody has resolved it.
  expect(await walk.flow.inbox.stop(order())).toMatchObject({ outcome: "sure" })
  clearInterval(turns)
})

test("an attempt of a dead process is named when its time has passed and nobody knows", async () => {
  const request = await walk.ask()
  const state = await walk.state(request)
  if (state.at !== "drafted") throw new Error(state.at)
  const key = { workspace: walk.place.workspace, stream: request }
  await ledger.append({
    key,
    after: state.version,
    actor: state.requester,
    facts: [
      { kind: "approved", digest: state.draft.digest, place: "t1", epoch: 0, until: walk.clock.now() + 60_000, auth: "picked" },
      {
        kind: "postingBegun",
        attempt: "A1" as never,
        digest: state.draft.digest,
        place: "t1",
        jti: state.draft.label,
        label: state.draft.digest,
        notAfter: walk.clock.now() + 10_000,
      },
    ],
  })
  const stopping = walk.flow.inbox.stop(order())
  const turns = setInterval(() => walk.clock.advance(1_000), 2)
  expect(await stopping).toMatchObject({ outcome: { unsure: [request] } })
  clearInterval(turns)
})

test.each([
  "stop",
  "Stop.",
  "STOP. Do not post.",
  "wait, stop",
  "please stop posting",
  "stop that now",
  "don't post",
  "Stop it please",
  "ok stop!",
  "hey, stop answering here",
  "halt",
  "stop posting answers",
  "Please stop replying in this thread.",
  "could you stop posting wrong answers to this channel?",
  "EMERGENCY STOP",
])("%j is an order to stop", (text) => expect(saysStop(text)).toBe(true))
test.each([
  "how do I stop a container?",
  "what happens when I stop the server",
  "Why does the job stop after 5 minutes?",
  "draft an answer please",
  "",
  "the post stops halfway",
  "Can you explain stop words?",
  "can I stop a deployment from the thread?",
  "how can I stop messages from this channel?",
  "What happens on stop?",
])("%j is not", (text) => expect(saysStop(text)).toBe(false))

test("a stop of the installation is an entry of workspace *", async () => {
  await walk.flow.inbox.stop(order(rin, { workspace: "*" as WorkspaceId, channel: null }))
  expect(await ledger.read({ workspace: installation, stream: "door" })).toMatchObject([{ fact: { kind: "stopped", place: null } }])
})

test.each<[string, () => Promise<never>]>([
  ["fails to say", () => Promise.reject(new Error("rate limited"))],
  ["never says", () => new Promise<never>(() => undefined)],
])("a platform that %s who asks for a stop keeps nobody from stopping, and lets nobody resume", async (_how, mayAct) => {
  Object.assign(walk.platform, { mayAct })
  expect(await walk.flow.inbox.stop(order(bo))).toMatchObject({ outcome: "sure" })
  const resumed = Promise.race([walk.flow.inbox.resume(order(mira)).catch(() => "failed"), new Promise((r) => setImmediate(r, "no answer"))])
  expect(["failed", "no answer"]).toContain(await resumed)
  expect(await walk.flow.inbox.doors({ workspace: walk.place.workspace, channel: "t1" })).toHaveLength(1)
})
test("a platform that is too busy to say it keeps nobody from stopping, and tells whoever resumes when to try again", async () => {
  Object.assign(walk.platform, { mayAct: () => Promise.reject(new PlatformBusy(29_500)) })
  expect(await walk.flow.inbox.stop(order(bo))).toMatchObject({ outcome: "sure" })
  expect(await walk.flow.inbox.resume(order(mira))).toEqual({
    refused: "platform-busy",
    words: "Board is busy, so nothing was changed. Try again in 30 seconds.",
  })
  expect(await walk.flow.inbox.doors({ workspace: walk.place.workspace, channel: "t1" })).toHaveLength(1)
})
