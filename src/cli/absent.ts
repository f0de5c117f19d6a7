// What a command beside the server must find, and may not make: the ledger, and for some the installation's own keys.
import { existsSync } from "node:fs"
import { join } from "node:path"
import type { Store } from "../config.ts"

/** Throws {@link Absent} where there is no embedded ledger: opening it would make an empty one. */
export function needLedger({ database, data }: Store): void {
  if (database.kind === "sqlite" && !existsSync(join(database.folder, "countersign.sqlite")))
    throw new Absent("no-ledger", "There is no ledger", data)
}
/** To be called before keys are opened, which makes new ones. A stop works with any keys: it must not wait for a file. */
export function lookForKeys({ data }: Store): () => void {
  const here = existsSync(join(data, "keys"))
  return () => {
    if (!here) throw new Absent("no-keys", "The keys of this installation are not", data)
  }
}
export class Absent extends Error {
  readonly code: "no-ledger" | "no-keys"
  constructor(code: Absent["code"], what: string, folder: string) {
    super(`${what} in ${folder}. Run this where the server runs, or set COUNTERSIGN_DATA to its data folder.`)
    this.name = "Absent"
    this.code = code
  }
}
