// Queries that are asked all the time, compiled once. Kysely builds and compiles a query anew at each call, which takes longer
// than SQLite takes to answer a small one.
import type { Compilable, CompiledQuery } from "kysely"

class Hole {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/** `build` puts `hole("x")` where the value of `x` goes; what comes back fills them in. */
export function prepared<R, N extends string>(build: (hole: (name: N) => never) => Compilable<R>): (values: Record<N, unknown>) => CompiledQuery<R> {
  const compiled = build((name) => new Hole(name) as never).compile()
  return (values) => ({ ...compiled, parameters: compiled.parameters.map((p) => (p instanceof Hole ? values[p.name as N] : p)) })
}
