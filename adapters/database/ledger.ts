// The ledger over SQLite and PostgreSQL: one code path, guarded by each database's triggers. What `append` returned is on
// the disk. Callers: main makes it; the walk, the console and the command line get it as the port `Ledger`.
import type { Digest, WorkspaceId } from "../../src/core/domain.ts"
import type { Entry, StreamKey } from "../../src/core/facts.ts"
import type { Append, Clock, Head, Ledger, LoggedEntry } from "../../src/core/ports.ts"
import { type Appended, appendBatch, type InTransaction, isOwn, type Ledgered, lockWorkspace, transact } from "./append.ts"
import { readBody } from "./bodies.ts"
import { Changes } from "./changes.ts"
import { rebuildWorkspace } from "./derived.ts"
import { read as readFault } from "./faults.ts"
import { Histories } from "./histories.ts"
import * as leases from "./leases.ts"
import type { Database } from "./open.ts"
import { type Holes, prepared } from "./prepared.ts"
import { alone, CommitQueue } from "./queue.ts"
import { changedSince, readHeads, readSizes } from "./reads.ts"
import { States } from "./states.ts"

export interface DatabaseLedger extends Ledger {
  /** Makes the derived tables again from the entries alone. */
  rebuild(): Promise<{ readonly requests: number }>
}

const personOf = prepared((db, hole: Holes<"pseudonym">) =>
  db.selectFrom("person").select(["person", "name"]).where("pseudonym", "=", hole("pseudonym")),
)
const entriesFrom = prepared((db, hole: Holes<"workspace" | "from" | "limit">) =>
  db
    .selectFrom("entry")
    .select(["workspace", "stream", "version", "seq", "kind", "fact", "leaf", "actor", "place", "digest", "needs", "epoch", "attempt"])
    .where("workspace", "=", hole("workspace"))
    .where("seq", ">=", hole("from"))
    .orderBy("seq")
    .limit(hole("limit")),
)
const findIn = prepared((db, hole: Holes<"kind" | "key" | "workspace">) =>
  db
    .selectFrom("lookup")
    .select(["workspace", "stream"])
    .where("kind", "=", hole("kind"))
    .where("key", "=", hole("key"))
    .where("workspace", "=", hole("workspace"))
    .limit(1),
)
const findAnywhere = prepared((db, hole: Holes<"kind" | "key">) =>
  db.selectFrom("lookup").select(["workspace", "stream"]).where("kind", "=", hole("kind")).where("key", "=", hole("key")).limit(1),
)

/** Takes the database over: `close` closes it. */
export async function openLedger(database: Database, clock: Pick<Clock, "now">): Promise<DatabaseLedger> {
  const ledger = new OverDatabase(database, clock)
  await ledger.begin()
  return ledger
}

class OverDatabase implements DatabaseLedger {
  readonly #database: Database
  readonly #db: Ledgered
  readonly #door: Ledgered
  readonly #clock: Pick<Clock, "now">
  readonly #states = new States()
  readonly #histories: Histories
  readonly #queue: CommitQueue
  readonly #changes: Changes
  /** Entries by workspace that we know of: what lies beyond was written by another process. */
  readonly #seen = new Map<string, number>()

  constructor(database: Database, clock: Pick<Clock, "now">) {
    this.#database = database
    this.#db = database.db as unknown as Ledgered
    this.#door = database.door as unknown as Ledgered
    this.#clock = clock
    this.#histories = new Histories(this.#db)
    this.#queue = new CommitQueue((batch) => this.#write(this.#db, batch))
    this.#changes = new Changes(database.news, () => told(() => this.#catchUp()))
  }
  async begin(): Promise<void> {
    for (const { workspace, size } of await this.sizes()) this.#seen.set(workspace, size)
  }

  read(key: StreamKey): Promise<readonly Entry[]> {
    return told(() => this.#histories.read(key))
  }

  async append(append: Append): Promise<Appended> {
    if (!isOwn(append.key.stream)) return this.#queue.append(append)
    // Facts of the workspace itself follow whatever is there, so they write alone; the door on a connection of its own.
    const db = append.key.stream === "door" ? this.#door : this.#db
    const appended = await alone(() => this.#write(db, [append]))
    return appended[0] ?? "conflict"
  }
  async #write(db: Ledgered, batch: readonly Append[]): Promise<readonly Appended[]> {
    const { appended, states } = await transact(db, async (trx) => {
      const own = batch.find((a) => isOwn(a.key.stream))
      if (own !== undefined) await lockWorkspace(trx, this.#database.dialect, own.key.workspace)
      return appendBatch(trx, this.#database.dialect, this.#clock.now(), batch, this.#states)
    })
    for (const state of states) this.#states.keep(state)
    this.#note(appended.flatMap((a) => (a === "conflict" ? [] : a)))
    return appended
  }
  #note(entries: readonly Entry[]): void {
    for (const { workspace, seq } of entries) if ((this.#seen.get(workspace) ?? 0) === seq) this.#seen.set(workspace, seq + 1)
    this.#changes.tell(entries.map(({ workspace, stream }) => ({ workspace, stream })))
  }

  entries(workspace: WorkspaceId, from: number, limit: number): Promise<readonly LoggedEntry[]> {
    return told(async () => {
      const rows = await entriesFrom(this.#db, { workspace, from, limit })
      const logged = rows.map(({ actor, place, digest, needs, epoch, attempt, ...row }) => ({
        ...row,
        columns: { actor, place, digest, needs, epoch, attempt },
      }))
      return logged as unknown as readonly LoggedEntry[]
    })
  }
  sizes(): Promise<readonly { readonly workspace: WorkspaceId; readonly size: number }[]> {
    return told(() => readSizes(this.#db))
  }
  body(workspace: WorkspaceId, ref: Digest): Promise<string | null> {
    return told(() => readBody(this.#db, workspace, ref))
  }
  person(pseudonym: string): ReturnType<Ledger["person"]> {
    return told(async () => {
      const row = (await personOf(this.#db, { pseudonym }))[0]
      return (row as Awaited<ReturnType<Ledger["person"]>> | undefined) ?? null
    })
  }

  async erase(e: Parameters<Ledger["erase"]>[0]): Promise<void> {
    await alone(async () => {
      const { appended } = await transact(this.#db, (trx) => this.#erase(trx, e))
      this.#note(appended.flatMap((a) => (a === "conflict" ? [] : a)))
      return appended
    })
    await this.#database.scrub()
  }
  async #erase(trx: InTransaction, e: Parameters<Ledger["erase"]>[0]) {
    await lockWorkspace(trx, this.#database.dialect, e.workspace)
    const bodies =
      e.bodies.length === 0
        ? []
        : await trx.deleteFrom("body").where("workspace", "=", e.workspace).where("ref", "in", e.bodies).returning("ref").execute()
    const people =
      e.people.length === 0
        ? []
        : await trx
            .deleteFrom("person")
            .where("pseudonym", "in", [...e.people].sort())
            .returning("pseudonym")
            .execute()
    const fact = { kind: "erased", bodies: bodies.length, people: people.length } as const
    const append: Append = { key: { workspace: e.workspace, stream: "bodies" }, after: "any", actor: e.actor, facts: [fact] }
    return appendBatch(trx, this.#database.dialect, this.#clock.now(), [append], this.#states)
  }

  claim(c: Parameters<Ledger["claim"]>[0]): Promise<readonly StreamKey[]> {
    return told(() => leases.claim(this.#db, this.#database.dialect, c))
  }
  lease(key: StreamKey, c: Parameters<Ledger["lease"]>[1]): Promise<"yours" | "taken"> {
    return told(() => leases.lease(this.#db, key, c))
  }
  release(key: StreamKey, owner: string): Promise<void> {
    return told(() => leases.release(this.#db, key, owner))
  }
  find(kind: Parameters<Ledger["find"]>[0], key: string, workspace?: WorkspaceId): Promise<StreamKey | null> {
    return told(async () => {
      const rows = await (workspace === undefined ? findAnywhere(this.#db, { kind, key }) : findIn(this.#db, { kind, key, workspace }))
      return (rows[0] as StreamKey | undefined) ?? null
    })
  }
  heads(f: Parameters<Ledger["heads"]>[0]): Promise<readonly Head[]> {
    return told(() => readHeads(this.#db, f))
  }

  follow(signal: AbortSignal): AsyncIterable<StreamKey> {
    return this.#changes.follow(signal)
  }
  async #catchUp(): Promise<readonly StreamKey[]> {
    const changed: StreamKey[] = []
    for (const { workspace, size } of await readSizes(this.#db)) {
      const seen = this.#seen.get(workspace) ?? 0
      if (size <= seen) continue
      changed.push(...(await changedSince(this.#db, workspace, seen)))
      this.#seen.set(workspace, Math.max(size, this.#seen.get(workspace) ?? 0))
    }
    return changed
  }

  async rebuild(): Promise<{ readonly requests: number }> {
    let requests = 0
    for (const { workspace } of await this.sizes()) {
      requests += await told(() =>
        transact(this.#db, async (trx) => {
          await lockWorkspace(trx, this.#database.dialect, workspace)
          return rebuildWorkspace(trx, workspace)
        }),
      )
    }
    return { requests }
  }
  async close(): Promise<void> {
    this.#changes.close()
    await this.#queue.settled()
    await this.#database.close()
  }
}

/** A read's fault as the ledger tells it. */
async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (fault) {
    const meant = readFault(fault)
    throw typeof meant === "string" ? fault : meant
  }
}
