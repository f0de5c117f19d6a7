// The derived tables: one row a request in `head`, what people and platforms find requests by in `lookup`. Written with the
// entries they come from; `rebuild` makes them again from nothing.
import { headOf, lookupsOf } from "../../src/core/derive.ts"
import type { WorkspaceId } from "../../src/core/domain.ts"
import type { Entry } from "../../src/core/facts.ts"
import { fold, type Live } from "../../src/core/fold.ts"
import type { InTransaction, Ledgered } from "./append.ts"
import { decode } from "./encode.ts"
import { type Holes, prepared, rowOf } from "./prepared.ts"
import type { HeadRow } from "./tables.ts"

const upsertHeads = (db: Ledgered, rows: readonly HeadRow[]) =>
  db
    .insertInto("head")
    .values(rows)
    .onConflict((c) =>
      c.columns(["workspace", "stream"]).doUpdateSet((e) => ({
        version: e.ref("excluded.version"),
        at: e.ref("excluded.at"),
        due: e.ref("excluded.due"),
        changed: e.ref("excluded.changed"),
      })),
    )
const columns = { workspace: true, stream: true, version: true, at: true, due: true, person: true, place: true, changed: true } as const
const upsertHead = prepared((db, hole: Holes<keyof HeadRow>) => upsertHeads(db, [rowOf<HeadRow>(hole, columns)]))

export async function writeDerived(trx: InTransaction, states: readonly Live[], entries: readonly Entry[]): Promise<void> {
  const rows: readonly HeadRow[] = states.map((s) => ({ ...headOf(s), changed: s.changedAt }))
  if (rows.length === 1 && rows[0] !== undefined) await upsertHead(trx, { ...rows[0] })
  else if (rows.length > 0) await upsertHeads(trx, rows).execute()
  // One statement may not write a row twice: of equal keys the later wins.
  const lookups = new Map(entries.flatMap(lookupsOf).map((l) => [`${l.kind}\n${l.key}`, l]))
  if (lookups.size === 0) return
  await trx
    .insertInto("lookup")
    .values([...lookups.values()].map((l) => ({ workspace: l.workspace, kind: l.kind, key: l.key, stream: l.stream })))
    .onConflict((c) => c.columns(["kind", "key", "workspace"]).doUpdateSet((e) => ({ stream: e.ref("excluded.stream") })))
    .execute()
}

/** Number of requests. The caller keeps others from appending. */
export async function rebuildWorkspace(trx: InTransaction, workspace: WorkspaceId): Promise<number> {
  await trx.deleteFrom("head").where("workspace", "=", workspace).execute()
  await trx.deleteFrom("lookup").where("workspace", "=", workspace).execute()
  const streams = await trx
    .selectFrom("entry")
    .select("stream")
    .where("workspace", "=", workspace)
    .where("kind", "=", "asked")
    .orderBy("seq")
    .execute()
  for (const { stream } of streams) {
    const entries = await trx
      .selectFrom("entry")
      .select(["workspace", "stream", "version", "seq", "fact"])
      .where("workspace", "=", workspace)
      .where("stream", "=", stream)
      .orderBy("version")
      .execute()
    const read = entries.map(decode)
    const state = fold(read)
    if (state.at !== "none") await writeDerived(trx, [state], read)
  }
  return streams.length
}
