// The derived tables: one row a request in `head`, what people and platforms find requests by in `lookup`. Written with the
// entries they come from; `rebuild` makes them again from nothing.
import { headOf, lookupsOf } from "../../src/core/derive.ts"
import type { WorkspaceId } from "../../src/core/domain.ts"
import type { Entry } from "../../src/core/facts.ts"
import { fold, type Live } from "../../src/core/fold.ts"
import type { InTransaction } from "./append.ts"
import { decode } from "./encode.ts"
import { preparedRows } from "./prepared.ts"
import type { HeadRow, LookupRow } from "./tables.ts"

const headColumns = { workspace: true, stream: true, version: true, at: true, due: true, person: true, place: true, changed: true } as const
const upsertHeads = preparedRows<HeadRow, unknown>(headColumns, (db, rows) =>
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
    ),
)
const upsertLookups = preparedRows<LookupRow, unknown>({ workspace: true, kind: true, key: true, stream: true }, (db, rows) =>
  db
    .insertInto("lookup")
    .values(rows)
    .onConflict((c) => c.columns(["kind", "key", "workspace"]).doUpdateSet((e) => ({ stream: e.ref("excluded.stream") }))),
)

export async function writeDerived(trx: InTransaction, states: readonly Live[], entries: readonly Entry[]): Promise<void> {
  if (states.length > 0) {
    const heads = states.map((s) => ({ ...headOf(s), changed: s.changedAt }))
    await upsertHeads(trx, heads)
  }
  // One statement may not write a row twice: of equal keys the later wins.
  const lookups = new Map(entries.flatMap(lookupsOf).map((l) => [`${l.kind}\n${l.key}`, l]))
  if (lookups.size > 0) await upsertLookups(trx, [...lookups.values()])
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
