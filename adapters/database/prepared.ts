// Queries that are asked all the time, compiled once for each database. Kysely builds and compiles a query anew at each call,
// which takes longer than SQLite takes to answer a small one.
import type { Compilable, CompiledQuery, DialectAdapter, Kysely } from "kysely"
import type { LedgerTables } from "./tables.ts"

class Hole {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}
/** Stands where a value goes. */
export type Holes<N extends string> = (name: N) => never
type Db = Kysely<LedgerTables>

/** Gives the rows. Works inside a transaction too: give it that as `db`. */
export function prepared<N extends string, R>(
  build: (db: Db, hole: Holes<N>) => Compilable<R>,
): (db: Db, values: Record<N, unknown>) => Promise<readonly R[]> {
  const known = new WeakMap<DialectAdapter, CompiledQuery<R>>()
  return async (db, values) => {
    const { adapter } = db.getExecutor()
    let compiled = known.get(adapter)
    if (compiled === undefined) {
      compiled = build(db, (name) => new Hole(name) as never).compile()
      known.set(adapter, compiled)
    }
    const parameters = compiled.parameters.map((p) => (p instanceof Hole ? values[p.name as N] : p))
    return (await db.executeQuery({ ...compiled, parameters })).rows as R[]
  }
}

// Nearly every append has one entry, one person and one or two texts. What has more is compiled for the occasion.
const mostPrepared = 3
/** The same for a statement that takes rows: compiled once for each number of them. At least one row. */
export function preparedRows<Row extends object, R>(
  columns: Readonly<Record<keyof Row & string, true>>,
  build: (db: Db, rows: readonly Row[]) => Compilable<R>,
): (db: Db, rows: readonly Row[]) => Promise<readonly R[]> {
  const names = Object.keys(columns) as (keyof Row & string)[]
  const nth = (name: string, i: number) => `${name} ${i}`
  const rowOf = (hole: Holes<string>, i: number) => Object.fromEntries(names.map((name) => [name, hole(nth(name, i))])) as Row
  const known = Array.from({ length: mostPrepared }, (_, few) =>
    prepared((db, hole: Holes<string>) =>
      build(
        db,
        Array.from({ length: few + 1 }, (_, i) => rowOf(hole, i)),
      ),
    ),
  )
  return async (db, rows) => {
    const ask = known[rows.length - 1]
    if (ask === undefined) return (await db.executeQuery(build(db, rows).compile())).rows
    return ask(db, Object.fromEntries(rows.flatMap((row, i) => names.map((name) => [nth(name, i), row[name]]))))
  }
}
