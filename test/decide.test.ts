// fold and decide, pure: impossible histories are refused, and every command has its refusals.
import { describe, expect, test } from "@jest/globals"
import { wider } from "../src/core/audience.ts"
import { type Circumstances, decide } from "../src/core/decide.ts"
import { nextStep } from "../src/core/derive.ts"
import type { Digest, Pseudonym, RequestId, WorkspaceId } from "../src/core/domain.ts"
import { foldDoor, installation } from "../src/core/door.ts"
import type { Entry, Fact } from "../src/core/facts.ts"
import { fold, LedgerCorrupt } from "../src/core/fold.ts"
import { defaultPolicy } from "../src/core/policy.ts"

const rin = "p_rin" as Pseudonym
const bo = "p_bo" as Pseudonym
const d1 = "d1" as Digest
const d2 = "d2" as Digest
const base = { workspace: "w" as WorkspaceId, stream: "r_1" as RequestId, at: 1_000 }
const until = 10_000
const asked: Fact = { kind: "asked", purpose: "answer", platform: "board", place: "t1", thread: null, message: "q1" }
const drafted = (digest = d1, more: Partial<Extract<Fact, { kind: "drafted" }>> = {}): Fact => ({
  kind: "drafted",
  digest,
  place: "t1",
  needs: 1,
  jti: "J1" as never,
  revision: 1,
  proposal: d1,
  origin: "model",
  blocks: [],
  acknowledge: [],
  until,
  remindAt: 9_000,
  ...more,
})
const approved = (digest = d1): Fact => ({ kind: "approved", digest, place: "t1", epoch: 0, until: 5_000, auth: "picked" })
const begun: Fact = { kind: "postingBegun", attempt: "A1" as never, digest: d1, place: "t1", jti: "J1" as never, label: d2, notAfter: 2_000 }
const posted: Fact = { kind: "posted", attempt: "A1" as never, post: "b1", url: null }
const history = (...facts: (Fact | [Fact, Pseudonym])[]): Entry[] =>
  facts.map((f, i) =>
    Array.isArray(f) ? { ...base, version: i + 1, seq: i, actor: f[1], fact: f[0] } : { ...base, version: i + 1, seq: i, actor: rin, fact: f },
  )
const open = foldDoor([], { workspace: base.workspace, channel: "t1" })
const c = (more: Partial<Circumstances> = {}): Circumstances => ({
  by: rin,
  auth: "picked",
  standing: "member",
  now: 1_000,
  door: open,
  policy: defaultPolicy,
  ...more,
})

describe("a history that cannot be is corrupt, and its entry is named", () => {
  test.each<[string, Fact[]]>([
    ["posted without approval", [asked, drafted(), posted]],
    ["an attempt without approval", [asked, drafted(), begun]],
    ["an approval of another text", [asked, drafted(), approved(d2)]],
    ["an attempt after an edit voided the approval", [asked, drafted(), { kind: "edited", of: d1, text: d2 }, drafted(d2, { revision: 2 }), begun]],
    ["an attempt of an earlier text", [asked, drafted(d2), approved(d2), begun]],
    ["two attempts on one approval", [asked, drafted(), approved(), begun, begun]],
    ["a second ask", [asked, asked]],
    ["a draft for another place", [asked, drafted(d1, { place: "t2" })]],
    ["a skipped revision", [asked, drafted(d1, { revision: 2 })]],
    ["a post of another attempt", [asked, drafted(), approved(), begun, { ...posted, attempt: "A2" } as Fact]],
    ["a second message of one attempt", [asked, drafted(), approved(), begun, posted, { ...posted, post: "b2" } as Fact]],
    ["a decision after the end", [asked, { kind: "cancelled" }, drafted()]],
    ["a stop among a request's facts", [asked, { kind: "stopped", place: null, why: null }]],
    ["one person's approval twice", [asked, drafted(d1, { needs: 2 }), approved(), approved()]],
    ["a canary that is posted", [{ ...asked, purpose: "canary" } as Fact, drafted(), approved(), begun]],
    ["a beginning that is no ask", [drafted()]],
  ])("%s", (_what, facts) => {
    expect(() => fold(history(...facts))).toThrow(LedgerCorrupt)
    expect(() => fold(history(...facts))).toThrow(`w/r_1@${facts.length}`)
  })
  test("a version that is missing", () => {
    expect(() => fold(history(asked, drafted()).map((e) => ({ ...e, version: e.version * 2 })))).toThrow(LedgerCorrupt)
  })
})

test("`posted` is accepted from any later state of its attempt", () => {
  expect(fold(history(asked, drafted(), approved(), begun, { kind: "postingUnclear", attempt: "A1" as never }, posted)).at).toBe("posted")
  const never: Fact = { kind: "unclearResolved", attempt: "A1" as never, as: "never-seen" }
  expect(fold(history(asked, drafted(), approved(), begun, { kind: "postingUnclear", attempt: "A1" as never }, never, posted)).at).toBe("posted")
})

test("two people's approvals are needed where the draft says two, and they count people", () => {
  const two = history(asked, drafted(d1, { needs: 2 }), approved())
  expect(fold(two).at).toBe("drafted")
  expect(decide({ do: "approve", digest: d1, acknowledged: [] }, fold(two), c())).toEqual([])
  expect(decide({ do: "approve", digest: d1, acknowledged: [] }, fold(two), c({ by: bo }))).toMatchObject([{ kind: "approved" }])
  expect(fold(history(asked, drafted(d1, { needs: 2 }), approved(), [approved(), bo])).at).toBe("approved")
})

describe("approve", () => {
  const at = fold(history(asked, drafted()))
  const click = { do: "approve", digest: d1, acknowledged: [] } as const
  test("records the epoch and its own end", () => {
    const door = { epoch: 3, shut: [] }
    expect(decide(click, at, c({ door }))).toEqual([
      { kind: "approved", digest: d1, place: "t1", epoch: 3, until: 1_000 + defaultPolicy.approvalTtlMs, auth: "picked" },
    ])
  })
  const shut = { epoch: 1, shut: [{ scope: { workspace: base.workspace, channel: null }, by: bo, at: 1, why: null }] }
  test.each<[string, Partial<Circumstances>, ReturnType<typeof fold>, string]>([
    ["by somebody else", { by: bo }, at, "not-yours"],
    ["by a moderator who did not ask", { by: bo, standing: "moderator" }, at, "not-yours"],
    ["by one who left", { standing: "stranger" }, at, "not-a-member"],
    ["by a guest", { standing: "guest" }, at, "guests-cannot"],
    ["by a reader, whatever guests may", { standing: "reader", policy: { ...defaultPolicy, guestsMayAsk: true } }, at, "readers-cannot"],
    ["while it is stopped", { door: shut }, at, "stopped"],
    ["after its time", { now: until }, at, "draft-expired"],
    ["of a text that a check blocks", {}, fold(history(asked, drafted(d1, { blocks: ["length"] }))), "blocked"],
    ["without ticking what to check", {}, fold(history(asked, drafted(d1, { acknowledge: ["risky:4"] }))), "not-acknowledged"],
    ["of a request that nobody made", {}, fold([]), "not-found"],
    ["while it is being redrafted", {}, fold(history(asked, drafted(), { kind: "redraftAsked", of: d1, hint: null })), "stale-card"],
    ["of a text that is gone since it expired", {}, fold(history(asked, drafted(), { kind: "expired" })), "already-settled"],
    ["where no draft was ever made", {}, fold(history(asked, { kind: "drafterDeclined" })), "already-settled"],
    ["after it was discarded", {}, fold(history(asked, drafted(), { kind: "declined", of: d1 })), "already-settled"],
  ])("%s: refused", (_why, more, state, code) => {
    expect(decide(click, state, c(more))).toMatchObject({ refused: code })
  })
  test("of an old text: refused", () => expect(decide({ ...click, digest: d2 }, at, c())).toMatchObject({ refused: "stale-card" }))
})

test.each<[string, ReturnType<typeof fold>, string]>([
  ["a draft that came meanwhile", fold(history(asked, drafted())), "stale-card"],
  ["drafting that failed meanwhile", fold(history(asked, { kind: "draftingFailed", why: "timeout" })), "already-settled"],
  ["what expired", fold(history(asked, drafted(), { kind: "expired" })), "already-settled"],
])("cancelling %s is refused with what is true of it", (_what, state, code) => {
  expect(decide({ do: "cancel" }, state, c())).toMatchObject({ refused: code })
})

test("guests and readers tell what they saw of a post, and strangers do not", () => {
  const stands = fold(history(asked, drafted(), approved(), begun, posted))
  const tells = (standing: Circumstances["standing"]) => decide({ do: "report", why: null }, stands, c({ by: bo, standing }))
  expect([tells("guest"), tells("reader")]).toEqual([
    [expect.objectContaining({ kind: "reported" })],
    [expect.objectContaining({ kind: "reported" })],
  ])
  expect(tells("stranger")).toMatchObject({ refused: "not-a-member" })
})

test("each state has its next step, and posting comes before any card", () => {
  const shown: Fact = { kind: "cardShown", person: rin, ref: "c" as never, of: 1 }
  expect(nextStep(fold(history(asked)))?.step).toBe("show")
  expect(nextStep(fold(history(asked, shown)))?.step).toBe("draft")
  expect(nextStep(fold(history(asked, shown, drafted(), approved())))?.step).toBe("post")
  expect(nextStep(fold(history(asked, drafted(), approved(), begun)))).toEqual({ step: "reconcile", due: 2_000 })
  expect(nextStep(fold(history(asked, drafted(), { ...shown, of: 2 })))).toEqual({ step: "remind", due: 9_000 })
})

test("a door is folded for its own place only, and its epoch counts every stop of it", () => {
  const door = (workspace: string, kind: "stopped" | "resumed", place: string | null): Entry => ({
    workspace: workspace as WorkspaceId,
    stream: "door",
    version: 1,
    seq: 0,
    actor: bo,
    at: 1,
    fact: kind === "stopped" ? { kind, place, why: null } : { kind, place },
  })
  const entries = [
    door(installation, "stopped", null),
    door("w", "stopped", "t2"),
    door("w", "stopped", "t1"),
    door(installation, "resumed", null),
    door("x", "stopped", null),
  ]
  expect(foldDoor(entries, { workspace: base.workspace, channel: "t1" })).toMatchObject({ epoch: 2, shut: [{ scope: { channel: "t1" } }] })
  expect(foldDoor(entries, { workspace: base.workspace, channel: "t3" })).toMatchObject({ epoch: 1, shut: [] })
})

test("wider: a longer list of people, a wider scope, one more outsider, one more organisation, one more group; not a place that gained a member", () => {
  const a = { scope: "people", where: "", title: null, who: "", people: 3 } as const
  expect(wider({ ...a, people: 4 }, a)).toBe(true)
  expect(wider({ ...a, people: 2 }, a)).toBe(false)
  expect(wider({ ...a, people: null }, a)).toBe(true)
  const m = { ...a, scope: "members" } as const
  expect(wider({ ...m, people: 99 }, m)).toBe(false)
  expect(wider(m, a)).toBe(true)
  expect(wider({ ...m, scope: "internet" }, m)).toBe(true)
  expect(wider(a, m)).toBe(false)
  const g = { ...m, outsiders: 1 } as const
  expect(wider({ ...g, outsiders: 2 }, g)).toBe(true)
  expect(wider({ ...g, scope: "group", outsiders: 2 }, g)).toBe(true)
  expect(wider({ ...g, outsiders: null }, g)).toBe(true)
  expect(wider(m, g)).toBe(true)
  expect(wider({ ...g, outsiders: 0 }, g)).toBe(false)
  const s = { ...m, scope: "shared", organisations: ["T1", "T2"] } as const
  expect(wider({ ...s, organisations: ["T1", "T2", "T3"] }, s)).toBe(true)
  expect(wider({ ...s, organisations: ["T1", "T3"] }, s)).toBe(true)
  expect(wider({ ...s, organisations: ["T2"] }, s)).toBe(false)
  expect(wider(g, m)).toBe(false)
  const r = { ...m, scope: "group", groups: ["R1", "R2"] } as const
  expect(wider({ ...r, groups: ["R1", "R3"] }, r)).toBe(true)
  expect(wider({ ...r, groups: ["R2"] }, r)).toBe(false)
  // A place that was open to all is not wider for being open to some; groups that were not recorded are not held against it.
  expect(wider(r, m)).toBe(false)
})
