// The closed set of sentences that one person is told in private, outside a card.
import type { Instant, RetractReason } from "./domain.ts"
import { retractWords } from "./signposts.ts"
import { unreachable } from "./unreachable.ts"

export type Notice =
  | { readonly kind: "reminder"; readonly until: Instant; readonly url: string | null }
  | { readonly kind: "reported"; readonly url: string | null }
  | { readonly kind: "retracted"; readonly reason: RetractReason; readonly url: string | null }
  /** `why`: what the platform's no was, as its adapter puts it. */
  | { readonly kind: "notPosted"; readonly why: string }
  | { readonly kind: "refused"; readonly words: string }

export function noticeWords(n: Notice): string {
  switch (n.kind) {
    case "reminder":
      return "A draft of yours waits for your decision and expires soon."
    case "reported":
      return "Somebody reported a problem with an answer that you approved; its label’s page (verify) has their words. Retract it if it is wrong."
    case "retracted":
      return `An answer that you acted on was retracted: ${retractWords[n.reason]}.`
    case "notPosted":
      return `An answer that was approved could not be posted: the platform refused it. ${n.why} Its draft waits for you again.`
    case "refused":
      return n.words
    default:
      return unreachable(n)
  }
}
