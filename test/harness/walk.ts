// A whole inside for one test: the real flow and the real ledger, a board for a platform, a clock that a test moves.

import type { Card } from "../../src/core/card.ts"
import type { PersonId, Place, RequestId, WorkspaceId } from "../../src/core/domain.ts"
import { fold, type State } from "../../src/core/fold.ts"
import { defaultPolicy, type Policy } from "../../src/core/policy.ts"
import type { Actor, Decision, Ledger, Log, Platform } from "../../src/core/ports.ts"
import { isRefusal, type Refusal } from "../../src/core/refusals.ts"
import { createFlow } from "../../src/flow/flow.ts"
import type { Flow, Parts } from "../../src/flow/parts.ts"
import { Board } from "../fakes/board/board.ts"
import { type BoardPlatform, boardPlatform } from "../fakes/board/outbound.ts"
import { FakeClock } from "../fakes/clock.ts"
import { FakeDrafter } from "../fakes/drafter.ts"
import { testPseudonyms, testSigner } from "./signers.ts"

export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }
const labelKey = testSigner()

export function person(name: string): Actor {
  return { person: `board:${name.toLowerCase()}` as PersonId, name, auth: "picked" }
}
export const rin = person("Rin")
export const bo = person("Bo")
export const mira = person("Mira")

export interface Walk {
  readonly ledger: Ledger
  readonly board: Board
  readonly platform: BoardPlatform
  readonly drafter: FakeDrafter
  readonly clock: FakeClock
  readonly parts: Parts
  readonly flow: Flow
  readonly place: Place
  /** Rin asks about Bo's message `q1`; resolves when nothing is at work. */
  ask(by?: Actor, gesture?: string, message?: string): Promise<RequestId>
  card(request: RequestId, viewer?: Actor): Promise<Card>
  state(request: RequestId): Promise<State>
  kinds(request: RequestId): Promise<string[]>
  /** Decides on the card as it stands, and waits until nothing is at work. */
  decide(request: RequestId, what: Act, by?: Actor): Promise<Card | Refusal>
}
export type Act =
  | { readonly act: "approve"; readonly acknowledged?: readonly string[] }
  | { readonly act: "edit"; readonly text: string }
  | { readonly act: "redraft"; readonly hint: string | null }
  | { readonly act: "decline" }

export interface WalkOptions {
  readonly board?: Board
  readonly can?: Partial<Platform["can"]>
  readonly policy?: Partial<Policy>
  readonly clock?: FakeClock
  readonly workspace?: string
  readonly checks?: Parts["checks"]
  readonly log?: Log
  readonly onMilestone?: Parts["onMilestone"]
}

export function makeWalk(ledger: Ledger, o: WalkOptions = {}): Walk {
  const board = o.board ?? new Board()
  const platform = boardPlatform(board, o.can)
  const clock = o.clock ?? new FakeClock()
  const drafter = new FakeDrafter()
  if (board.messages.length === 0) board.say("t1", "q1", "How do I rotate the password?")
  for (const a of [rin, bo]) board.standings.set(a.person, "member")
  board.standings.set(mira.person, "admin")
  const parts: Parts = {
    ledger,
    platforms: new Map([[platform.name, platform]]),
    drafter,
    knowledge: { size: 0, search: async () => [] },
    clock,
    labelKey,
    pseudonyms: testPseudonyms,
    policy: { ...defaultPolicy, ...o.policy },
    checks: o.checks ?? [],
    log: o.log ?? silentLog,
    issuer: "http://127.0.0.1:3000",
    program: "countersign/test",
    onMilestone: o.onMilestone ?? (() => undefined),
  }
  const flow = createFlow(parts)
  const workspace = (o.workspace ?? "board") as WorkspaceId
  const place: Place = { platform: "board", workspace, channel: "t1", thread: null }
  const card = async (request: RequestId, viewer: Actor = rin) => {
    const found = await flow.inbox.card(workspace, request, viewer.person)
    if (found === null) throw new Error(`no card of ${request} for ${viewer.name}`)
    return found
  }
  const state = async (request: RequestId) => fold(await ledger.read({ workspace, stream: request }))
  return {
    ledger,
    board,
    platform,
    drafter,
    clock,
    parts,
    flow,
    place,
    card,
    state,
    async ask(by = rin, gesture = "g1", message = "q1") {
      const asked = await flow.inbox.ask({ by, place, message, gesture })
      if (isRefusal(asked)) throw new Error(asked.words)
      await flow.idle()
      return asked.request
    },
    kinds: async (request) => (await ledger.read({ workspace, stream: request })).map((e) => e.fact.kind),
    async decide(request, what, by = rin) {
      const draft = (await flow.inbox.card(workspace, request, rin.person))?.draft
      if (draft === null || draft === undefined) throw new Error("no draft on the card")
      const base = { by, workspace, request, digest: draft.digest }
      const acknowledged = draft.findings.filter((f) => f.level === "acknowledge").map((f) => f.id)
      const decision: Decision =
        what.act === "approve" ? { ...base, act: "approve", acknowledged: what.acknowledged ?? acknowledged } : { ...base, ...what }
      const card = await flow.inbox.decide(decision)
      await flow.idle()
      return card
    },
  }
}
