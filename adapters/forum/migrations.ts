// The forum's own tables: people, topics, messages, and what it shows of posts. The truth about approvals is in the ledger, not here.

import { type Generated, type Kysely, sql } from "kysely"
import type { Migration } from "kysely/migration"

export type ForumTables = {
  /** `name_key`: how the name looks, so that no two names look alike. `email` only when the provider verified it. */
  forum_person: {
    id: string
    name: string
    name_key: string | null
    email: string | null
    subject: string | null
    role: "admin" | "member"
    auth: "picked" | "oidc"
    joined_at: number
    removed_at: number | null
  }
  forum_session: { hash: string; person: string; csrf: string; until: number }
  /** One-time entry keys and invitations, by SHA-256. */
  forum_key: { hash: string; kind: "entry" | "invitation"; uses_left: number; until: number; made_by: string | null }
  /** Sign-ins under way at the identity provider, by the hash of the browser's cookie. */
  forum_login: { hash: string; state: string; nonce: string; verifier: string; wanted: string; until: number }
  forum_topic: { id: string; title: string; author: string; at: number; last_at: number; count: number }
  /** `n` counts within the topic. `ask`: whether a mention in it has reached the inbox. */
  forum_message: {
    id: string
    topic: string
    n: number
    kind: "message" | "post"
    author: string
    text: string | null
    at: number
    ask: "pending" | "done" | null
  }
  /** The public posts of the program. `attempt` is unique: one attempt, at most one row. */
  forum_post: {
    message: string
    attempt: string
    request: string
    answers: string
    approvers: string
    payload: string | null
    first: string
    last: string
    label: string
    jws: string
    claims: string
    retracted: string | null
    retracted_at: number | null
  }
  /** What one process passes on to the others, for a minute. */
  forum_nudge: { id: string; sender: string; nudge: string; at: number }
  forum_note: { id: Generated<number>; person: string; words: string; url: string | null; at: number }
}
export type Db = Kysely<ForumTables>
export type Dialect = "sqlite" | "postgres"

/** To be run with main's other migrations; names carry the prefix `forum_`. */
export function forumMigrations(dialect: Dialect): Record<string, Migration> {
  return {
    forum_001_people_topics_posts: {
      async up(db: Kysely<unknown>) {
        await peopleTables(db)
        await threadTables(db)
        await db.schema
          .createTable("forum_note")
          .addColumn("id", dialect === "postgres" ? "bigserial" : "integer", (c) =>
            dialect === "postgres" ? c.primaryKey() : c.primaryKey().autoIncrement(),
          )
          .addColumn("person", "text", (c) => c.notNull())
          .addColumn("words", "text", (c) => c.notNull())
          .addColumn("url", "text")
          .addColumn("at", "bigint", (c) => c.notNull())
          .execute()
        await db.schema.createIndex("forum_note_person").on("forum_note").columns(["person", "id"]).execute()
      },
    },
    forum_002_nudges: {
      async up(db: Kysely<unknown>) {
        await db.schema
          .createTable("forum_nudge")
          .addColumn("id", "text", (c) => c.primaryKey())
          .addColumn("sender", "text", (c) => c.notNull())
          .addColumn("nudge", "text", (c) => c.notNull())
          .addColumn("at", "bigint", (c) => c.notNull())
          .execute()
        await db.schema.createIndex("forum_nudge_at").on("forum_nudge").column("at").execute()
      },
    },
  }
}

async function peopleTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("forum_person")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("name_key", "text", (c) => c.unique())
    .addColumn("email", "text")
    .addColumn("subject", "text", (c) => c.unique())
    .addColumn("role", "text", (c) => c.notNull().check(sql`role in ('admin', 'member')`))
    .addColumn("auth", "text", (c) => c.notNull())
    .addColumn("joined_at", "bigint", (c) => c.notNull())
    .addColumn("removed_at", "bigint")
    .execute()
  await db.schema
    .createTable("forum_session")
    .addColumn("hash", "text", (c) => c.primaryKey())
    .addColumn("person", "text", (c) => c.notNull().references("forum_person.id"))
    .addColumn("csrf", "text", (c) => c.notNull())
    .addColumn("until", "bigint", (c) => c.notNull())
    .execute()
  await db.schema.createIndex("forum_session_person").on("forum_session").column("person").execute()
  await db.schema
    .createTable("forum_key")
    .addColumn("hash", "text", (c) => c.primaryKey())
    .addColumn("kind", "text", (c) => c.notNull())
    .addColumn("uses_left", "integer", (c) => c.notNull().check(sql`uses_left >= 0`))
    .addColumn("until", "bigint", (c) => c.notNull())
    .addColumn("made_by", "text")
    .execute()
  await db.schema
    .createTable("forum_login")
    .addColumn("hash", "text", (c) => c.primaryKey())
    .addColumn("state", "text", (c) => c.notNull())
    .addColumn("nonce", "text", (c) => c.notNull())
    .addColumn("verifier", "text", (c) => c.notNull())
    .addColumn("wanted", "text", (c) => c.notNull())
    .addColumn("until", "bigint", (c) => c.notNull())
    .execute()
}

async function threadTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("forum_topic")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("title", "text", (c) => c.notNull())
    .addColumn("author", "text", (c) => c.notNull())
    .addColumn("at", "bigint", (c) => c.notNull())
    .addColumn("last_at", "bigint", (c) => c.notNull())
    .addColumn("count", "integer", (c) => c.notNull())
    .execute()
  await db.schema.createIndex("forum_topic_last").on("forum_topic").columns(["last_at", "id"]).execute()
  await db.schema
    .createTable("forum_message")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("topic", "text", (c) => c.notNull().references("forum_topic.id"))
    .addColumn("n", "integer", (c) => c.notNull())
    .addColumn("kind", "text", (c) => c.notNull())
    .addColumn("author", "text", (c) => c.notNull())
    .addColumn("text", "text")
    .addColumn("at", "bigint", (c) => c.notNull())
    .addColumn("ask", "text")
    .addUniqueConstraint("forum_message_n", ["topic", "n"])
    .execute()
  await db.schema.createIndex("forum_message_ask").on("forum_message").column("ask").execute()
  await db.schema.createIndex("forum_message_author").on("forum_message").column("author").execute()
  await db.schema
    .createTable("forum_post")
    .addColumn("message", "text", (c) => c.primaryKey().references("forum_message.id"))
    .addColumn("attempt", "text", (c) => c.notNull().unique())
    .addColumn("request", "text", (c) => c.notNull())
    .addColumn("answers", "text", (c) => c.notNull())
    .addColumn("approvers", "text", (c) => c.notNull())
    .addColumn("payload", "text")
    .addColumn("first", "text", (c) => c.notNull())
    .addColumn("last", "text", (c) => c.notNull())
    .addColumn("label", "text", (c) => c.notNull())
    .addColumn("jws", "text", (c) => c.notNull())
    .addColumn("claims", "text", (c) => c.notNull())
    .addColumn("retracted", "text")
    .addColumn("retracted_at", "bigint")
    .execute()
}
