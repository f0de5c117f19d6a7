// Private words to one person: kept until they put them away. Sentences from core/notices, refusals and outcomes of their own acts only.
import type { Clock } from "../../src/core/ports.ts"
import type { Live } from "./live.ts"
import type { Db } from "./migrations.ts"

export interface Note {
  readonly id: number
  readonly words: string
  readonly url: string | null
  readonly at: number
}
export type Notes = ReturnType<typeof notes>
const shownAtOnce = 5

export function notes(db: Db, clock: Clock, live: Live) {
  return {
    async add(person: string, words: string, url: string | null): Promise<void> {
      await db.insertInto("forum_note").values({ person, words, url, at: clock.now() }).execute()
      live.one(person, { event: "note" })
    },
    /** The same words about the same thing stand once. */
    async once(person: string, words: string, url: string): Promise<void> {
      const same = db.selectFrom("forum_note").select("id").where("person", "=", person).where("words", "=", words).where("url", "=", url)
      if ((await same.executeTakeFirst()) === undefined) await this.add(person, words, url)
    },
    async of(person: string): Promise<readonly Note[]> {
      const rows = await db.selectFrom("forum_note").selectAll().where("person", "=", person).orderBy("id", "desc").limit(shownAtOnce).execute()
      return rows.map(({ id, words, url, at }) => ({ id: Number(id), words, url, at: Number(at) }))
    },
    async putAway(person: string, id: number): Promise<void> {
      await db.deleteFrom("forum_note").where("person", "=", person).where("id", "<=", id).execute()
    },
  }
}
