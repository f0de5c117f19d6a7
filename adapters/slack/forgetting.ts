// People who were erased: strangers from then on, whose names are not read again. Slack keeps their messages; we never did.
import type { Kysely } from "kysely"
import type { Pseudonym } from "../../src/core/domain.ts"
import type { Clock, Platform, Pseudonyms } from "../../src/core/ports.ts"
import type { Db, SlackTables } from "./migrations.ts"

/** For a command beside the server: forgets without opening Slack. Run the migrations first. */
export function slackForgetter(db: Kysely<unknown>, pseudonyms: Pseudonyms, clock: Clock): Pick<Platform, "forget"> {
  const forgotten = forgetting(db.withTables<SlackTables>() as Db, clock)
  return { forget: (person) => forgotten.add(pseudonyms.of(person)) }
}

export function forgetting(db: Db, clock: Clock) {
  let known: { readonly at: number; readonly all: Promise<ReadonlySet<string>> } | null = null
  const all = async () => new Set((await db.selectFrom("slack_forgotten").select("who").execute()).map((row) => row.who))
  return {
    /** What another process forgot counts here within a second. */
    async has(who: Pseudonym): Promise<boolean> {
      if (known === null || clock.now() - known.at >= keptMs) {
        known = { at: clock.now(), all: all() }
        known.all.catch(() => {
          known = null
        })
      }
      return (await known.all).has(who)
    },
    async add(who: Pseudonym): Promise<void> {
      await db
        .insertInto("slack_forgotten")
        .values({ who, at: clock.now() })
        .onConflict((c) => c.doNothing())
        .execute()
      known = null
    },
  }
}
// They are few: whoever was erased at their own wish.
const keptMs = 1_000
