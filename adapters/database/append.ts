// One transaction of appends to one workspace: entries, texts, people and derived rows together or not at all.
// A version that is taken is a value, found before anything is written where it can be; the guard finds the rest.
import { type Kysely, sql, type Transaction } from "kysely"
import type { Instant, WorkspaceId } from "../../src/core/domain.ts"
import { type Entry, ownStreams, type StreamKey } from "../../src/core/facts.ts"
import { apply, fold, type Live, type State } from "../../src/core/fold.ts"
import type { Append, Sealed } from "../../src/core/ports.ts"
import { sealedRef } from "./bodies.ts"
import { writeDerived } from "./derived.ts"
import { decode, encode, type NewEntry } from "./encode.ts"
import type { DialectName } from "./migrate.ts"
import { type Holes, prepared, preparedRows } from "./prepared.ts"
import type { States } from "./states.ts"
import { type BodyRow, type EntryRow, entryColumns, type LedgerTables, type PersonRow } from "./tables.ts"

export type Ledgered = Kysely<LedgerTables>
export type InTransaction = Transaction<LedgerTables>
export type Appended = readonly Entry[] | "conflict"
export const isOwn = (stream: string): boolean => (ownStreams as readonly string[]).includes(stream)

/** Read committed, because the guard's locks are useless to an older snapshot. */
export function transact<T>(db: Ledgered, work: (trx: InTransaction) => Promise<T>): Promise<T> {
  return db.transaction().setIsolationLevel("read committed").execute(work)
}

/** Each append is judged against those before it in the batch. Throws what the database throws; then nothing stands. */
export async function appendBatch(
  trx: InTransaction,
  dialect: DialectName,
  now: Instant,
  batch: readonly Append[],
  states: States,
): Promise<{ readonly appended: readonly Appended[]; readonly states: readonly Live[] }> {
  const workspace = batch[0]?.key.workspace as WorkspaceId
  const heads = await headsOf(trx, workspace, batch, states)
  const fresh: NewEntry[] = []
  const spans = batch.map((append) => {
    const head = heads.get(append.key.stream) ?? nowhere
    if (append.after !== "any" && append.after !== head.version) return "conflict"
    const made = append.facts.map((fact, i) => encode(append.key, head.version + 1 + i, append.actor, now, fact))
    heads.set(append.key.stream, advance(head, append.key, made))
    const from = fresh.length
    fresh.push(...made)
    return { from, to: fresh.length }
  })
  const took = batch.filter((_, i) => spans[i] !== "conflict")
  const entries = fresh.length === 0 ? [] : await insertEntries(trx, dialect, workspace, fresh)
  await insertBodies(trx, workspace, took)
  await rememberPeople(trx, took)
  const live = [...new Set(entries.map((e) => e.stream))].flatMap((stream) => {
    const state = heads.get(stream)?.state ?? null
    return state === null || state.at === "none" ? [] : [state]
  })
  await writeDerived(trx, live, entries)
  return { appended: spans.map((span) => (span === "conflict" ? "conflict" : entries.slice(span.from, span.to))), states: live }
}

interface HeadInBatch {
  readonly version: number
  /** Null for a workspace's own streams: they have no state. */
  readonly state: State | null
}
const nowhere: HeadInBatch = { version: 0, state: { at: "none" } }

function advance(head: HeadInBatch, key: StreamKey, made: readonly NewEntry[]): HeadInBatch {
  const version = head.version + made.length
  if (isOwn(key.stream) || head.state === null) return { version, state: null }
  // Throws LedgerCorrupt for a fact that cannot follow: what could not be read back is not written.
  return { version, state: made.reduce<State>((s, m) => apply(s, { ...m.entry, seq: -1 }), head.state) }
}

/** Versions and states before the batch. A state that we know at the expected version needs no reading. */
async function headsOf(trx: InTransaction, workspace: WorkspaceId, batch: readonly Append[], states: States): Promise<Map<string, HeadInBatch>> {
  const heads = new Map<string, HeadInBatch>()
  const unread: string[] = []
  for (const [stream, appends] of Map.groupBy(batch, (a) => a.key.stream)) {
    const key: StreamKey = { workspace, stream }
    const after = Math.max(...appends.map((a) => (a.after === "any" ? Number.POSITIVE_INFINITY : a.after)))
    const state = states.get(key)
    if (isOwn(stream)) heads.set(stream, { version: await versionOf(trx, key), state: null })
    else if (state !== null && state.version >= after) heads.set(stream, { version: state.version, state })
    // Who says that it is the first is believed: the guard knows better if it is not.
    else if (after === 0) heads.set(stream, nowhere)
    else unread.push(stream)
  }
  if (unread.length === 0) return heads
  const rows = await trx
    .selectFrom("entry")
    .select(["workspace", "stream", "version", "seq", "fact"])
    .where("workspace", "=", workspace)
    .where("stream", "in", unread)
    .orderBy("stream")
    .orderBy("version")
    .execute()
  for (const stream of unread) {
    const state = fold(rows.filter((r) => r.stream === stream).map(decode))
    heads.set(stream, { version: state.at === "none" ? 0 : state.version, state })
  }
  return heads
}
const lastVersion = prepared((db, hole: Holes<"workspace" | "stream">) =>
  db
    .selectFrom("entry")
    .select((e) => e.fn.max("version").as("version"))
    .where("workspace", "=", hole("workspace"))
    .where("stream", "=", hole("stream")),
)
async function versionOf(trx: InTransaction, { workspace, stream }: StreamKey): Promise<number> {
  return (await lastVersion(trx, { workspace, stream }))[0]?.version ?? 0
}

const lastSeq = prepared((db, hole: Holes<"workspace">) =>
  db
    .selectFrom("entry")
    .select((e) => e.fn.max("seq").as("seq"))
    .where("workspace", "=", hole("workspace")),
)
const insertRows = preparedRows<EntryRow, Pick<EntryRow, "seq">>(entryColumns, (db, rows) => db.insertInto("entry").values(rows).returning("seq"))
/** `seq` is given under the workspace's lock: in PostgreSQL by the trigger, in SQLite here, where the lock is the transaction. */
async function insertEntries(
  trx: InTransaction,
  dialect: DialectName,
  workspace: WorkspaceId,
  fresh: readonly NewEntry[],
): Promise<readonly Entry[]> {
  const next = dialect === "sqlite" ? ((await lastSeq(trx, { workspace }))[0]?.seq ?? -1) + 1 : 0
  const rows: readonly EntryRow[] = fresh.map((f, i) => ({ ...f.row, seq: next + i }))
  const given = await insertRows(trx, rows)
  return fresh.map((f, i) => ({ ...f.entry, seq: given[i]?.seq ?? -1 }))
}

const insertTexts = preparedRows<BodyRow, unknown>({ workspace: true, ref: true, salt: true, text: true }, (db, rows) =>
  db
    .insertInto("body")
    .values(rows)
    .onConflict((c) => c.columns(["workspace", "ref"]).doNothing()),
)
async function insertBodies(trx: InTransaction, workspace: WorkspaceId, took: readonly Append[]): Promise<void> {
  const bodies = new Map<string, Sealed>(took.flatMap((a) => a.bodies ?? []).map((b) => [b.ref, b]))
  if (bodies.size === 0) return
  const rows = [...bodies.values()].map((b) => {
    const text = Buffer.from(b.text, "utf8")
    if (sealedRef(b.salt, text) !== b.ref) throw new TypeError("a text does not match the digest it was handed in with")
    return { workspace, ref: b.ref, salt: Buffer.from(b.salt), text }
  })
  await insertTexts(trx, rows)
}

const upsertPeople = preparedRows<PersonRow, unknown>({ pseudonym: true, person: true, name: true }, (db, rows) =>
  db
    .insertInto("person")
    .values(rows)
    .onConflict((c) =>
      c
        .column("pseudonym")
        .doUpdateSet((e) => ({ name: e.ref("excluded.name") }))
        .whereRef("person.name", "<>", "excluded.name"),
    ),
)
async function rememberPeople(trx: InTransaction, took: readonly Append[]): Promise<void> {
  const people = new Map(took.flatMap((a) => a.people ?? []).map((p) => [p.pseudonym, p] as const))
  if (people.size === 0) return
  // One order for all, or two transactions could wait for each other.
  const rows = [...people.values()].sort((a, b) => (a.pseudonym < b.pseudonym ? -1 : 1)).map((p) => ({ ...p, name: p.name.replaceAll("\0", "") }))
  await upsertPeople(trx, rows)
}

/** For facts that follow whatever is there: nobody else appends to the workspace until the transaction ends. */
export async function lockWorkspace(trx: InTransaction, dialect: DialectName, workspace: WorkspaceId): Promise<void> {
  if (dialect === "sqlite") return
  await sql`select pg_advisory_xact_lock(hashtextextended('countersign:' || ${workspace}::text, 0))`.execute(trx)
}
