// One command against one state: the facts it leads to, or the reason it does not. Pure; asked again after every conflict.
// Everything that the database's guard cannot know is decided here: who clicked, on which text, at what time.
import type { Digest, Instant, Pseudonym, RetractReason, Standing } from "./domain.ts"
import type { Door } from "./door.ts"
import type { Fact } from "./facts.ts"
import { noReference, published, type State } from "./fold.ts"
import { atLeast, mayTakePart, type Policy } from "./policy.ts"
import type { Actor } from "./ports.ts"
import { type Refusal, refuse } from "./refusals.ts"
import { unreachable } from "./unreachable.ts"

/** What a person wants of a request. Texts are already sealed: a command carries their digests. */
export type Command =
  | { readonly do: "approve"; readonly digest: Digest; readonly acknowledged: readonly string[] }
  | { readonly do: "edit"; readonly digest: Digest; readonly text: Digest; readonly chars: number }
  | { readonly do: "redraft"; readonly digest: Digest; readonly hint: Digest | null }
  | { readonly do: "decline"; readonly digest: Digest }
  | { readonly do: "cancel" }
  | { readonly do: "resolve"; readonly attempt: string; readonly as: "posted" | "never-seen" }
  | { readonly do: "report"; readonly why: Digest | null }
  | { readonly do: "actedOn" }
  | { readonly do: "retract"; readonly reason: RetractReason; readonly words: Digest | null }

export interface Circumstances {
  readonly by: Pseudonym
  /** How the platform knew them. */
  readonly auth: Actor["auth"]
  readonly standing: Standing
  readonly now: Instant
  readonly door: Door
  readonly policy: Policy
}
/** Facts to append; none when the command is already done. */
export type Decided = readonly Fact[] | Refusal

export function decide(command: Command, state: State, c: Circumstances): Decided {
  if (state.at === "none") return refuse("not-found")
  const part = mayTakePart(c.standing, c.policy)
  const tells = command.do === "report" || command.do === "actedOn"
  if (part !== "yes" && !(tells && part !== "not-a-member")) return refuse(part)

  switch (command.do) {
    case "approve":
      return approve(command, state, c)
    case "edit": {
      const no = mayChange(command.digest, state, c)
      if (no !== null) return no
      if (command.chars === 0) return refuse("nothing-to-post")
      if (command.chars > c.policy.maxEditChars) return refuse("too-large")
      return [{ kind: "edited", of: command.digest, text: command.text }]
    }
    case "redraft":
      return mayChange(command.digest, state, c) ?? [{ kind: "redraftAsked", of: command.digest, hint: command.hint }]
    case "decline": {
      if (state.at === "declined" && state.requester === c.by) return []
      return mayChange(command.digest, state, c) ?? [{ kind: "declined", of: command.digest }]
    }
    case "cancel":
      if (state.requester !== c.by) return refuse("not-yours")
      if (state.at === "cancelled") return []
      if (state.at === "asked" || (state.at === "reworking" && state.rework.why === "redraft")) return [{ kind: "cancelled" }]
      return refuse(ended.has(state.at) ? "already-settled" : "stale-card")
    case "resolve":
      if (state.requester !== c.by && !atLeast(c.standing, "moderator")) return refuse("not-yours")
      if (state.at !== "unclear" || state.attempt !== command.attempt) return refuse("not-unclear")
      return [
        { kind: "unclearResolved", attempt: state.attempt, as: command.as },
        // A person saw it but the platform gave no reference: the label is published. The reference follows when the message is seen.
        ...(command.as === "posted" ? [{ kind: "posted" as const, attempt: state.attempt, post: noReference(state.attempt), url: null }] : []),
      ]
    case "report":
      if (!published(state)) return refuse("not-posted")
      return state.reports.some((r) => r.by === c.by) ? [] : [{ kind: "reported", why: command.why }]
    case "actedOn":
      if (!published(state)) return refuse("not-posted")
      return state.actedOn.includes(c.by) ? [] : [{ kind: "actedOn" }]
    case "retract":
      if (!published(state)) return refuse("not-posted")
      if (!state.approvals.some((a) => a.by === c.by) && !atLeast(c.standing, "moderator")) return refuse("not-allowed-to-retract")
      if (state.at === "retracting" || state.at === "retracted") return refuse("already-retracted")
      return [{ kind: "retractionBegun", why: command.reason, words: command.words }]
    default:
      return unreachable(command)
  }
}

function approve(command: Command & { do: "approve" }, state: Exclude<State, { at: "none" }>, c: Circumstances): Decided {
  // Until somebody else's approval is asked for, only the requester's click counts, and others learn nothing of the state.
  const asker = state.requester === c.by
  if (!asker && !("draft" in state && state.draft.needs > 1)) return refuse("not-yours")
  if ("approvals" in state && state.draft.digest === command.digest && state.approvals.some((a) => a.by === c.by)) return []
  if (state.at !== "drafted") return refuse(state.at === "asked" || state.at === "reworking" ? "stale-card" : "already-settled")
  if (state.draft.digest !== command.digest) return refuse("stale-card")
  if (c.now >= state.draft.until) return refuse("draft-expired")
  if (c.door.shut.length > 0) return refuse("stopped")
  if (state.draft.blocks.length > 0) return refuse("blocked")
  if (!state.draft.acknowledge.every((id) => command.acknowledged.includes(id))) return refuse("not-acknowledged")
  return [
    {
      kind: "approved",
      digest: command.digest,
      place: state.place.channel,
      epoch: c.door.epoch,
      until: c.now + c.policy.approvalTtlMs,
      auth: c.auth,
    },
  ]
}

/** Without a post, and for good. */
const ended: ReadonlySet<State["at"]> = new Set(["draftingFailed", "drafterDeclined", "cancelled", "declined", "expired", "neverSeen"])
/** Null when the requester may change or drop the text now. */
function mayChange(digest: Digest, state: Exclude<State, { at: "none" }>, c: Circumstances): Refusal | null {
  if (state.requester !== c.by) return refuse("not-yours")
  switch (state.at) {
    case "drafted":
    case "refused":
      if (state.draft.digest !== digest) return refuse("stale-card")
      return c.now >= state.draft.until ? refuse("draft-expired") : null
    case "asked":
    case "reworking":
      return refuse("stale-card")
    case "approved":
    case "posting":
    case "unclear":
    case "posted":
      return refuse("already-approved")
    default:
      return refuse("already-settled")
  }
}

/** Why approvals that were given no longer hold, if so. Asked before each attempt to post. */
export function voided(
  state: Extract<State, { at: "approved" }>,
  c: {
    readonly now: Instant
    readonly door: Door
    readonly standings: readonly Standing[]
    readonly audienceIs: "as-approved" | "wider"
    readonly policy: Policy
  },
): "expired" | "stopped" | "wider" | "standing" | null {
  if (c.door.shut.length > 0 || state.approvals.some((a) => a.epoch !== c.door.epoch)) return "stopped"
  if (state.approvals.some((a) => c.now >= a.until)) return "expired"
  if (c.standings.some((s) => mayTakePart(s, c.policy) !== "yes")) return "standing"
  return c.audienceIs === "wider" ? "wider" : null
}
