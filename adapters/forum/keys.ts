// One-time addresses: the entry key of the start, and invitations. Looking at one uses nothing up; signing in with it does.
import type { Clock } from "../../src/core/ports.ts"
import { digestOf, freshSecret } from "./ids.ts"
import type { Db } from "./migrations.ts"

const entryTtlMs = 24 * 3_600_000
export const invitationTtlMs = 7 * 24 * 3_600_000
export type Key = { readonly kind: "entry" | "invitation"; readonly usesLeft: number }
export type Keys = ReturnType<typeof keys>

export function keys(db: Db, clock: Clock) {
  return {
    /** A new secret; only its digest is kept. An entry key replaces the one before it. */
    async make(kind: Key["kind"], uses: number, madeBy: string | null): Promise<string> {
      const secret = freshSecret()
      await db.transaction().execute(async (t) => {
        await t.deleteFrom("forum_key").where("until", "<=", clock.now()).execute()
        if (kind === "entry") await t.deleteFrom("forum_key").where("kind", "=", "entry").execute()
        await t
          .insertInto("forum_key")
          .values({
            hash: digestOf(secret),
            kind,
            uses_left: uses,
            made_by: madeBy,
            until: clock.now() + (kind === "entry" ? entryTtlMs : invitationTtlMs),
          })
          .execute()
      })
      return secret
    },
    async look(secret: string): Promise<Key | null> {
      const k = await db.selectFrom("forum_key").selectAll().where("hash", "=", digestOf(secret)).executeTakeFirst()
      return k === undefined || k.uses_left < 1 || Number(k.until) <= clock.now() ? null : { kind: k.kind, usesLeft: k.uses_left }
    },
    /** Takes one use, and does `work` with it or gives it back: both or neither. */
    async use<T>(
      secret: string,
      work: (key: Key["kind"], via: Db) => Promise<T | { readonly words: string }>,
    ): Promise<T | { readonly words: string }> {
      try {
        return await db.transaction().execute(async (t) => {
          const k = await t
            .updateTable("forum_key")
            .set((e) => ({ uses_left: e("uses_left", "-", 1) }))
            .where("hash", "=", digestOf(secret))
            .where("uses_left", ">", 0)
            .where("until", ">", clock.now())
            .returning("kind")
            .executeTakeFirst()
          if (k === undefined) throw new NotUsed("This address was used before, or it has expired. Ask for a new one.")
          const done = await work(k.kind, t)
          if (typeof done === "object" && done !== null && "words" in done) throw new NotUsed(String(done.words))
          return done
        })
      } catch (e) {
        if (e instanceof NotUsed) return { words: e.message }
        throw e
      }
    },
  }
}
/** Rolls the transaction back; never leaves this file. */
class NotUsed extends Error {}
