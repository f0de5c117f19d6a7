// Makes one revision: from the drafter, from a person's edit, or of the same text again. Ends in `drafted`, or in a word to
// the requester, never in silence. What a person already had is never lost: a redraft that fails brings the earlier text back.
import { randomBytes } from "node:crypto"
import { ulid } from "ulid"
import { runChecks } from "../checks/run.ts"
import type { Digest, Draft, Finding, LabelId, Proposal } from "../core/domain.ts"
import { system } from "../core/facts.ts"
import type { StateAt } from "../core/fold.ts"
import { DraftingFault } from "../core/ports.ts"
import { unreachable } from "../core/unreachable.ts"
import { canonical } from "../label/canonical.ts"
import { compose, editSize } from "./compose.ts"
import { linesFor } from "./label.ts"
import type { Parts } from "./parts.ts"
import { nameOf } from "./people.ts"
import { platformFor } from "./platform.ts"
import { type Progress, propose } from "./propose.ts"
import { readDraft, seal } from "./seal.ts"
import { advance, type Stepped } from "./stream.ts"

type ToDraft = StateAt<"asked"> | StateAt<"reworking">
/** What a revision is made of, before the platform renders it. */
interface Material {
  readonly proposal: Proposal
  /** The drafter's own text, as it is stored: names it on the label, and measures a person's edit. */
  readonly proposed: { readonly ref: Digest; readonly by: Pick<Draft, "origin" | "provider" | "model" | "draftedAt">; readonly text: Proposal }
  readonly notes: readonly Finding[]
  readonly sealed: ReturnType<typeof seal> | null
}

export async function draft(parts: Parts, state: ToDraft, signal: AbortSignal, onProgress: Progress): Promise<Stepped> {
  const material = await gather(parts, state, signal, onProgress)
  if (material === "erased") return advance(parts.ledger, state, system, [{ kind: "expired" }])
  if ("kind" in material) return advance(parts.ledger, state, system, [material])
  return finish(parts, state, material, signal)
}

async function gather(parts: Parts, state: ToDraft, signal: AbortSignal, onProgress: Progress) {
  if (state.at === "asked") return fromDrafter(parts, state, null, null, signal, onProgress)
  const before = await readDraft(parts.ledger, state.workspace, state.draft.digest)
  const proposed = await parts.ledger.body(state.workspace, state.draft.proposal)
  if (before === null || proposed === null) return "erased" as const
  const kept = (answer: string, notes: readonly Finding[]): Material => ({
    proposal: { answer, sources: before.sources },
    proposed: { ref: before.proposal, by: before, text: JSON.parse(proposed) as Proposal },
    notes,
    sealed: null,
  })
  const { rework } = state
  switch (rework.why) {
    case "edited": {
      const text = await parts.ledger.body(state.workspace, rework.text)
      return text === null ? ("erased" as const) : kept(text, [])
    }
    case "cancelled":
    case "voided":
      return kept(before.answer, [])
    case "redraft": {
      const hint = rework.hint === null ? null : await parts.ledger.body(state.workspace, rework.hint)
      const anew = await fromDrafter(parts, state, hint, before.answer, signal, onProgress)
      if ("proposal" in anew) return anew
      const why = anew.kind === "drafterDeclined" ? "had nothing to say to that" : `could not (${failureWords[anew.why]})`
      return kept(before.answer, [{ id: "redraft", level: "note", words: `The redraft ${why}. This is the text from before.` }])
    }
    default:
      return unreachable(rework)
  }
}
export const failureWords = {
  unavailable: "the model did not answer",
  timeout: "it took too long",
  malformed: "the model answered in a form that cannot be used",
  refused: "the model refused",
  "no-thread": "the thread could not be read",
  "no-knowledge": "the knowledge folder could not be read",
} as const

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
    parts.log.warn({ request: state.request, why: fault.why }, "drafting failed")
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

async function finish(parts: Parts, state: ToDraft, material: Material, signal: AbortSignal): Promise<Stepped> {
  const { policy, clock } = parts
  const platform = platformFor(parts, state)
  const audience = await platform.audience(state.place)
  const { proposal, proposed } = material
  const rendered = platform.render(compose(proposal.answer, proposal.sources), state.place)
  const original = platform.render(compose(proposed.text.answer, proposed.text.sources), state.place)
  const bare: Omit<Draft, "findings"> = {
    v: 1,
    request: state.request,
    revision: state.at === "reworking" ? state.draft.revision + 1 : 1,
    place: state.place,
    audience,
    answer: proposal.answer,
    rendered,
    sources: proposal.sources,
    label: ulid(clock.now(), cryptoRandom) as LabelId,
    origin: proposed.by.origin,
    provider: proposed.by.provider,
    model: proposed.by.model,
    draftedAt: proposed.by.draftedAt,
    edit: editSize(original.visible, rendered.visible),
    proposal: proposed.ref,
  }
  const lines = linesFor(parts, bare, { name: await nameOf(parts.ledger, state.requester) })
  const room = platform.can.maxChars - lines.first.length - lines.last.length
  const findings = [...material.notes, ...(await runChecks(parts.checks, bare, { room, signal }))]
  const sealed = seal(canonical({ ...bare, findings }))
  const now = clock.now()
  const until = now + policy.draftTtlMs
  const ids = (level: Finding["level"]) => findings.filter((f) => f.level === level).map((f) => f.id)
  return advance(
    parts.ledger,
    state,
    system,
    [
      {
        kind: "drafted",
        digest: sealed.ref,
        place: state.place.channel,
        jti: bare.label,
        revision: bare.revision,
        proposal: bare.proposal,
        origin: bare.origin,
        needs: Math.max(policy.needs, ids("second-approver").length > 0 ? 2 : 1),
        blocks: ids("block"),
        acknowledge: ids("acknowledge"),
        until,
        remindAt: Math.max(now, until - policy.remindBeforeMs),
      },
    ],
    { bodies: material.sealed === null ? [sealed] : [sealed, material.sealed] },
  )
}
const cryptoRandom = () => randomBytes(4).readUInt32BE() / 2 ** 32
