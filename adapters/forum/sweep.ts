// The forum's public posts as they stand in its tables: what somebody with access to them may have changed is seen here.
import type { AttemptId, Instant, LabelId, WorkspaceId } from "../../src/core/domain.ts"
import type { OwnMessage } from "../../src/core/inbox.ts"
import { visibleHtml } from "../../src/label/read/html.ts"
import type { Db } from "./migrations.ts"

const atOnce = 200

export async function* sweep(db: Db, workspace: WorkspaceId, origin: string, since: Instant): AsyncIterable<OwnMessage> {
  let after = ""
  for (;;) {
    const rows = await db
      .selectFrom("forum_post as o")
      .innerJoin("forum_message as m", "m.id", "o.message")
      .select(["m.id", "m.topic", "o.attempt", "o.label", "o.payload", "o.first", "o.last"])
      .where("m.at", ">=", since)
      .where("m.id", ">", after)
      .orderBy("m.id")
      .limit(atOnce)
      .execute()
    for (const row of rows) {
      const visible = row.payload === null ? null : visibleHtml(row.payload)
      yield {
        what: "created",
        place: { platform: "forum", workspace, channel: row.topic, thread: null },
        post: { workspace, id: row.id, url: `${origin}/m/${row.id}` },
        attempt: row.attempt as AttemptId,
        label: row.label as LabelId,
        visible,
        whole: visible === null ? null : [row.first, visible, row.last].join("\n"),
      }
    }
    after = rows.at(-1)?.id ?? after
    if (rows.length < atOnce) return
  }
}
