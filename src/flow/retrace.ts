// Walks a workspace's entries in order and asks of each what fold and guard asked when it was written. For an audit: whoever
// switched the guard off and wrote what it would have refused is found here.
import type { WorkspaceId } from "../core/domain.ts"
import { installation } from "../core/door.ts"
import { type Entry, type Fact, type FactOf, ownStreams, stored } from "../core/facts.ts"
import { apply, LedgerCorrupt, type State } from "../core/fold.ts"
import type { LoggedEntry } from "../core/ports.ts"

/** How the door of the installation went: its entries have an order of their own, known to ours by epochs alone. */
export interface InstallationDoor {
  readonly stops: number
  /** After how many stops it was opened again. */
  readonly resumedAfter: ReadonlySet<number>
}
export function installationDoor(entries: readonly Entry[]): InstallationDoor {
  let stops = 0
  const resumedAfter = new Set([0])
  for (const { fact } of entries) {
    if (fact.kind === "stopped") stops += 1
    if (fact.kind === "resumed") resumedAfter.add(stops)
  }
  return { stops, resumedAfter }
}

/** What is wrong with an entry, in words that complete "this entry …". */
export class Disagrees extends Error {}

export class Retrace {
  readonly #outer: InstallationDoor
  readonly #states = new Map<string, State>()
  readonly #versions = new Map<string, number>()
  readonly #attempts = new Set<string>()
  readonly #stops: { place: string | null }[] = []
  readonly #shut = new Set<string | null>()
  /** The installation's epoch never falls from one approval to the next. */
  #outerSeen = 0

  constructor(workspace: WorkspaceId, outer: InstallationDoor) {
    // The installation's own entries see no door beside theirs.
    this.#outer = workspace === installation ? { stops: 0, resumedAfter: new Set([0]) } : outer
  }
  /** Throws {@link Disagrees}. */
  next(row: LoggedEntry): Entry {
    const entry = decodeLogged(row)
    const last = this.#versions.get(entry.stream) ?? 0
    if (entry.version !== last + 1) throw new Disagrees(`is version ${entry.version}, but follows version ${last}`)
    this.#versions.set(entry.stream, entry.version)
    if ((ownStreams as readonly string[]).includes(entry.stream)) this.#own(entry)
    else this.#request(entry)
    return entry
  }

  #own({ stream, fact }: Entry): void {
    const atDoor = fact.kind === "stopped" || fact.kind === "resumed"
    if (atDoor !== (stream === "door")) throw new Disagrees(`is "${fact.kind}", which does not belong into "${stream}"`)
    if (fact.kind === "stopped") {
      this.#stops.push({ place: fact.place })
      this.#shut.add(fact.place)
    }
    if (fact.kind === "resumed") this.#shut.delete(fact.place)
  }
  #request(entry: Entry): void {
    const before = this.#states.get(entry.stream) ?? { at: "none" }
    if (entry.fact.kind === "approved") this.#approved(entry, entry.fact)
    if (entry.fact.kind === "postingBegun") this.#begun(before, entry.fact)
    try {
      this.#states.set(entry.stream, apply(before, entry))
    } catch (fault) {
      if (fault instanceof LedgerCorrupt) throw new Disagrees(`cannot stand here: ${fault.why}`)
      throw fault
    }
  }
  #approved(entry: Entry, fact: FactOf<"approved">): void {
    if (entry.actor === "system") throw new Disagrees("is an approval by nobody")
    if (this.#isShut(fact.place)) throw new Disagrees("is an approval while a stop stood")
    const outer = fact.epoch - this.#epoch(fact.place)
    if (outer < this.#outerSeen || outer > this.#outer.stops) throw new Disagrees(`is an approval for epoch ${fact.epoch}, which was not then`)
    if (!this.#outer.resumedAfter.has(outer)) throw new Disagrees("is an approval while the installation was stopped")
    this.#outerSeen = outer
  }
  #begun(before: State, fact: FactOf<"postingBegun">): void {
    if (this.#attempts.has(fact.attempt)) throw new Disagrees(`begins attempt ${fact.attempt} a second time`)
    this.#attempts.add(fact.attempt)
    if (this.#isShut(fact.place)) throw new Disagrees("begins a post while a stop stood")
    if (!("approvals" in before)) throw new Disagrees("begins a post that nobody approved")
    // The stop that voided an approval may be newer than any approval: then none counts.
    const own = this.#epoch(fact.place)
    const counts = Map.groupBy(before.approvals, (a) => a.epoch - own)
    const enough = [...counts].some(
      ([outer, given]) =>
        outer >= this.#outerSeen && this.#outer.resumedAfter.has(outer) && new Set(given.map((a) => a.by)).size >= before.draft.needs,
    )
    if (!enough) throw new Disagrees(`begins a post with fewer than ${before.draft.needs} approvals that held`)
  }
  #epoch(place: string): number {
    return this.#stops.filter((s) => s.place === null || s.place === place).length
  }
  #isShut(place: string): boolean {
    return this.#shut.has(null) || this.#shut.has(place)
  }
}

/** Throws {@link Disagrees}. */
export function decodeLogged(row: LoggedEntry): Entry {
  let raw: unknown
  try {
    raw = JSON.parse(row.fact)
  } catch {
    throw new Disagrees("is no JSON")
  }
  const parsed = stored.safeParse(raw)
  if (!parsed.success) throw new Disagrees("is no fact that this version knows")
  const { workspace, stream, version, actor, at, ...fact } = parsed.data
  const tied = workspace === row.workspace && stream === row.stream && version === row.version && fact.kind === row.kind
  if (!tied) throw new Disagrees("says another workspace, stream, version or kind than its columns")
  // The guard reads columns and the fold reads facts: whoever changed the one has deceived one of the two.
  const said: Record<string, unknown> = parsed.data
  const other = Object.entries(row.columns).find(([column, value]) => value !== (said[column] ?? null))
  if (other !== undefined) throw new Disagrees(`says another ${other[0]} than its column, which the guard reads`)
  return { workspace, stream, version, actor, at, seq: row.seq, fact: fact as Fact }
}
