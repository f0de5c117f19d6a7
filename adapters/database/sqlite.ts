// SQLite under kysely: one connection, one writer at a time, every commit on the disk before it is acknowledged.
// The door goes first: who waits for the connection with "first" passes all who wait with "in turn".
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite"
import { setTimeout as wait } from "node:timers/promises"
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely"
import { sqlite, sqliteCode } from "./faults.ts"

const busyForMs = 5_000
const busyAgainMs = 2
// Enough for every statement of ours; a statement that is new each time must not fill the memory.
const statementsKept = 500

export function openSqliteFile(folder: string | ":memory:"): DatabaseSync {
  if (folder !== ":memory:") mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = new DatabaseSync(folder === ":memory:" ? folder : join(folder, "countersign.sqlite"), { timeout: busyForMs })
  // FULL: under NORMAL a power cut loses commits that were acknowledged. secure_delete: what is erased is overwritten.
  file.exec(`pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;
    pragma secure_delete = on; pragma trusted_schema = off; pragma recursive_triggers = on; pragma busy_timeout = 0`)
  return file
}

/** Two views of one connection; `door` never waits behind those who queue for `db`. */
export function sqliteKysely(file: DatabaseSync): { readonly db: Kysely<unknown>; readonly door: Kysely<unknown> } {
  const connection = new Connection(file)
  const turns = new Turns()
  const dialect = (turn: Turn): Dialect => ({
    createAdapter: () => new Adapter(),
    createDriver: () => new OneConnection(file, connection, turns, turn),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  })
  return { db: new Kysely({ dialect: dialect("in turn") }), door: new Kysely({ dialect: dialect("first") }) }
}

class Adapter extends SqliteAdapter {
  // Kysely leaves this off; SQLite can, and `begin immediate` is then the lock around migrations.
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

type Turn = "first" | "in turn"
class Turns {
  #taken = false
  readonly #first: (() => void)[] = []
  readonly #inTurn: (() => void)[] = []
  async take(turn: Turn): Promise<void> {
    if (this.#taken) await new Promise<void>((go) => (turn === "first" ? this.#first : this.#inTurn).push(go))
    this.#taken = true
  }
  /** Hands the connection on without a gap into which another could step. */
  give(): void {
    const next = this.#first.shift() ?? this.#inTurn.shift()
    if (next === undefined) this.#taken = false
    else next()
  }
}

class OneConnection implements Driver {
  readonly #file: DatabaseSync
  readonly #connection: Connection
  readonly #turns: Turns
  readonly #turn: Turn
  constructor(file: DatabaseSync, connection: Connection, turns: Turns, turn: Turn) {
    this.#file = file
    this.#connection = connection
    this.#turns = turns
    this.#turn = turn
  }
  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    await this.#turns.take(this.#turn)
    return this.#connection
  }
  async releaseConnection(): Promise<void> {
    this.#turns.give()
  }
  // Immediate: a transaction that reads first and writes later could be refused half-way.
  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("begin immediate"))
  }
  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("commit"))
  }
  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // A full disk has rolled back already; a second rollback would hide why.
    if (this.#file.isTransaction) await connection.executeQuery(CompiledQuery.raw("rollback"))
  }
  async destroy(): Promise<void> {
    if (this.#file.isOpen) this.#file.close()
  }
}

class Connection implements DatabaseConnection {
  readonly #file: DatabaseSync
  readonly #statements = new Map<string, { readonly statement: StatementSync; readonly reads: boolean }>()
  constructor(file: DatabaseSync) {
    this.#file = file
  }
  // SQLite would wait for another program's transaction with the whole process standing still, so we wait ourselves. A
  // statement that was refused as busy did nothing; within `begin immediate` none is.
  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const until = performance.now() + busyForMs
    for (;;) {
      try {
        return this.#execute(query)
      } catch (fault) {
        if (sqliteCode(fault) !== sqlite.busy || this.#file.isTransaction || performance.now() > until) throw fault
      }
      await wait(busyAgainMs)
    }
  }
  #execute<R>(query: CompiledQuery): QueryResult<R> {
    const { statement, reads } = this.#prepare(query.sql)
    const parameters = query.parameters as readonly SQLInputValue[]
    if (reads) return { rows: statement.all(...parameters) as R[] }
    const { changes } = statement.run(...parameters)
    return { rows: [], numAffectedRows: BigInt(changes) }
  }
  // biome-ignore lint/correctness/useYield: nothing here reads as a stream.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error("streaming is not used on SQLite")
  }
  // Preparing an insert compiles its triggers anew: most of the time of a small transaction.
  #prepare(sql: string) {
    const kept = this.#statements.get(sql)
    if (kept !== undefined) return kept
    if (this.#statements.size >= statementsKept) this.#statements.clear()
    const statement = this.#file.prepare(sql)
    const made = { statement, reads: statement.columns().length > 0 }
    this.#statements.set(sql, made)
    return made
  }
}
