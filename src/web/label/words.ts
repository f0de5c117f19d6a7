// A label in sentences, the same for the page and its JSON. Names only when the caller has them, and may tell.
import type { Claims } from "../../label/claims.ts"
import { digitalSourceTypes } from "../../label/claims.ts"
import type { LabelRecord, Ticks } from "./record.ts"

/** "A model (gpt-5.2, OpenAI) drafted this." */
export function drafterWords(claims: Claims): string {
  return claims.dst === digitalSourceTypes.model
    ? `A model (${claims.gen.mdl ?? "unnamed"}, ${claims.gen.prv}) drafted this.`
    : "A program quoted this from documents; no model was at work."
}
export function editWords(edit: Claims["rev"]["edit"]): string {
  switch (edit) {
    case "none":
      return "Nobody changed the draft."
    case "minor":
      return "A person changed a few words of the draft."
    case "substantive":
      return "A person changed much of the draft."
  }
}
/** How the approvers were known to the program. */
export function authWords(auth: string): string {
  const words: Record<string, string> = {
    picked: "by a name they chose when signing in; nobody checked it",
    oidc: "by their organisation's sign-in",
    slack: "by their Slack account",
    discord: "by their Discord account",
  }
  return auth
    .split(" ")
    .map((a) => words[a] ?? a)
    .join("; ")
}
export const statusWords: Readonly<Record<LabelRecord["status"], string>> = {
  current: "This answer stands.",
  superseded: "A correction replaced this answer.",
  retracted: "This answer was retracted.",
}
export const tickWords = {
  signature: { good: "The signature is good", bad: "The signature is bad" },
  text: {
    same: "The approved text is the one the label speaks of",
    different: "The approved text is not the one the label speaks of",
    erased: "The text was erased on request, so it cannot be compared here",
  },
  ledger: { recorded: "The approval is recorded in the ledger, before the post", missing: "The approval is not in the ledger" },
} as const satisfies { readonly [T in keyof Ticks]: Readonly<Record<Ticks[T], string>> }
/** Ticks, in the order in which they are shown. */
export function ticksOf(ticks: Ticks): readonly { readonly words: string; readonly is: "yes" | "no" | "unknown" }[] {
  return [
    { words: tickWords.signature[ticks.signature], is: ticks.signature === "good" ? "yes" : "no" },
    { words: tickWords.text[ticks.text], is: ticks.text === "same" ? "yes" : ticks.text === "erased" ? "unknown" : "no" },
    { words: tickWords.ledger[ticks.ledger], is: ticks.ledger === "recorded" ? "yes" : "no" },
  ]
}
