// What a database's error means to the ledger: a version that is taken, a no of the guard, or a database that cannot be used.
// Messages of databases may quote a row, so they go into `cause` at most, and the sentence is ours.
import { isNativeError } from "node:util/types"
import { GuardRefused, LedgerUnavailable } from "../../src/core/ports.ts"

export const sqlite = { busy: 5, readOnly: 8, ioError: 10, corrupt: 11, full: 13, cannotOpen: 14, constraint: 19, notADatabase: 26 } as const

/** Primary result code of an error of SQLite; null for any other error. */
export function sqliteCode(fault: unknown): number | null {
  if (!isNativeError(fault) || !("errcode" in fault) || typeof fault.errcode !== "number") return null
  return fault.errcode & 0xff
}
function postgresCode(fault: unknown): string | null {
  return isNativeError(fault) && "code" in fault && typeof fault.code === "string" ? fault.code : null
}

const taken = /entry: version is not the next one|entry\.workspace, entry\.stream, entry\.version|entry_workspace_stream_version_key/
const guard = /guard: [a-z* ]+/

/** The sentence for an operator when the database cannot be used; null for any other fault. */
export function cureOf(fault: unknown): string | null {
  const meant = read(fault)
  return meant instanceof LedgerUnavailable ? meant.message : null
}

export type Fault = "conflict" | "again" | GuardRefused | LedgerUnavailable | Error

/** `again`: the database gave up on purpose and says that trying again helps. */
export function read(fault: unknown): Fault {
  if (!isNativeError(fault)) return new Error("the database threw something that is no error")
  if (fault instanceof GuardRefused || fault instanceof LedgerUnavailable) return fault
  const lite = sqliteCode(fault)
  if (lite !== null) return readSqlite(fault, lite)
  const code = postgresCode(fault)
  const constraint = "constraint" in fault && typeof fault.constraint === "string" ? fault.constraint : ""
  if (code === "23505" && taken.test(`${fault.message} ${constraint}`)) return "conflict"
  if (code === "40001" || code === "40P01") return "again"
  const said = guard.exec(fault.message)
  if (code === "P0001" && said !== null) return new GuardRefused(said[0], { cause: fault })
  if (code?.startsWith("23") === true) return new GuardRefused(`guard: the table refused it (${constraint || code})`, { cause: fault })
  const cure = postgresCure(code, fault)
  return cure === null ? fault : new LedgerUnavailable(cure, { cause: fault })
}

function readSqlite(fault: Error, code: number): Fault {
  if (code === sqlite.constraint) {
    if (taken.test(fault.message)) return "conflict"
    const said = guard.exec(fault.message)
    return new GuardRefused(said === null ? "guard: the table refused it" : said[0], { cause: fault })
  }
  const cure = sqliteCure(code)
  return cure === null ? fault : new LedgerUnavailable(cure, { cause: fault })
}
function sqliteCure(code: number): string | null {
  switch (code) {
    case sqlite.full:
      return "The disk is full, so nothing was written. Free some space; nothing needs to be restarted."
    case sqlite.busy:
      return "Another program holds the database for too long. Close tools that have it open, then try again."
    case sqlite.readOnly:
    case sqlite.cannotOpen:
      return "The database cannot be written. Give this user the right to write the data folder and the files in it."
    case sqlite.ioError:
      return "The disk reported an error. Check the disk and the system's log before going on."
    case sqlite.corrupt:
    case sqlite.notADatabase:
      return "The database file is damaged. Stop the server and restore the data folder from a backup."
    default:
      return null
  }
}
function postgresCure(code: string | null, fault: Error): string | null {
  if (code === "53100") return "The disk of the PostgreSQL server is full, so nothing was written. Free some space there."
  if (code === "53300") return "PostgreSQL takes no more connections. Raise max_connections, or run fewer processes."
  if (code === "25006") return "PostgreSQL is read-only now, perhaps a standby. Point DATABASE_URL at the primary."
  if (code === "42501") return "The role in DATABASE_URL may not do that. Grant it what docs/database.md lists."
  if (code === "28P01" || code === "28000") return "PostgreSQL does not accept the role or password in DATABASE_URL."
  if (code === "3D000") return "The database named in DATABASE_URL does not exist. Create it first."
  const gone = code?.startsWith("57P0") === true || code?.startsWith("08") === true
  const noLine = ["ECONNREFUSED", "ECONNRESET", "EPIPE", "ENOTFOUND", "ETIMEDOUT", "ENOENT", "EHOSTUNREACH"].includes(code ?? "")
  // pg gives these two no code.
  const cut = /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable/.test(
    fault.message,
  )
  return gone || noLine || cut ? "The connection to PostgreSQL was lost or refused. Check that the server runs and that DATABASE_URL is right." : null
}
