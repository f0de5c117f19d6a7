// Who Slack says that somebody is: the one place that asks. What it said stays known for a while, with the time at which it was
// asked, so that each caller decides how old an answer may be for what it is about to do.
import type { UsersInfoResponse } from "@slack/web-api"
import type { PersonId } from "../../src/core/domain.ts"
import type { Clock } from "../../src/core/ports.ts"
import type { Clients, Team } from "./clients.ts"
import { errorOf } from "./errors.ts"
import { personOf } from "./ids.ts"

export type User = NonNullable<UsersInfoResponse["user"]>
export interface Heard {
  /** Null: nobody whom Slack knows in this workspace. */
  readonly user: User | null
  /** When it was asked, not when Slack answered: what changed in between may not be in it. */
  readonly at: number
}
export interface Users {
  /** `anew`: a question of its own, which begins now. `shared`: one that is under way will do. */
  ask(team: Team, userId: string, how: "anew" | "shared"): Promise<Heard>
  /** What was heard last, if it was asked no longer ago than that. */
  heard(person: PersonId, withinMs: number): Heard | null
}
const most = 5_000

export function users(clients: Clients, clock: Clock): Users {
  const known = new Map<PersonId, Heard>()
  const asking = new Map<PersonId, Promise<Heard>>()

  function keep(person: PersonId, heard: Heard): Heard {
    const before = known.get(person)
    // An answer that took long does not cover what was asked after it.
    if (before !== undefined && before.at > heard.at) return heard
    known.delete(person)
    for (const oldest of known.keys()) {
      if (known.size < most) break
      known.delete(oldest)
    }
    known.set(person, heard)
    return heard
  }
  return {
    ask(team, userId, how) {
      const person = personOf(team.teamId, userId)
      const under = asking.get(person)
      if (under !== undefined && how === "shared") return under
      const at = clock.now()
      const asked: Promise<Heard> = askSlack(clients, team, userId)
        .then((user) => keep(person, { user, at }))
        .finally(() => {
          if (asking.get(person) === asked) asking.delete(person)
        })
      asking.set(person, asked)
      return asked
    },
    heard(person, withinMs) {
      const last = known.get(person)
      return last !== undefined && clock.now() - last.at < withinMs ? last : null
    },
  }
}

async function askSlack(clients: Clients, team: Team, userId: string): Promise<User | null> {
  const client = await clients.control(team.workspace)
  try {
    return (await client.users.info({ user: userId })).user ?? null
  } catch (fault) {
    if (["user_not_found", "users_not_found", "user_not_visible"].includes(errorOf(fault) ?? "")) return null
    throw fault
  }
}
/** Bots, the deactivated and Slack's own are nobody who could act. */
export function isPerson(user: User, team: Team): boolean {
  return user.is_bot !== true && user.is_workflow_bot !== true && user.deleted !== true && user.id !== "USLACKBOT" && user.id !== team.botUserId
}
/** Of another organisation. */
export function isForeign(user: User, team: Team): boolean {
  if (user.is_stranger === true) return true
  if (user.team_id === team.teamId) return false
  // On Enterprise Grid a member of the organisation may belong to another of its workspaces.
  return team.enterpriseId === null || user.enterprise_user?.enterprise_id !== team.enterpriseId
}
/** Slack has two kinds, of one channel and of several: neither is a member. */
export function isGuest(user: User): boolean {
  return user.is_restricted === true || user.is_ultra_restricted === true
}
export function nameOf(user: User): string {
  const shown = [user.profile?.display_name, user.profile?.real_name, user.real_name, user.name]
  return shown.find((n) => n !== undefined && n.trim() !== "")?.trim() ?? "somebody"
}
