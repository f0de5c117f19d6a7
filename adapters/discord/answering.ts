// Which interactions can still be answered, and whose card each carries. Discord lets a private answer be changed for 15 minutes
// after what was done; every new click begins them anew. Only in memory: after a restart cards come as direct messages, or by
// `/countersign queue`. inbound.ts fills it, outbound.ts reads it.
import type { Card } from "../../src/core/card.ts"
import type { Instant, PersonId, RequestId } from "../../src/core/domain.ts"
import type { Clock } from "../../src/core/ports.ts"

/** A command, click or form of one person that was acknowledged, or is about to be. */
export interface Answering {
  readonly id: string
  readonly token: string
  /** Which of its answers: the first, or the id of one that followed. */
  readonly message: string
  /** When it came. */
  readonly at: Instant
}
export const firstAnswer = "@original"
// Half a minute less than Discord gives: a change that is under way must still arrive.
export const answerableMs = 14.5 * 60_000
const most = 5_000

export interface Answers {
  /** Before it is known whether there will be a request: whatever this person asked of this message is shown there. */
  askedFrom(person: PersonId, message: string, by: Answering): void
  /** The card of this request stands, for this person, in the answer to `by`. */
  carries(person: PersonId, request: RequestId, by: Answering): void
  /** The newest thing that this person did and that can still be answered. */
  lately(person: PersonId): Answering | null
  /** Null: none that can still be answered. */
  of(person: PersonId, card: Pick<Card, "request" | "message">): Answering | null
}

export function answers(clock: Pick<Clock, "now">): Answers {
  const kept = new Map<string, Answering>()
  const keep = (key: string, by: Answering) => {
    const before = kept.get(key)
    if (before !== undefined && before.at > by.at) return
    kept.delete(key)
    kept.set(key, by)
    for (const [oldest, { at }] of kept) {
      if (kept.size <= most && clock.now() - at < answerableMs) break
      kept.delete(oldest)
    }
  }
  const alive = (by: Answering | undefined) => (by !== undefined && clock.now() - by.at < answerableMs ? by : null)
  return {
    askedFrom: (person, message, by) => keep(`${person} ${message}`, by),
    carries: (person, request, by) => keep(`${person} ${request}`, by),
    lately(person) {
      const theirs = [...kept].filter(([key, by]) => key.startsWith(`${person} `) && alive(by) !== null)
      return theirs.map(([, by]) => by).reduce<Answering | null>((newest, by) => (newest === null || by.at >= newest.at ? by : newest), null)
    },
    of(person, { request, message }) {
      const [asked, carrying] = [alive(kept.get(`${person} ${message}`)), alive(kept.get(`${person} ${request}`))]
      if (asked === null || carrying === null) return asked ?? carrying
      return asked.at > carrying.at ? asked : carrying
    },
  }
}
