// Whether the guard stands in a database as this program made it. A copy made without its triggers, or an owner who took one
// off, must not become a server that posts unguarded: who finds it missing does not start.
import { type Kysely, sql } from "kysely"
import type { DialectName } from "./migrate.ts"
import { postgresGuards, postgresLedger } from "./schema/postgres.ts"
import { sqliteGuards, sqliteLedger } from "./schema/sqlite.ts"

export class GuardMissing extends Error {
  readonly code = "guard-missing"
  constructor(what: string) {
    super(`${what} The server does not start without it. Was the database copied without its triggers? Restore a whole copy.`)
    this.name = "GuardMissing"
  }
}
/** A sentence that names what of the guard is missing, or other than this version made it. Three queries of the catalogue at most. */
export async function guardProblem(db: Kysely<unknown>, dialect: DialectName): Promise<string | null> {
  const missing = await (dialect === "sqlite" ? missingInSqlite(db) : missingInPostgres(db))
  if (missing.length === 0) return null
  return `The database does not hold the guard that refuses unapproved posts as this version made it: ${missing.join(", ")}.`
}
/** Throws {@link GuardMissing}. */
export async function needGuard(db: Kysely<unknown>, dialect: DialectName): Promise<void> {
  const problem = await guardProblem(db, dialect)
  if (problem !== null) throw new GuardMissing(problem)
}

/** SQLite keeps the text of each statement, so the texts are compared. */
async function missingInSqlite(db: Kysely<unknown>): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string; sql: string }>`select name, sql from sqlite_schema where tbl_name = 'entry' and sql is not null`.execute(
    db,
  )
  const there = new Map(rows.map((r) => [r.name, plain(r.sql)]))
  return sqliteLedger(sqliteGuards).flatMap((statement) => {
    const name = /^create (?:table|trigger|unique index) (entry\w*)/.exec(statement)?.[1]
    return name === undefined || there.get(name) === plain(statement) ? [] : [name]
  })
}
const plain = (statement: string) => statement.replace(/\s+/g, " ").trim().toLowerCase()

/** PostgreSQL keeps the text of functions; of triggers and checks it is asked whether they are there and always fire. */
async function missingInPostgres(db: Kysely<unknown>): Promise<readonly string[]> {
  const entry = sql`'entry'::regclass`
  const triggers = await sql<{ name: string }>`select tgname as name from pg_trigger where tgrelid = ${entry} and tgenabled = 'A'`.execute(db)
  const checks = await sql<{ name: string }>`select 'check ' || conname as name from pg_constraint where conrelid = ${entry} and convalidated
    union all select 'index ' || indexrelid::regclass::text from pg_index where indrelid = ${entry} and indisunique and indisvalid`.execute(db)
  const guards = await sql<{ body: string }>`select p.prosrc as body from pg_trigger t join pg_proc p on p.oid = t.tgfoid
    where t.tgrelid = ${entry} and t.tgname = 'entry_guard'`.execute(db)
  const there = new Set([...triggers.rows, ...checks.rows].map((r) => r.name))
  const { frozen, checks: named, unique } = postgresGuards
  const wanted = [
    ...["guard", ...Object.keys(frozen).map((name) => `no_${name}`)].map((name) => `entry_${name}`),
    ...Object.keys(named).map((name) => `check entry_${name.toLowerCase()}`),
    ...Object.keys(unique).map((name) => `index entry_${name}`),
  ]
  const body = /\$guard\$([\s\S]*)\$guard\$/.exec(postgresLedger(postgresGuards).find((s) => s.startsWith("create function entry_guard")) ?? "")?.[1]
  const changed = guards.rows[0]?.body === body ? [] : ["what entry_guard asks"]
  return [...wanted.filter((name) => !there.has(name)), ...changed]
}
