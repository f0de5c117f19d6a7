// What stands in Discord under our name: one attempt's post, or all posts of late. A message keeps no nonce, so a post is found by the
// label in its button. Reads may lag behind posts, so what is not found may still be there: the answer is then that nobody can tell.
import { ChannelType, PermissionFlagsBits, type REST, Routes } from "discord.js"
import { decodeTime } from "ulid"
import { z } from "zod"
import type { AttemptId, Instant, LabelId, Place, PostedRef } from "../../src/core/domain.ts"
import type { OwnMessage } from "../../src/core/inbox.ts"
import type { Clock } from "../../src/core/ports.ts"
import { readDiscord } from "../../src/label/read/discord.ts"
import { codeOf, noAccess, noPermission, notNow, unknown } from "./faults.ts"
import { instantOf, messageIdOf, placeOf, roomOf, snowflakeAt, urlOf, workspaceOf } from "./ids.ts"
import { memberShape } from "./members.ts"
import { type Message, messageShape } from "./messages.ts"
import { isOurs, ownMessage } from "./own.ts"
import { has, permissionsOf } from "./permissions.ts"
import { type Channel, channelShape, isThread, type Rooms } from "./rooms.ts"

const pageSize = 100
const mostPages = 50
// Discord stamps its messages by its own clock.
const clocksMs = 60_000
const patience = 5
const speaksIn: readonly number[] = [ChannelType.GuildText, ChannelType.GuildAnnouncement, ChannelType.GuildVoice, ChannelType.GuildStageVoice]
const hasThreads: readonly number[] = [ChannelType.GuildText, ChannelType.GuildAnnouncement, ChannelType.GuildForum, ChannelType.GuildMedia]

export interface FoundOptions {
  readonly rest: REST
  readonly rooms: Rooms
  readonly clock: Clock
  readonly botUserId: () => string
  readonly guilds: () => readonly string[]
  /** Nobody waits for Discord any more. */
  readonly ending: AbortSignal
}
export function found(o: FoundOptions) {
  /** Messages of a channel or thread after an id, oldest page first. */
  async function* after(room: string, id: string): AsyncIterable<{ readonly m: Message; readonly raw: unknown }> {
    let from = id
    for (let page = 0; page < mostPages; page += 1) {
      const query = new URLSearchParams({ after: from, limit: String(pageSize) })
      const raws = z.array(z.unknown()).parse(await o.rest.get(Routes.channelMessages(room), { query }))
      const read = raws.map((raw) => ({ m: messageShape.parse(raw), raw })).sort((a, b) => (BigInt(a.m.id) < BigInt(b.m.id) ? -1 : 1))
      yield* read
      from = read.at(-1)?.m.id ?? from
      if (read.length < pageSize) return
    }
  }
  return {
    /** Never sends, and never says `absent`. */
    async findPosted(attempt: AttemptId, place: Place, label: LabelId): Promise<PostedRef | "cannot-tell"> {
      const room = roomOf(place)
      try {
        for await (const { m, raw } of after(room, snowflakeAt(decodeTime(attempt) - clocksMs))) {
          if (!isOurs(o.botUserId(), m) || readDiscord(raw).says.jti !== label) continue
          const at = { channel: room, message: m.id }
          return { workspace: place.workspace, id: messageIdOf(at), url: urlOf(place.workspace, at) }
        }
      } catch (fault) {
        // Whoever may not look cannot tell; whoever cannot look just now is asked again.
        if (!isClosed(fault)) throw notNow(fault) ?? fault
      }
      return "cannot-tell"
    },
    /** Waits out Discord's limits: nobody waits for a sweep. */
    async *sweep(since: Instant): AsyncIterable<OwnMessage> {
      for (const guildId of o.guilds()) {
        const all = await patiently(o, () => roomsOf(o, guildId)).catch(unlessClosed)
        for (const { channel, thread } of all) {
          const room = thread ?? channel
          if (room.last_message_id == null || instantOf(room.last_message_id) < since) continue
          const place = placeOf(guildId, channel.id, thread?.id ?? null)
          const own = await patiently(o, () => gather(after(room.id, snowflakeAt(since)), o.botUserId())).catch(unlessClosed)
          for (const { m, raw } of own) {
            const told = ownMessage(o.botUserId(), m, raw, { place, what: "created" })
            if (told !== null) yield told
          }
        }
      }
    },
  }
}
async function gather(messages: AsyncIterable<{ readonly m: Message; readonly raw: unknown }>, botUserId: string) {
  const own: { readonly m: Message; readonly raw: unknown }[] = []
  for await (const one of messages) if (isOurs(botUserId, one.m)) own.push(one)
  return own
}

interface Spot {
  readonly channel: Channel
  readonly thread: Channel | null
}
/** Where a message of ours may stand, among what we can see: asking elsewhere is a refusal that Discord counts. */
async function roomsOf(o: FoundOptions, guildId: string): Promise<readonly Spot[]> {
  const guild = await o.rooms.guild(workspaceOf(guildId), "lately")
  if (guild === null) return []
  const me = memberShape.parse(await o.rest.get(Routes.guildMember(guildId, o.botUserId())))
  const channels = z.array(channelShape).parse(await o.rest.get(Routes.guildChannels(guildId)))
  const base = { id: guild.id, owner: guild.owner_id, roles: guild.roles }
  const reads = (c: Channel) =>
    has(
      permissionsOf({ guild: base, overwrites: c.permission_overwrites }, { userId: o.botUserId(), roles: me.roles }),
      PermissionFlagsBits.ViewChannel,
      PermissionFlagsBits.ReadMessageHistory,
    )
  const seen = channels.filter((c) => !isThread(c) && reads(c))
  const active = threadsOf(await o.rest.get(Routes.guildActiveThreads(guildId)))
  const archived: Channel[] = []
  for (const c of seen.filter((one) => hasThreads.includes(one.type) && one.last_message_id != null))
    archived.push(...(await archivedOf(o.rest, c.id)))
  const byId = new Map(seen.map((c) => [c.id, c]))
  const threads = [...active, ...archived].flatMap((thread) => {
    const channel = byId.get(thread.parent_id ?? "")
    return channel === undefined ? [] : [{ channel, thread }]
  })
  return [...seen.filter((c) => speaksIn.includes(c.type)).map((channel) => ({ channel, thread: null })), ...threads]
}
const threadsOf = (raw: unknown) => z.looseObject({ threads: z.array(channelShape) }).parse(raw).threads

/** Threads that sleep: a post of late may stand there. Those that fell asleep last come first. */
async function archivedOf(rest: REST, channel: string): Promise<readonly Channel[]> {
  const query = new URLSearchParams({ limit: String(pageSize) })
  const paths = [Routes.channelThreads(channel, "public"), Routes.channelJoinedArchivedThreads(channel)] as const
  const pages = await Promise.all(paths.map((path) => rest.get(path, { query })))
  return pages.flatMap(threadsOf)
}

async function patiently<T>({ clock, ending }: Pick<FoundOptions, "clock" | "ending">, work: () => Promise<T>): Promise<T> {
  for (let left = patience; ; left -= 1) {
    try {
      return await work()
    } catch (fault) {
      const busy = notNow(fault)
      if (busy === null || left === 0) throw fault
      await clock.sleep(busy.retryAfterMs, ending)
    }
  }
}
const closed: readonly number[] = [noAccess, noPermission, unknown.channel, unknown.guild, unknown.member]
const isClosed = (fault: unknown) => closed.includes(codeOf(fault) ?? 0)
function unlessClosed(fault: unknown): readonly never[] {
  if (isClosed(fault)) return []
  throw fault
}
