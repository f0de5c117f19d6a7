// The first card of a request, when Slack's answer to it was lost: it may stand in the direct message all the same. Before it is
// sent again it is looked for there, so that nobody is left with two, of which one is never brought up to date. Cards carry the
// request's id for that, and nothing else. Only in memory, and only after a doubt: reading costs more of Slack's limits than writing.
import type { WebClient } from "@slack/web-api"
import type { Card } from "../../src/core/card.ts"
import type { Instant } from "../../src/core/domain.ts"
import type { Clock } from "../../src/core/ports.ts"
import { errorOf } from "./errors.ts"
import { historySince } from "./found.ts"
import { refusalOf } from "./refused.ts"

export const cardEvent = "countersign_card"
const most = 2_000

export function cardMetadata(card: Card) {
  return { event_type: cardEvent, event_payload: { request: card.request } }
}

export interface Doubts {
  /** Sends a first card, and remembers when nobody knows whether it arrived. */
  sending<T>(card: Card, send: () => Promise<T>): Promise<T>
  /** The `ts` of the card that was sent before; null without a doubt, or when it is not there. */
  earlier(client: WebClient, channel: string, card: Card): Promise<string | null>
}

export function doubts(clock: Pick<Clock, "now">): Doubts {
  /** When the first of the sends that went unanswered began. */
  const since = new Map<string, Instant>()
  const keyOf = (card: Card) => `${card.workspace} ${card.request}`
  return {
    async sending(card, send) {
      const key = keyOf(card)
      const at = since.get(key) ?? clock.now()
      try {
        return await send()
      } catch (fault) {
        if (refusalOf(fault) === null) since.set(key, at)
        for (const oldest of since.keys()) {
          if (since.size <= most) break
          since.delete(oldest)
        }
        throw fault
      }
    },
    async earlier(client, channel, card) {
      const key = keyOf(card)
      const at = since.get(key)
      if (at === undefined) return null
      try {
        for await (const m of historySince(client, channel, at)) {
          const { event_type, event_payload } = m.metadata ?? {}
          const request = (event_payload as { readonly request?: unknown } | undefined)?.request
          if (event_type === cardEvent && request === card.request && m.ts !== undefined) return m.ts
        }
      } catch (fault) {
        // Slack lets us read nothing there: a second card is better than none. Whatever passes is waited for.
        if (errorOf(fault) === null || errorOf(fault) === "ratelimited") throw fault
      }
      return null
    },
  }
}
