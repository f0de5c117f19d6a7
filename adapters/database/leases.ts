// Who works on which request. A lease that is not released ends by itself; until then nobody else, and not the same owner's
// next look either, is handed the request.
import { sql } from "kysely"
import type { Instant } from "../../src/core/domain.ts"
import type { StreamKey } from "../../src/core/facts.ts"
import type { Ledgered } from "./append.ts"
import type { DialectName } from "./migrate.ts"
import { type Holes, prepared } from "./prepared.ts"

export interface Claim {
  readonly now: Instant
  readonly owner: string
  readonly ttlMs: number
}

// One statement, so that two who claim at once never get the same: of both, one inserts or finds the lease to have ended.
export async function claim(db: Ledgered, dialect: DialectName, c: Claim & { readonly limit: number }): Promise<readonly StreamKey[]> {
  const skip = dialect === "postgres" ? sql`for update of h skip locked` : sql``
  const { rows } = await sql<StreamKey>`
    insert into lease (workspace, stream, owner, until)
    select h.workspace, h.stream, ${c.owner}, ${sql.lit(c.now + c.ttlMs)} from head h
     where h.due <= ${c.now} and not exists (select 1 from lease l where l.workspace = h.workspace and l.stream = h.stream and l.until > ${c.now})
     order by h.due, h.workspace, h.stream limit ${c.limit} ${skip}
    on conflict (workspace, stream) do update set owner = excluded.owner, until = excluded.until where lease.until <= ${c.now}
    returning workspace, stream`.execute(db)
  return rows
}

const take = prepared((db, hole: Holes<"workspace" | "stream" | "owner" | "until" | "now">) =>
  db
    .insertInto("lease")
    .values({ workspace: hole("workspace"), stream: hole("stream"), owner: hole("owner"), until: hole("until") })
    .onConflict((on) =>
      on
        .columns(["workspace", "stream"])
        .doUpdateSet((e) => ({ owner: e.ref("excluded.owner"), until: e.ref("excluded.until") }))
        .where((e) => e.or([e("lease.until", "<=", hole("now")), e("lease.owner", "=", hole("owner"))])),
    )
    .returning("owner"),
)
export async function lease(db: Ledgered, { workspace, stream }: StreamKey, { now, owner, ttlMs }: Claim): Promise<"yours" | "taken"> {
  const rows = await take(db, { workspace, stream, owner, now, until: now + ttlMs })
  return rows.length > 0 ? "yours" : "taken"
}

const giveBack = prepared((db, hole: Holes<"workspace" | "stream" | "owner">) =>
  db.deleteFrom("lease").where("workspace", "=", hole("workspace")).where("stream", "=", hole("stream")).where("owner", "=", hole("owner")),
)
export async function release(db: Ledgered, { workspace, stream }: StreamKey, owner: string): Promise<void> {
  await giveBack(db, { workspace, stream, owner })
}
