// A PostgreSQL server under kysely: a pool for the walk and one connection that only the door uses, so that a stop never
// waits behind a full pool.
import { Kysely, PostgresDialect } from "kysely"
import { Client, Pool, type PoolConfig, types } from "pg"

const poolSize = 10
const connectWithinMs = 5_000
const int8 = 20

// Sequences and times are below 2^53; pg gives bigint as text otherwise. Per connection, not for the whole process.
const numbers: NonNullable<PoolConfig["types"]> = {
  getTypeParser: ((oid: number, format?: "text") => (oid === int8 ? Number : types.getTypeParser(oid, format))) as typeof types.getTypeParser,
}

export interface PostgresParts {
  readonly db: Kysely<unknown>
  readonly door: Kysely<unknown>
}
/** `onFault`: a connection that lay idle broke; the pool makes a new one, so it is only told. */
export function postgresKysely(url: string, onFault: (fault: Error) => void): PostgresParts {
  const make = (max: number, name: string) => {
    const pool = new Pool({
      connectionString: url,
      max,
      types: numbers,
      connectionTimeoutMillis: connectWithinMs,
      application_name: name,
      keepAlive: true,
    })
    pool.on("error", onFault)
    // The pool listens only to those that lie idle. One that breaks in use fails what it is used for; unheard, it would end the process.
    pool.on("connect", (client) => void client.on("error", () => undefined))
    return new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  }
  return { db: make(poolSize, "countersign"), door: make(1, "countersign door") }
}

/** Waits for notices of new entries on a connection of its own. `onLost` is called once; then it is of no more use. */
export async function listen(url: string, heard: (payload: string) => void, onLost: () => void): Promise<{ stop(): Promise<void> }> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: connectWithinMs,
    application_name: "countersign listen",
    keepAlive: true,
  })
  let over = false
  const lost = () => {
    if (over) return
    over = true
    onLost()
  }
  client.on("error", lost)
  client.on("end", lost)
  client.on("notification", (n) => heard(n.payload ?? ""))
  await client.connect()
  await client.query("listen countersign_entry")
  return {
    async stop() {
      over = true
      await client.end()
    },
  }
}
