// The adapter's own fixed sentences, for one person in private. What a card says is made in flow/card.ts. Plain text: what is shown
// of people's own words is escaped where it is sent.
import type { PersonId } from "../../src/core/domain.ts"
import type { DoorView, StopOutcome } from "../../src/core/inbox.ts"
import { isRefusal, type Refusal } from "../../src/core/refusals.ts"

/** What a stop came to. */
export function stopWords(outcome: StopOutcome | Refusal, where: string): string {
  if (isRefusal(outcome)) return outcome.words
  if (outcome.outcome === "sure") return `Stopped ${where}. Nothing more will be posted until an admin resumes.`
  const n = outcome.outcome.unsure.length
  return `Stopped ${where}. ${n === 1 ? "One post was" : `${n} posts were`} already on the way and may still appear; look at your drafts to see.`
}
export function doorWords(d: DoorView): string {
  const where = d.scope.workspace === "*" ? "everywhere" : d.scope.channel === null ? "in this server" : "in this channel"
  return `Stopped ${where} by ${d.byName ?? "somebody who left"}${d.why === null ? "" : `: ${d.why}`}. Nothing is posted until an admin resumes.`
}
export function helpWords(person: PersonId): string {
  return [
    "I draft answers that only you can see. Nothing is posted until you approve it.",
    "• Open the menu of any message, choose Apps and then “Draft an answer”. Or mention me.",
    "• /countersign draft drafts an answer to the newest message here, if Discord lets me read it; with the link of a message, to that one.",
    "• /countersign queue shows what waits for you, also when a card has gone. /countersign status shows what is stopped.",
    "• /countersign stop stops posting in this channel at once, with “everything” in the whole server. An admin resumes with /countersign resume.",
    "• On a post of mine, Apps has “Report this answer”, “I acted on this” and, for whoever approved it, “Retract this answer”.",
    `To Countersign you are ${person}.`,
  ].join("\n")
}
export const notAMember = "Only members of this server can do that."
export const notHere = "I cannot see this channel, so I cannot read the question or post an answer. Add me to it, then ask again."
export const cannotWrite =
  "Discord does not let me read and write here, so nothing that you approve could be posted. Somebody who manages this channel can allow me to read its message history and to send messages in it and in its threads, and to connect to it if it is a voice channel; then ask again."
export const noWords = "There are no words in this message that I could answer."
export const cannotRead = "Discord does not let me read that message. Open its menu, choose Apps and then “Draft an answer”: that hands me its words."
export const notOurPost = "That is not a post of Countersign that still stands."
export const staleClick = "This card is out of date, so nothing was changed. Use /countersign queue to see what waits for you."
export const notYours = "This draft belongs to somebody else. Only the person who asked can decide on it."
export const noted = {
  reported: "Thank you. Whoever approved this answer is told now.",
  actedOn: "Noted. You are told if this answer is retracted.",
  retracting: "It is being retracted.",
}
export const notRecorded = "The stop could not be recorded. Say it again, or stop Countersign on its machine."
export const resumed = "Resumed. Nothing that was approved before the stop is posted: approve it again."
export const roleMentioned =
  "You mentioned my role, and Discord does not hand me such messages. Mention me by my name, or use Apps, “Draft an answer”."
export const onlyMentioned =
  "You mentioned me without a question, and Discord does not let me read the messages around it. Mention me in the message that asks; or open the menu of the message that you mean, choose Apps and then “Draft an answer”."
export const fault = "Something went wrong here, and nothing was changed. Try again in a moment."
