// One history: random commands, by anybody, in any order, doubled and out of date, against the real decide, fold, permit and
// ledger. After each, the product must have done what the oracle allows, no more and no less.

// node:assert, because Jest's `expect` makes some seventy functions at each call, and histories ask a million times.
import { strict as assert } from "node:assert"
import type { AttemptId, Digest, LabelId, PersonId, Place, Pseudonym, RequestId, WorkspaceId } from "../../src/core/domain.ts"
import { installation } from "../../src/core/door.ts"
import type { Fact, StreamKey } from "../../src/core/facts.ts"
import type { Live, StateAt } from "../../src/core/fold.ts"
import { LedgerCorrupt } from "../../src/core/fold.ts"
import { begin, type PublishPermit, spend } from "../../src/core/permit.ts"
import { type Actor, GuardRefused, type Ledger } from "../../src/core/ports.ts"
import { isRefusal } from "../../src/core/refusals.ts"
import { carryOut } from "../../src/flow/command.ts"
import type { Parts } from "../../src/flow/parts.ts"
import { failed } from "../../src/flow/reconcile.ts"
import { seal } from "../../src/flow/seal.ts"
import { seen } from "../../src/flow/seen.ts"
import { load } from "../../src/flow/stream.ts"
import { fc } from "../harness/property.ts"
import { Oracle, type Who } from "./oracle.ts"

const who = fc.constantFrom<Who>("rin", "rin", "rin", "bo", "eve")
/** 0: the text on the newest card; more: cards that are so many revisions old. */
const age = fc.constantFrom(0, 0, 0, 0, 1, 2)
const times = fc.constantFrom(1, 1, 2, 3)
/** `refused`: without the question that follows it, as an older version left it. */
const outcomes = ["posted", "refused", "refusedAndAsked", "unclear"] as const
type Outcome = (typeof outcomes)[number]
export type Command =
  | { readonly do: "approve" | "edit" | "redraft" | "decline"; readonly who: Who; readonly age: number; readonly times: number }
  | { readonly do: "drafted" | "stop" | "resume" }
  | { readonly do: "begin" | "forgeBegin"; readonly times: number }
  | { readonly do: "forgeApproval"; readonly who: Who; readonly age: number }
  | { readonly do: "send" }
  | { readonly do: "outcome"; readonly as: Outcome }
  | { readonly do: "seen"; readonly of: "last" | "before" }
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("approve" as const), who, age, times }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("edit" as const, "redraft" as const, "decline" as const), who, age, times }) },
  { weight: 2, arbitrary: fc.constant({ do: "drafted" as const }) },
  { weight: 2, arbitrary: fc.constantFrom({ do: "stop" as const }, { do: "resume" as const }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("begin" as const), times }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("forgeBegin" as const), times: fc.constant(1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("forgeApproval" as const), who, age }) },
  { weight: 4, arbitrary: fc.constant({ do: "send" as const }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("outcome" as const), as: fc.constantFrom(...outcomes) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("seen" as const), of: fc.constantFrom("last" as const, "last" as const, "before" as const) }) },
)
export interface History {
  readonly needs: number
  readonly scope: "place" | "workspace"
  readonly commands: readonly Command[]
}
export const history: fc.Arbitrary<History> = fc.record({
  needs: fc.constantFrom(1, 1, 1, 2),
  scope: fc.constantFrom("place" as const, "place" as const, "place" as const, "workspace" as const),
  commands: fc.array(command, { minLength: 2, maxLength: 9 }),
})
const click = { who: "rin", age: 0, times: 1 } as const
const agreed: readonly Command[] = [{ do: "drafted" }, { do: "approve", ...click }, { do: "begin", times: 1 }]
const sightings: readonly Command[] = [{ do: "seen", of: "last" }, { do: "seen", of: "before" }, { do: "send" }, { do: "redraft", ...click }]
const ends: readonly Command[] = outcomes.map((as) => ({ do: "outcome", as }))
/** A first attempt that its platform refused for certain, and what follows: more attempts, and messages of any in public all the same. */
export const refusedFirst: fc.Arbitrary<History> = fc
  .tuple(
    fc.constantFrom("refused" as const, "refusedAndAsked" as const),
    fc.array(fc.oneof(fc.constantFrom(...agreed, ...agreed, ...sightings, ...ends), command), { minLength: 2, maxLength: 12 }),
  )
  .map(([as, then]) => ({ needs: 1, scope: "place", commands: [...agreed, { do: "outcome", as }, ...then] }))

const actor = (name: Who): Actor => ({ person: `board:${name}` as PersonId, name, auth: "picked" })

export class Run {
  readonly #parts: Parts
  readonly #ledger: Ledger
  readonly #key: StreamKey
  readonly #channel: string
  readonly #oracle: Oracle
  readonly #stopsAt: { readonly workspace: WorkspaceId; readonly channel: string | null }
  readonly #texts: Digest[] = []
  #permits: { readonly permit: PublishPermit; readonly attempt: AttemptId }[] = []
  #attempts = 0
  #attempt: AttemptId | null = null
  /** Those that ended without a post, before the last one. */
  readonly #before: AttemptId[] = []
  /** What reached the public: the texts, by revision. */
  readonly sent: number[] = []

  constructor(parts: Parts, h: History, name: string, shared: WorkspaceId, stops: "own" | "installation" = "own") {
    this.#parts = parts
    this.#ledger = parts.ledger
    const workspace = h.scope === "place" ? shared : (`w-${name}` as WorkspaceId)
    this.#channel = `c-${name}`
    this.#key = { workspace, stream: `r-${name}` as RequestId }
    this.#oracle = new Oracle(h.needs)
    this.#stopsAt =
      stops === "installation" ? { workspace: installation, channel: null } : { workspace, channel: h.scope === "place" ? this.#channel : null }
  }
  async walk(h: History): Promise<void> {
    const asked: Fact = { kind: "asked", purpose: "answer", platform: "board", place: this.#channel, thread: null, message: "q" }
    await this.#ledger.append({ key: this.#key, after: 0, actor: this.#pseudonym("rin"), facts: [asked, this.#drafted()] })
    for (const c of h.commands) await this.#do(c)
    const end = await load(this.#ledger, this.#key)
    assert.notEqual(end.at, "none")
    assert.ok(this.sent.length <= 1)
  }
  async cleanUp(): Promise<void> {
    if (this.#oracle.shut) await this.#door("resumed")
  }

  async #do(c: Command): Promise<void> {
    switch (c.do) {
      case "approve":
        return this.#click(c.who, c.times, { do: "approve", digest: this.#digest(c.age), acknowledged: [] }, () =>
          this.#oracle.approve(c.who, this.#text(c.age)),
        )
      case "edit":
        return this.#click(c.who, c.times, { do: "edit", digest: this.#digest(c.age), text: "t" as Digest, chars: 1 }, () =>
          this.#oracle.change(c.who, this.#text(c.age), "reworking"),
        )
      case "redraft":
        return this.#click(c.who, c.times, { do: "redraft", digest: this.#digest(c.age), hint: null }, () =>
          this.#oracle.change(c.who, this.#text(c.age), "reworking"),
        )
      case "decline":
        return this.#click(c.who, c.times, { do: "decline", digest: this.#digest(c.age) }, () =>
          this.#oracle.change(c.who, this.#text(c.age), "ended"),
        )
      case "drafted": {
        if (this.#oracle.phase !== "reworking") return
        const state = (await load(this.#ledger, this.#key)) as Live
        this.#oracle.redrafted()
        await this.#ledger.append({ key: this.#key, after: state.version, actor: "system" as Pseudonym, facts: [this.#drafted()] })
        return
      }
      case "stop":
        this.#oracle.stop()
        return this.#door("stopped")
      case "resume":
        if (!this.#oracle.shut) return
        this.#oracle.resume()
        return this.#door("resumed")
      case "begin":
      case "forgeBegin":
        return this.#begin(c.do === "begin" ? "as-it-is" : "as-if-approved", c.times)
      case "forgeApproval":
        return this.#forgeApproval(c)
      case "send":
        return this.#send()
      case "outcome":
        return this.#outcome(c.as)
      case "seen":
        return this.#seen(c.of === "last" ? this.#attempt : (this.#before.at(-1) ?? null))
    }
  }
  async #click(name: Who, count: number, wish: Parameters<typeof carryOut>[3], allowed: () => "counts" | "again" | "no"): Promise<void> {
    const before = (await load(this.#ledger, this.#key)) as Live
    const answers = await Promise.all(Array.from({ length: count }, () => carryOut(this.#parts, this.#key, actor(name), wish)))
    const after = (await load(this.#ledger, this.#key)) as Live
    const first = allowed()
    // Doubled clicks: at most one of them counts; of an edit the others come too late, of an approval they change nothing.
    assert.equal(after.version - before.version, first === "counts" ? 1 : 0)
    if (first === "no") assert.ok(answers.every(isRefusal))
    else assert.ok(answers.some((a) => !isRefusal(a)))
  }
  async #begin(how: "as-it-is" | "as-if-approved", count: number): Promise<void> {
    const state = (await load(this.#ledger, this.#key)) as Live
    if (how === "as-it-is" && state.at !== "approved") return assert.equal(this.#oracle.mayPost, false)
    const draft = "draft" in state ? state.draft : null
    if (draft === null) return
    const forged = { ...state, at: "approved", draft, approvals: "approvals" in state ? state.approvals : [] } as StateAt<"approved">
    const may = this.#oracle.mayPost
    const tries = Array.from({ length: count }, async () => {
      this.#attempts += 1
      const attempt = `A${this.#attempts}-${this.#key.stream}` as AttemptId
      const rendered = { payload: String(this.#oracle.text), visible: "", chars: 1 }
      const label = { claims: {} as never, jws: "", mini: "", lines: { first: "", last: "" } }
      try {
        const begun = await begin(this.#ledger, this.#parts.clock, {
          state: forged,
          attempt,
          rendered,
          label,
          sealedLabel: seal("jws"),
          actor: "system" as Pseudonym,
        })
        return begun === "conflict" ? null : { permit: begun.permit, attempt }
      } catch (fault) {
        if (fault instanceof GuardRefused || fault instanceof LedgerCorrupt) return null
        throw fault
      }
    })
    const given = (await Promise.all(tries)).filter((p) => p !== null)
    assert.equal(given.length, may ? 1 : 0)
    if (given[0] === undefined) return
    this.#permits.push(given[0])
    if (this.#attempt !== null) this.#before.push(this.#attempt)
    this.#attempt = given[0].attempt
    this.#oracle.phase = "posting"
  }
  /** An `approved` written past `decide`: the guard still wants the present epoch, an open door and the text that stands. */
  async #forgeApproval(c: { readonly who: Who; readonly age: number }): Promise<void> {
    const state = (await load(this.#ledger, this.#key)) as Live
    const right = state.at === "drafted" && c.age === 0 && !this.#oracle.shut
    if (right) return
    const fact: Fact = {
      kind: "approved",
      digest: this.#digest(c.age),
      place: this.#channel,
      epoch: 0,
      until: Number.MAX_SAFE_INTEGER,
      auth: "picked",
    }
    const wrote = await this.#ledger.append({ key: this.#key, after: state.version, actor: this.#pseudonym(c.who), facts: [fact] }).then(
      (r) => r !== "conflict",
      (fault: unknown) => {
        if (fault instanceof GuardRefused || fault instanceof LedgerCorrupt) return false
        throw fault
      },
    )
    assert.equal(wrote, false)
  }
  #send(): void {
    const next = this.#permits.shift()
    if (next === undefined) return
    this.sent.push(Number(spend(next.permit).rendered.payload))
    assert.throws(() => spend(next.permit))
    assert.deepEqual(this.sent, [this.#oracle.text])
  }
  async #outcome(as: Outcome): Promise<void> {
    if (this.#oracle.phase !== "posting" || this.#attempt === null) return
    const attempt = this.#attempt
    // What was sent is there, though the answer may be lost; what was not sent yet can be refused, and its permit is gone with it.
    const truth = as === "unclear" ? as : this.sent.length > 0 ? "posted" : as
    if (truth === "posted" && this.sent.length === 0) return
    if (truth !== "unclear") this.#permits = []
    const state = (await load(this.#ledger, this.#key)) as StateAt<"posting">
    const facts: Record<Outcome, readonly Fact[]> = {
      posted: [{ kind: "posted", attempt, post: `p-${attempt}`, url: null }],
      refused: [{ kind: "postingFailed", attempt, why: "refused" }],
      refusedAndAsked: failed(state, "refused"),
      unclear: [{ kind: "postingUnclear", attempt }],
    }
    await this.#ledger.append({ key: this.#key, after: state.version, actor: "system" as Pseudonym, facts: facts[truth] })
    this.#oracle.phase = truth === "refusedAndAsked" ? "reworking" : truth
  }
  /** A message of an attempt is seen in public: as its platform sent it, or though its platform had refused it. */
  async #seen(attempt: AttemptId | null): Promise<void> {
    if (attempt === null) return
    const last = attempt === this.#attempt
    const { phase } = this.#oracle
    if (last && (phase === "posting" || phase === "unclear") && this.sent.length === 0) return
    const id = `p-${attempt}`
    const { workspace } = this.#key
    const place: Place = { platform: "board", workspace, channel: this.#channel, thread: null }
    const before = (await load(this.#ledger, this.#key)) as Live
    await seen(this.#parts, { what: "created", place, post: { workspace, id, url: null }, attempt, label: null, visible: null, whole: null })
    const after = (await load(this.#ledger, this.#key)) as Live
    const expected = this.#oracle.seen(last ? "last" : "before")
    assert.equal(after.version - before.version, expected === "posted" ? 1 : 0)
    const monitor = await this.#ledger.read({ workspace, stream: "monitor" })
    const told = monitor.some((e) => e.fact.kind === "rogueSeen" && e.fact.post === id)
    assert.equal(told, expected === "incident")
    if (expected === "posted") this.#permits = []
  }
  async #door(kind: "stopped" | "resumed"): Promise<void> {
    const place = this.#stopsAt.channel
    const fact: Fact = kind === "stopped" ? { kind, place, why: null } : { kind, place }
    await this.#ledger.append({
      key: { workspace: this.#stopsAt.workspace, stream: "door" },
      after: "any",
      actor: this.#pseudonym("bo"),
      facts: [fact],
    })
  }
  #drafted(): Fact {
    const digest = `d${this.#texts.length + 1}-${this.#key.stream}` as Digest
    this.#texts.push(digest)
    const until = Number.MAX_SAFE_INTEGER
    return {
      kind: "drafted",
      digest,
      place: this.#channel,
      needs: this.#oracle.needs,
      jti: `J${this.#texts.length}-${this.#key.stream}` as LabelId,
      revision: this.#texts.length,
      proposal: digest,
      origin: "model",
      blocks: [],
      acknowledge: [],
      until,
      remindAt: until,
    }
  }
  #text = (old: number): number => this.#oracle.text - old
  #digest = (old: number): Digest => this.#texts[this.#oracle.text - 1 - old] ?? ("never" as Digest)
  #pseudonym = (name: Who): Pseudonym => this.#parts.pseudonyms.of(actor(name).person)
}
