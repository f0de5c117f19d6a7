// What each card showed last, so that news which is overtaken on its way does not cover what came after, and progress is told no
// more often than Slack takes it. Only in memory: after a restart the next card is simply shown.
import { hash } from "node:crypto"
import { turns } from "../../src/chat/turns.ts"
import type { Card } from "../../src/core/card.ts"
import type { Clock } from "../../src/core/ports.ts"

/** chat.update: "not more than once every 3 seconds". */
const progressMs = 3_000
const most = 2_000

interface Last {
  readonly revision: number
  readonly at: number
  readonly phase: Card["phase"]
  /** Of what it showed: that is some kilobytes, and thousands are remembered. */
  readonly digest: string
}
export interface Shown {
  /** Whether the card is worth a call. Remembers that it was shown. */
  worth(card: Card, content: string): "yes" | "shown-already" | "overtaken" | "too-soon"
  /** Progress that comes too soon is told when its time has come, the latest alone, unless anything else was shown by then. */
  later(card: Card, work: () => Promise<unknown>): void
  /** It was not shown after all. */
  failed(card: Card): void
  /** One after the other for each request. */
  inTurn<T>(card: Card, work: () => Promise<T>): Promise<T>
}

/** `closing`: nothing is waited for any more. */
export function shown(clock: Clock, closing: AbortSignal): Shown {
  const last = new Map<string, Last>()
  const latest = new WeakMap<Last, () => Promise<unknown>>()
  const inTurn = turns()
  const keyOf = (card: Card) => `${card.workspace} ${card.request}`
  return {
    worth(card, content) {
      const key = keyOf(card)
      const before = last.get(key)
      const revision = card.draft?.revision ?? 0
      const digest = hash("sha256", content, "base64")
      if (before?.digest === digest) return "shown-already"
      // Progress of a first draft that has ended: it never begins again.
      if (card.phase === "drafting" && revision === 0 && before?.phase === "settled") return "overtaken"
      // Progress of a revision that is already there. Settled cards may lose their draft, and come last.
      if (card.phase === "drafting" && before !== undefined && revision < before.revision) return "overtaken"
      if (card.phase === "drafting" && before?.revision === revision && clock.now() - before.at < progressMs && before.phase === "drafting")
        return "too-soon"
      last.delete(key)
      last.set(key, { revision, at: clock.now(), phase: card.phase, digest })
      for (const oldest of last.keys()) {
        if (last.size <= most) break
        last.delete(oldest)
      }
      return "yes"
    },
    later(card, work) {
      const key = keyOf(card)
      const since = last.get(key)
      if (since === undefined) return
      const waits = latest.has(since)
      latest.set(since, work)
      if (waits) return
      const due = () => inTurn(key, async () => (last.get(key) === since ? latest.get(since)?.() : undefined))
      clock
        .sleep(Math.max(1, since.at + progressMs - clock.now()), closing)
        .then(due)
        .catch(() => undefined)
    },
    failed: (card) => void last.delete(keyOf(card)),
    inTurn: (card, work) => inTurn(keyOf(card), work),
  }
}
