// The walk of one request, on the real flow and the real ledger.
import { afterEach, beforeEach, expect, test } from "@jest/globals"
import type { Digest } from "../src/core/domain.ts"
import { DraftingFault, type Ledger } from "../src/core/ports.ts"
import { isRefusal } from "../src/core/refusals.ts"
import { digestOf } from "../src/flow/seal.ts"
import { freshLedger } from "./harness/ledgers.ts"
import { bo, makeWalk, mira, rin, silentLog, type Walk, type WalkOptions } from "./harness/walk.ts"

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
const anew = (o: WalkOptions) => {
  walk = makeWalk(ledger, o)
}

test("an ask becomes a private card, and nothing is posted", async () => {
  const request = await walk.ask()
  const card = await walk.card(request)
  expect(card).toMatchObject({ phase: "review", title: "Draft for you · parrot-1 · revision 1" })
  expect(card.draft?.rendered.visible).toBe("Answer 1.")
  expect(card.draft?.labelLines.first).toContain("AI-generated · approved by Rin")
  expect(card.actions[0]).toEqual({ act: "approve", words: "Approve and post to this board (37 people)", weight: "primary" })
  expect(walk.board.posts).toEqual([])
  expect(await walk.kinds(request)).toEqual(["asked", "cardShown", "drafted", "cardShown"])
  expect([...walk.platform.shown.keys()]).toEqual([rin.person])
})

test("an approval posts exactly what was shown, with its label", async () => {
  const request = await walk.ask()
  const shown = (await walk.card(request)).draft
  await walk.decide(request, { act: "approve" })
  expect(walk.board.posts).toHaveLength(1)
  expect(walk.board.posts[0]).toMatchObject({ html: shown?.rendered.payload, first: shown?.labelLines.first })
  expect(await walk.card(request)).toMatchObject({ phase: "settled", post: { id: "b1" }, actions: [] })
  expect(await walk.kinds(request)).toEqual(["asked", "cardShown", "drafted", "cardShown", "approved", "postingBegun", "posted", "cardShown"])
})

test("the same ask twice is one request, and a second gesture on the same message shows the open one", async () => {
  const first = await walk.ask()
  expect(await walk.flow.inbox.ask({ by: rin, place: walk.place, message: "q1", gesture: "g1" })).toEqual({ request: first, was: "open-already" })
  expect(await walk.flow.inbox.ask({ by: rin, place: walk.place, message: "q1", gesture: "g2" })).toEqual({ request: first, was: "open-already" })
  expect(walk.drafter.asked).toHaveLength(1)
})

test("a second person's ask on the same message is a request of its own, and neither sees the other's card", async () => {
  const mine = await walk.ask(rin)
  const theirs = await walk.ask(bo)
  expect(theirs).not.toBe(mine)
  expect(await walk.flow.inbox.card(walk.place.workspace, mine, bo.person)).toBeNull()
  expect((await walk.flow.inbox.queue(bo.person)).map((c) => c.request)).toEqual([theirs])
})

test("a stranger cannot ask, and a guest cannot unless policy lets them", async () => {
  walk.board.standings.set(bo.person, "guest")
  expect(await walk.flow.inbox.ask({ by: bo, place: walk.place, message: "q1", gesture: "g" })).toMatchObject({ refused: "guests-cannot" })
  walk.board.standings.delete(bo.person)
  expect(await walk.flow.inbox.ask({ by: bo, place: walk.place, message: "q1", gesture: "g" })).toMatchObject({ refused: "not-a-member" })
  walk.board.standings.set(bo.person, "guest")
  anew({ board: walk.board, policy: { guestsMayAsk: true } })
  walk.board.standings.set(bo.person, "guest")
  expect(isRefusal(await walk.flow.inbox.ask({ by: bo, place: walk.place, message: "q1", gesture: "g" }))).toBe(false)
})

test.each([
  ["Bo, a member", bo],
  ["Mira, an admin", mira],
])("a click by %s on somebody else's card approves nothing", async (_who, other) => {
  const request = await walk.ask()
  expect(await walk.decide(request, { act: "approve" }, other)).toMatchObject({ refused: "not-yours" })
  for (const act of [{ act: "edit", text: "x" }, { act: "redraft", hint: null }, { act: "decline" }] as const) {
    expect(await walk.decide(request, act, other)).toMatchObject({ refused: "not-yours" })
  }
  expect(await walk.kinds(request)).toEqual(["asked", "cardShown", "drafted", "cardShown"])
  expect(walk.board.posts).toEqual([])
})

test("a click on an old card approves nothing", async () => {
  const request = await walk.ask()
  const old = (await walk.card(request)).draft?.digest as Digest
  await walk.decide(request, { act: "edit", text: "Better." })
  const decision = { by: rin, workspace: walk.place.workspace, request, digest: old, act: "approve", acknowledged: [] } as const
  expect(await walk.flow.inbox.decide(decision)).toMatchObject({ refused: "stale-card" })
  expect(walk.board.posts).toEqual([])
})

test("the same click a hundred times, at once and later, is one approval and one post", async () => {
  const request = await walk.ask()
  const digest = (await walk.card(request)).draft?.digest as Digest
  const decision = { by: rin, workspace: walk.place.workspace, request, digest, act: "approve", acknowledged: [] } as const
  const answers = await Promise.all(Array.from({ length: 100 }, () => walk.flow.inbox.decide(decision)))
  await walk.flow.idle()
  expect(answers.filter(isRefusal)).toEqual([])
  expect(isRefusal(await walk.flow.inbox.decide(decision))).toBe(false)
  expect((await walk.kinds(request)).filter((k) => k === "approved")).toHaveLength(1)
  expect(walk.board.posts).toHaveLength(1)
})

test("an edit is a new revision that says so on its label, and only its approval posts", async () => {
  const request = await walk.ask()
  await walk.decide(request, { act: "edit", text: "Something else entirely." })
  const card = await walk.card(request)
  expect(card.title).toBe("Draft for you · parrot-1 · revision 2")
  expect(card.draft?.labelLines.first).toContain("edited by a person")
  await walk.decide(request, { act: "approve" })
  expect(walk.board.posts.map((p) => p.html)).toEqual(["<p>Something else entirely.</p>"])
})

test("an empty edit is refused and the draft stays", async () => {
  const request = await walk.ask()
  expect(await walk.decide(request, { act: "edit", text: "  \n" })).toMatchObject({ refused: "nothing-to-post" })
  expect((await walk.card(request)).draft?.answer).toBe("Answer 1.")
})

test("a redraft goes to the drafter with the hint and the text before", async () => {
  const request = await walk.ask()
  await walk.decide(request, { act: "redraft", hint: "shorter" })
  expect(walk.drafter.asked[1]).toMatchObject({ hint: "shorter", previous: "Answer 1." })
  expect((await walk.card(request)).draft?.answer).toBe("Answer 2 (shorter).")
})

test.each([
  ["fails", new DraftingFault("unavailable")],
  ["declines", "declined" as const],
])("a redraft that %s brings the earlier text back with a note", async (_how, answer) => {
  const request = await walk.ask()
  walk.drafter.next(answer)
  await walk.decide(request, { act: "redraft", hint: "shorter" })
  const card = await walk.card(request)
  expect(card.draft).toMatchObject({ answer: "Answer 1.", revision: 2 })
  expect(card.draft?.findings).toMatchObject([{ id: "redraft", level: "note" }])
})

test("a drafter that is down ends in a private word, and asking again is a new request", async () => {
  walk.drafter.next(new DraftingFault("unavailable"))
  const request = await walk.ask()
  expect(await walk.card(request)).toMatchObject({ phase: "settled", note: expect.stringContaining("the model did not answer") })
  expect(await walk.ask(rin, "g2")).not.toBe(request)
})

test("why a drafter gave nothing reaches the log", async () => {
  const seen: unknown[] = []
  const other = makeWalk(ledger, { log: { ...silentLog, warn: (what) => void seen.push(what) } })
  other.drafter.next(new DraftingFault("unavailable", { because: "the server answered 401" }))
  const request = await other.ask()
  await other.flow.stop()
  expect(seen).toEqual([{ request, why: "unavailable", because: "the server answered 401" }])
})

test("cancel while drafting ends it at once", async () => {
  walk.drafter.next("never")
  const asked = await walk.flow.inbox.ask({ by: rin, place: walk.place, message: "q1", gesture: "g1" })
  if (isRefusal(asked)) throw new Error(asked.words)
  while (walk.drafter.asked.length === 0) await new Promise((r) => setImmediate(r))
  const cancelled = await walk.flow.inbox.cancel({ by: rin, workspace: walk.place.workspace, request: asked.request })
  await walk.flow.idle()
  expect(cancelled).toMatchObject({ phase: "settled", note: "Cancelled. Nothing was posted." })
  expect(await walk.kinds(asked.request)).toEqual(["asked", "cardShown", "cancelled", "cardShown"])
})

test("a draft expires after its time, with one reminder before", async () => {
  const request = await walk.ask()
  await walk.flow.start()
  walk.clock.advance(23 * 3_600_000 + 1)
  await settled()
  walk.clock.advance(2_000)
  await settled()
  expect(walk.platform.told).toMatchObject([{ person: rin.person, notice: { kind: "reminder" } }])
  walk.clock.advance(3_600_000)
  await settled()
  expect((await walk.state(request)).at).toBe("expired")
  expect(await walk.card(request)).toMatchObject({ phase: "settled", actions: [] })
})

test("a draft that is past its time cannot be approved, even before the timer sees it", async () => {
  const request = await walk.ask()
  walk.clock.advance(24 * 3_600_000)
  expect(await walk.decide(request, { act: "approve" })).toMatchObject({ refused: "draft-expired" })
})

test("a check that blocks cannot be approved away; a finding to acknowledge must be ticked", async () => {
  anew({ checks: [{ name: "risky", see: () => [{ id: "risky:1", level: "acknowledge", words: "line 1 opens access" }] }] })
  const request = await walk.ask()
  expect(await walk.decide(request, { act: "approve", acknowledged: [] })).toMatchObject({ refused: "not-acknowledged" })
  expect(isRefusal(await walk.decide(request, { act: "approve", acknowledged: ["risky:1"] }))).toBe(false)
  expect(walk.board.posts).toHaveLength(1)
  anew({
    board: walk.board,
    checks: [
      {
        name: "crash",
        see: () => {
          throw new Error("boom")
        },
      },
    ],
  })
  const other = await walk.ask(rin, "g9")
  expect((await walk.card(other)).draft?.findings).toMatchObject([{ level: "block" }])
  expect(await walk.decide(other, { act: "approve" })).toMatchObject({ refused: "blocked" })
})

test("the digest that is approved names the text, and a body that does not match is a fault", async () => {
  const request = await walk.ask()
  const state = await walk.state(request)
  if (state.at !== "drafted") throw new Error(state.at)
  const text = await ledger.body(walk.place.workspace, state.draft.digest)
  expect(JSON.parse(text ?? "")).toMatchObject({ request, answer: "Answer 1." })
  expect(digestOf(new Uint8Array(16), text ?? "")).not.toBe(state.draft.digest)
})

test("no fact holds a name or a word of anybody's text", async () => {
  const request = await walk.ask()
  await walk.decide(request, { act: "edit", text: "Zanzibar is the password." })
  await walk.decide(request, { act: "redraft", hint: "Quetzalcoatl" })
  await walk.decide(request, { act: "approve" })
  const log = JSON.stringify(await ledger.entries(walk.place.workspace, 0, 1_000))
  for (const secret of ["Zanzibar", "Quetzal", "Rin", "rin", "Answer", "password"]) expect(log).not.toContain(secret)
})

/** Until nothing is at work, in real time a few turns of the loop. */
async function settled() {
  for (let i = 0; i < 5; i++) {
    await new Promise((r) => setTimeout(r, 5))
    await walk.flow.idle()
  }
}

test("knowledge that cannot be read ends in a private word that says so", async () => {
  Object.assign(walk.parts.knowledge, { search: async () => Promise.reject(new Error("ENOENT")) })
  const request = await walk.ask()
  expect(await walk.card(request)).toMatchObject({ phase: "settled", note: expect.stringContaining("the knowledge folder could not be read") })
})

test.each(["asked", "redraft"])("an answer that cannot be written down ends in a word to the requester, not in silence: %s", async (when) => {
  const half = { answer: "half a character: \ud800", sources: [] }
  if (when === "asked") walk.drafter.next(half)
  const request = await walk.ask()
  if (when === "asked") return void expect(await walk.state(request)).toMatchObject({ at: "draftingFailed", why: "malformed" })
  walk.drafter.next(half)
  await walk.decide(request, { act: "redraft", hint: null })
  expect(await walk.card(request)).toMatchObject({ draft: { revision: 2, answer: "Answer 1." } })
})

test("a platform that cannot show the text ends a first draft with a word, and asks the drafter once", async () => {
  Object.assign(walk.platform, {
    render: () => {
      throw new Error("no renderer")
    },
  })
  const request = await walk.ask()
  expect(await walk.card(request)).toMatchObject({ phase: "settled", note: expect.stringContaining("the platform could not show the text") })
  expect(walk.drafter.asked).toHaveLength(1)
})

test("an edit that the platform cannot show brings the text before back, with a note", async () => {
  const request = await walk.ask()
  const render = walk.platform.render
  Object.assign(walk.platform, {
    render: (...a: Parameters<typeof render>) => {
      if (a[0].includes("Bad")) throw new Error("no renderer")
      return render(...a)
    },
  })
  await walk.decide(request, { act: "edit", text: "Bad." })
  const card = await walk.card(request)
  expect(card.draft).toMatchObject({ answer: "Answer 1.", revision: 2 })
  expect(card.draft?.findings).toMatchObject([{ id: "revision", level: "note" }])
})

test("a hint that is too long is refused, and the draft stays", async () => {
  const request = await walk.ask()
  expect(await walk.decide(request, { act: "redraft", hint: "x".repeat(4_001) })).toMatchObject({ refused: "hint-too-long" })
  expect((await walk.card(request)).draft).toMatchObject({ revision: 1 })
})
