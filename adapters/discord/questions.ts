// The words of messages that somebody asked an answer to by command. Discord hands them out with that command and, without the
// message-content intent, never again; a redraft after a restart still needs them. Kept as long as a draft can live, no longer.
import type { Kysely } from "kysely"
import type { Instant, PersonId, Pseudonym, WorkspaceId } from "../../src/core/domain.ts"
import type { Clock, Platform, Pseudonyms } from "../../src/core/ports.ts"
import type { Db, DiscordTables } from "./migrations.ts"

export interface Question {
  /** `<channel>:<message>`. */
  readonly id: string
  readonly workspace: WorkspaceId
  readonly author: PersonId
  readonly asker: PersonId
  readonly name: string
  readonly text: string
}
// The longest life of a draft that countersign.yml allows, and a day.
const keptMs = 91 * 24 * 3_600_000
const prunedEveryMs = 3_600_000

export function questions(db: Db, pseudonyms: Pseudonyms, clock: Pick<Clock, "now">) {
  let pruned: Instant = 0
  return {
    /** As it reads now; of whoever asks last. */
    async keep(q: Question): Promise<void> {
      const at = clock.now()
      const row = { author: pseudonyms.of(q.author), asker: pseudonyms.of(q.asker), name: q.name, text: q.text, at }
      await db
        .insertInto("discord_question")
        .values({ id: q.id, workspace: q.workspace, ...row })
        .onConflict((c) => c.columns(["workspace", "id"]).doUpdateSet(row))
        .execute()
      if (at - pruned < prunedEveryMs) return
      pruned = at
      await db
        .deleteFrom("discord_question")
        .where("at", "<", at - keptMs)
        .execute()
    },
    async find(workspace: WorkspaceId, id: string): Promise<{ readonly name: string; readonly text: string } | null> {
      const found = await db
        .selectFrom("discord_question")
        .select(["name", "text"])
        .where("workspace", "=", workspace)
        .where("id", "=", id)
        .executeTakeFirst()
      return found ?? null
    },
  }
}
export type Questions = ReturnType<typeof questions>

/** People who were erased: strangers from then on, with what was kept of their words gone. */
export function forgetting(db: Db, clock: Pick<Clock, "now">) {
  let known: { readonly at: number; readonly all: Promise<ReadonlySet<string>> } | null = null
  const all = async () => new Set((await db.selectFrom("discord_forgotten").select("who").execute()).map((row) => row.who))
  return {
    /** What another process forgot counts here within a second. */
    async has(who: Pseudonym): Promise<boolean> {
      if (known === null || clock.now() - known.at >= freshMs) {
        known = { at: clock.now(), all: all() }
        known.all.catch(() => {
          known = null
        })
      }
      return (await known.all).has(who)
    },
    async add(who: Pseudonym): Promise<void> {
      await db.transaction().execute(async (tx) => {
        await tx
          .insertInto("discord_forgotten")
          .values({ who, at: clock.now() })
          .onConflict((c) => c.doNothing())
          .execute()
        await tx
          .deleteFrom("discord_question")
          .where((e) => e.or([e("author", "=", who), e("asker", "=", who)]))
          .execute()
      })
      known = null
    },
  }
}
const freshMs = 1_000

/** For a command beside the server: forgets without opening Discord. Run the migrations first. */
export function discordForgetter(db: Kysely<unknown>, pseudonyms: Pseudonyms, clock: Clock): Pick<Platform, "forget"> {
  const forgotten = forgetting(db.withTables<DiscordTables>() as Db, clock)
  return { forget: (person) => forgotten.add(pseudonyms.of(person)) }
}
