// Looks at every public message under our name. One that we were waiting for settles its attempt, before our own reply if the
// platform is quicker; a deleted one is recorded; one that no entry covers, or whose text or label lines are not those that were
// approved, is an incident.
import { type FactOf, system } from "../core/facts.ts"
import { awaitsPost, type Live, published, type WithAttempt } from "../core/fold.ts"
import type { OwnMessage } from "../core/inbox.ts"
import type { Claims } from "../label/claims.ts"
import { withoutLabelLines } from "../label/lines.ts"
import { visHash } from "../label/vis.ts"
import type { Parts } from "./parts.ts"
import { recordPosted } from "./reconcile.ts"
import { readDraft } from "./seal.ts"
import { advance, load } from "./stream.ts"

export async function seen(parts: Parts, m: OwnMessage): Promise<Live | null> {
  const state = await ours(parts, m)
  if (state === null) {
    if (m.what !== "deleted") await incident(parts, m, "unknown")
    return null
  }
  switch (m.what) {
    case "created":
    case "changed": {
      if (awaitsPost(state)) await recordPosted(parts, state, m.post)
      if (await differs(parts, state, m)) await incident(parts, m, "changed")
      return state
    }
    case "deleted":
      if (published(state) && state.at === "posted" && state.vanishedAt === null) await advance(parts.ledger, state, system, [{ kind: "vanished" }])
      return state
  }
}

/** By what the message says it is, checked: its attempt or label must belong to a request of that very place. */
async function ours(parts: Parts, m: OwnMessage): Promise<Live | null> {
  const { workspace } = m.post
  const key =
    (m.attempt === null ? null : await parts.ledger.find("attempt", m.attempt, workspace)) ??
    (m.label === null ? null : await parts.ledger.find("label", m.label, workspace)) ??
    (await parts.ledger.find("post", m.post.id, workspace))
  if (key === null) return null
  const state = await load(parts.ledger, key)
  if (state.at === "none" || state.place.channel !== m.place.channel || state.place.thread !== m.place.thread) return null
  if (published(state) && state.post.id === m.post.id) return state
  // A second message with the label of the first is not the one that was approved.
  // An attempt that the request went on from let nothing out, for certain: its person was told so and asked again. What stands
  // there all the same is nobody's approved post, and not the post of the attempt that came after.
  return awaitsPost(state) && (m.attempt === state.attempt || m.label === state.draft.label) ? state : null
}
async function differs(parts: Parts, state: Live, m: OwnMessage): Promise<boolean> {
  if (!("draft" in state) || state.at === "retracting" || state.at === "retracted") return false
  const draft = await readDraft(parts.ledger, state.workspace, state.draft.digest)
  if (draft === null) return false
  if (m.visible === null || m.whole === null || (await visHash(m.visible)) !== (await visHash(draft.rendered.visible))) return true
  return "jws" in state && (await unlabelled(parts, state, m.whole))
}
/** Whether the lines of its own label do not stand around it any more. Names are not looked at: docs/decisions/label-lines.md. */
async function unlabelled(parts: Parts, state: Live & WithAttempt, whole: string): Promise<boolean> {
  const jws = await parts.ledger.body(state.workspace, state.jws)
  return jws !== null && withoutLabelLines(whole, claimsIn(jws)).missing.length > 0
}
/** Of a label that this ledger keeps by its digest: nobody else's word. */
function claimsIn(jws: string): Claims {
  return JSON.parse(Buffer.from(jws.split(".")[1] ?? "", "base64url").toString("utf8")) as Claims
}
async function incident(parts: Parts, m: OwnMessage, why: FactOf<"rogueSeen">["why"]): Promise<void> {
  const key = { workspace: m.post.workspace, stream: "monitor" } as const
  const known = (await parts.ledger.read(key)).some((e) => e.fact.kind === "rogueSeen" && e.fact.post === m.post.id && e.fact.why === why)
  if (known) return
  parts.log.error({ workspace: m.post.workspace, post: m.post.id, why }, "a public message under our name is not what anybody approved")
  await parts.ledger.append({ key, after: "any", actor: system, facts: [{ kind: "rogueSeen", post: m.post.id, place: m.place.channel, why }] })
}
