// The only file of the forum that writes a public message under the program's name: one spent permit, at most one row.
// `attempt` is unique in the table, and reads follow writes, so `findPosted` may answer "absent".
import type { AttemptId, PostedRef, Pseudonym, WorkspaceId } from "../../src/core/domain.ts"
import { type PublishPermit, spend } from "../../src/core/permit.ts"
import { type Clock, PostRefused } from "../../src/core/ports.ts"
import type { Signpost } from "../../src/core/signposts.ts"
import type { Claims } from "../../src/label/claims.ts"
import { labelLines } from "../../src/label/lines.ts"
import { freshId } from "./ids.ts"
import type { Live } from "./live.ts"
import type { Db } from "./migrations.ts"
import { addMessage, programAuthor } from "./topics.ts"

export function outbound(db: Db, clock: Clock, live: Live, origin: string, workspace: WorkspaceId) {
  const refTo = (id: string): PostedRef => ({ workspace, id, url: `${origin}/m/${id}` })
  return {
    async publish(permit: PublishPermit, signal: AbortSignal): Promise<PostedRef> {
      const { attempt, request, approvers, place, message, rendered, label, notAfter } = spend(permit)
      const added = await db.transaction().execute(async (t) => {
        const row = await addMessage(t, {
          id: freshId(),
          topic: place.channel,
          author: programAuthor,
          text: null,
          ask: null,
          kind: "post",
          at: clock.now(),
        })
        if (row === null) throw new PostRefused("The topic is gone.")
        await t
          .insertInto("forum_post")
          .values({
            message: row.id,
            attempt,
            request,
            answers: message,
            approvers: JSON.stringify(approvers),
            payload: rendered.payload,
            first: label.lines.first,
            last: label.lines.last,
            label: label.claims.jti,
            jws: label.jws,
            claims: JSON.stringify(label.claims),
            retracted: null,
            retracted_at: null,
          })
          .execute()
        // A transaction that had to wait must not bring out what the rest of the program has given up on.
        if (signal.aborted || clock.now() >= notAfter) throw new PostRefused("The forum took too long to take it.")
        return row
      })
      live.everyone({ event: "message", topic: added.topic, id: added.id })
      return refTo(added.id)
    },
    async findPosted(attempt: AttemptId): Promise<PostedRef | "absent"> {
      const row = await db.selectFrom("forum_post").select("message").where("attempt", "=", attempt).executeTakeFirst()
      return row === undefined ? "absent" : refTo(row.message)
    },
    /** The text goes, the frame stays and says so. */
    async withdraw(post: PostedRef, words: Signpost): Promise<"withdrawn" | "gone" | "refused"> {
      const row = await db
        .updateTable("forum_post")
        .set({ payload: null, retracted: JSON.stringify({ by: words.by, reason: words.reason }), retracted_at: words.at })
        .where("message", "=", post.id)
        .where("retracted", "is", null)
        .returning("message")
        .executeTakeFirst()
      const there = await db
        .selectFrom("forum_message as m")
        .innerJoin("forum_post as o", "o.message", "m.id")
        .select(["m.topic", "m.id"])
        .where("m.id", "=", post.id)
        .executeTakeFirst()
      if (there === undefined) return "gone"
      if (row !== undefined) live.everyone({ event: "changed", topic: there.topic, id: there.id })
      return "withdrawn"
    },
    /** Takes a person's name off the posts that they let out or took back. The labels stay: they have pseudonyms only. */
    async forget(pseudonym: Pseudonym, name: string): Promise<void> {
      const withName = JSON.stringify({ by: name }).slice(1, -1)
      const rows = await db
        .selectFrom("forum_post")
        .select(["message", "approvers", "claims", "first", "retracted"])
        .where((e) => e.or([e("approvers", "like", `%${pseudonym}%`), e("retracted", "like", `%${withName}%`)]))
        .execute()
      for (const row of rows) {
        const by = JSON.parse(row.approvers) as Pseudonym[]
        const names = namesOn(row.first).map((n, i) => (by[i] === pseudonym ? someone : n))
        const retracted = row.retracted === null ? null : (JSON.parse(row.retracted) as { by: string; reason: string })
        await db
          .updateTable("forum_post")
          .set({
            ...(by.includes(pseudonym) ? labelLines(JSON.parse(row.claims) as Claims, names) : {}),
            retracted: retracted === null ? null : JSON.stringify({ ...retracted, by: retracted.by === name ? someone : retracted.by }),
          })
          .where("message", "=", row.message)
          .execute()
      }
    },
  }
}

const someone = "somebody"
/** The names between "approved by" and the next dot; no name has a dot, a comma or the word "and". */
function namesOn(line: string): readonly string[] {
  return (line.split("approved by ")[1]?.split(" · ")[0] ?? "").split(/, | and /)
}
