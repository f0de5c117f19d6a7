// A fresh ledger in one line. In memory by default: the real schema, guard and code, without the disk.
import { openDatabase } from "../../adapters/database/open.ts"
import { openLedger, type DatabaseLedger } from "../../adapters/database/ledger.ts"

export async function freshLedger(clock: { now(): number } = { now: () => Date.now() }): Promise<DatabaseLedger> {
  return openLedger(await openDatabase({ kind: "memory" }), clock)
}
