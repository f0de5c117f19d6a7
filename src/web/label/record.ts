// What the ledger knows of one label: its post, its claims, and three things checked anew at every look.
// Only labels of posts that appeared have a record; for all others the answer is null, as for labels that never were.
import type { Draft, LabelId } from "../../core/domain.ts"
import type { Entry } from "../../core/facts.ts"
import { fold, type Published, published } from "../../core/fold.ts"
import type { Ledger } from "../../core/ports.ts"
import type { Claims } from "../../label/claims.ts"
import type { PublishedKeys } from "../../label/jws.ts"
import { verifyLabel } from "../../label/verify.ts"
import { visHash } from "../../label/vis.ts"

export interface LabelRecord {
  readonly state: Published
  readonly status: "current" | "superseded" | "retracted"
  readonly jws: string
  readonly claims: Claims
  /** Null: erased. */
  readonly draft: Draft | null
  readonly ticks: Ticks
}
export interface Ticks {
  readonly signature: "good" | "bad"
  /** Whether the text that was approved is the one that the label speaks of. */
  readonly text: "same" | "different" | "erased"
  /** Whether an approval of exactly this text by everyone whom the label names stands in the ledger, before the post. */
  readonly ledger: "recorded" | "missing"
}

export async function findRecord(ledger: Ledger, id: string, keys: PublishedKeys): Promise<LabelRecord | "erased" | null> {
  const key = await ledger.find("label", id)
  if (key === null) return null
  const entries = await ledger.read(key)
  const state = fold(entries)
  if (!published(state) || state.draft.label !== (id as LabelId)) return null
  const [jws, body] = await Promise.all([ledger.body(state.workspace, state.jws), ledger.body(state.workspace, state.draft.digest)])
  if (jws === null) return "erased"
  const draft = body === null ? null : (JSON.parse(body) as Draft)
  // Keys by our own hand: whether others accept the issuer's address is for them to say.
  const verdict = await verifyLabel(jws, { expect: {}, keysOf: () => keys, status: () => ({ status: "current" }) })
  const claims = "valid" in verdict ? verdict.valid : (verdict.claims ?? claimsIn(jws))
  return {
    state,
    status: state.at === "posted" ? "current" : "retracted",
    jws,
    claims,
    draft,
    ticks: {
      signature: "valid" in verdict && claims.jti === id ? "good" : "bad",
      text: draft === null ? "erased" : (await visHash(draft.rendered.visible)) === claims.dig.vis ? "same" : "different",
      ledger: recorded(entries, claims) ? "recorded" : "missing",
    },
  }
}
/** The stored label is ours, digest and all; that its signature is bad is said by a tick. */
function claimsIn(jws: string): Claims {
  return JSON.parse(Buffer.from(jws.split(".")[1] ?? "", "base64url").toString("utf8")) as Claims
}
function recorded(entries: readonly Entry[], claims: Claims): boolean {
  const begun = entries.find((e) => e.fact.kind === "postingBegun" && e.fact.jti === claims.jti)
  const approvals = entries.filter((e) => e.fact.kind === "approved" && e.fact.digest === claims.dig.src && e.version < (begun?.version ?? 0))
  return claims.rev.by.length > 0 && claims.rev.by.every((who) => approvals.some((a) => a.actor === who))
}
