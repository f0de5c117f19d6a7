// Which answers of Discord to a post are a definite no. Only these: everything else may have been posted all the same.
import { DiscordAPIError, RateLimitError } from "discord.js"
import { PlatformBusy, PostRefused } from "../../src/core/ports.ts"
import { TokenDead } from "./budget.ts"
import { nameOfFault } from "./faults.ts"

const locked = "Discord does not let the app post in this channel."
export const gone = "The channel is not there any more, or the app cannot see it."
const busy = "Discord takes no more messages just now. Try again in a minute."
const token = "Discord does not accept the app's token. Ask whoever runs Countersign to set a new one."
const form = "Discord did not accept the form of this message."

/** By the code of the error, as documented under "JSON Error Codes". */
const words: Readonly<Record<number, string>> = {
  10003: gone,
  10004: gone,
  50001: gone,
  50013: locked,
  50008: locked,
  50024: locked,
  50068: locked,
  160002: "Discord does not let the app read this channel's history, and without it nobody can reply here.",
  50083: "The thread is archived. Open it again, then edit or redraft.",
  160005: "The thread is locked.",
  40067: "This forum wants a tag on each post, and the thread has none.",
  200000: "A word filter of this server blocked the text.",
  200001: "A word filter of this server blocked the title.",
  20016: busy,
  20028: busy,
  40062: busy,
  40333: busy,
  50014: token,
  40001: token,
}
/** Discord looked at the request and said no. Others of this kind (408, 409) say nothing of what was done. */
const refusing: readonly number[] = [400, 401, 403, 404, 405, 413, 429]
// The nonce was used before: a message of this very attempt stood here once, and was deleted.
const postedBefore = 10008

/** Null: it is not certain that nothing was posted. */
export function refusalOf(fault: unknown): PostRefused | null {
  if (fault instanceof RateLimitError || fault instanceof PlatformBusy) return new PostRefused(busy)
  if (fault instanceof TokenDead) return new PostRefused(token)
  if (!(fault instanceof DiscordAPIError) || !refusing.includes(fault.status) || fault.code === postedBefore) return null
  return new PostRefused(words[Number(fault.code)] ?? (fault.status === 401 ? token : fault.status === 403 ? locked : form))
}
/** Discord's errors hold what was sent to it. This says what went wrong, and nothing else. */
export class DiscordFailed extends Error {
  readonly code: string
  constructor(fault: unknown) {
    const name = nameOfFault(fault)
    super(`Discord did not do what was asked of it (${name})`)
    this.name = "DiscordFailed"
    this.code = name
  }
}
