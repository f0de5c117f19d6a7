// Makes one revision: from the drafter, from a person's edit, or of the same text again. Ends in `drafted`, or in a word to
// the requester, never in silence. What a person already had is never lost: a redraft that fails brings the earlier text back.
import type { Finding, Proposal } from "../core/domain.ts"
import { system } from "../core/facts.ts"
import type { Rework, StateAt } from "../core/fold.ts"
import { DraftingFault, LedgerUnavailable } from "../core/ports.ts"
import { unreachable } from "../core/unreachable.ts"
import { canonical } from "../label/canonical.ts"
import type { Parts } from "./parts.ts"
import { type Progress, propose } from "./propose.ts"
import { type Material, renew, revise, type ToDraft } from "./revise.ts"
import { readDraft, seal } from "./seal.ts"
import { advance, type Stepped } from "./stream.ts"

export async function draft(parts: Parts, state: ToDraft, signal: AbortSignal, onProgress: Progress): Promise<Stepped> {
  const material = await gather(parts, state, signal, onProgress)
  if (material === "erased") return advance(parts.ledger, state, system, [{ kind: "expired" }])
  if ("kind" in material) return advance(parts.ledger, state, system, [material])
  const made = await revise(parts, state, material, signal).catch((fault: unknown) => instead(parts, state, fault, signal))
  if ("kind" in made) return advance(parts.ledger, state, system, [made])
  return advance(parts.ledger, state, system, [made.fact], { bodies: made.bodies })
}

/** The platform could not show the text or tell its readers. A first draft ends with a word; a later one goes back to the text before. */
async function instead(parts: Parts, state: ToDraft, fault: unknown, signal: AbortSignal) {
  if (signal.aborted || fault instanceof LedgerUnavailable) throw fault
  parts.log.warn({ request: state.request, fault: fault instanceof Error ? fault.name : typeof fault }, "a revision could not be made")
  if (state.at === "asked") return { kind: "draftingFailed", why: "no-place" } as const
  const note: Finding = { id: "revision", level: "note", words: insteadWords[state.rework.why] }
  const before = await earlier(parts, state)
  if (before === "erased") return { kind: "expired" } as const
  return revise(parts, state, before.again(before.answer, [note]), signal).catch(() => renew(parts, state, before.draft, note))
}

async function gather(parts: Parts, state: ToDraft, signal: AbortSignal, onProgress: Progress) {
  if (state.at === "asked") return fromDrafter(parts, state, null, null, signal, onProgress)
  const before = await earlier(parts, state)
  if (before === "erased") return before
  const { rework } = state
  switch (rework.why) {
    case "edited": {
      const text = await parts.ledger.body(state.workspace, rework.text)
      return text === null ? ("erased" as const) : before.again(text, [])
    }
    case "cancelled":
    case "voided":
      return before.again(before.answer, [])
    case "redraft": {
      const hint = rework.hint === null ? null : await parts.ledger.body(state.workspace, rework.hint)
      const anew = await fromDrafter(parts, state, hint, before.answer, signal, onProgress)
      if ("proposal" in anew) return anew
      const why = anew.kind === "drafterDeclined" ? "had nothing to say to that" : `could not (${failureWords[anew.why]})`
      return before.again(before.answer, [{ id: "redraft", level: "note", words: `The redraft ${why}. This is the text from before.` }])
    }
    default:
      return unreachable(rework)
  }
}
/** The revision before this one, and how to make another of the same origin. */
async function earlier(parts: Parts, state: StateAt<"reworking">) {
  const before = await readDraft(parts.ledger, state.workspace, state.draft.digest)
  const proposed = await parts.ledger.body(state.workspace, state.draft.proposal)
  if (before === null || proposed === null) return "erased" as const
  const again = (answer: string, notes: readonly Finding[]): Material => ({
    proposal: { answer, sources: before.sources },
    proposed: { ref: before.proposal, by: before, text: JSON.parse(proposed) as Proposal },
    notes,
    sealed: null,
  })
  return { answer: before.answer, draft: before, again }
}
export const failureWords = {
  unavailable: "the model did not answer",
  timeout: "it took too long",
  malformed: "the model answered in a form that cannot be used",
  refused: "the model refused",
  "no-thread": "the thread could not be read",
  "no-place": "the platform could not show the text or tell who reads it",
  "no-knowledge": "the knowledge folder could not be read",
} as const

const notShown = `could not be shown here (${failureWords["no-place"]}). This is the text from before.`
const asBefore =
  "The platform could not say just now who reads this place, so this is all as it was before. It is asked again before anything is posted."
const insteadWords: Record<Rework["why"], string> = {
  edited: `Your text ${notShown}`,
  redraft: `The new text ${notShown}`,
  cancelled: asBefore,
  voided: asBefore,
}

async function fromDrafter(parts: Parts, state: ToDraft, hint: string | null, previous: string | null, signal: AbortSignal, onProgress: Progress) {
  try {
    const proposal = await propose(parts, state, { hint, previous, signal, onProgress })
    if (proposal === "declined") return { kind: "drafterDeclined" } as const
    const sealed = sealProposal(proposal)
    const { drafter, clock } = parts
    const by = { origin: drafter.origin, provider: drafter.model.provider, model: drafter.model.name, draftedAt: clock.now() }
    return { proposal, proposed: { ref: sealed.ref, by, text: proposal }, notes: [], sealed } satisfies Material
  } catch (fault) {
    if (!(fault instanceof DraftingFault)) throw fault
    parts.log.warn({ request: state.request, why: fault.why, because: fault.because }, "drafting failed")
    return { kind: "draftingFailed", why: fault.why } as const
  }
}

/** What cannot be written down is no answer: asked again it would come again, and nobody would hear of it. */
function sealProposal(proposal: Proposal) {
  try {
    return seal(canonical(proposal))
  } catch (cause) {
    throw new DraftingFault("malformed", { cause })
  }
}
