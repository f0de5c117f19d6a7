// What Slack says of a channel: who can read it, and whether somebody is in it. Who can read it is asked anew each time, since
// a post depends on it; what kind of channel it is may be some seconds old.
import type { ConversationsInfoResponse } from "@slack/web-api"
import type { Audience } from "../../src/core/domain.ts"
import { type Clock, PostRefused } from "../../src/core/ports.ts"
import type { Clients, Team } from "./clients.ts"
import { errorOf } from "./errors.ts"
import { mostCounted, type Readers, readersAmong, readerWords } from "./readers.ts"
import { gone } from "./refused.ts"
import type { Users } from "./users.ts"

/** `user`: whom a direct message is with; Slack sends it, its types leave it out. */
export type Channel = NonNullable<ConversationsInfoResponse["channel"]> & { readonly user?: string }
export interface Channels {
  /** Null: there is no such channel for us. */
  find(team: Team, id: string): Promise<Channel | null>
  audience(team: Team, id: string): Promise<Audience>
  /** Full members read every public channel; anybody else must be in it. Everybody reads their own corner, which has their own id. */
  reads(team: Team, id: string, userId: string, who: "member" | "guest"): Promise<boolean>
}
const keptMs = 3_000
const orgNameMs = 3_600_000
const most = 1_000
const pageSize = 200

export function channels(clients: Clients, users: Users, clock: Clock): Channels {
  const kept = new Map<string, { readonly at: number; readonly channel: Promise<Channel | null> }>()
  const names = new Map<string, { readonly at: number; readonly name: Promise<string | null> }>()

  function find(team: Team, id: string): Promise<Channel | null> {
    const before = kept.get(`${team.teamId}/${id}`)
    return before !== undefined && clock.now() - before.at < keptMs ? before.channel : findNow(team, id)
  }
  function findNow(team: Team, id: string): Promise<Channel | null> {
    const key = `${team.teamId}/${id}`
    if (kept.size >= most) kept.clear()
    const channel = ask(team, id)
    kept.set(key, { at: clock.now(), channel })
    // What failed is asked again, not remembered.
    channel.catch(() => kept.delete(key))
    return channel
  }
  async function ask(team: Team, id: string): Promise<Channel | null> {
    try {
      const client = await clients.control(team.workspace)
      return (await client.conversations.info({ channel: id, include_num_members: true })).channel ?? null
    } catch (fault) {
      if (errorOf(fault) === "channel_not_found") return null
      throw fault
    }
  }
  /** Everybody in it, a page at a time. */
  async function* pages(team: Team, id: string): AsyncGenerator<readonly string[]> {
    const client = await clients.control(team.workspace)
    for (let cursor: string | undefined; cursor !== ""; ) {
      const page = await client.conversations.members({ channel: id, limit: pageSize, ...(cursor === undefined ? {} : { cursor }) }).catch(unlessGone)
      yield page.members ?? []
      cursor = page.response_metadata?.next_cursor ?? ""
    }
  }
  /** Everybody in it but the bot. */
  async function members(team: Team, id: string): Promise<readonly string[]> {
    const found: string[] = []
    for await (const page of pages(team, id)) found.push(...page)
    return found.filter((user) => user !== team.botUserId)
  }
  async function isMember(team: Team, id: string, userId: string): Promise<boolean> {
    // Pages after the one that has them are not asked for: Slack allows about a hundred a minute.
    for await (const page of pages(team, id)) if (page.includes(userId)) return true
    return false
  }
  async function organisations(team: Team, ids: readonly string[]): Promise<string> {
    const [only] = ids
    if (ids.length !== 1 || only === undefined) return ids.length === 0 ? "another organisation" : `${ids.length} other organisations`
    const before = names.get(only)
    if (before !== undefined && clock.now() - before.at < orgNameMs) return (await before.name) ?? "another organisation"
    if (names.size >= most) names.clear()
    const name = (async () => (await (await clients.control(team.workspace)).team.info({ team: only })).team?.name ?? null)().catch(() => null)
    names.set(only, { at: clock.now(), name })
    return (await name) ?? "another organisation"
  }

  return {
    find,
    async audience(team, id) {
      const channel = await findNow(team, id)
      if (channel === null) throw new PostRefused(gone)
      // With one person the words are theirs: "you".
      if (channel.is_im === true) return { scope: "people", where: "this direct message", title: null, who: "you alone", people: 1 }
      if (channel.is_mpim === true) {
        const ids = await members(team, id)
        const readers = await readersAmong(users, team, async () => ids)
        const who = with_("everybody in this group message", readers)
        return { scope: "people", where: "this group message", title: null, who, people: ids.length, ...outsiders(readers) }
      }
      const people = channel.num_members ?? null
      const kind = channel.is_private === true ? "private" : "public"
      const few = people !== null && people <= mostCounted
      const readers = few ? await readersAmong(users, team, () => members(team, id)) : null
      const size = people === null ? null : `${people.toLocaleString("en-US")} ${people === 1 ? "member" : "members"}`
      const count = size === null ? [] : [few ? with_(size, readers) : size]
      const shared = channel.is_ext_shared === true || channel.is_pending_ext_shared === true
      const others = shared ? organisationsOf(team, channel) : []
      const how = shared ? [`shared with ${await organisations(team, others)}`] : []
      return {
        scope: shared ? "shared" : kind === "private" ? "group" : "members",
        where: `#${channel.name ?? id}`,
        title: null,
        who: [kind, ...count, ...how].join(" · "),
        people,
        ...outsiders(readers),
        ...(others.length === 0 ? {} : { organisations: others }),
      }
    },
    async reads(team, id, userId, who) {
      if (id === userId) return true
      const channel = await find(team, id)
      if (channel === null) return false
      if (channel.is_im === true) return channel.user === userId
      const open = channel.is_private !== true && channel.is_mpim !== true
      if (open && who === "member") return true
      return isMember(team, id, userId).catch(notIfGone)
    },
  }
}
/** Also those that are invited and have not accepted: from then on they read it without another word. */
function organisationsOf(team: Team, c: Channel): readonly string[] {
  const all = [c.connected_team_ids, c.shared_team_ids, c.pending_connected_team_ids].flatMap((ids) => ids ?? [])
  return [...new Set(all)].filter((id) => id !== team.teamId && id !== team.enterpriseId).sort()
}
/** Taken out of the channel since it was asked about. */
function unlessGone(fault: unknown): never {
  throw ["channel_not_found", "not_in_channel"].includes(errorOf(fault) ?? "") ? new PostRefused(gone, { cause: fault }) : fault
}
/** Nobody is known to read it. */
function notIfGone(fault: unknown): false {
  if (fault instanceof PostRefused) return false
  throw fault
}
/** Never silent about guests where they are otherwise counted. */
function with_(readers: string, of: Readers | null): string {
  const words = of === null ? "guests not counted" : readerWords(of)
  return words === "" ? readers : `${readers}, ${words}`
}
const outsiders = (of: Readers | null) => ({ outsiders: of === null ? null : of.guests + of.foreign })
