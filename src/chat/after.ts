// What goes on after a gesture was answered. Its faults are told by whoever began it; a graceful end waits for it.
export interface After {
  add(work: Promise<unknown>): void
  idle(): Promise<void>
}
export function after(): After {
  const under = new Set<Promise<unknown>>()
  return {
    add(work) {
      const kept = work.catch(() => undefined)
      under.add(kept)
      void kept.finally(() => under.delete(kept))
    },
    async idle() {
      while (under.size > 0) await Promise.all(under)
    },
  }
}
