// Who is let in beside the members: guests, and people of other organisations. Counted where a channel is small enough to ask about
// each of its people, since Slack has no number for them; what it says of a person is asked about once an hour.
import type { Team } from "./clients.ts"
import { personOf } from "./ids.ts"
import { notNow } from "./not-now.ts"
import { isForeign, isGuest, isPerson, type Users } from "./users.ts"

/** A hundred questions a minute about people is what Slack allows, and clicks have some of them. */
export const mostCounted = 50
const atOnce = 10
const knownMs = 3_600_000

export interface Readers {
  readonly guests: number
  readonly foreign: number
}
/** `members`: asked for here, since Slack may not say that either. Null: it does not say it now. */
export async function readersAmong(users: Users, team: Team, members: () => Promise<readonly string[]>): Promise<Readers | null> {
  try {
    return await count(users, team, await members())
  } catch (fault) {
    if (notNow(fault) === null) throw fault
    return null
  }
}
async function count(users: Users, team: Team, ids: readonly string[]): Promise<Readers> {
  const counted = { guests: 0, foreign: 0 }
  for (let i = 0; i < ids.length; i += atOnce) {
    const some = ids.slice(i, i + atOnce)
    const heard = await Promise.all(some.map((id) => users.heard(personOf(team.teamId, id), knownMs) ?? users.ask(team, id, "shared")))
    for (const { user } of heard) {
      // In a channel of ours, and nobody that we may know: of another organisation.
      if (user === null) counted.foreign += 1
      else if (!isPerson(user, team)) continue
      else if (isForeign(user, team)) counted.foreign += 1
      else if (isGuest(user)) counted.guests += 1
    }
  }
  return counted
}
/** "1 of them a guest", "2 of them guests and 1 from another organisation"; empty: nobody. */
export function readerWords({ guests, foreign }: Readers): string {
  const kinds = [
    ...(guests === 0 ? [] : [`${guests} of them ${guests === 1 ? "a guest" : "guests"}`]),
    ...(foreign === 0 ? [] : [`${foreign} ${guests === 0 ? "of them " : ""}from ${foreign === 1 ? "another organisation" : "other organisations"}`]),
  ]
  return kinds.join(" and ")
}
