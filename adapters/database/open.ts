// Opens the database that everything is stored in: SQLite in the data folder, or a PostgreSQL server. Tables are brought up
// to date first. Adapters that store things get `db` from main and name only tables of their own.
import { type Kysely, sql } from "kysely"
import { read } from "./faults.ts"
import { type DialectName, ledgerMigrations, type Migrations, migrate, upToDate } from "./migrate.ts"
import { listen, postgresKysely } from "./postgres.ts"
import { sqliteLeases } from "./schema/sqlite.ts"
import { openSqliteFile, sqliteKysely } from "./sqlite.ts"
import { needGuard } from "./standing.ts"

export type Where =
  | { readonly kind: "sqlite"; readonly folder: string }
  /** For tests: gone when closed. */
  | { readonly kind: "memory" }
  | {
      readonly kind: "postgres"
      readonly url: string
      /** Role that owns the tables and runs migrations. Null: `url` is used, and then could also drop the guard. */
      readonly ownerUrl?: string | null
    }
export interface Database {
  readonly dialect: DialectName
  readonly db: Kysely<unknown>
  /** A connection that nothing but a stop uses. */
  readonly door: Kysely<unknown>
  /** How other processes' writes are noticed. */
  readonly news: News
  /** After an erasure: nothing of what was deleted stays in the files, as far as the database can see to it. */
  scrub(): Promise<void>
  close(): Promise<void>
}
export type News =
  | { readonly by: "asking" /** A number that changes when another connection commits. */; version(): Promise<number> }
  | { readonly by: "listening"; listen: (heard: (payload: string) => void, onLost: () => void) => Promise<{ stop(): Promise<void> }> }

export interface OpenOptions {
  /** Those of adapters; the ledger's own are always run. */
  readonly migrations?: (dialect: DialectName) => Migrations
  /** Sentences for the operator's log. */
  readonly warn?: (words: string) => void
  /** `alone`: the caller holds the folder's lock, so nobody else works on requests. Its leases then need no disk, and end
   *  with it: the next server takes over at once. On PostgreSQL it changes nothing. */
  readonly working?: "alone" | "beside others"
}

/** Throws {@link LedgerUnavailable} with the cure when the database cannot be reached or written, and `GuardMissing` when its guard is not whole. */
export async function openDatabase(where: Where, options: OpenOptions = {}): Promise<Database> {
  const opened = where.kind === "postgres" ? openPostgres(where, options) : openSqlite(where.kind === "memory" ? ":memory:" : where.folder, options)
  return opened.catch((fault: unknown) => {
    const meant = read(fault)
    throw typeof meant === "string" ? fault : meant
  })
}

function allMigrations(dialect: DialectName, options: OpenOptions): Migrations {
  return { ...ledgerMigrations(dialect), ...options.migrations?.(dialect) }
}

async function openSqlite(folder: string, options: OpenOptions): Promise<Database> {
  const file = openSqliteFile(folder)
  const { db, door } = sqliteKysely(file)
  try {
    const migrations = allMigrations("sqlite", options)
    if (!(await upToDate(db, migrations))) await migrate(db, migrations)
    // A stop beside it must work all the same: it lets nothing out.
    if (options.working !== "beside others") await needGuard(db, "sqlite")
    // A file that can only be read is told now, and not by whoever writes first.
    await sql`update person set name = name where false`.execute(db)
    // A temporary table comes before the lasting one of its name, and is this connection's alone (sqlite.org/lang_naming.html).
    if (options.working === "alone") file.exec(`pragma temp_store = memory; ${sqliteLeases("temp table")}`)
  } catch (fault) {
    file.close()
    throw fault
  }
  const version = async () => {
    const { rows } = await sql<{ data_version: number }>`pragma data_version`.execute(db)
    return rows[0]?.data_version ?? 0
  }
  const close = async () => {
    await Promise.all([db.destroy(), door.destroy()])
  }
  // The log still holds the pages as they were; deleted cells themselves are overwritten (secure_delete).
  const scrub = async () => {
    await sql`pragma wal_checkpoint(truncate)`.execute(db)
  }
  return { dialect: "sqlite", db, door, news: { by: "asking", version }, scrub, close }
}

async function openPostgres(where: Where & { kind: "postgres" }, options: OpenOptions): Promise<Database> {
  const warn = options.warn ?? (() => undefined)
  // An idle connection that breaks is replaced; what was under way reports its own error.
  const { db, door } = postgresKysely(where.url, () => warn("A connection to PostgreSQL was lost; a new one is made."))
  const close = async () => {
    await Promise.all([db.destroy(), door.destroy()])
  }
  try {
    const migrations = allMigrations("postgres", options)
    if (!(await upToDate(db, migrations))) await migrateAs(where, db, migrations)
    if (options.working !== "beside others") await needGuard(db, "postgres")
    if (await owns(door))
      warn("The role in DATABASE_URL owns the ledger's tables, so it could remove their guard. docs/database.md shows how to use two roles.")
  } catch (fault) {
    await close()
    throw fault
  }
  // Its vacuum does that in time; docs/database.md says so.
  const scrub = async () => undefined
  return { dialect: "postgres", db, door, scrub, close, news: { by: "listening", listen: (heard, onLost) => listen(where.url, heard, onLost) } }
}

async function migrateAs(where: Where & { kind: "postgres" }, db: Kysely<unknown>, migrations: Migrations): Promise<void> {
  if (where.ownerUrl === undefined || where.ownerUrl === null) return migrate(db, migrations)
  const role = (await sql<{ role: string }>`select current_user as role`.execute(db)).rows[0]?.role ?? ""
  const owner = postgresKysely(where.ownerUrl, () => undefined)
  try {
    await migrate(owner.db, migrations)
    await grantAll(owner.db, role)
  } finally {
    await Promise.all([owner.db.destroy(), owner.door.destroy()])
  }
}
/** What the walk needs and no more: entries can be added and read, never changed. */
async function grantAll(db: Kysely<unknown>, role: string): Promise<void> {
  const tables = await sql<{ name: string }>`select tablename as name from pg_tables where schemaname = current_schema()`.execute(db)
  const readOnly = new Set(["kysely_migration", "kysely_migration_lock"])
  for (const { name } of tables.rows) {
    const rights = readOnly.has(name) ? "select" : name === "entry" ? "select, insert" : "select, insert, update, delete"
    await sql`grant ${sql.raw(rights)} on ${sql.table(name)} to ${sql.id(role)}`.execute(db)
  }
  await sql`grant usage on all sequences in schema ${sql.id(await schemaOf(db))} to ${sql.id(role)}`.execute(db)
}
async function schemaOf(db: Kysely<unknown>): Promise<string> {
  return (await sql<{ name: string }>`select current_schema() as name`.execute(db)).rows[0]?.name ?? "public"
}
async function owns(db: Kysely<unknown>): Promise<boolean> {
  const { rows } = await sql<{ owns: boolean }>`select pg_has_role(current_user, relowner, 'member') as owns
    from pg_class where oid = 'entry'::regclass`.execute(db)
  return rows[0]?.owns === true
}
