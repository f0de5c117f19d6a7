// Several processes on one PostgreSQL: what one of them nudges, the open pages of the others hear within half a second.
// A nudge that is lost costs nothing but time: a page asks for everything again when its stream opens.
import type { Clock, Log } from "../../src/core/ports.ts"
import { freshId } from "./ids.ts"
import type { Passed } from "./live.ts"
import type { Db } from "./migrations.ts"

const everyMs = 500
// Clocks of processes differ a little, and a transaction that began earlier may be seen later.
const lookBackMs = 10_000
const keptMs = 60_000

export function relay(db: Db, clock: Clock, log: Log) {
  const me = freshId()
  const seen = new Map<string, number>()
  const failed = (e: unknown) => log.warn({ err: e instanceof Error ? e.name : "unknown" }, "a nudge was not passed on")

  async function fetch(hear: (p: Passed) => void): Promise<void> {
    const now = clock.now()
    const rows = await db
      .selectFrom("forum_nudge")
      .selectAll()
      .where("at", ">", now - lookBackMs)
      .where("sender", "!=", me)
      .execute()
    for (const row of rows) {
      if (seen.has(row.id)) continue
      seen.set(row.id, Number(row.at))
      hear(JSON.parse(row.nudge) as Passed)
    }
    for (const [id, at] of seen) if (at < now - keptMs) seen.delete(id)
  }
  return {
    pass(p: Passed): void {
      const at = clock.now()
      const add = async () => {
        await db
          .insertInto("forum_nudge")
          .values({ id: freshId(), sender: me, nudge: JSON.stringify(p), at })
          .execute()
        await db
          .deleteFrom("forum_nudge")
          .where("at", "<", at - keptMs)
          .execute()
      }
      void add().catch(failed)
    },
    /** Until the signal. Asks only while somebody has a page open. */
    async run(hear: (p: Passed) => void, anybody: () => boolean, ending: AbortSignal): Promise<void> {
      while (!ending.aborted) {
        await clock.sleep(everyMs, ending).catch(() => undefined)
        if (!ending.aborted && anybody()) await fetch(hear).catch(failed)
      }
    },
  }
}
