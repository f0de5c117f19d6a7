// Queries that are asked all the time, compiled once for each database. Kysely builds and compiles a query anew at each call,
// which takes longer than SQLite takes to answer a small one.
import type { Compilable, CompiledQuery, DialectAdapter, Kysely } from "kysely"
import type { LedgerTables } from "./tables.ts"

class Hole {
  readonly name: string
  readonly row: number
  constructor(name: string, row: number) {
    this.name = name
    this.row = row
  }
}
/** Stands where a value goes. */
export type Holes<N extends string> = (name: N) => never
type Db = Kysely<LedgerTables>

/** Gives the rows. Works inside a transaction too: give it that as `db`. */
export function prepared<N extends string, R>(
  build: (db: Db, hole: Holes<N>) => Compilable<R>,
): (db: Db, values: Record<N, unknown>) => Promise<readonly R[]> {
  const ask = compiledOnce((db) => build(db, (name) => new Hole(name, 0) as never))
  return (db, values) => ask(db, [values])
}

// Nearly every append has one entry, one person and one or two texts. What has more is compiled for the occasion.
const mostPrepared = 3
/** The same for a statement that takes rows: compiled once for each number of them. At least one row. */
export function preparedRows<Row extends object, R>(
  columns: Readonly<Record<keyof Row & string, true>>,
  build: (db: Db, rows: readonly Row[]) => Compilable<R>,
): (db: Db, rows: readonly Row[]) => Promise<readonly R[]> {
  const holes = (row: number) => Object.fromEntries(Object.keys(columns).map((name) => [name, new Hole(name, row)])) as Row
  const asks = Array.from({ length: mostPrepared }, (_, last) =>
    compiledOnce((db) =>
      build(
        db,
        Array.from({ length: last + 1 }, (_, i) => holes(i)),
      ),
    ),
  )
  return async (db, rows) => {
    const ask = asks[rows.length - 1]
    return ask === undefined ? (await db.executeQuery(build(db, rows).compile())).rows : ask(db, rows)
  }
}

function compiledOnce<R>(build: (db: Db) => Compilable<R>) {
  const known = new WeakMap<DialectAdapter, CompiledQuery<R>>()
  return async (db: Db, values: readonly object[]): Promise<readonly R[]> => {
    const { adapter } = db.getExecutor()
    let compiled = known.get(adapter)
    if (compiled === undefined) {
      compiled = build(db).compile()
      known.set(adapter, compiled)
    }
    const parameters = compiled.parameters.map((p) => (p instanceof Hole ? (values[p.row] as Record<string, unknown>)[p.name] : p))
    return (await db.executeQuery({ ...compiled, parameters })).rows as R[]
  }
}
