// Ids for drafts' labels and for attempts: 80 random bits that nobody can guess, after the time, so that they sort by it.
import { randomInt } from "node:crypto"
import { ulid } from "ulid"
import type { Instant } from "../core/domain.ts"

export function freshId(now: Instant): string {
  return ulid(now, fraction)
}
// `ulid` asks for sixteen of them, and would go to the system for each. Node fetches many at once for `randomInt`.
const fraction = () => randomInt(2 ** 32) / 2 ** 32
