// A finding as a line of a card in a chat, which has signs and words, but no colours.
import type { Finding } from "../core/domain.ts"
import { unreachable } from "../core/unreachable.ts"

/** Plain text: it may quote the draft. */
export function findingWords({ level, words }: Finding): string {
  switch (level) {
    case "note":
      return words
    case "acknowledge":
      return `▲ ${words}`
    case "second-approver":
      return `▲ ${words} A second person must approve, too.`
    case "block":
      return `■ ${words} Blocks posting.`
    default:
      return unreachable(level)
  }
}
