// The adapter's own tables: where it is installed, with tokens that only the key files can open, and who was erased.

import type { Kysely } from "kysely"
import type { Migration } from "kysely/migration"

export type SlackTables = {
  /** One installation: of a workspace, or of a whole organisation on Enterprise Grid. `sealed`: its tokens, encrypted. */
  slack_install: {
    id: string
    enterprise_id: string | null
    app_id: string
    bot_user_id: string
    bot_id: string
    sealed: string
    /** When the token dies; null: never, there is no rotation. */
    expires_at: number | null
    /** While it stands, one process exchanges the refresh token, and the others wait. */
    refreshing_until: number
    at: number
  }
  /** A workspace and the installation that serves it. */
  slack_workspace: { team_id: string; install: string; name: string }
  /** Pseudonyms of people who were erased. */
  slack_forgotten: { who: string; at: number }
}
export type Db = Kysely<SlackTables>

/** To be run with main's other migrations; names carry the prefix `slack_`. */
export function slackMigrations(): Record<string, Migration> {
  return {
    slack_001_installs: {
      async up(db: Kysely<unknown>) {
        await db.schema
          .createTable("slack_install")
          .addColumn("id", "text", (c) => c.primaryKey())
          .addColumn("enterprise_id", "text")
          .addColumn("app_id", "text", (c) => c.notNull())
          .addColumn("bot_user_id", "text", (c) => c.notNull())
          .addColumn("bot_id", "text", (c) => c.notNull())
          .addColumn("sealed", "text", (c) => c.notNull())
          .addColumn("expires_at", "bigint")
          .addColumn("refreshing_until", "bigint", (c) => c.notNull().defaultTo(0))
          .addColumn("at", "bigint", (c) => c.notNull())
          .execute()
        await db.schema
          .createTable("slack_workspace")
          .addColumn("team_id", "text", (c) => c.primaryKey())
          .addColumn("install", "text", (c) => c.notNull().references("slack_install.id").onDelete("cascade"))
          .addColumn("name", "text", (c) => c.notNull())
          .execute()
        await db.schema
          .createTable("slack_forgotten")
          .addColumn("who", "text", (c) => c.primaryKey())
          .addColumn("at", "bigint", (c) => c.notNull())
          .execute()
      },
    },
  }
}
