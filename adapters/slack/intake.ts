// How many asks are taken in at once. A flood of them waits here, in order, and not in the database, where each waiter makes the
// others slower; a stop never comes this way.

const atOnce = 128

export type Intake = <T>(work: () => Promise<T>) => Promise<T>
export function intake(): Intake {
  let running = 0
  const waiting: (() => void)[] = []
  let first = 0
  return async (work) => {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve))
    else running += 1
    try {
      return await work()
    } finally {
      const next = waiting[first]
      if (next === undefined) {
        running -= 1
        waiting.length = 0
        first = 0
      } else {
        first += 1
        next()
      }
    }
  }
}
