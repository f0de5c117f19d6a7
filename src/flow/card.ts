// What a card says to the one who may see it: the only place for these words. Adapters lay it out and add nothing.
import { whereWords } from "../core/audience.ts"
import type { Card, CardAction, CardDraft } from "../core/card.ts"
import type { Draft, Instant, Pseudonym } from "../core/domain.ts"
import type { FactOf } from "../core/facts.ts"
import { type Live, published, type State } from "../core/fold.ts"
import type { DoorView } from "../core/ports.ts"
import { retractWords } from "../core/signposts.ts"
import { unreachable } from "../core/unreachable.ts"
import { failureWords } from "./draft.ts"

/** Everything that a card is made of, read beforehand. */
export interface CardParts {
  readonly state: Live
  /** The draft's text; null when there is none, or it was erased. */
  readonly draft: Draft | null
  readonly lines: { readonly first: string; readonly last: string } | null
  readonly doors: readonly DoorView[]
  /** Name of the drafter: "quoting". */
  readonly drafter: string
  /** What the drafter is doing just now. */
  readonly progress: string | null
  /** What the platform's no to the post was; null when it did not refuse it, or its words were erased. */
  readonly said: string | null
  readonly now: Instant
}
/** Whether a person may see the card at all. Everybody else is told that there is no such request. */
export function maySee(state: State, viewer: Pseudonym): state is Live {
  return state.at !== "none" && state.requester === viewer
}

export function cardOf(p: CardParts): Card {
  const { state } = p
  const draft = p.draft === null || p.lines === null || !("draft" in state) ? null : cardDraft(p.draft, p.lines, state.draft.digest)
  const says = wordsOf(p)
  return {
    workspace: state.workspace,
    request: state.request,
    place: state.place,
    message: state.message,
    phase: says.phase,
    title:
      "draft" in state
        ? `Draft for you · ${p.draft?.origin === "quotation" ? "quoting" : (p.draft?.model ?? p.drafter)} · revision ${state.draft.revision}`
        : `Draft for you · ${p.drafter}`,
    note: says.note,
    tone: says.tone ?? "plain",
    endedByItself: state.at === "draftingFailed" || state.at === "drafterDeclined" || state.at === "expired",
    settledAt: says.phase !== "settled" ? null : published(state) && state.at === "posted" ? state.postedAt : state.changedAt,
    deadline: says.phase === "review" && "draft" in state ? state.draft.until : null,
    draft: says.phase === "settled" && !published(state) ? null : draft,
    attempt: state.at === "unclear" ? state.attempt : null,
    post: published(state) ? state.post : null,
    actions: actionsOf(p),
  }
}
function cardDraft(d: Draft, lines: NonNullable<CardParts["lines"]>, digest: CardDraft["digest"]): CardDraft {
  return {
    digest,
    revision: d.revision,
    audience: d.audience,
    answer: d.answer,
    rendered: d.rendered,
    labelLines: lines,
    sources: d.sources,
    findings: d.findings,
  }
}

/** Whose stop the card tells of, made now. Any other state says the same whether the place is stopped or not. */
export function stopOn(state: Live, doors: readonly Pick<DoorView, "by">[]): Pseudonym | null {
  return state.at === "drafted" ? (doors[0]?.by ?? null) : null
}

interface Says {
  readonly phase: Card["phase"]
  readonly note: string | null
  readonly tone?: Card["tone"]
}
function wordsOf(p: CardParts): Says {
  const { state } = p
  switch (state.at) {
    case "asked":
      return { phase: "drafting", note: `Drafting, only you can see this. ${sentence(p.progress ?? "starting")}` }
    case "reworking":
      return { phase: "drafting", note: reworkWords(state.rework.why, p.progress) }
    case "drafted":
      return reviewWords(p)
    case "approved":
    case "posting":
      return { phase: "settled", note: "Approved. Posting now; this card tells you when it is up.", tone: "good" }
    case "unclear":
      return {
        phase: "unclear",
        tone: "warning",
        note: "You approved this, but the platform did not say whether it was posted. It is never sent twice. Look at the thread, then tell us what you see.",
      }
    case "refused":
      return {
        phase: "review",
        tone: "warning",
        note:
          state.why === "refused"
            ? `${refusedWords(p.said)} Edit or redraft it to try again, or discard it.`
            : "This was interrupted before it was sent, so nothing was posted. Edit or redraft it to try again, or discard it.",
      }
    case "posted":
      return {
        phase: "settled",
        tone: state.reports.length > 0 || state.vanishedAt !== null ? "warning" : "good",
        note: postedWords(state.reports.length, state.vanishedAt),
      }
    case "retracting":
      return { phase: "settled", tone: "warning", note: "Being retracted." }
    case "retractionFailed":
      return { phase: "settled", tone: "warning", note: "It could not be retracted: the platform refused. Remove the post by hand, or try again." }
    case "retracted":
      return { phase: "settled", tone: "warning", note: `Retracted: ${retractWords[state.reason]}. The post's text is gone; its frame stays.` }
    case "draftingFailed":
      return {
        phase: "settled",
        tone: "warning",
        note: `There is no draft: ${failureWords[state.why]}. Nothing was posted. Ask again to try once more.`,
      }
    case "drafterDeclined":
      return {
        phase: "settled",
        note: "Nothing fits this question, so there is no draft. Nothing was posted. Ask again with other words, or answer it yourself.",
      }
    case "cancelled":
      return { phase: "settled", note: "Cancelled. Nothing was posted." }
    case "declined":
      return { phase: "settled", note: "Discarded. Nothing was posted." }
    case "expired":
      return { phase: "settled", note: "Expired before anybody decided. Nothing was posted. Ask again to get a new draft." }
    case "neverSeen":
      return { phase: "settled", note: "You said that it was never posted. It stays unposted; ask again if it is still wanted." }
    default:
      return unreachable(state)
  }
}
function reworkWords(why: "edited" | "redraft" | "voided" | "cancelled", progress: string | null): string {
  switch (why) {
    case "edited":
      return "Checking your text, only you can see this."
    case "redraft":
      return `Redrafting, only you can see this. ${sentence(progress ?? "starting")}`
    case "voided":
    case "cancelled":
      return "Preparing the text again, only you can see this."
    default:
      return unreachable(why)
  }
}
function reviewWords(p: CardParts): Says {
  const { state } = p
  const door = p.doors[0]
  if (door !== undefined) return { phase: "review", tone: "stopped", note: `Stopped by ${door.byName ?? "a person"}: nothing will be posted.` }
  if (state.at !== "drafted") return { phase: "review", note: null }
  if (state.draft.blocks.length > 0)
    return { phase: "review", tone: "warning", note: "A check blocks this draft. Edit or redraft it; nothing is posted until then." }
  const again = state.because?.why === "voided" ? voidedWords(state.because.reason, p.said) : null
  if (again !== null) return { phase: "review", tone: "warning", note: again }
  return {
    phase: "review",
    note: state.approvals.length > 0 ? `Approved by ${state.approvals.length} of ${state.draft.needs}. Waiting for another person.` : null,
  }
}
function voidedWords(reason: FactOf<"approvalVoided">["why"], said: string | null): string {
  return reason === "refused" ? `${refusedWords(said)} Approve it to try again, or edit, redraft or discard it.` : voidWords[reason]
}
/** With what would have to be mended first, as the platform's adapter puts it. */
function refusedWords(said: string | null): string {
  return `The platform refused this post, so nothing was posted.${said === null ? "" : ` ${said}`}`
}
const voidWords = {
  expired: "Your approval expired before this could be posted, so you are asked again. Nothing was posted.",
  stopped: "A stop came after your approval, so you are asked again. Nothing was posted.",
  wider: "More people can read this place than when you approved, so you are asked again. Nothing was posted.",
  absent: "This was interrupted before it was sent, so nothing was posted. Approve it to try again, or edit, redraft or discard it.",
  standing: "Your standing in this place changed after your approval, so you are asked again. Nothing was posted.",
} as const
function postedWords(reports: number, vanishedAt: Instant | null): string {
  if (vanishedAt !== null) return "Posted, and since removed by a moderator."
  if (reports === 0) return "Posted, labelled, and visible to everyone here."
  return `Posted. ${reports === 1 ? "One person reports" : `${reports} people report`} a problem with it.`
}

function actionsOf(p: CardParts): readonly CardAction[] {
  const { state } = p
  const change: readonly CardAction[] = [
    { act: "edit", words: "Edit", weight: "plain" },
    { act: "redraft", words: "Redraft with a hint", weight: "plain" },
    { act: "decline", words: "Discard", weight: "plain" },
  ]
  switch (state.at) {
    case "asked":
      return [{ act: "cancel", words: "Cancel", weight: "plain" }]
    case "reworking":
      return state.rework.why === "redraft" ? [{ act: "cancel", words: "Cancel", weight: "plain" }] : []
    case "drafted": {
      if (p.draft === null || state.draft.blocks.length > 0 || p.doors.length > 0) return change
      return [{ act: "approve", words: `Approve and post to ${whereWords(p.draft.audience)}`, weight: "primary" }, ...change]
    }
    case "refused":
      return change
    case "unclear":
      return [
        { act: "resolve-posted", words: "I see it in the thread", weight: "plain" },
        { act: "resolve-never-seen", words: "It is not there", weight: "plain" },
      ]
    default:
      return []
  }
}
const sentence = (words: string) => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
