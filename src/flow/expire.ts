// Drafts do not wait for ever. The reminder is a fact before it is a word, so that nobody is reminded twice.
import { system } from "../core/facts.ts"
import type { StateAt } from "../core/fold.ts"
import type { Parts } from "./parts.ts"
import { platformFor } from "./platform.ts"
import { advance, type Stepped } from "./stream.ts"

export function expire(parts: Parts, state: StateAt<"drafted"> | StateAt<"refused">): Promise<Stepped> {
  return advance(parts.ledger, state, system, [{ kind: "expired" }])
}

export async function remind(parts: Parts, state: StateAt<"drafted">): Promise<Stepped> {
  const next = await advance(parts.ledger, state, system, [{ kind: "reminded", digest: state.draft.digest }])
  if (next === "reload") return next
  const who = await parts.ledger.person(state.requester)
  if (who !== null) await platformFor(parts, state).tell(who.person, { kind: "reminder", until: state.draft.until, url: null })
  return next
}
