// The adapter's own tables: questions whose words Discord gave once and will not give again, who was erased,
// and which servers the bot is in.
import type { Kysely } from "kysely"
import type { Migration } from "kysely/migration"

export type DiscordTables = {
  /** The message under "Draft an answer": without the message-content intent Discord hands its words out with that command only.
   *  `author`, `asker`: pseudonyms, so that whoever is erased takes the words along. */
  discord_question: { id: string; workspace: string; author: string; asker: string; name: string; text: string; at: number }
  /** Pseudonyms of people who were erased. */
  discord_forgotten: { who: string; at: number }
  /** Servers of which it is on the record that the bot is in them. */
  discord_server: { id: string }
}
export type Db = Kysely<DiscordTables>

/** To be run with main's other migrations; names carry the prefix `discord_`. */
export function discordMigrations(): Record<string, Migration> {
  return {
    discord_001_questions: {
      async up(db: Kysely<unknown>) {
        await db.schema
          .createTable("discord_question")
          .addColumn("id", "text", (c) => c.notNull())
          .addColumn("workspace", "text", (c) => c.notNull())
          .addColumn("author", "text", (c) => c.notNull())
          .addColumn("asker", "text", (c) => c.notNull())
          .addColumn("name", "text", (c) => c.notNull())
          .addColumn("text", "text", (c) => c.notNull())
          .addColumn("at", "bigint", (c) => c.notNull())
          .addPrimaryKeyConstraint("discord_question_key", ["workspace", "id"])
          .execute()
        await db.schema.createIndex("discord_question_at").on("discord_question").column("at").execute()
        await db.schema
          .createTable("discord_forgotten")
          .addColumn("who", "text", (c) => c.primaryKey())
          .addColumn("at", "bigint", (c) => c.notNull())
          .execute()
      },
    },
    discord_002_servers: {
      async up(db: Kysely<unknown>) {
        await db.schema
          .createTable("discord_server")
          .addColumn("id", "text", (c) => c.primaryKey())
          .execute()
      },
    },
  }
}
