// One server per data folder. The kernel releases the lock when the process ends, however it ends; other programs may
// still open the database beside the server.
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { read, sqlite, sqliteCode } from "./faults.ts"

export class FolderInUse extends Error {
  readonly code = "folder-in-use"
  constructor(folder: string) {
    super(`Another Countersign server is using ${folder}. Stop it first, or set COUNTERSIGN_DATA to another folder.`)
    this.name = "FolderInUse"
  }
}

// A lock that nobody refers to would be closed, and so released, by the garbage collector.
const held = new Set<DatabaseSync>()

/** Throws {@link FolderInUse}, or a LedgerUnavailable with the cure. */
export function lockFolder(folder: string): { release(): void } {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  let file: DatabaseSync | null = null
  try {
    file = new DatabaseSync(join(folder, "server.lock"), { timeout: 0 })
    file.exec("begin exclusive")
  } catch (fault) {
    file?.close()
    if (sqliteCode(fault) === sqlite.busy) throw new FolderInUse(folder)
    const meant = read(fault)
    throw typeof meant === "string" ? fault : meant
  }
  const lock = file
  held.add(lock)
  return {
    release() {
      held.delete(lock)
      if (lock.isOpen) lock.close()
    },
  }
}
