// The servers that the bot is in, as the gateway tells of them: all at the start, then each that is joined or left.
import { GatewayDispatchEvents } from "discord.js"
import { z } from "zod"
import type { GuildKnown } from "./context.ts"

const readyShape = z.looseObject({ guilds: z.array(z.looseObject({ id: z.string() })) })
const guildShape = z.looseObject({
  id: z.string(),
  unavailable: z.boolean().optional(),
  roles: z.array(z.looseObject({ id: z.string(), tags: z.looseObject({ bot_id: z.string().optional() }).optional() })).default([]),
})

export interface Guilds {
  readonly known: ReadonlyMap<string, GuildKnown>
  /** What an event says of servers. `joined` and `left`: somebody added or removed the app just now. */
  hear(name: string, data: unknown): { readonly joined: string | null; readonly left: string | null }
}
const nothing = { joined: null, left: null }

export function guilds(botUserId: () => string): Guilds {
  const known = new Map<string, GuildKnown>()
  return {
    known,
    hear(name, data) {
      switch (name) {
        case GatewayDispatchEvents.Ready: {
          for (const { id } of readyShape.parse(data).guilds) if (!known.has(id)) known.set(id, { ownRole: null })
          return nothing
        }
        case GatewayDispatchEvents.GuildCreate: {
          const { id, roles, unavailable } = guildShape.parse(data)
          if (unavailable === true) return nothing
          const before = known.get(id)
          known.set(id, { ownRole: roles.find((r) => r.tags?.bot_id === botUserId())?.id ?? null })
          return before === undefined ? { joined: id, left: null } : nothing
        }
        case GatewayDispatchEvents.GuildDelete: {
          const { id, unavailable } = guildShape.parse(data)
          // Out of order for a while is not gone.
          if (unavailable === true) return nothing
          return known.delete(id) ? { joined: null, left: id } : nothing
        }
        default:
          return nothing
      }
    },
  }
}
