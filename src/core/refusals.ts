// Every expected no: a code for programs, one sentence for people. A refusal changes nothing.

export const refusals = {
  "not-yours": "This draft belongs to somebody else. Only the person who asked can decide on it.",
  "not-found": "There is no such request. It may have been asked in another workspace.",
  "stale-card": "The draft changed after you opened it. Look at the new text, then decide.",
  "already-approved": "This draft is already approved and on its way. Retract the post if it should not stand.",
  "already-settled": "This request has ended, so nothing was changed. Ask again to get a new draft.",
  "not-a-member": "Only members of this place can do that. Ask somebody who runs it to let you in.",
  "guests-cannot": "Guests cannot ask for drafts or approve them here. Ask a member to do it.",
  "readers-cannot": "You may only read here, so nothing can be posted here for you. Ask somebody who may write here to do it.",
  stopped: "Countersign is stopped here, so nothing is posted until an admin resumes.",
  blocked: "A check blocks this draft, so it cannot be approved. Edit or redraft it, then look again.",
  "not-acknowledged": "Tick each thing to check first. Then approve.",
  "nothing-to-post": "The answer is empty. Write something, or discard it.",
  "too-large": "That is more text than one message can take. Shorten it and try again.",
  "hint-too-long": "That is a long hint: 4,000 characters at the most. Shorten it, or edit the text yourself.",
  "draft-expired": "This draft has expired. Ask again to get a new one.",
  "not-posted": "That is not a post of Countersign that still stands.",
  "not-allowed-to-retract": "Only the person who approved this post, or a moderator, can retract it.",
  "already-retracted": "This post is already retracted.",
  "not-unclear": "It is settled whether this was posted, so there is nothing to resolve.",
  "only-admins-resume": "Only an admin can resume. Admins are listed in countersign.yml.",
  "not-stopped": "Nothing is stopped here, so there is nothing to resume.",
  "too-busy": "Somebody else is changing this request. Try again in a moment.",
  "platform-busy": "It could not be checked just now who you are here, so nothing was changed. Try again in a moment.",
} as const
export type RefusalCode = keyof typeof refusals

/** An expected no. Compare with {@link isRefusal}, never by shape. */
export interface Refusal {
  readonly refused: RefusalCode
  /** One sentence or two, for somebody who is not an engineer. */
  readonly words: string
}
export function refuse(code: RefusalCode): Refusal {
  return { refused: code, words: refusals[code] }
}
/** Said of a narrower scope than the one that is stopped: "nothing is stopped here" would be taken for "posting goes on". */
export function refuseNarrower(): Refusal {
  return { refused: "not-stopped", words: "What holds here is a wider stop, of the whole workspace or of everything. It stands: resume that one." }
}
/** `platform`: as people call it. */
export function refuseBusy(platform: string, retryAfterMs: number): Refusal {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000))
  const when = seconds === 1 ? "a second" : `${seconds.toLocaleString("en-US")} seconds`
  return { refused: "platform-busy", words: `${platform} is busy, so nothing was changed. Try again in ${when}.` }
}
export function isRefusal(x: unknown): x is Refusal {
  return typeof x === "object" && x !== null && "refused" in x
}
