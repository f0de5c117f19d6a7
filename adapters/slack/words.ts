// The adapter's own fixed sentences, for one person in private. What a card says is made in flow/card.ts.
import type { PersonId, StopScope } from "../../src/core/domain.ts"
import { installation } from "../../src/core/door.ts"
import type { StopOutcome } from "../../src/core/inbox.ts"
import { isRefusal, type Refusal } from "../../src/core/refusals.ts"

/** What a stop came to. */
export function stopWords(outcome: StopOutcome | Refusal, where: string): string {
  if (isRefusal(outcome)) return outcome.words
  if (outcome.outcome === "sure") return `Stopped ${where}. Nothing more will be posted until an admin resumes.`
  const n = outcome.outcome.unsure.length
  return `Stopped ${where}. ${n === 1 ? "One post was" : `${n} posts were`} already on the way and may still appear; look at your drafts to see.`
}
export function helpWords(person: PersonId): string {
  return [
    "I draft answers that only you can see. Nothing is posted until you approve it.",
    "• Mention me in a channel or thread, or use *Draft an answer* in the menu of any message.",
    "• `/countersign draft` drafts an answer to the newest message of the channel; with the link of a message, to that one.",
    "• `/countersign queue` shows what waits for you, `/countersign status` what is stopped.",
    "• `/countersign stop` stops posting in this channel at once, `/countersign stop everything` in the whole workspace; an admin resumes with `/countersign resume`, or `/countersign resume everything`.",
    "• On a post of mine, the menu has *Report this answer* and *I acted on this*.",
    `To Countersign you are \`${person}\`.`,
  ].join("\n")
}
/** How an admin opens the door again, told where somebody ran into it. */
export function resumeWords({ workspace, channel }: StopScope): string {
  if (channel !== null) return "That is done with `/countersign resume`, typed in that channel."
  if (workspace !== installation) return "That is done with `/countersign resume everything`, or on the Home tab."
  return "Everything is stopped, on all platforms: that is done on the console page, or with `countersign resume` on the server."
}
export const notInChannel = "I am not in this channel, so I cannot read the question or post an answer. Invite me, then ask again."
export const notInDirect =
  "I am not in this direct message, so I cannot read the question or post an answer. Send it to me in a message of your own, or ask in a channel that I am in."
export const notOurPost = "That is not a post of Countersign that still stands."
export const staleClick = "This card is out of date, so nothing was changed. Open it anew from your direct messages with me."
export const noted = { reported: "Thank you. Whoever approved this answer is told now.", actedOn: "Noted. You are told if this answer is retracted." }
