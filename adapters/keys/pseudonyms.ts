// Names for people that mean something only to this installation: a keyed digest, so that nobody can try accounts against it.
// Whoever loses the key can no longer tell that two pseudonyms are one person; the log stays readable.
import { createHmac, randomBytes } from "node:crypto"
import type { PersonId, Pseudonym } from "../../src/core/domain.ts"
import type { Pseudonyms } from "../../src/core/ports.ts"

export function newSecret(): string {
  return randomBytes(32).toString("base64url")
}
/** `p_` and 22 characters: 128 bits of HMAC-SHA256. */
export function pseudonymsOf(secret: string): Pseudonyms {
  const key = Buffer.from(secret, "base64url")
  const known = new Map<PersonId, Pseudonym>()
  const make = (person: PersonId) =>
    `p_${createHmac("sha256", key).update(person, "utf8").digest().subarray(0, 16).toString("base64url")}` as Pseudonym
  return {
    of(person) {
      const before = known.get(person)
      if (before !== undefined) return before
      if (known.size >= kept) known.clear()
      const made = make(person)
      known.set(person, made)
      return made
    },
  }
}
// Asked several times a page, for few people. What is kept here, the process could compute at any time.
const kept = 1_000
