// Every outward call fails in both ways: not done, and done with the reply lost. Then a restart, then the whole truth is compared.
import { afterEach, beforeEach, expect, test } from "@jest/globals"
import { system } from "../src/core/facts.ts"
import { type Notice, noticeWords } from "../src/core/notices.ts"
import { type Append, type Ledger, PostRefused } from "../src/core/ports.ts"
import { isRefusal } from "../src/core/refusals.ts"
import { textsOf } from "../src/flow/texts.ts"
import type { BoardCall, Fault } from "./fakes/board/board.ts"
import { freshLedger } from "./harness/ledgers.ts"
import { makeWalk, rin, type Walk } from "./harness/walk.ts"

let ledger: Ledger
let walk: Walk
beforeEach(async () => {
  ledger = await freshLedger()
})
afterEach(async () => {
  await walk.flow.stop()
  await ledger.close()
})
/** A new process on the same ledger and board, after every lease and permit has died. */
async function restart(board = walk.board, can = {}) {
  await walk.flow.stop()
  const clock = walk.clock
  clock.advance(60_000)
  walk = makeWalk(ledger, { board, clock, can })
  await walk.flow.start()
  for (let i = 0; i < 10; i++) {
    clock.advance(31_000)
    await new Promise((r) => setTimeout(r, 10))
    await walk.flow.idle()
  }
}

test.each<[Fault, boolean, string, number]>([
  ["failsAndNotDone", true, "drafted", 0],
  ["failsButDone", true, "posted", 1],
  ["failsAndNotDone", false, "unclear", 0],
  ["failsButDone", false, "posted", 1],
  ["refused", true, "drafted", 0],
  ["refused", false, "drafted", 0],
])("the post %s; reads consistent: %s: it ends %s", async (fault, readsConsistently, at, posts) => {
  walk = makeWalk(ledger, { can: { readsConsistently } })
  const request = await walk.ask()
  walk.board.failNext("post", fault)
  await walk.decide(request, { act: "approve" })
  await restart(walk.board, { readsConsistently })
  expect((await walk.state(request)).at).toBe(at)
  expect(walk.board.posts).toHaveLength(posts)
  // However often it is looked at again, it is never sent again.
  await restart(walk.board, { readsConsistently })
  expect(walk.board.posts).toHaveLength(posts)
})

test("an unclear post is resolved by its person, once, and `never-seen` ends the request", async () => {
  walk = makeWalk(ledger, { can: { readsConsistently: false } })
  const request = await walk.ask()
  walk.board.failNext("post", "failsAndNotDone")
  walk.board.failNext("find", "failsAndNotDone", "failsAndNotDone", "failsAndNotDone")
  await walk.decide(request, { act: "approve" })
  const card = await walk.card(request)
  expect(card).toMatchObject({ phase: "unclear", actions: [{ act: "resolve-posted" }, { act: "resolve-never-seen" }] })
  const attempt = card.attempt as never
  const resolve = () => walk.flow.inbox.resolve({ by: rin, workspace: walk.place.workspace, request, attempt, as: "never-seen" })
  expect(await resolve()).toMatchObject({ phase: "settled" })
  expect(await resolve()).toMatchObject({ refused: "not-unclear" })
})

test("a post that the platform refused can be edited and approved anew", async () => {
  walk = makeWalk(ledger)
  const request = await walk.ask()
  walk.board.failNext("post", "refused")
  await walk.decide(request, { act: "approve" })
  expect((await walk.state(request)).at).toBe("drafted")
  await walk.decide(request, { act: "edit", text: "Again." })
  expect(isRefusal(await walk.decide(request, { act: "approve" }))).toBe(false)
  expect(walk.board.posts).toHaveLength(1)
})
test.each<[Fault, boolean, string]>([
  ["refused", false, "The platform refused this post, so nothing was posted. The board takes no messages here. Approve it to try again"],
  ["failsAndNotDone", true, "This was interrupted before it was sent"],
])("what certainly was not posted (%s) is asked again: the same text, and an approval and an attempt of its own", async (fault, reads, why) => {
  walk = makeWalk(ledger, { can: { readsConsistently: reads } })
  const request = await walk.ask()
  const before = await walk.card(request)
  const first = {
    by: rin,
    workspace: walk.place.workspace,
    request,
    digest: before.draft?.digest as never,
    act: "approve",
    acknowledged: [],
  } as const
  walk.board.failNext("post", fault)
  await walk.flow.inbox.decide(first)
  await walk.flow.idle()
  await restart(walk.board, { readsConsistently: reads })
  const again = await walk.card(request)
  expect(again).toMatchObject({ phase: "review", tone: "warning", note: expect.stringContaining(why), draft: { revision: 2 } })
  expect(again.actions.map((a) => a.act)).toEqual(["approve", "edit", "redraft", "decline"])
  expect(again.draft?.rendered).toEqual(before.draft?.rendered)
  // The click from before, however often it comes again, is none on this.
  for (let i = 0; i < 3; i += 1) expect(await walk.flow.inbox.decide(first)).toMatchObject({ refused: "stale-card" })
  await walk.flow.idle()
  expect(walk.board.posts).toEqual([])
  await walk.decide(request, { act: "approve" })
  expect(walk.board.posts).toHaveLength(1)
  const facts = (await ledger.read({ workspace: walk.place.workspace, stream: request })).map((e) => e.fact)
  const begun = facts.flatMap((f) => (f.kind === "postingBegun" ? [f] : []))
  expect(new Set(begun.map((f) => f.attempt)).size).toBe(2)
  expect(new Set(begun.map((f) => f.jti)).size).toBe(2)
  expect(facts.filter((f) => f.kind === "approved")).toHaveLength(2)
})
test("what a platform's no was is told to the requester, once, and is text beside the log: no fact has it, and erasing takes it away", async () => {
  walk = makeWalk(ledger)
  const request = await walk.ask()
  const why = `Countersign is not in #mergers-2027: ${"invite it, ".repeat(50)}`
  Object.assign(walk.platform, { publish: () => Promise.reject(new PostRefused(why)) })
  await walk.decide(request, { act: "approve" })
  expect(walk.platform.told).toMatchObject([{ person: rin.person, notice: { kind: "notPosted" } }])
  expect(noticeWords(walk.platform.told[0]?.notice as Notice)).toContain("refused it. Countersign is not in #mergers-2027: invite it")
  const { note } = await walk.card(request)
  expect(note).toContain("so nothing was posted. Countersign is not in #mergers-2027: invite it")
  // An adapter that quotes a whole answer of its platform does not fill the card with it.
  expect(note?.length).toBeLessThan(450)
  expect(JSON.stringify(await ledger.entries(walk.place.workspace, 0, 1_000))).not.toContain("mergers")
  const facts = (await ledger.read({ workspace: walk.place.workspace, stream: request })).map((e) => e.fact)
  const texts = facts.flatMap((f) => (f.kind === "postingFailed" ? textsOf(f).map((t) => t.ref) : []))
  await ledger.erase({ workspace: walk.place.workspace, bodies: texts, people: [], actor: system })
  expect((await walk.card(request)).note).toContain("so nothing was posted. Approve it to try again")
})
test("who cannot be told of a refusal finds it on the card", async () => {
  walk = makeWalk(ledger)
  const request = await walk.ask()
  walk.board.failNext("post", "refused")
  Object.assign(walk.platform, { tell: () => Promise.reject(new Error("not now")) })
  await walk.decide(request, { act: "approve" })
  expect((await walk.card(request)).note).toContain("The board takes no messages here.")
})
test("an edit of a text that was refused is a new text: the card does not speak of the refusal any more", async () => {
  walk = makeWalk(ledger)
  const request = await walk.ask()
  walk.board.failNext("post", "refused")
  await walk.decide(request, { act: "approve" })
  await walk.decide(request, { act: "edit", text: "Shorter." })
  expect(await walk.card(request)).toMatchObject({ phase: "review", note: null })
})
test("a place that cannot be looked at any more still brings the text back, to be discarded", async () => {
  walk = makeWalk(ledger)
  const request = await walk.ask()
  walk.board.failNext("post", "refused")
  let audience = 0
  const { audience: asked } = walk.platform
  Object.assign(walk.platform, {
    // Known at the draft and before the post; gone since.
    audience: (at: Parameters<typeof asked>[0]) => (++audience > 1 ? Promise.reject(new Error("channel_not_found")) : asked(at)),
  })
  await walk.decide(request, { act: "approve" })
  const card = await walk.card(request)
  expect(card).toMatchObject({ phase: "review", draft: { revision: 2, findings: [{ id: "revision", level: "note" }] } })
  await walk.decide(request, { act: "edit", text: "Other words." })
  const edited = await walk.card(request)
  expect(edited.draft).toMatchObject({
    revision: 3,
    answer: card.draft?.answer,
    findings: [{ id: "revision", words: expect.stringContaining("Your text") }],
  })
  const drafts = (await ledger.read({ workspace: walk.place.workspace, stream: request })).flatMap((e) => (e.fact.kind === "drafted" ? [e.fact] : []))
  expect(new Set(drafts.map((d) => d.jti)).size).toBe(3)
  expect(await walk.decide(request, { act: "decline" })).toMatchObject({ phase: "settled" })
})

test.each<[BoardCall]>([["audience"], ["thread"]])("a failing look at the %s loses nothing", async (call) => {
  walk = makeWalk(ledger)
  walk.board.failNext(call, "failsAndNotDone")
  const request = await walk.ask()
  await restart()
  const { at } = await walk.state(request)
  expect(["drafted", "draftingFailed"]).toContain(at)
})

test.each<[Fault, number]>([
  ["failsAndNotDone", 1],
  ["failsButDone", 1],
])("a retraction that %s is carried through after the lease", async (fault) => {
  walk = makeWalk(ledger)
  const request = await walk.ask()
  await walk.decide(request, { act: "approve" })
  walk.board.failNext("withdraw", fault)
  const post = { by: rin, workspace: walk.place.workspace, post: { id: walk.board.posts[0]?.id ?? "" } }
  expect(await walk.flow.inbox.retract({ ...post, reason: "wrong", words: null })).toBe("retracting")
  await walk.flow.idle()
  await restart()
  expect((await walk.state(request)).at).toBe("retracted")
  expect(walk.board.posts[0]?.withdrawn).toContain("Retracted by Rin: wrong advice")
})

/** A ledger whose n-th append fails, before or after it was written. */
function failing(inner: Ledger, nth: number, how: Fault): Ledger {
  let count = 0
  const append = async (a: Append) => {
    count += 1
    if (count !== nth) return inner.append(a)
    if (how === "failsButDone") await inner.append(a)
    throw Object.assign(new Error("the database went away"), { code: "ledger-unavailable" })
  }
  return new Proxy(inner, { get: (target, name) => (name === "append" ? append : Reflect.get(target, name).bind(target)) })
}
const nths = Array.from({ length: 9 }, (_, i) => i + 1)
test.each(nths.flatMap((n) => (["failsAndNotDone", "failsButDone"] as const).map((how) => [n, how] as const)))(
  "append %s of the walk %s: at most one post, none without approval, and the walk goes on",
  async (nth, how) => {
    walk = makeWalk(failing(ledger, nth, how))
    let request = await walk.ask().catch(() => null)
    if (request === null) request = await walk.ask()
    await restart()
    const drafted = await walk.state(request)
    if (drafted.at === "drafted") {
      walk = makeWalk(failing(ledger, Math.max(1, nth - 4), how), { board: walk.board, clock: walk.clock })
      await walk.decide(request, { act: "approve" }).catch(() => null)
    }
    await restart()
    expect(walk.board.posts.length).toBeLessThanOrEqual(1)
    const kinds = await walk.kinds(request)
    const { at } = await walk.state(request)
    if (walk.board.posts.length === 1) expect(kinds).toContain("approved")
    expect(["drafted", "posted", "refused", "draftingFailed"]).toContain(at)
    expect(at === "posted").toBe(walk.board.posts.length === 1)
  },
)
