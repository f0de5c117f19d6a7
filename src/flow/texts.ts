// Which stored texts a fact names. What erasure removes and what an audit looks for.
import type { Digest } from "../core/domain.ts"
import type { Fact } from "../core/facts.ts"
import { unreachable } from "../core/unreachable.ts"

/** `label`: the signed label, which is public and names nobody. `words`: what a person or the drafter wrote, or a platform said. */
export interface Text {
  readonly ref: Digest
  readonly is: "words" | "label"
}
export function textsOf(fact: Fact): readonly Text[] {
  switch (fact.kind) {
    case "drafted":
      return [words(fact.digest), words(fact.proposal)]
    case "edited":
      return [words(fact.text)]
    case "redraftAsked":
      return fact.hint === null ? [] : [words(fact.hint)]
    case "postingBegun":
      return [{ ref: fact.label, is: "label" }]
    case "postingFailed":
      return fact.said === undefined ? [] : [words(fact.said)]
    case "reported":
    case "stopped":
      return fact.why === null ? [] : [words(fact.why)]
    case "retractionBegun":
      return fact.words === null ? [] : [words(fact.words)]
    case "asked":
    case "draftingFailed":
    case "drafterDeclined":
    case "cancelled":
    case "cardShown":
    case "reminded":
    case "approved":
    case "approvalVoided":
    case "declined":
    case "expired":
    case "posted":
    case "postingUnclear":
    case "unclearResolved":
    case "actedOn":
    case "vanished":
    case "retracted":
    case "retractionFailed":
    case "resumed":
    case "keyAdded":
    case "keyRetired":
    case "erased":
    case "rogueSeen":
    case "installed":
    case "uninstalled":
      return []
    default:
      return unreachable(fact)
  }
}
const words = (ref: Digest): Text => ({ ref, is: "words" })
