// Runs the guard's cases against SQLite, each in a transaction that is rolled back.
import { DatabaseSync, type SQLInputValue } from "node:sqlite"
import type { Guards } from "../../adapters/database/schema/guards.ts"
import { sqliteLedger } from "../../adapters/database/schema/sqlite.ts"
import { type Case, Rows } from "./rows.ts"

/** What is wrong, or null when the guard did as the case says. */
export type RunCase = (c: Case) => Promise<string | null>

export async function withSqlite<T>(guards: Guards, use: (run: RunCase) => Promise<T>): Promise<T> {
  const file = new DatabaseSync(":memory:")
  try {
    for (const statement of sqliteLedger(guards)) file.exec(statement)
    return await use(async (c) => runCase(file, c))
  } finally {
    file.close()
  }
}

function runCase(file: DatabaseSync, c: Case): string | null {
  const rows = new Rows()
  const insert = (row: object) => {
    const names = Object.keys(row)
    file
      .prepare(`insert into entry (${names.join(", ")}) values (${names.map(() => "?").join(", ")})`)
      .run(...(Object.values(row) as SQLInputValue[]))
  }
  file.exec("begin immediate")
  try {
    for (const step of c.given) insert(rows.row(step))
    return judge(c, () => ("sql" in c.when ? file.exec(c.when.sql) : insert(rows.row(c.when))))
  } finally {
    if (file.isTransaction) file.exec("rollback")
  }
}
function judge(c: Case, act: () => void): string | null {
  try {
    act()
  } catch (fault) {
    return verdict(c, (fault as Error).message)
  }
  return verdict(c, null)
}
/** `refused`: the database's words, null when it let it in. */
export function verdict(c: Case, refused: string | null): string | null {
  if (c.must === "let in") return refused === null ? null : `${c.name}: was refused: ${refused}`
  if (refused === null) return `${c.name}: was let in`
  return c.must.test(refused) ? null : `${c.name}: was refused for another reason: ${refused}`
}
