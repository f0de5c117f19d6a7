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
/** A row with a hole for each of its columns. */
export function rowOf<Row>(hole: Holes<keyof Row & string>, columns: Record<keyof Row & string, true>): Row {
  return Object.fromEntries(Object.keys(columns).map((name) => [name, hole(name as keyof Row & string)])) as Row
}
