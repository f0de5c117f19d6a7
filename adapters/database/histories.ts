// Entries of streams as they were read last. The log only grows and no entry changes, so a read asks for what is new alone
// and keeps what it knows: most of the price of a read is making facts of texts.
import type { Entry, StreamKey } from "../../src/core/facts.ts"
import type { Ledgered } from "./append.ts"
import { decode } from "./encode.ts"
import { type Holes, prepared } from "./prepared.ts"

const kept = 500
const later = prepared((db, hole: Holes<"workspace" | "stream" | "known">) =>
  db
    .selectFrom("entry")
    .select(["workspace", "stream", "version", "seq", "fact"])
    .where("workspace", "=", hole("workspace"))
    .where("stream", "=", hole("stream"))
    .where("version", ">", hole("known"))
    .orderBy("version"),
)

export class Histories {
  readonly #db: Ledgered
  readonly #known = new Map<string, readonly Entry[]>()

  constructor(db: Ledgered) {
    this.#db = db
  }
  async read(key: StreamKey): Promise<readonly Entry[]> {
    const { workspace, stream } = key
    const name = `${workspace}\n${stream}`
    const before = this.#known.get(name) ?? []
    const rows = await later(this.#db, { workspace, stream, known: before.length })
    const entries = rows.length === 0 ? before : [...before, ...rows.map(decode)]
    // Two reads at once may end in either order: the longer history is the newer.
    if (entries.length > 0 && entries.length >= (this.#known.get(name)?.length ?? 0)) this.#keep(name, entries)
    return entries
  }
  #keep(name: string, entries: readonly Entry[]): void {
    this.#known.delete(name)
    this.#known.set(name, entries)
    if (this.#known.size > kept) for (const oldest of this.#known.keys()) return void this.#known.delete(oldest)
  }
}
