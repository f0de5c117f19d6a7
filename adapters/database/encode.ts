// An entry to its row and back. The row's `fact` is the canonical text that the leaf hashes; every other column repeats a
// part of it for the guard, and CHECKs hold the two together.
import { hash } from "node:crypto"
import type { Instant, Pseudonym } from "../../src/core/domain.ts"
import { type Entry, type Fact, payload, type StreamKey, stored } from "../../src/core/facts.ts"
import { LedgerCorrupt } from "../../src/core/fold.ts"
import { canonical } from "../../src/label/canonical.ts"
import type { EntryRow } from "./tables.ts"

export interface NewEntry {
  readonly entry: Omit<Entry, "seq">
  readonly row: Omit<EntryRow, "seq">
}

/**
 * What a schema does not know is left out: no stray text gets into the log. Throws when the fact is not one, or when its key
 * could not be read back: an entry cannot be taken out again, and one that nobody can read stops its whole stream.
 */
export function encode(key: StreamKey, version: number, actor: Pseudonym, at: Instant, given: Fact): NewEntry {
  const fact = payload.parse(given)
  const { workspace, stream } = where.parse({ workspace: key.workspace, stream: key.stream, actor, version, at })
  const text = canonical({ ...fact, workspace, stream, version, actor, at })
  return {
    entry: { workspace, stream, version, actor, at, fact },
    row: {
      workspace,
      stream,
      version,
      kind: fact.kind,
      actor,
      place: "place" in fact ? fact.place : null,
      digest: "digest" in fact ? fact.digest : null,
      needs: "needs" in fact ? fact.needs : null,
      epoch: "epoch" in fact ? fact.epoch : null,
      attempt: "attempt" in fact ? fact.attempt : null,
      fact: text,
      leaf: leafOf(text),
    },
  }
}
const where = stored.def.right
/** Hex of the RFC 6962 leaf hash. The prefix keeps a node of the tree from posing as a leaf. */
export function leafOf(fact: string): string {
  return hash("sha256", Buffer.concat([leafPrefix, Buffer.from(fact, "utf8")]), "hex")
}
const leafPrefix = Buffer.of(0)

/** Throws {@link LedgerCorrupt} when the text is no fact that this version knows. */
export function decode(row: Pick<EntryRow, "workspace" | "stream" | "version" | "seq" | "fact">): Entry {
  const parsed = stored.safeParse(parseJson(row.fact))
  if (!parsed.success) throw new LedgerCorrupt("not a fact that this version knows", row)
  const { workspace, stream, version, actor, at, ...fact } = parsed.data
  return { workspace, stream, version, actor, at, seq: row.seq, fact: fact as Fact }
}
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
