// Queries that read more than one row by more than its key.
import { sql } from "kysely"
import type { WorkspaceId } from "../../src/core/domain.ts"
import type { StreamKey } from "../../src/core/facts.ts"
import type { Head, Ledger } from "../../src/core/ports.ts"
import type { Ledgered } from "./append.ts"

/** Two index probes a workspace: `group by workspace` would read the whole index. */
export async function readSizes(db: Ledgered): Promise<readonly { readonly workspace: WorkspaceId; readonly size: number }[]> {
  const { rows } = await sql<{ workspace: WorkspaceId; size: number }>`
    with recursive w (workspace) as (
      select min(workspace) from entry
      union all
      select (select min(e.workspace) from entry e where e.workspace > w.workspace) from w where w.workspace is not null
    )
    select w.workspace as workspace, (select max(e.seq) + 1 from entry e where e.workspace = w.workspace) as size
      from w where w.workspace is not null`.execute(db)
  return rows
}

export async function changedSince(db: Ledgered, workspace: WorkspaceId, seq: number): Promise<readonly StreamKey[]> {
  const rows = await db
    .selectFrom("entry")
    .select(["workspace", "stream"])
    .distinct()
    .where("workspace", "=", workspace)
    .where("seq", ">=", seq)
    .execute()
  return rows as unknown as readonly StreamKey[]
}

export async function readHeads(db: Ledgered, f: Parameters<Ledger["heads"]>[0]): Promise<readonly Head[]> {
  let found = db.selectFrom("head").select(["workspace", "stream", "version", "at", "due", "person", "place"])
  if (f.person !== undefined) found = found.where("person", "=", f.person)
  if (f.workspace !== undefined) found = found.where("workspace", "=", f.workspace)
  if (f.at !== undefined) found = found.where("at", "in", f.at)
  found = found.orderBy("changed", "desc").orderBy("workspace", "desc").orderBy("stream", "desc")
  if (f.limit !== undefined) found = found.limit(f.limit)
  const rows = await found.execute()
  return rows.reverse() as unknown as readonly Head[]
}
