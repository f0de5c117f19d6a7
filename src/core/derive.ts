// The derived tables, computed from entries alone: `audit rebuild` makes them again from nothing. No decision to post reads them.
import type { Instant, Pseudonym } from "./domain.ts"
import type { Entry, StreamKey } from "./facts.ts"
import type { Live, State } from "./fold.ts"
import type { Head, LookupKind } from "./ports.ts"
import { unreachable } from "./unreachable.ts"

/** The step that a request waits for. `null`: only a person or a platform can move it. */
export type Step = "draft" | "show" | "post" | "reconcile" | "remind" | "expire" | "retract"

/** The next step and when it is due. Time is not asked for here: dispatch compares. */
export function nextStep(state: State): { readonly step: Step; readonly due: Instant } | null {
  if (state.at === "none") return null
  // Posting comes before any card; a card comes before any drafting, so that nobody waits before an empty screen.
  if (state.at === "approved") return { step: "post", due: 0 }
  if (state.at === "posting") return { step: "reconcile", due: state.notAfter }
  if (state.at === "retracting") return { step: "retract", due: 0 }
  if (cardIsOld(state)) return { step: "show", due: 0 }
  switch (state.at) {
    case "asked":
    case "reworking":
      return { step: "draft", due: 0 }
    case "drafted":
      return state.reminded === "not-yet" && state.draft.remindAt < state.draft.until
        ? { step: "remind", due: state.draft.remindAt }
        : { step: "expire", due: state.draft.until }
    case "refused":
      return { step: "expire", due: state.draft.until }
    case "unclear":
      return { step: "reconcile", due: state.notAfter }
    case "posted":
    case "retracted":
    case "retractionFailed":
    case "draftingFailed":
    case "drafterDeclined":
    case "cancelled":
    case "declined":
    case "expired":
    case "neverSeen":
      return null
    default:
      return unreachable(state)
  }
}
function cardIsOld(state: Live): boolean {
  const shown = state.cards.find((c) => c.person === state.requester)
  return shown === undefined || shown.of < state.cardVersion
}

/** Whether a person still waits for something here: what a queue lists. */
export function open(state: State): boolean {
  switch (state.at) {
    case "asked":
    case "reworking":
    case "drafted":
    case "approved":
    case "posting":
    case "unclear":
    case "refused":
      return true
    default:
      return false
  }
}
export const openAts = ["asked", "reworking", "drafted", "approved", "posting", "unclear", "refused"] as const

/** Row of `head`. */
export function headOf(state: Live): Head {
  return {
    workspace: state.workspace,
    stream: state.request,
    version: state.version,
    at: state.at,
    due: nextStep(state)?.due ?? null,
    person: state.requester,
    place: state.place.channel,
  }
}

/** Key of `lookup` by which an open request of the same person on the same message is found. */
export function questionKey(message: string, requester: Pseudonym): string {
  return `${message} ${requester}`
}
/** Rows of `lookup` that an entry adds. A later row of the same kind and key replaces an earlier one. */
export function lookupsOf(entry: Entry): readonly (StreamKey & { readonly kind: LookupKind; readonly key: string })[] {
  const { workspace, stream, fact } = entry
  switch (fact.kind) {
    case "asked":
      return [{ workspace, stream, kind: "question", key: questionKey(fact.message, entry.actor) }]
    case "postingBegun":
      return [
        { workspace, stream, kind: "label", key: fact.jti },
        { workspace, stream, kind: "attempt", key: fact.attempt },
      ]
    case "posted":
      return [{ workspace, stream, kind: "post", key: fact.post }]
    default:
      return []
  }
}
