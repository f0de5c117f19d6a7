// People who were erased: strangers from then on, whose names are not read again. Slack keeps their messages; we never did.
import type { Pseudonym } from "../../src/core/domain.ts"
import type { Clock } from "../../src/core/ports.ts"
import type { Db } from "./migrations.ts"

export function forgetting(db: Db, clock: Clock) {
  return {
    async has(who: Pseudonym): Promise<boolean> {
      return (await db.selectFrom("slack_forgotten").select("who").where("who", "=", who).executeTakeFirst()) !== undefined
    },
    async add(who: Pseudonym): Promise<void> {
      await db
        .insertInto("slack_forgotten")
        .values({ who, at: clock.now() })
        .onConflict((c) => c.doNothing())
        .execute()
    },
  }
}
