// The servers that the bot is in, as the gateway tells of them: all at the start, then each that is joined or left. Whichever came or
// went while a session was lost shows in what the next one begins with.
import { GatewayDispatchEvents } from "discord.js"
import { z } from "zod"
import type { GuildKnown } from "./context.ts"

const readyShape = z.looseObject({
  guilds: z.array(z.looseObject({ id: z.string() })),
  shard: z.tuple([z.number(), z.number()]).default([0, 1]),
})
const guildShape = z.looseObject({
  id: z.string(),
  unavailable: z.boolean().optional(),
  roles: z.array(z.looseObject({ id: z.string(), tags: z.looseObject({ bot_id: z.string().optional() }).optional() })).default([]),
})

export interface Guilds {
  readonly known: ReadonlyMap<string, GuildKnown>
  /** What an event says of servers. `joined` and `left`: somebody added or removed the app just now, or while nobody listened. */
  hear(name: string, data: unknown): Moved
}
interface Moved {
  readonly joined: readonly string[]
  readonly left: readonly string[]
}
const nothing: Moved = { joined: [], left: [] }

export function guilds(botUserId: () => string): Guilds {
  const known = new Map<string, GuildKnown>()
  const begun = new Set<string>()
  return {
    known,
    hear(name, data) {
      switch (name) {
        case GatewayDispatchEvents.Ready: {
          const { guilds: all, shard } = readyShape.parse(data)
          const there = new Set(all.map(({ id }) => id))
          const left = [...known.keys()].filter((id) => isOf(shard, id) && !there.has(id))
          for (const id of left) known.delete(id)
          // The first of a connection says what was there before; in later ones a new server is news, which its own event tells.
          if (!begun.has(shard.join())) for (const id of there) if (!known.has(id)) known.set(id, { ownRole: null })
          begun.add(shard.join())
          return { joined: [], left }
        }
        case GatewayDispatchEvents.GuildCreate: {
          const { id, roles, unavailable } = guildShape.parse(data)
          if (unavailable === true) return nothing
          const before = known.get(id)
          known.set(id, { ownRole: roles.find((r) => r.tags?.bot_id === botUserId())?.id ?? null })
          return before === undefined ? { joined: [id], left: [] } : nothing
        }
        case GatewayDispatchEvents.GuildDelete: {
          const { id, unavailable } = guildShape.parse(data)
          // Out of order for a while is not gone.
          if (unavailable === true) return nothing
          return known.delete(id) ? { joined: [], left: [id] } : nothing
        }
        default:
          return nothing
      }
    },
  }
}
/** As Discord divides servers among connections. */
const isOf = ([shard, all]: readonly [number, number], guildId: string) => (BigInt(guildId) >> 22n) % BigInt(all) === BigInt(shard)
