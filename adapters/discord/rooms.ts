// What Discord says of servers, channels and threads. An answer holds for a moment where a post depends on it, for some seconds
// elsewhere, and no longer than until the gateway tells of a change. Null: there is no such thing for us.
import { ChannelType, type REST, Routes } from "discord.js"
import { z } from "zod"
import type { WorkspaceId } from "../../src/core/domain.ts"
import type { Clock } from "../../src/core/ports.ts"
import { noAccess, unknown, unless } from "./faults.ts"
import { guildIdOf } from "./ids.ts"
import { type Kind, overwriteShape, roleShape } from "./permissions.ts"

const guildShape = z.looseObject({
  id: z.string(),
  name: z.string(),
  owner_id: z.string(),
  features: z.array(z.string()),
  roles: z.array(roleShape),
  vanity_url_code: z.string().nullish(),
  widget_enabled: z.boolean().nullish(),
  widget_channel_id: z.string().nullish(),
  approximate_member_count: z.number().nullish(),
})
export type Guild = z.infer<typeof guildShape>
export const channelShape = z.looseObject({
  id: z.string(),
  type: z.number(),
  guild_id: z.string().optional(),
  parent_id: z.string().nullish(),
  name: z.string().nullish(),
  permission_overwrites: z.array(overwriteShape).default([]),
  last_message_id: z.string().nullish(),
  member_count: z.number().nullish(),
  thread_metadata: z.looseObject({ archived: z.boolean(), locked: z.boolean().default(false), archive_timestamp: z.string() }).optional(),
})
export type Channel = z.infer<typeof channelShape>
/** Where words stand: a channel, or a thread with the channel that it belongs to. */
export interface Room {
  readonly guildId: string
  readonly channel: Channel
  readonly thread: Channel | null
}
const threads: readonly number[] = [ChannelType.PublicThread, ChannelType.PrivateThread, ChannelType.AnnouncementThread]
const voices: readonly number[] = [ChannelType.GuildVoice, ChannelType.GuildStageVoice]
export const isVoice = (c: Pick<Channel, "type">): boolean => voices.includes(c.type)
export const isThread = (c: Channel): boolean => threads.includes(c.type)
export const kindOf = (c: Channel): Kind => (isThread(c) ? "thread" : isVoice(c) ? "voice" : "channel")

export interface Rooms {
  guild(workspace: WorkspaceId, how: "now" | "lately"): Promise<Guild | null>
  /** By the id of a channel or a thread. */
  room(id: string, how: "now" | "lately"): Promise<Room | null>
  /** Whether a person is in a private thread. */
  inThread(threadId: string, userId: string): Promise<boolean>
  /** What the gateway tells of changed ones: the next question is asked anew. */
  changed(id: string): void
}
const keptMs = { now: 1_000, lately: 3_000 } as const
const most = 2_000
const gone: readonly number[] = [unknown.channel, unknown.guild, unknown.member, noAccess]

export function rooms(rest: REST, clock: Pick<Clock, "now">): Rooms {
  const kept = new Map<string, { readonly at: number; readonly got: Promise<unknown> }>()
  function ask<T>(shape: z.ZodType<T>, path: `/${string}`, query: Record<string, string>, key: string, how: "now" | "lately"): Promise<T | null> {
    const before = kept.get(key)
    if (before !== undefined && clock.now() - before.at < keptMs[how]) return before.got as Promise<T | null>
    for (const oldest of kept.keys()) {
      if (kept.size < most) break
      kept.delete(oldest)
    }
    const got = unless(gone, rest.get(path, { query: new URLSearchParams(query) })).then((raw) => (raw === null ? null : shape.parse(raw)))
    kept.set(key, { at: clock.now(), got })
    // What failed is asked again, not remembered.
    got.catch(() => {
      if (kept.get(key)?.got === got) kept.delete(key)
    })
    return got
  }
  const channel = (id: string, how: "now" | "lately") => ask(channelShape, Routes.channel(id), {}, id, how)
  return {
    async guild(workspace, how) {
      const id = guildIdOf(workspace)
      return id === null ? null : ask(guildShape, Routes.guild(id), { with_counts: "true" }, `guild ${id}`, how)
    },
    async room(id, how) {
      if (!/^\d{15,20}$/.test(id)) return null
      const found = await channel(id, how)
      if (found?.guild_id === undefined) return null
      if (!isThread(found)) return { guildId: found.guild_id, channel: found, thread: null }
      const parent = found.parent_id == null ? null : await channel(found.parent_id, how)
      return parent === null ? null : { guildId: found.guild_id, channel: parent, thread: found }
    },
    async inThread(threadId, userId) {
      const member = await ask(z.looseObject({}), Routes.threadMembers(threadId, userId), {}, `${threadId} ${userId}`, "now")
      kept.delete(`${threadId} ${userId}`)
      return member !== null
    },
    changed(id) {
      kept.delete(id)
      kept.delete(`guild ${id}`)
    },
  }
}
