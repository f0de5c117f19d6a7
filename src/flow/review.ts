// The private side: makes cards from the ledger, shows them, and takes the decisions that people make on them.
import type { Card } from "../core/card.ts"
import { openAts } from "../core/derive.ts"
import type { PersonId, RequestId, StopScope, WorkspaceId } from "../core/domain.ts"
import { doorView } from "../core/door.ts"
import { type StreamKey, system } from "../core/facts.ts"
import type { Live } from "../core/fold.ts"
import type { Actor, Cancel, Decision, DoorView, Resolution } from "../core/ports.ts"
import { isRefusal, type Refusal, refuse } from "../core/refusals.ts"
import { unreachable } from "../core/unreachable.ts"
import { cardOf, maySee, stopOn } from "./card.ts"
import { carryOut } from "./command.ts"
import { linesFor } from "./label.ts"
import type { Parts } from "./parts.ts"
import { nameOf } from "./people.ts"
import { platformFor } from "./platform.ts"
import { readDraft, seal } from "./seal.ts"
import { advance, doorOf, load, type Stepped } from "./stream.ts"

/** What drafters at work in this process last said, by request. */
export type ProgressBoard = ReadonlyMap<RequestId, string>

export async function cardFor(parts: Parts, state: Live, progress: ProgressBoard): Promise<Card> {
  return cardAt(parts, state, progress, await doorsOf(parts, { workspace: state.workspace, channel: state.place.channel }))
}
async function cardAt(parts: Parts, state: Live, progress: ProgressBoard, doors: readonly DoorView[]): Promise<Card> {
  const draft = "draft" in state ? await readDraft(parts.ledger, state.workspace, state.draft.digest) : null
  const name = await nameOf(parts.ledger, state.requester)
  const lines = draft === null || !("draft" in state) ? null : linesFor(parts, draft, { name })
  const said = await saidOf(parts, state)
  const now = parts.clock.now()
  return cardOf({ state, draft, lines, doors, drafter: drafterName(parts), progress: progress.get(state.request) ?? null, said, now })
}
/** What the platform said when it refused the post that this text was approved for. */
function saidOf(parts: Parts, state: Live): Promise<string | null> {
  const because = state.at === "drafted" ? state.because : null
  const ref = state.at === "refused" ? state.said : because?.why === "voided" ? because.said : null
  return ref === null ? Promise.resolve(null) : parts.ledger.body(state.workspace, ref)
}
const drafterName = (parts: Parts) => parts.drafter.model.name

/** Step `show`: brings the requester's card up to date, wherever it stands. */
export async function show(parts: Parts, state: Live, progress: ProgressBoard): Promise<Stepped> {
  const who = await parts.ledger.person(state.requester)
  const earlier = state.cards.find((c) => c.person === state.requester)?.ref ?? null
  const doors = await doorsOf(parts, { workspace: state.workspace, channel: state.place.channel })
  const shown = who === null ? "unreachable" : await platformFor(parts, state).show(await cardAt(parts, state, progress, doors), who.person, earlier)
  const ref = shown === "unreachable" ? null : shown
  const stoppedBy = stopOn(state, doors)
  const told = stoppedBy === null ? {} : { stoppedBy }
  return advance(parts.ledger, state, system, [{ kind: "cardShown", person: state.requester, ref, of: state.cardVersion, ...told }])
}

export function reviewing(parts: Parts, progress: ProgressBoard, poke: (key: StreamKey) => void, cancelDrafting: (request: RequestId) => void) {
  const answer = async (done: Live | Refusal, by: Actor): Promise<Card | Refusal> => {
    if (isRefusal(done)) return done
    poke({ workspace: done.workspace, stream: done.request })
    return maySee(done, parts.pseudonyms.of(by.person)) ? cardFor(parts, done, progress) : refuse("not-yours")
  }
  const keyOf = (x: { workspace: WorkspaceId; request: RequestId }): StreamKey => ({ workspace: x.workspace, stream: x.request })
  return {
    async decide(d: Decision): Promise<Card | Refusal> {
      const done = await apply(parts, keyOf(d), d)
      // Whoever clicked looks at a card that does not tell of the stop yet: it is the next to.
      if (isRefusal(done) && done.refused === "stopped") poke(keyOf(d))
      return answer(done, d.by)
    },
    async cancel(c: Cancel): Promise<Card | Refusal> {
      const done = await carryOut(parts, keyOf(c), c.by, { do: "cancel" })
      if (!isRefusal(done)) cancelDrafting(c.request)
      return answer(done, c.by)
    },
    async resolve(r: Resolution): Promise<Card | Refusal> {
      return answer(await carryOut(parts, keyOf(r), r.by, { do: "resolve", attempt: r.attempt, as: r.as }), r.by)
    },
    async card(workspace: WorkspaceId, request: RequestId, viewer: PersonId): Promise<Card | null> {
      const state = await load(parts.ledger, { workspace, stream: request })
      return maySee(state, parts.pseudonyms.of(viewer)) ? cardFor(parts, state, progress) : null
    },
    async queue(person: PersonId): Promise<readonly Card[]> {
      const heads = await parts.ledger.heads({ person: parts.pseudonyms.of(person), at: openAts })
      const states = await Promise.all(heads.map((h) => load(parts.ledger, h)))
      const live = states.filter((s): s is Live => s.at !== "none").sort((a, b) => a.askedAt - b.askedAt)
      return Promise.all(live.map((s) => cardFor(parts, s, progress)))
    },
    waiting: async (person: PersonId) => (await parts.ledger.heads({ person: parts.pseudonyms.of(person), at: openAts })).length,
    async posts(person: PersonId, limit: number): Promise<readonly Card[]> {
      const heads = await parts.ledger.heads({ person: parts.pseudonyms.of(person), at: ["posted", "retractionFailed"], limit })
      const states = await Promise.all(heads.map((h) => load(parts.ledger, h)))
      const live = states.filter((s): s is Live => s.at !== "none").reverse()
      return Promise.all(live.map((s) => cardFor(parts, s, progress)))
    },
    doors: (scope: StopScope) => doorsOf(parts, scope),
  }
}

const maxHintChars = 4_000
function apply(parts: Parts, key: StreamKey, d: Decision): Promise<Live | Refusal> {
  switch (d.act) {
    case "approve":
      return carryOut(parts, key, d.by, { do: "approve", digest: d.digest, acknowledged: d.acknowledged })
    case "edit": {
      const text = d.text.trim()
      const sealed = seal(text.slice(0, parts.policy.maxEditChars + 1))
      return carryOut(parts, key, d.by, { do: "edit", digest: d.digest, text: sealed.ref, chars: text.length }, [sealed])
    }
    case "redraft": {
      const words = d.hint?.trim() ?? ""
      if (words.length > maxHintChars) return Promise.resolve(refuse("hint-too-long"))
      const hint = words === "" ? null : seal(words)
      return carryOut(parts, key, d.by, { do: "redraft", digest: d.digest, hint: hint?.ref ?? null }, hint === null ? [] : [hint])
    }
    case "decline":
      return carryOut(parts, key, d.by, { do: "decline", digest: d.digest })
    default:
      return unreachable(d)
  }
}

async function doorsOf({ ledger }: Parts, scope: StopScope): Promise<readonly DoorView[]> {
  const door = await doorOf(ledger, scope)
  return Promise.all(door.shut.map((shut) => doorView(ledger, shut)))
}
