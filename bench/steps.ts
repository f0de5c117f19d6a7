// The durable steps of a walk in a bare bot: one synced row for each, with the same syncs of the disk as the ledger's.
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"

/** Null: nothing is kept. */
export function stepsIn(folder: string | null): (step: string) => void {
  if (folder === null) return () => undefined
  mkdirSync(folder, { recursive: true })
  const file = new DatabaseSync(join(folder, "bare.sqlite"))
  file.exec("pragma journal_mode = wal; pragma synchronous = full; create table step (id integer primary key, step text not null)")
  const insert = file.prepare("insert into step (step) values (?)")
  return (step) => void insert.run(step)
}
