// The fixed sentences that may stand in public without an approval. Ids, times, names of people and links only: never a model's words.
import type { Instant, RetractReason } from "./domain.ts"
import { unreachable } from "./unreachable.ts"

export type Signpost = { readonly kind: "retracted"; readonly reason: RetractReason; readonly at: Instant; readonly by: string }

/** Where no private word reaches somebody who asked in public. Says no word of the question. */
export const draftReady = "A draft is ready for you."

export const retractWords: Record<RetractReason, string> = {
  wrong: "wrong advice",
  outdated: "out of date",
  unsafe: "not safe to follow",
  confidential: "it said more than this place may know",
  "wrong-place": "posted in the wrong place",
  other: "another reason",
}

/** The sentence, with the time left to the adapter, which knows its readers' time zone. */
export function signpostWords(s: Signpost): string {
  switch (s.kind) {
    case "retracted":
      return `Retracted by ${s.by}: ${retractWords[s.reason]}. If you acted on it, say so here.`
    default:
      return unreachable(s.kind)
  }
}
