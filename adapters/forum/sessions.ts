// Who is signed in, and whether a form really comes from a page of ours. The cookie is a secret; the database has its digest.
import type { Clock } from "../../src/core/ports.ts"
import { sameOrigin } from "../../src/page/guard.ts"
import type { Sessions, Viewer } from "../../src/page/session.ts"
import { digestOf, freshSecret, sameSecret } from "./ids.ts"
import type { Db } from "./migrations.ts"
import { type People, type Person, personIdOf } from "./people.ts"

const sessionTtlMs = 30 * 24 * 3_600_000
export const signInFirst = "You are not signed in, so nothing was changed. Sign in, then try again."
export const notFromHere = "This form did not come from a page of this forum, so nothing was changed. Open the page again and repeat."
export type ForumSessions = ReturnType<typeof sessions>

export function sessions(db: Db, clock: Clock, people: People, origin: string) {
  const secure = origin.startsWith("https:")
  // `__Host-` ties the cookie to this host alone; browsers take it over https only.
  // Cookies do not heed ports: two forums on one machine would sign each other's people out.
  const cookie = secure ? "__Host-countersign" : `countersign-${new URL(origin).port || "80"}`
  const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`

  async function viewer(request: Request): Promise<Viewer | null> {
    const secret = readCookie(request, cookie)
    if (secret === null) return null
    const s = await db.selectFrom("forum_session").selectAll().where("hash", "=", digestOf(secret)).executeTakeFirst()
    if (s === undefined || Number(s.until) <= clock.now()) return null
    const person = await people.find(s.person)
    if (person === null || person.standing === "stranger") return null
    return { person: personIdOf(person.id), name: person.name, auth: person.auth, standing: person.standing, csrf: s.csrf }
  }
  const contract: Sessions = {
    viewer,
    async mayPost(request, csrf) {
      if (!sameOrigin(request, origin)) return { status: 403, words: notFromHere }
      const who = await viewer(request)
      if (who === null) return { status: 401, words: signInFirst }
      return csrf !== null && sameSecret(csrf, who.csrf) ? who : { status: 403, words: notFromHere }
    },
  }
  return {
    ...contract,
    /** The `Set-Cookie` that signs a person in. */
    async open(person: Person): Promise<string> {
      const secret = freshSecret()
      await db.deleteFrom("forum_session").where("until", "<=", clock.now()).execute()
      await db
        .insertInto("forum_session")
        .values({ hash: digestOf(secret), person: person.id, csrf: freshSecret(), until: clock.now() + sessionTtlMs })
        .execute()
      return `${cookie}=${secret}; ${attributes}; Max-Age=${sessionTtlMs / 1000}`
    },
    async close(request: Request): Promise<string> {
      const secret = readCookie(request, cookie)
      if (secret !== null) await db.deleteFrom("forum_session").where("hash", "=", digestOf(secret)).execute()
      return `${cookie}=; ${attributes}; Max-Age=0`
    },
  }
}

export function readCookie(request: Request, name: string): string | null {
  for (const part of (request.headers.get("cookie") ?? "").split(";")) {
    const [key, ...value] = part.trim().split("=")
    if (key === name) return value.join("=")
  }
  return null
}
