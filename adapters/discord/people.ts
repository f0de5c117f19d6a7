// Who somebody is to a place, as Discord says at this moment. Bots, those who are timed out, and those who cannot see the place are
// strangers; those who may not write there are readers, those who have not passed a server's screening guests. What a click itself
// says of its person answers the core's next question about them, and no later one; without it Discord is asked anew. When Discord does
// not say it now, a click is refused; an ask may be judged by what was heard a minute ago; a stop waits for nobody.
import { ChannelType, PermissionFlagsBits, type REST, Routes } from "discord.js"
import type { PersonId, Place, Pseudonym, Standing } from "../../src/core/domain.ts"
import type { Actor, Clock, Pseudonyms } from "../../src/core/ports.ts"
import { noAccess, notNow, unknown, unless } from "./faults.ts"
import { accountOf, guildIdOf, personOf, roomOf } from "./ids.ts"
import { type Member, memberShape, nameOf } from "./members.ts"
import { has, permissionsOf, toWrite } from "./permissions.ts"
import { isVoice, type Rooms } from "./rooms.ts"

/** `place.channel` of somebody who speaks to the bot alone: the server as a whole, which every member may speak about. */
export const inPrivate = "direct"

/** `stops`: whoever Discord cannot name just now is somebody all the same, since nothing may keep a stop waiting. */
export type Intent = "asks" | "decides" | "stops"
export interface People {
  /** What Discord says of somebody together with what they just did: good for one decision, if it was one. */
  heard(guildId: string, member: Member, what: Intent): void
  /** The one who did something just now; null: nobody whom this server knows. Throws PlatformBusy. */
  actor(guildId: string, userId: string, what: Intent): Promise<Actor | null>
  mayAct(person: PersonId, place: Place, what?: "asks" | "decides"): Promise<Standing>
  /** Whether somebody was erased: their name is not shown again. */
  isForgotten(person: PersonId): Promise<boolean>
}
export interface PeopleOptions {
  readonly rest: REST
  readonly rooms: Rooms
  readonly botUserId: () => string
  /** Person ids: `discord:<server>/<user>`. */
  readonly admins: readonly string[]
  readonly moderators: readonly string[]
  readonly clock: Pick<Clock, "now">
  readonly pseudonyms: Pseudonyms
  readonly forgotten: (who: Pseudonym) => Promise<boolean>
}
interface Heard {
  readonly member: Member | null
  readonly at: number
  /** Decisions that may still be judged by it. */
  left: number
}
const clickMs = 3_000
const askMs = 3_000
const busyMs = 60_000
const namingMs = 1_500
const most = 5_000
const nobody: readonly number[] = [unknown.member, unknown.user, unknown.guild, noAccess]

export function people(o: PeopleOptions): People {
  const known = new Map<PersonId, Heard>()
  const keep = (person: PersonId, heard: Heard): Heard => {
    const before = known.get(person)
    if (before !== undefined && before.at > heard.at) return heard
    known.delete(person)
    for (const oldest of known.keys()) {
      if (known.size < most) break
      known.delete(oldest)
    }
    known.set(person, heard)
    return heard
  }
  const within = (person: PersonId, ms: number): Heard | null => {
    const last = known.get(person)
    return last !== undefined && o.clock.now() - last.at < ms ? last : null
  }
  async function ask(person: PersonId, guildId: string, userId: string): Promise<Heard> {
    const at = o.clock.now()
    const raw = await unless(nobody, o.rest.get(Routes.guildMember(guildId, userId)))
    return keep(person, { member: raw === null ? null : memberShape.parse(raw), at, left: 0 })
  }
  async function lately(person: PersonId, guildId: string, userId: string): Promise<Heard> {
    const before = within(person, askMs)
    if (before !== null) return before
    return ask(person, guildId, userId).catch((fault: unknown) => {
      const older = notNow(fault) === null ? null : within(person, busyMs)
      if (older !== null) return older
      throw fault
    })
  }
  async function forClick(person: PersonId, guildId: string, userId: string): Promise<Heard> {
    const heard = within(person, clickMs)
    if (heard === null || heard.left === 0) return ask(person, guildId, userId)
    heard.left -= 1
    return heard
  }
  async function standing(person: PersonId, place: Place, what: "asks" | "decides"): Promise<Standing> {
    const account = accountOf(person)
    const guildId = guildIdOf(place.workspace)
    const needed = toWrite(place.thread === null ? "channel" : "thread")
    if (account === null || place.platform !== "discord" || account.guildId !== guildId) return "stranger"
    if (await o.forgotten(o.pseudonyms.of(person))) return "stranger"
    const { member } = await (what === "asks" ? lately : forClick)(person, guildId, account.userId)
    if (member === null || !isPerson(member, o.botUserId()) || isTimedOut(member, o.clock.now())) return "stranger"
    const may = place.channel === inPrivate ? needed : await permissions(place, account.userId, member)
    if (may === null) return "stranger"
    const writer = has(may, needed)
    if (member.pending === true) return writer ? "guest" : "reader"
    if (o.admins.includes(person)) return "admin"
    if (o.moderators.includes(person) || has(may, PermissionFlagsBits.ManageMessages)) return "moderator"
    // Whom Discord lets read only says nothing there through us either.
    return writer ? "member" : "reader"
  }
  /** Null: they cannot read it. */
  async function permissions(place: Place, userId: string, member: Member): Promise<bigint | null> {
    const [known, room] = await Promise.all([o.rooms.guild(place.workspace, "lately"), o.rooms.room(roomOf(place), "lately")])
    // A role that was made since then.
    const isNew = known !== null && member.roles.some((id) => !known.roles.some((r) => r.id === id))
    if (isNew) o.rooms.changed(known.id)
    const guild = isNew ? await o.rooms.guild(place.workspace, "now") : known
    if (guild === null || room === null || room.guildId !== guild.id || room.channel.id !== place.channel) return null
    const where = { guild: { id: guild.id, owner: guild.owner_id, roles: guild.roles }, overwrites: room.channel.permission_overwrites }
    const may = permissionsOf(where, { userId, roles: member.roles })
    if (!has(may, PermissionFlagsBits.ViewChannel)) return null
    // The words of a voice channel are for those who may enter it.
    if (isVoice(room.channel) && !has(may, PermissionFlagsBits.Connect)) return null
    if (room.thread?.type !== ChannelType.PrivateThread || has(may, PermissionFlagsBits.ManageThreads)) return may
    return (await o.rooms.inThread(room.thread.id, userId)) ? may : null
  }

  return {
    heard(guildId, member, what) {
      keep(personOf(guildId, member.user.id), { member, at: o.clock.now(), left: what === "asks" ? 0 : 1 })
    },
    async actor(guildId, userId, what) {
      const person = personOf(guildId, userId)
      const named = ({ member }: Heard): Actor | null => (member === null ? null : { person, name: nameOf(member), auth: "discord" })
      const before = within(person, clickMs)
      // Who is known only from an earlier gesture is asked for again, unless nothing is decided by it.
      if (before !== null && (what !== "decides" || before.left > 0)) return named(before)
      const asked = ask(person, guildId, userId).then((heard) => {
        if (what !== "asks") heard.left = 1
        return named(heard)
      })
      if (what === "stops") return Promise.race([asked, unnamed(person)]).catch(() => somebody(person))
      return asked.catch(busy)
    },
    mayAct: (person, place, what = "decides") => standing(person, place, what).catch(busy),
    isForgotten: (person) => o.forgotten(o.pseudonyms.of(person)),
  }
}
const isPerson = ({ user }: Member, botUserId: string) => user.bot !== true && user.system !== true && user.id !== botUserId
const isTimedOut = ({ communication_disabled_until: until }: Member, now: number) => until != null && Date.parse(until) > now
const somebody = (person: PersonId): Actor => ({ person, name: "somebody", auth: "discord" })
async function unnamed(person: PersonId): Promise<Actor> {
  return new Promise((resolve) => setTimeout(() => resolve(somebody(person)), namingMs).unref())
}
function busy(fault: unknown): never {
  throw notNow(fault) ?? fault
}
