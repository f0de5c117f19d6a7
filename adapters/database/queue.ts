// Group commit: appends that wait for the same workspace share one transaction, so many writers cost one sync of the disk.
// If any of them fails, each is tried alone: one caller's mistake is never another's.
import { setImmediate as aTurn } from "node:timers/promises"
import { type Append, LedgerUnavailable } from "../../src/core/ports.ts"
import type { Appended } from "./append.ts"
import { read } from "./faults.ts"

// A stop of an embedded installation waits for one batch at most.
const together = 64
const attempts = 5

interface Waiting {
  readonly append: Append
  readonly done: PromiseWithResolvers<Appended>
}
export type WriteBatch = (batch: readonly Append[]) => Promise<readonly Appended[]>

export class CommitQueue {
  readonly #write: WriteBatch
  readonly #waiting = new Map<string, Waiting[]>()
  readonly #draining = new Set<Promise<void>>()

  constructor(write: WriteBatch) {
    this.#write = write
  }
  append(append: Append): Promise<Appended> {
    const done = Promise.withResolvers<Appended>()
    const { workspace } = append.key
    const queue = this.#waiting.get(workspace)
    if (queue !== undefined) queue.push({ append, done })
    else {
      const begun = [{ append, done }]
      this.#waiting.set(workspace, begun)
      const drained = this.#drain(workspace, begun)
      this.#draining.add(drained)
      void drained.finally(() => this.#draining.delete(drained))
    }
    return done.promise
  }
  /** Resolves when everything that was handed in is settled. */
  async settled(): Promise<void> {
    while (this.#draining.size > 0) await Promise.all(this.#draining)
  }

  async #drain(workspace: string, queue: Waiting[]): Promise<void> {
    // Whoever is ready in the same moment comes along.
    await null
    for (;;) {
      await this.#commit(queue.splice(0, together).sort(opensFirst))
      if (queue.length === 0) break
      // SQLite answers within one turn of the event loop: without this a flood of appends would let nothing else happen.
      await aTurn()
    }
    this.#waiting.delete(workspace)
  }
  async #commit(batch: readonly Waiting[]): Promise<void> {
    try {
      const appended = await this.#write(batch.map((w) => w.append))
      batch.forEach((w, i) => void w.done.resolve(appended[i] ?? "conflict"))
    } catch (fault) {
      // Whether an unreachable database committed is unknown: writing again could write twice.
      if (read(fault) instanceof LedgerUnavailable) for (const w of batch) w.done.reject(read(fault))
      else for (const w of batch) await this.#alone(w)
    }
  }
  async #alone({ append, done }: Waiting): Promise<void> {
    await alone(() => this.#write([append])).then(
      (appended) => done.resolve(appended[0] ?? "conflict"),
      (fault: unknown) => done.reject(fault),
    )
  }
}

/** Turns the database's errors into the ledger's: "conflict", GuardRefused, LedgerUnavailable. */
export async function alone(write: () => Promise<readonly Appended[]>): Promise<readonly Appended[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write()
    } catch (fault) {
      const meant = read(fault)
      if (meant === "conflict") return ["conflict"]
      if (meant !== "again") throw meant
      if (attempt === attempts)
        throw new LedgerUnavailable("The database is too busy: several transactions in a row were given up. Try again.", { cause: fault })
    }
  }
}

// In PostgreSQL these two take the installation's lock, which must come before the workspace's: the first row decides.
function opensFirst(a: Waiting, b: Waiting): number {
  return Number(opens(b.append)) - Number(opens(a.append))
}
function opens(append: Append): boolean {
  const first = append.facts[0]?.kind
  return first === "approved" || first === "postingBegun"
}
