// What each card showed last and where, so that news which is overtaken on its way does not cover what came after, and progress is
// told no more often than people read it. Only in memory: after a restart the next card is simply shown.
import { turns } from "../../src/chat/turns.ts"
import type { Card } from "../../src/core/card.ts"
import type { Digest } from "../../src/core/domain.ts"
import type { Clock } from "../../src/core/ports.ts"

const progressMs = 3_000
const most = 2_000

interface Last {
  readonly revision: number
  readonly at: number
  readonly where: string
  readonly phase: Card["phase"]
  readonly content: string
}
export interface Shown {
  /** Whether the card is worth a call, there. Remembers that it was shown. */
  worth(card: Card, where: string, content: string): "yes" | "shown-already" | "overtaken" | "too-soon"
  /** It was not shown after all. */
  failed(card: Card): void
  /** One after the other for each request. */
  inTurn<T>(card: Card, work: () => Promise<T>): Promise<T>
  /** These findings of this very draft were ticked. */
  tick(card: Card, acknowledged: readonly string[]): void
  ticked(card: Card): readonly string[]
}

export function shown(clock: Pick<Clock, "now">): Shown {
  const last = new Map<string, Last>()
  const ticks = new Map<string, { readonly digest: Digest; readonly acknowledged: readonly string[] }>()
  const inTurn = turns()
  const keyOf = (card: Card) => `${card.workspace} ${card.request}`
  const worthAt = (card: Card, where: string, content: string) => {
    const before = last.get(keyOf(card))
    if (before === undefined) return "yes"
    const revision = card.draft?.revision ?? 0
    const progress = card.phase === "drafting"
    // A first draft that has ended never begins again, and progress of a revision that is already there is old.
    if (progress && (revision < before.revision || (revision === 0 && before.phase === "settled"))) return "overtaken"
    if (before.where !== where) return "yes"
    if (before.content === content) return "shown-already"
    const soon = progress && before.phase === "drafting" && before.revision === revision && clock.now() - before.at < progressMs
    return soon ? "too-soon" : "yes"
  }
  return {
    worth(card, where, content) {
      const worth = worthAt(card, where, content)
      if (worth !== "yes") return worth
      last.delete(keyOf(card))
      last.set(keyOf(card), { revision: card.draft?.revision ?? 0, at: clock.now(), where, phase: card.phase, content })
      bounded(last)
      return worth
    },
    failed: (card) => void last.delete(keyOf(card)),
    inTurn: (card, work) => inTurn(keyOf(card), work),
    tick(card, acknowledged) {
      ticks.delete(keyOf(card))
      if (card.draft !== null) ticks.set(keyOf(card), { digest: card.draft.digest, acknowledged })
      bounded(ticks)
    },
    ticked(card) {
      const kept = ticks.get(keyOf(card))
      return kept !== undefined && kept.digest === card.draft?.digest ? kept.acknowledged : []
    },
  }
}
function bounded(map: Map<unknown, unknown>): void {
  for (const oldest of map.keys()) {
    if (map.size <= most) break
    map.delete(oldest)
  }
}
