// What the latest interactions were answered with, so that one that comes again gets the same answer and has no second effect.
// Bounded: what is no longer here is looked at again, and the core does nothing twice either.

type Ack = (response?: unknown) => Promise<void>
const most = 500

export function answers() {
  const kept = new Map<string, Promise<unknown>>()
  return {
    /** The answer that `work` acknowledges with; of the first work for this key. Rejects when that gave none. */
    of(key: string, work: (ack: Ack) => Promise<void>): Promise<unknown> {
      const before = kept.get(key)
      if (before !== undefined) return before
      const answer = new Promise<unknown>((resolve, reject) => {
        work(async (response) => resolve(response)).then(() => resolve(undefined), reject)
      })
      for (const oldest of kept.keys()) {
        if (kept.size < most) break
        kept.delete(oldest)
      }
      kept.set(key, answer)
      answer.catch(() => kept.delete(key))
      return answer
    },
  }
}
