// Brings the tables up to date when a process starts. Several may start at once: kysely takes an advisory lock in
// PostgreSQL, and in SQLite the transaction is the lock. Adapters hand in their own migrations, under their own prefix.
import { type Kysely, sql } from "kysely"
import { type Migration, Migrator } from "kysely/migration"
import { postgresGuards, postgresLedger } from "./schema/postgres.ts"
import { sqliteGuards, sqliteLedger } from "./schema/sqlite.ts"

export type DialectName = "sqlite" | "postgres"
/** By name, `<prefix>_001_<what>`. What once ran is never changed. */
export type Migrations = Readonly<Record<string, Migration>>

export function ledgerMigrations(dialect: DialectName): Migrations {
  const statements = dialect === "sqlite" ? sqliteLedger(sqliteGuards) : postgresLedger(postgresGuards)
  return { ledger_001_entries: { up: (db) => runAll(db, statements) } }
}
export async function runAll(db: Kysely<unknown>, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

/** Whether all of them ran already: then nothing is asked of the database that only an owner may do. */
export async function upToDate(db: Kysely<unknown>, migrations: Migrations): Promise<boolean> {
  const done = await ran(db)
  return Object.keys(migrations).every((name) => done.has(name))
}

export async function migrate(db: Kysely<unknown>, migrations: Migrations): Promise<void> {
  // A program with fewer adapters may open the same database: what others brought is not "missing".
  const others: Record<string, Migration> = {}
  for (const name of await ran(db)) if (!(name in migrations)) others[name] = { up: async () => undefined }
  const provider = { getMigrations: async () => ({ ...migrations, ...others }) }
  const { error } = await new Migrator({ db, provider, allowUnorderedMigrations: true }).migrateToLatest()
  if (error !== undefined) throw error
}

async function ran(db: Kysely<unknown>): Promise<ReadonlySet<string>> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some((t) => t.name === "kysely_migration")) return new Set()
  const rows = await sql<{ name: string }>`select name from kysely_migration`.execute(db)
  return new Set(rows.rows.map((r) => r.name))
}
