// Ledgers for tests. `freshLedger` is in memory and opens in milliseconds; one of them holds as many workspaces as a test
// wants, so a test of many histories opens one and gives each history a workspace of its own.
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll } from "@jest/globals"
import { type DatabaseLedger, openLedger } from "../../adapters/database/ledger.ts"
import { type Database, openDatabase, type Where } from "../../adapters/database/open.ts"
import type { Clock } from "../../src/core/ports.ts"
import { startPostgres, type TestPostgres } from "./postgres.ts"

const hookTimeoutMs = 60_000
const wallClock: Pick<Clock, "now"> = { now: () => Date.now() }

export async function freshLedger(clock: Pick<Clock, "now"> = wallClock): Promise<DatabaseLedger> {
  return openLedger(await openDatabase({ kind: "memory" }), clock)
}

export const stores = ["sqlite", "postgres"] as const
export type Store = (typeof stores)[number]
export interface Opened {
  readonly ledger: DatabaseLedger
  readonly database: Database
}
export interface Place {
  readonly where: Where
  /** Opens it, once or several times at once: each is what a process of its own would have. */
  open(clock?: Pick<Clock, "now">): Promise<Opened>
}
export interface TestStores {
  /** An empty database that outlives those who have it open: a folder, or a database of a PostgreSQL that runs for this test. */
  place(store: Store): Promise<Place>
  postgres(): Promise<TestPostgres>
}

/** Call it once at the top of a test file. Everything that was opened is closed after its last test. */
export function useStores(): TestStores {
  let server: Promise<TestPostgres> | null = null
  const folders: string[] = []
  const opened: DatabaseLedger[] = []
  const postgres = () => {
    server ??= startPostgres()
    return server
  }
  afterAll(async () => {
    await Promise.all(opened.map((ledger) => ledger.close()))
    if (server !== null) await (await server).stop()
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  }, hookTimeoutMs)
  return {
    postgres,
    async place(store) {
      const where: Where =
        store === "postgres" ? { kind: "postgres", url: await (await postgres()).database() } : { kind: "sqlite", folder: newFolder(folders) }
      return {
        where,
        async open(clock = wallClock) {
          const database = await openDatabase(where)
          const ledger = await openLedger(database, clock)
          opened.push(ledger)
          return { ledger, database }
        },
      }
    },
  }
}
function newFolder(folders: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "countersign-ledger-"))
  folders.push(folder)
  return folder
}
