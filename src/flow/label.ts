// The label of an approved draft: its claims, a pure function of the draft and of its approvals. The same function fills in
// the lines on the card for the one who looks at it, so that what is shown is what is posted.
import type { Digest, Draft, Instant, Pseudonym } from "../core/domain.ts"
import type { Approval } from "../core/fold.ts"
import type { Actor } from "../core/ports.ts"
import { type Claims, digitalSourceTypes } from "../label/claims.ts"
import { labelLines } from "../label/lines.ts"
import { visHash } from "../label/vis.ts"
import type { Parts } from "./parts.ts"

export interface Approvers {
  readonly by: readonly Pseudonym[]
  readonly at: Instant
  readonly auth: string
}
export function approversOf(approvals: readonly Approval[]): Approvers {
  return {
    by: approvals.map((a) => a.by),
    at: Math.max(...approvals.map((a) => a.at)),
    auth: [...new Set(approvals.map((a) => a.auth))].sort().join(" "),
  }
}
export async function claimsOf(parts: Pick<Parts, "issuer" | "program">, draft: Draft, digest: Digest, approvers: Approvers): Promise<Claims> {
  const { place } = draft
  return {
    iss: parts.issuer,
    iat: seconds(approvers.at),
    jti: draft.label,
    v: 1,
    dst: digitalSourceTypes[draft.origin],
    aid: "ai-assisted",
    hol: "human_validated",
    gen: { sys: parts.program, prv: draft.provider, ...(draft.origin === "model" ? { mdl: draft.model } : {}), at: seconds(draft.draftedAt) },
    rev: { by: approvers.by, at: seconds(approvers.at), act: "approved", edit: draft.edit, auth: approvers.auth },
    dig: { alg: "sha-256", c14n: "vis-1", draft: draft.proposal, src: digest, vis: await visHash(draft.rendered.visible) },
    ctx: { p: place.platform, ws: place.workspace, ch: place.channel, ...(place.thread === null ? {} : { th: place.thread }) },
    url: urlOf(parts, draft),
  }
}
/** The lines as they will read when `viewer` approves now: what the claims will say, without hashing the text for each look at a card. */
export function linesFor(parts: Pick<Parts, "issuer" | "clock">, draft: Omit<Draft, "findings">, viewer: Pick<Actor, "name">) {
  const dst = digitalSourceTypes[draft.origin]
  return labelLines({ iss: parts.issuer, dst, rev: { at: seconds(parts.clock.now()), edit: draft.edit }, url: urlOf(parts, draft) }, [viewer.name])
}
const urlOf = (parts: Pick<Parts, "issuer">, draft: Pick<Draft, "label">) => `${parts.issuer}/l/${draft.label}`
const seconds = (at: Instant) => Math.floor(at / 1000)
