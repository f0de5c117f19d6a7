// Who belongs to this forum and how much they may do. A person who was removed is a stranger from then on.
import type { PersonId, Standing } from "../../src/core/domain.ts"
import type { Clock } from "../../src/core/ports.ts"
import { freshId } from "./ids.ts"
import type { Db } from "./migrations.ts"
import { checkName, lookOf } from "./names.ts"

export interface Person {
  readonly id: string
  readonly name: string
  readonly standing: Standing
  readonly auth: "picked" | "oidc"
  readonly joinedAt: number
}
export type People = ReturnType<typeof people>

export const personIdOf = (id: string) => `forum:${id}` as PersonId
export function accountOf(person: PersonId): string | null {
  return person.startsWith("forum:") ? person.slice("forum:".length) : null
}
export const nameless = "Somebody who left"

export function people(db: Db, clock: Clock, roles: { readonly moderators: readonly string[]; readonly admins: readonly string[] }) {
  const listed = (list: readonly string[], p: { id: string; email: string | null }) =>
    list.some((entry) => entry === p.id || entry === personIdOf(p.id) || (p.email !== null && entry.toLowerCase() === p.email.toLowerCase()))
  const standing = (p: { id: string; email: string | null; role: "admin" | "member"; removed_at: number | null }): Standing => {
    if (p.removed_at !== null) return "stranger"
    if (p.role === "admin" || listed(roles.admins, p)) return "admin"
    return listed(roles.moderators, p) ? "moderator" : "member"
  }
  async function find(id: string): Promise<Person | null> {
    const p = await db.selectFrom("forum_person").selectAll().where("id", "=", id).executeTakeFirst()
    if (p === undefined) return null
    return { id: p.id, name: p.name, standing: standing(p), auth: p.auth, joinedAt: Number(p.joined_at) }
  }

  return {
    find,
    /** A new account, or the sentence why not. */
    async join(rawName: string, as: { readonly role: "admin" | "member"; readonly via: Db }): Promise<Person | { readonly words: string }> {
      const checked = checkName(rawName)
      if ("words" in checked) return checked
      const added = await insert(as.via, { name: checked.name, role: as.role, auth: "picked", email: null, subject: null }, clock)
      if (added === null) return { words: "Somebody here has that name, or one that looks like it. Choose another one." }
      return { id: added, name: checked.name, standing: as.role, auth: "picked", joinedAt: clock.now() }
    },
    /** The account of somebody the identity provider vouches for; made at their first visit. */
    async known(as: { readonly subject: string; readonly name: string; readonly email: string | null }): Promise<Person> {
      for (let copy = 1; ; copy += 1) {
        const there = await db.selectFrom("forum_person").select("id").where("subject", "=", as.subject).executeTakeFirst()
        const name = copy === 1 ? as.name : `${as.name} ${copy}`
        const id = there?.id ?? (await insert(db, { ...as, name, role: "member", auth: "oidc" }, clock))
        if (id === null) continue
        if (there !== undefined) await db.updateTable("forum_person").set({ email: as.email }).where("id", "=", id).execute()
        const person = await find(id)
        if (person !== null) return person
      }
    },
    async first(): Promise<Person | null> {
      const p = await db
        .selectFrom("forum_person")
        .select("id")
        .where("role", "=", "admin")
        .where("removed_at", "is", null)
        .orderBy("joined_at")
        .executeTakeFirst()
      return p === undefined ? null : find(p.id)
    },
    async count(): Promise<number> {
      const { n } = await db
        .selectFrom("forum_person")
        .select((e) => e.fn.countAll<number>().as("n"))
        .where("removed_at", "is", null)
        .executeTakeFirstOrThrow()
      return Number(n)
    },
    async all(limit: number): Promise<readonly Person[]> {
      const rows = await db.selectFrom("forum_person").selectAll().where("removed_at", "is", null).orderBy("joined_at").limit(limit).execute()
      return rows.map((p) => ({ id: p.id, name: p.name, standing: standing(p), auth: p.auth, joinedAt: Number(p.joined_at) }))
    },
    /** Takes away everything a person may do; their words stay. */
    async remove(id: string): Promise<void> {
      await db.updateTable("forum_person").set({ removed_at: clock.now() }).where("id", "=", id).where("removed_at", "is", null).execute()
      await db.deleteFrom("forum_session").where("person", "=", id).execute()
    },
    /** Takes away the words and the name too. */
    async forget(id: string): Promise<void> {
      await db.transaction().execute(async (t) => {
        await t.deleteFrom("forum_session").where("person", "=", id).execute()
        await t.deleteFrom("forum_note").where("person", "=", id).execute()
        await t.updateTable("forum_message").set({ text: null, ask: null }).where("author", "=", id).execute()
        await t.updateTable("forum_topic").set({ title: "A question that was removed" }).where("author", "=", id).execute()
        await t
          .updateTable("forum_person")
          .set({ name: nameless, name_key: null, email: null, subject: null, role: "member", removed_at: clock.now() })
          .where("id", "=", id)
          .execute()
      })
    },
  }
}

async function insert(
  db: Db,
  p: {
    readonly name: string
    readonly role: "admin" | "member"
    readonly auth: "picked" | "oidc"
    readonly email: string | null
    readonly subject: string | null
  },
  clock: Clock,
): Promise<string | null> {
  const row = await db
    .insertInto("forum_person")
    .values({ id: freshId(), name_key: lookOf(p.name), joined_at: clock.now(), removed_at: null, ...p })
    .onConflict((c) => c.doNothing())
    .returning("id")
    .executeTakeFirst()
  return row?.id ?? null
}
