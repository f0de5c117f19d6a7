// Who somebody is to a place, as Slack says at this moment. Bots, the deactivated and people of other organisations are strangers.
// A click asks Slack once: what was heard to name the person answers the core's question about them, and no later one. When Slack
// does not say it now, a click is refused; an ask, of which nothing comes that is not judged again, may be judged by what Slack said
// a minute ago; a stop waits for nobody.
import type { PersonId, Place, Pseudonym, Standing } from "../../src/core/domain.ts"
import { type Actor, type Clock, PlatformBusy, type Pseudonyms } from "../../src/core/ports.ts"
import type { Channels } from "./channels.ts"
import type { Team } from "./clients.ts"
import { accountOf, personOf, teamIdOf } from "./ids.ts"
import { notNow } from "./not-now.ts"
import { type Heard, isForeign, isGuest, isPerson, nameOf, type Users } from "./users.ts"

/** `stops`: whoever Slack cannot name just now is somebody all the same, since nothing may keep a stop waiting. */
export type Intent = "asks" | "decides" | "stops"
export interface People {
  /** Who made a gesture just now, with the name that others see. Null: nobody whom Slack knows in this workspace.
   *  Throws {@link PlatformBusy} when Slack does not say. */
  actor(team: Team, userId: string, what: Intent): Promise<Actor | null>
  /** As the port has it. */
  mayAct(person: PersonId, place: Place, what?: "asks" | "decides"): Promise<Standing>
  /** Their name, which may be some minutes old; for threads. */
  name(team: Team, userId: string): Promise<string>
}
export interface PeopleOptions {
  readonly teamOf: (place: Place) => Promise<Team | null>
  readonly users: Users
  readonly channels: Pick<Channels, "reads">
  /** Person ids: `slack:T0123/U0123`. */
  readonly admins: readonly string[]
  readonly moderators: readonly string[]
  readonly clock: Clock
  readonly pseudonyms: Pseudonyms
  /** People who were erased, by pseudonym: strangers from then on. */
  readonly forgotten: (who: Pseudonym) => Promise<boolean>
}

const clickMs = 3_000
// Somebody who asks many things at once is looked up once in so long.
const askMs = 2_000
const nameMs = 10 * 60_000
// As long as a stop waits for the name of whoever pulls it.
const namingMs = 1_500
// For asks only, and only while Slack refuses to say it again: a flood must not lose what people ask.
const busyMs = 60_000

export function people(o: PeopleOptions): People {
  const { users } = o
  // How many clicks a person was looked up for that have not been judged by it yet.
  const clicks = new WeakMap<Heard, number>()

  /** For asks: what Slack said a moment ago will do, and what it said a minute ago while it says nothing. */
  async function lately(person: PersonId, team: Team, userId: string, withinMs: number): Promise<Heard> {
    const before = users.heard(person, withinMs)
    if (before !== null) return before
    return users.ask(team, userId, "shared").catch((fault: unknown) => {
      const older = notNow(fault) === null ? null : users.heard(person, busyMs)
      if (older !== null) return older
      throw fault
    })
  }
  /** For decisions: asked after the click, for this click alone. */
  async function forClick(person: PersonId, team: Team, userId: string): Promise<Heard> {
    const heard = users.heard(person, clickMs)
    const left = heard === null ? 0 : (clicks.get(heard) ?? 0)
    if (heard === null || left === 0) return users.ask(team, userId, "anew")
    clicks.set(heard, left - 1)
    return heard
  }
  async function standing(person: PersonId, place: Place, what: "asks" | "decides"): Promise<Standing> {
    const account = accountOf(person)
    if (account === null || place.platform !== "slack" || account.teamId !== teamIdOf(place.workspace)) return "stranger"
    const team = await o.teamOf(place)
    if (team === null || (await o.forgotten(o.pseudonyms.of(person)))) return "stranger"
    const { user } = await (what === "asks" ? lately(person, team, account.userId, clickMs) : forClick(person, team, account.userId))
    if (user === null || !isPerson(user, team) || isForeign(user, team)) return "stranger"
    const guest = isGuest(user)
    if (!(await o.channels.reads(team, place.channel, account.userId, guest ? "guest" : "member"))) return "stranger"
    if (guest) return "guest"
    if (o.admins.includes(person)) return "admin"
    return o.moderators.includes(person) ? "moderator" : "member"
  }

  return {
    async actor(team, userId, what) {
      const person = personOf(team.teamId, userId)
      const named = ({ user }: Heard): Actor | null => (user === null ? null : { person, name: nameOf(user), auth: "slack" })
      if (what === "stops") return Promise.race([users.ask(team, userId, "shared").then(named), unnamed(person)]).catch(() => somebody(person))
      if (what === "asks") return named(await lately(person, team, userId, askMs).catch(busy))
      const heard = await users.ask(team, userId, "anew").catch(busy)
      clicks.set(heard, (clicks.get(heard) ?? 0) + 1)
      return named(heard)
    },
    mayAct: (person, place, what = "decides") => standing(person, place, what).catch(busy),
    async name(team, userId) {
      const person = personOf(team.teamId, userId)
      const heard = await lately(person, team, userId, nameMs).catch(() => null)
      return heard === null || heard.user === null || (await o.forgotten(o.pseudonyms.of(person))) ? "somebody" : nameOf(heard.user)
    },
  }
}
const somebody = (person: PersonId): Actor => ({ person, name: "somebody", auth: "slack" })
async function unnamed(person: PersonId): Promise<Actor> {
  return new Promise((resolve) => setTimeout(() => resolve(somebody(person)), namingMs).unref())
}
function busy(fault: unknown): never {
  throw notNow(fault) ?? fault
}
