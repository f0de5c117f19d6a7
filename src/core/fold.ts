// Facts of one request, in order, to its State. An impossible history throws LedgerCorrupt: a ledger that says
// "posted" without "approved" is broken or forged, and nothing may be built on it.
import type { AttemptId, Digest, RequestId, WorkspaceId } from "./domain.ts"
import type { Entry, FactKind } from "./facts.ts"
import type { Attempted, DraftHead, Published, RequestFrame, State, StateAt, WithAttempt, WithPost, WithReason } from "./state.ts"
import { unreachable } from "./unreachable.ts"

export type * from "./state.ts"

/** The ledger contradicts itself. Names the entry. Never caught to go on. */
export class LedgerCorrupt extends Error {
  readonly code = "ledger-corrupt"
  readonly entry: { workspace: string; stream: string; version: number }
  /** Without the entry's name. */
  readonly why: string
  constructor(why: string, entry: { workspace: string; stream: string; version: number }) {
    super(`Ledger entry ${entry.workspace}/${entry.stream}@${entry.version}: ${why}. Stop the server and run "countersign audit verify".`)
    this.name = "LedgerCorrupt"
    this.why = why
    this.entry = { workspace: entry.workspace, stream: entry.stream, version: entry.version }
  }
}

/** Kinds that change nothing a person reads on a card. */
const silent: ReadonlySet<FactKind> = new Set(["cardShown", "reminded", "postingBegun"])

export function fold(entries: readonly Entry[]): State {
  let state: State = { at: "none" }
  for (const entry of entries) state = apply(state, entry)
  return state
}

/** One more fact. Throws {@link LedgerCorrupt} when it cannot follow. */
export function apply(state: State, entry: Entry): State {
  const fact = entry.fact
  const last = state.at === "none" ? 0 : state.version
  if (entry.version !== last + 1) throw new LedgerCorrupt(`version ${entry.version} follows ${last}`, entry)
  if (state.at === "none") {
    if (fact.kind !== "asked") throw new LedgerCorrupt(`${fact.kind} cannot be the first`, entry)
    return {
      at: "asked",
      request: entry.stream as RequestId,
      workspace: entry.workspace as WorkspaceId,
      place: { platform: fact.platform, workspace: entry.workspace, channel: fact.place, thread: fact.thread },
      message: fact.message,
      purpose: fact.purpose,
      requester: entry.actor,
      askedAt: entry.at,
      version: 1,
      cardVersion: 1,
      changedAt: entry.at,
      cards: [],
    }
  }
  const frame: RequestFrame = {
    request: state.request,
    workspace: state.workspace,
    place: state.place,
    message: state.message,
    purpose: state.purpose,
    requester: state.requester,
    askedAt: state.askedAt,
    cards: state.cards,
    version: entry.version,
    cardVersion: silent.has(fact.kind) ? state.cardVersion : entry.version,
    changedAt: entry.at,
  }
  const no = (): never => {
    throw new LedgerCorrupt(`${fact.kind} cannot follow ${state.at}`, entry)
  }
  switch (fact.kind) {
    case "asked":
      return no()
    case "draftingFailed":
      return state.at === "asked" ? { ...frame, at: "draftingFailed", why: fact.why } : no()
    case "drafterDeclined":
      return state.at === "asked" ? { ...frame, at: "drafterDeclined" } : no()
    case "cancelled":
      // A cancelled redraft brings the earlier text back; a cancelled first draft ends the request.
      if (state.at === "reworking") return { ...frame, at: "reworking", draft: state.draft, rework: { why: "cancelled" } }
      return state.at === "asked" ? { ...frame, at: "cancelled" } : no()
    case "expired":
      return state.at === "asked" || state.at === "reworking" || state.at === "drafted" || state.at === "refused" ? { ...frame, at: "expired" } : no()
    case "cardShown": {
      const others = state.cards.filter((c) => c.person !== fact.person)
      return { ...state, ...frame, cards: [...others, { person: fact.person, ref: fact.ref, of: fact.of, stoppedBy: fact.stoppedBy ?? null }] }
    }
    case "reminded":
      return state.at === "drafted" && state.draft.digest === fact.digest ? { ...state, ...frame, reminded: "reminded" } : no()
    case "drafted": {
      if (state.at !== "asked" && state.at !== "reworking") return no()
      if (fact.place !== state.place.channel) throw new LedgerCorrupt("drafted for another place", entry)
      const before = state.at === "reworking" ? state.draft : null
      if (fact.revision !== (before?.revision ?? 0) + 1) throw new LedgerCorrupt(`revision ${fact.revision} follows ${before?.revision ?? 0}`, entry)
      const { digest, needs, jti, revision, proposal, origin, blocks, acknowledge, until, remindAt } = fact
      const draft: DraftHead = { digest, needs, label: jti, revision, proposal, origin, blocks, acknowledge, until, remindAt }
      return { ...frame, at: "drafted", draft, approvals: [], reminded: "not-yet", because: state.at === "reworking" ? state.rework : null }
    }
    case "edited":
      return editable(state, fact.of)
        ? { ...frame, at: "reworking", draft: state.draft, rework: { why: "edited", by: entry.actor, text: fact.text } }
        : no()
    case "redraftAsked":
      return editable(state, fact.of)
        ? { ...frame, at: "reworking", draft: state.draft, rework: { why: "redraft", by: entry.actor, hint: fact.hint } }
        : no()
    case "declined":
      return editable(state, fact.of) ? { ...frame, at: "declined", draft: state.draft } : no()
    case "approvalVoided":
      return (state.at === "approved" || state.at === "refused" || (state.at === "drafted" && state.approvals.length > 0)) &&
        state.draft.digest === fact.of
        ? {
            ...frame,
            at: "reworking",
            draft: state.draft,
            rework: { why: "voided", reason: fact.why, said: state.at === "refused" ? state.said : null },
          }
        : no()
    case "approved": {
      if (state.at !== "drafted" || state.draft.digest !== fact.digest || fact.place !== state.place.channel) return no()
      if (state.approvals.some((a) => a.by === entry.actor)) throw new LedgerCorrupt("the same person approved twice", entry)
      const approvals = [...state.approvals, { by: entry.actor, at: entry.at, epoch: fact.epoch, until: fact.until, auth: fact.auth }]
      const with_ = { ...frame, draft: state.draft, approvals }
      return approvals.length >= state.draft.needs
        ? { ...with_, at: "approved" }
        : { ...with_, at: "drafted", reminded: state.reminded, because: state.because }
    }
    case "postingBegun":
      if (state.at !== "approved" || state.draft.digest !== fact.digest || fact.jti !== state.draft.label || fact.place !== state.place.channel)
        return no()
      if (state.purpose === "canary") throw new LedgerCorrupt("a canary is never posted", entry)
      return {
        ...frame,
        at: "posting",
        draft: state.draft,
        approvals: state.approvals,
        attempt: fact.attempt,
        notAfter: fact.notAfter,
        jws: fact.label,
      }
    case "posted":
      // A person's word had no reference: the message itself has.
      if (published(state) && state.attempt === fact.attempt && !referenced(state))
        return { ...state, ...frame, post: { workspace: state.workspace, id: fact.post, url: fact.url } }
      return attempted(state) && state.attempt === fact.attempt
        ? {
            ...frame,
            at: "posted",
            ...attemptOf(state),
            post: { workspace: state.workspace, id: fact.post, url: fact.url },
            postedAt: entry.at,
            reports: [],
            actedOn: [],
            vanishedAt: null,
          }
        : no()
    case "postingUnclear":
      return state.at === "posting" && state.attempt === fact.attempt ? { ...frame, at: "unclear", ...attemptOf(state) } : no()
    case "postingFailed":
      return (state.at === "posting" || state.at === "unclear") && state.attempt === fact.attempt
        ? { ...frame, at: "refused", why: fact.why, said: fact.said ?? null, ...attemptOf(state) }
        : no()
    case "unclearResolved":
      // "posted" is a person's word that it is there; `posted` with its reference follows and is what publishes the label.
      if (state.at !== "unclear" || state.attempt !== fact.attempt) return no()
      return fact.as === "never-seen" ? { ...frame, at: "neverSeen", ...attemptOf(state) } : { ...frame, at: "unclear", ...attemptOf(state) }
    case "reported":
      return published(state) ? { ...state, ...frame, reports: [...state.reports, { by: entry.actor, at: entry.at, why: fact.why }] } : no()
    case "actedOn":
      return published(state) ? { ...state, ...frame, actedOn: [...state.actedOn, entry.actor] } : no()
    case "vanished":
      return published(state) ? { ...state, ...frame, vanishedAt: entry.at } : no()
    case "retractionBegun":
      return state.at === "posted" || state.at === "retractionFailed"
        ? { ...frame, at: "retracting", ...postOf(state), reason: fact.why, by: entry.actor, words: fact.words }
        : no()
    case "retracted":
      return state.at === "retracting" ? { ...frame, ...retractionOf(state), at: "retracted" } : no()
    case "retractionFailed":
      return state.at === "retracting" ? { ...frame, ...retractionOf(state), at: "retractionFailed" } : no()
    case "stopped":
    case "resumed":
    case "keyAdded":
    case "keyRetired":
    case "erased":
    case "rogueSeen":
    case "installed":
    case "uninstalled":
      throw new LedgerCorrupt(`${fact.kind} does not belong into a request`, entry)
    default:
      return unreachable(fact)
  }
}

/** The states in which the requester may still change or drop the text. */
function editable(state: State, digest: Digest): state is StateAt<"drafted"> | StateAt<"refused"> {
  return (state.at === "drafted" || state.at === "refused") && state.draft.digest === digest
}
/** `posted` is accepted from any later state of its attempt: the platform's word outlives our doubt, and its own earlier no. */
export function attempted(state: State): state is Attempted {
  return state.at === "posting" || state.at === "unclear" || state.at === "neverSeen" || state.at === "refused"
}
export function published(state: State): state is Published {
  return state.at === "posted" || state.at === "retracting" || state.at === "retractionFailed" || state.at === "retracted"
}
/** Stands for a post that a person saw and the platform has not told of. */
export const noReference = (attempt: AttemptId) => `${unseen}${attempt}`
/** Whether it is known which message the post is. */
export const referenced = (state: Pick<WithPost, "post">) => !state.post.id.startsWith(unseen)
const unseen = "unreferenced:"
/** Whether the platform's own word on its post would be news: it has none yet, or none but a person's. */
export function awaitsPost(state: State): state is Attempted | Published {
  return attempted(state) || (published(state) && !referenced(state))
}
const attemptOf = (s: WithAttempt) => ({ draft: s.draft, approvals: s.approvals, attempt: s.attempt, notAfter: s.notAfter, jws: s.jws })
const postOf = (s: WithPost) => ({
  ...attemptOf(s),
  post: s.post,
  postedAt: s.postedAt,
  reports: s.reports,
  actedOn: s.actedOn,
  vanishedAt: s.vanishedAt,
})
const retractionOf = (s: WithPost & WithReason) => ({ ...postOf(s), reason: s.reason, by: s.by, words: s.words })
