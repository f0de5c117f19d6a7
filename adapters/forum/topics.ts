// Topics and their messages. Pages are cut by the number of a message within its topic, so that a long thread costs what a page costs.

import type { RetractReason } from "../../src/core/domain.ts"
import type { Clock } from "../../src/core/ports.ts"
import { freshId } from "./ids.ts"
import type { Db, ForumTables } from "./migrations.ts"
import { nameless } from "./people.ts"

export interface Topic {
  readonly id: string
  readonly title: string
  readonly author: string
  readonly at: number
  readonly lastAt: number
  readonly count: number
}
export interface TopicMessage {
  readonly id: string
  readonly topic: string
  readonly n: number
  readonly at: number
  readonly author: string
  readonly authorName: string
  /** Null: removed at its author's wish. */
  readonly text: string | null
  readonly ask: "pending" | "done" | null
  readonly post: PostRow | null
}
export interface PostRow {
  readonly attempt: string
  readonly request: string
  readonly answers: string
  readonly approvers: readonly string[]
  readonly payload: string | null
  readonly lines: { readonly first: string; readonly last: string }
  readonly label: string
  readonly jws: string
  readonly claims: string
  readonly retracted: { readonly by: string; readonly reason: RetractReason; readonly at: number } | null
}
/** The author of what the program itself wrote: the welcome topic, and posts. */
export const programAuthor = "system"
export const pageSize = 50
export type Topics = ReturnType<typeof topics>

export function topics(db: Db, clock: Clock) {
  const selectMessages = () =>
    db
      .selectFrom("forum_message as m")
      .leftJoin("forum_person as p", "p.id", "m.author")
      .leftJoin("forum_post as o", "o.message", "m.id")
      .selectAll("m")
      .select(["p.name", "o.attempt", "o.request", "o.answers", "o.approvers", "o.payload", "o.first", "o.last", "o.label", "o.jws", "o.claims"])
      .select(["o.retracted", "o.retracted_at"])

  return {
    async list(
      before: { readonly lastAt: number; readonly id: string } | null,
      limit: number,
    ): Promise<readonly (Topic & { readonly authorName: string })[]> {
      let q = db.selectFrom("forum_topic as t").leftJoin("forum_person as p", "p.id", "t.author").selectAll("t").select("p.name")
      if (before !== null)
        q = q.where((e) => e.or([e("t.last_at", "<", before.lastAt), e.and([e("t.last_at", "=", before.lastAt), e("t.id", "<", before.id)])]))
      const rows = await q.orderBy("t.last_at", "desc").orderBy("t.id", "desc").limit(limit).execute()
      return rows.map((r) => ({ ...topicOf(r), authorName: nameOf(r.author, r.name) }))
    },
    async find(id: string): Promise<Topic | null> {
      const row = await db.selectFrom("forum_topic").selectAll().where("id", "=", id).executeTakeFirst()
      return row === undefined ? null : topicOf(row)
    },
    async message(id: string): Promise<TopicMessage | null> {
      const row = await selectMessages().where("m.id", "=", id).executeTakeFirst()
      return row === undefined ? null : messageOf(row)
    },
    /** Messages with a number in (after, before), the latest or the earliest `limit` of them, in order. */
    async messages(
      topic: string,
      cut: { readonly after: number; readonly before: number; readonly take: "latest" | "earliest"; readonly limit: number },
    ) {
      const rows = await selectMessages()
        .where("m.topic", "=", topic)
        .where("m.n", ">", cut.after)
        .where("m.n", "<", cut.before)
        .orderBy("m.n", cut.take === "latest" ? "desc" : "asc")
        .limit(cut.limit)
        .execute()
      const found = rows.map(messageOf)
      return cut.take === "latest" ? found.reverse() : found
    },
    /** The same `id` twice adds one message: a form that was sent twice says one thing. */
    async add(m: { readonly id: string; readonly topic: string; readonly author: string; readonly text: string; readonly ask: "pending" | null }) {
      return db.transaction().execute((t) => addMessage(t, { ...m, kind: "message", at: clock.now() }))
    },
    async open(t: { readonly id: string; readonly title: string; readonly author: string; readonly text: string; readonly ask: "pending" | null }) {
      return db.transaction().execute(async (trx) => {
        const at = clock.now()
        const made = await trx
          .insertInto("forum_topic")
          .values({ id: t.id, title: t.title, author: t.author, at, last_at: at, count: 0 })
          .onConflict((c) => c.doNothing())
          .returning("id")
          .executeTakeFirst()
        if (made === undefined) return null
        return addMessage(trx, { id: freshId(), topic: t.id, author: t.author, text: t.text, ask: t.ask, kind: "message", at })
      })
    },
    async count(): Promise<number> {
      const { n } = await db
        .selectFrom("forum_topic")
        .select((e) => e.fn.countAll<number>().as("n"))
        .executeTakeFirstOrThrow()
      return Number(n)
    },
    async pendingAsks(limit: number): Promise<readonly TopicMessage[]> {
      return (await selectMessages().where("m.ask", "=", "pending").orderBy("m.at").limit(limit).execute()).map(messageOf)
    },
    async askDone(message: string): Promise<void> {
      await db.updateTable("forum_message").set({ ask: "done" }).where("id", "=", message).where("ask", "=", "pending").execute()
    },
  }
}

/** Inside a transaction. Null when the id is there already or the topic is not. */
export async function addMessage(
  t: Db,
  m: {
    readonly id: string
    readonly topic: string
    readonly author: string
    readonly text: string | null
    readonly ask: "pending" | null
    readonly kind: "message" | "post"
    readonly at: number
  },
): Promise<{ readonly id: string; readonly topic: string; readonly n: number } | null> {
  const there = await t.selectFrom("forum_message").select("id").where("id", "=", m.id).executeTakeFirst()
  if (there !== undefined) return null
  // Counts under the row's lock: two replies at once get two numbers.
  const counted = await t
    .updateTable("forum_topic")
    .set((e) => ({ count: e("count", "+", 1), last_at: m.at }))
    .where("id", "=", m.topic)
    .returning("count")
    .executeTakeFirst()
  if (counted === undefined) return null
  await t
    .insertInto("forum_message")
    .values({ ...m, n: counted.count })
    .execute()
  return { id: m.id, topic: m.topic, n: counted.count }
}

const nameOf = (author: string, name: string | null) => (author === programAuthor ? "Countersign" : (name ?? nameless))
function topicOf(r: { id: string; title: string; author: string; at: number; last_at: number; count: number }): Topic {
  return { id: r.id, title: r.title, author: r.author, at: Number(r.at), lastAt: Number(r.last_at), count: r.count }
}
type Joined = ForumTables["forum_message"] & { name: string | null } & {
  [K in keyof Omit<ForumTables["forum_post"], "message">]: ForumTables["forum_post"][K] | null
}
function messageOf(r: Joined): TopicMessage {
  const { id, topic, n, author, text, ask } = r
  return {
    id,
    topic,
    n,
    author,
    text,
    ask,
    at: Number(r.at),
    authorName: nameOf(author, r.name),
    post: r.attempt === null ? null : postOf(r as unknown as ForumTables["forum_post"]),
  }
}
function postOf(r: ForumTables["forum_post"]): PostRow {
  const { attempt, request, answers, payload, label, jws, claims } = r
  const retracted =
    r.retracted === null ? null : { ...(JSON.parse(r.retracted) as { by: string; reason: RetractReason }), at: Number(r.retracted_at) }
  return {
    attempt,
    request,
    answers,
    payload,
    label,
    jws,
    claims,
    approvers: JSON.parse(r.approvers) as string[],
    lines: { first: r.first, last: r.last },
    retracted,
  }
}
