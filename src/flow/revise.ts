// Makes one revision of what a drafter or a person wrote: rendered by its platform, looked at by the checks, sealed. Appends
// nothing. What it gives is what the card shows, what is approved, and what is sent.
import { runChecks } from "../checks/run.ts"
import type { Digest, Draft, Finding, LabelId, Proposal } from "../core/domain.ts"
import type { FactOf } from "../core/facts.ts"
import type { StateAt } from "../core/fold.ts"
import type { Sealed } from "../core/ports.ts"
import { canonical } from "../label/canonical.ts"
import { compose, editSize } from "./compose.ts"
import { freshId } from "./fresh-id.ts"
import { linesFor } from "./label.ts"
import type { Parts } from "./parts.ts"
import { nameOf } from "./people.ts"
import { platformFor } from "./platform.ts"
import { seal } from "./seal.ts"

export type ToDraft = StateAt<"asked"> | StateAt<"reworking">
/** What a revision is made of, before the platform renders it. */
export interface Material {
  readonly proposal: Proposal
  /** The drafter's own text, as it is stored: names it on the label, and measures a person's edit. */
  readonly proposed: { readonly ref: Digest; readonly by: Pick<Draft, "origin" | "provider" | "model" | "draftedAt">; readonly text: Proposal }
  readonly notes: readonly Finding[]
  readonly sealed: Sealed | null
}

export interface Revision {
  readonly fact: FactOf<"drafted">
  readonly bodies: readonly Sealed[]
}

export async function revise(parts: Parts, state: ToDraft, material: Material, signal: AbortSignal): Promise<Revision> {
  const { clock } = parts
  const platform = platformFor(parts, state)
  const audience = await platform.audience(state.place)
  const { proposal, proposed } = material
  const rendered = platform.render(compose(proposal.answer, proposal.sources), state.place)
  // What a drafter wrote and nobody changed is rendered once.
  const original = proposed.text === proposal ? rendered : platform.render(compose(proposed.text.answer, proposed.text.sources), state.place)
  const bare: Omit<Draft, "findings"> = {
    v: 1,
    request: state.request,
    revision: state.at === "reworking" ? state.draft.revision + 1 : 1,
    place: state.place,
    audience,
    answer: proposal.answer,
    rendered,
    sources: proposal.sources,
    label: freshId(clock.now()) as LabelId,
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
  const { fact, sealed } = revisionOf(parts, state, { ...bare, findings })
  return { fact, bodies: material.sealed === null ? [sealed] : [sealed, material.sealed] }
}

/** The text from before once more, as it was rendered and found then, for when the platform cannot be asked. Who reads the place is
 *  asked again before anything is posted, as ever. */
export function renew(parts: Parts, state: StateAt<"reworking">, before: Draft, note: Finding): Revision {
  const findings = [note, ...before.findings.filter((f) => f.id !== note.id)]
  const label = freshId(parts.clock.now()) as LabelId
  const { fact, sealed } = revisionOf(parts, state, { ...before, revision: state.draft.revision + 1, label, findings })
  return { fact, bodies: [sealed] }
}

function revisionOf({ policy, clock }: Parts, state: ToDraft, draft: Draft): { readonly fact: FactOf<"drafted">; readonly sealed: Sealed } {
  const { findings } = draft
  const sealed = seal(canonical(draft))
  const now = clock.now()
  const until = now + policy.draftTtlMs
  const ids = (level: Finding["level"]) => findings.filter((f) => f.level === level).map((f) => f.id)
  const fact: FactOf<"drafted"> = {
    kind: "drafted",
    digest: sealed.ref,
    place: state.place.channel,
    jti: draft.label,
    revision: draft.revision,
    proposal: draft.proposal,
    origin: draft.origin,
    needs: Math.max(policy.needs, ids("second-approver").length > 0 ? 2 : 1),
    blocks: ids("block"),
    acknowledge: ids("acknowledge"),
    until,
    remindAt: Math.max(now, until - policy.remindBeforeMs),
  }
  return { fact, sealed }
}
