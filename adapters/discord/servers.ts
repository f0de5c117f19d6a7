// Which servers the bot is in, on the record: each that it comes into and each that it leaves, also while nobody listened. Discord tells
// at a start only where it is now, so what was said is kept, and a start says the difference.
import { turns } from "../../src/chat/turns.ts"
import type { Inbox, Log } from "../../src/core/ports.ts"
import { nameOfFault } from "./faults.ts"
import { workspaceOf } from "./ids.ts"
import type { Db } from "./migrations.ts"

export interface Servers {
  joined(guildId: string): Promise<void>
  left(guildId: string): Promise<void>
  /** At a start, with all that it is in. Never rejects. */
  began(guildIds: readonly string[]): Promise<void>
}
export function servers(db: Db, inbox: () => Pick<Inbox, "installed" | "uninstalled">, log: Log): Servers {
  const inTurn = turns()
  // Kept only when it was said: whoever dies between the two says it again, which is no news.
  const joined = (id: string) =>
    inTurn(id, async () => {
      await inbox().installed(workspaceOf(id), "discord")
      await db
        .insertInto("discord_server")
        .values({ id })
        .onConflict((c) => c.doNothing())
        .execute()
    })
  const left = (id: string) =>
    inTurn(id, async () => {
      log.warn({ server: id }, "the app was removed from a server in Discord")
      await inbox().uninstalled(workspaceOf(id), "discord")
      await db.deleteFrom("discord_server").where("id", "=", id).execute()
    })
  return {
    joined,
    left,
    async began(now) {
      try {
        const before = (await db.selectFrom("discord_server").select("id").execute()).map((row) => row.id)
        for (const id of before) if (!now.includes(id)) await left(id)
        for (const id of now) if (!before.includes(id)) await joined(id)
      } catch (fault) {
        log.warn({ fault: nameOfFault(fault) }, "which servers the bot came into or left could not be put on the record; the next start does")
      }
    },
  }
}
