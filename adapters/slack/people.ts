// Who somebody is to a place, as Slack says at this moment. Bots, the deactivated and people of other organisations are strangers.
// A click asks Slack once: what was heard to name the person answers the core's question about them, and no later one.
import { type UsersInfoResponse, WebAPIRateLimitedError, type WebClient } from "@slack/web-api"
import type { PersonId, Place, Pseudonym, Standing } from "../../src/core/domain.ts"
import type { Actor, Clock, Pseudonyms } from "../../src/core/ports.ts"
import type { Channels } from "./channels.ts"
import type { Clients, Team } from "./clients.ts"
import { errorOf } from "./errors.ts"
import { accountOf, personOf, teamIdOf } from "./ids.ts"

type User = NonNullable<UsersInfoResponse["user"]>
interface Heard {
  readonly user: User | null
  readonly at: number
  /** How many gestures it was asked for that have not been judged by it yet. */
  gestures: number
}
/** `stops`: whoever Slack cannot name just now is somebody all the same, since nothing may keep a stop waiting. */
export type Intent = "asks" | "decides" | "stops"
export interface People {
  /** Who made a gesture just now, with the name that others see. Null: nobody whom Slack knows in this workspace.
   *  `asks`: what Slack said a moment ago will do, since nothing comes of an ask that is not judged again. */
  actor(team: Team, userId: string, what: Intent): Promise<Actor | null>
  mayAct(person: PersonId, place: Place): Promise<Standing>
  /** Their name, which may be some minutes old; for threads. */
  name(team: Team, userId: string): Promise<string>
}
export interface PeopleOptions {
  /** Person ids: `slack:T0123/U0123`. */
  readonly admins: readonly string[]
  readonly moderators: readonly string[]
  readonly clock: Clock
  readonly pseudonyms: Pseudonyms
  /** People who were erased, by pseudonym: strangers from then on. */
  readonly forgotten: (who: Pseudonym) => Promise<boolean>
}

const gestureMs = 3_000
// Somebody who asks many things at once is looked up once in so long.
const askMs = 2_000
const nameMs = 10 * 60_000
// Only while Slack refuses to say it again. A stop must not fail because a flood used the limit up.
const limitedMs = 60_000
const most = 2_000

export function people(clients: Clients, channels: Channels, o: PeopleOptions): People {
  const known = new Map<PersonId, Heard>()
  const asking = new Map<PersonId, Promise<User | null>>()

  function ask(person: PersonId, team: Team, userId: string): Promise<User | null> {
    const under = asking.get(person)
    if (under !== undefined) return under
    const asked = askSlack(clients, team, userId)
      .then((user) => {
        known.delete(person)
        for (const oldest of known.keys()) {
          if (known.size < most) break
          known.delete(oldest)
        }
        known.set(person, { user, at: o.clock.now(), gestures: 0 })
        return user
      })
      .catch((fault: unknown) => {
        const before = known.get(person)
        if (fault instanceof WebAPIRateLimitedError && before !== undefined && o.clock.now() - before.at < limitedMs) return before.user
        throw fault
      })
      .finally(() => asking.delete(person))
    asking.set(person, asked)
    return asked
  }

  return {
    async actor(team, userId, what) {
      const person = personOf(team.teamId, userId)
      const named = (u: User | null): Actor | null => (u === null ? null : { person, name: nameOf(u), auth: "slack" })
      const before = known.get(person)
      const lately = what === "asks" && before !== undefined && o.clock.now() - before.at < askMs
      const asked = lately ? Promise.resolve(before.user) : ask(person, team, userId)
      if (what === "stops") return asked.then(named, () => ({ person, name: "somebody", auth: "slack" as const }))
      const user = await asked
      const heard = known.get(person)
      if (heard !== undefined) heard.gestures += 1
      return named(user)
    },
    async mayAct(person, place) {
      const account = accountOf(person)
      if (account === null || place.platform !== "slack" || account.teamId !== teamIdOf(place.workspace)) return "stranger"
      const team = await clients.team(place.workspace)
      if (team === null || (await o.forgotten(o.pseudonyms.of(person)))) return "stranger"
      const heard = known.get(person)
      let user: User | null
      if (heard !== undefined && heard.gestures > 0 && o.clock.now() - heard.at < gestureMs) {
        heard.gestures -= 1
        user = heard.user
      } else user = await ask(person, team, account.userId)
      if (user === null || isStranger(user, team)) return "stranger"
      const guest = user.is_restricted === true || user.is_ultra_restricted === true
      if (!(await channels.reads(team, place.channel, account.userId, guest ? "guest" : "member"))) return "stranger"
      if (guest) return "guest"
      if (o.admins.includes(person)) return "admin"
      return o.moderators.includes(person) ? "moderator" : "member"
    },
    async name(team, userId) {
      const person = personOf(team.teamId, userId)
      const heard = known.get(person)
      const user = heard !== undefined && o.clock.now() - heard.at < nameMs ? heard.user : await ask(person, team, userId).catch(() => null)
      return user === null || (await o.forgotten(o.pseudonyms.of(person))) ? "somebody" : nameOf(user)
    },
  }
}

async function askSlack(clients: Clients, team: Team, userId: string): Promise<User | null> {
  const client: WebClient = await clients.control(team.workspace)
  try {
    return (await client.users.info({ user: userId })).user ?? null
  } catch (fault) {
    if (["user_not_found", "users_not_found", "user_not_visible"].includes(errorOf(fault) ?? "")) return null
    throw fault
  }
}
function isStranger(user: User, team: Team): boolean {
  if (user.is_bot === true || user.deleted === true || user.id === "USLACKBOT" || user.id === team.botUserId) return true
  if (user.is_stranger === true || user.is_workflow_bot === true) return true
  if (user.team_id === team.teamId) return false
  // On Enterprise Grid a member of the organisation may belong to another of its workspaces.
  return team.enterpriseId === null || user.enterprise_user?.enterprise_id !== team.enterpriseId
}
function nameOf(user: User): string {
  const shown = [user.profile?.display_name, user.profile?.real_name, user.real_name, user.name]
  return shown.find((n) => n !== undefined && n.trim() !== "")?.trim() ?? "somebody"
}
