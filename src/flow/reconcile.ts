// After a crash or a lost reply: asks the platform what became of an attempt. Never sends. What the platform cannot tell,
// a person resolves. Start-up and the timer come here when an attempt's `notAfter` has passed.
import type { Digest, PostedRef } from "../core/domain.ts"
import { type Fact, type FactOf, system } from "../core/facts.ts"
import { type Attempted, awaitsPost, type Published, type StateAt } from "../core/fold.ts"
import type { Parts } from "./parts.ts"
import { platformFor } from "./platform.ts"
import { advance, keyOf, load, type Stepped } from "./stream.ts"

export async function reconcile(parts: Parts, state: StateAt<"posting"> | StateAt<"unclear">): Promise<Stepped> {
  const platform = platformFor(parts, state)
  const found = await platform.findPosted(state.attempt, state.place, state.draft.label)
  if (found === "absent" && platform.can.readsConsistently) {
    return advance(parts.ledger, state, system, failed(state, "absent"))
  }
  if (typeof found === "object") {
    parts.onMilestone("post")
    return recordPosted(parts, state, found)
  }
  return state.at === "posting" ? advance(parts.ledger, state, system, [{ kind: "postingUnclear", attempt: state.attempt }]) : state
}

/** The platform's word outlives our doubt: `posted` is written over whatever doubt another process recorded meanwhile. */
export async function recordPosted(parts: Parts, from: Attempted | Published, ref: PostedRef): Promise<Stepped> {
  const { attempt } = from
  const fact = { kind: "posted" as const, attempt, post: ref.id, url: ref.url }
  const next = await advance(parts.ledger, from, system, [fact])
  if (next !== "reload") return next
  const now = await load(parts.ledger, keyOf(from))
  return awaitsPost(now) && now.attempt === attempt ? advance(parts.ledger, now, system, [fact]) : now
}

/** For certain nothing was posted, and nothing will be: the same text is asked again, as a revision that needs approvals of its own. */
export function failed(state: StateAt<"posting"> | StateAt<"unclear">, why: FactOf<"postingFailed">["why"], said?: Digest): readonly Fact[] {
  return [
    { kind: "postingFailed", attempt: state.attempt, why, ...(said === undefined ? {} : { said }) },
    { kind: "approvalVoided", of: state.draft.digest, why },
  ]
}
