// What happens to messages under our name: each that appears, changes or goes is told to the inside, whoever did it.
import type { Place } from "../../src/core/domain.ts"
import type { Context } from "./context.ts"
import { notNow } from "./faults.ts"
import { placeOf } from "./ids.ts"
import type { Message } from "./messages.ts"
import { deletedMessage, isOurs, ownMessage } from "./own.ts"

/** Without a server it is private: a direct message, or an ephemeral answer, of which Discord tells in the same way. */
export async function onChanged(ctx: Context, m: Message, raw: unknown, what: "created" | "changed"): Promise<void> {
  if (m.guild_id === undefined || !isOurs(ctx.wire.botUserId, m)) return
  const place = await whereIs(ctx, m.guild_id, m.channel_id)
  const own = ownMessage(ctx.wire.botUserId, m, raw, { place, what })
  if (own !== null) await ctx.inbox().seen(own)
}
/** Discord does not say whose they were: those that are not ours are not known to the ledger, and nothing comes of them. */
export async function onDeleted(ctx: Context, guildId: string, channel: string, ids: readonly string[]): Promise<void> {
  const place = await whereIs(ctx, guildId, channel)
  for (const message of ids) await ctx.inbox().seen(deletedMessage(place, { channel, message }))
}
const patience = 10
/** A place that is gone, or that we may not see any more, is still the place of what stood there. Waits for Discord to say it: what
 *  stands under our name is looked at, late rather than never. */
async function whereIs(ctx: Context, guildId: string, channel: string): Promise<Place> {
  for (let left = patience; ; left -= 1) {
    try {
      const room = await ctx.rooms.room(channel, "lately")
      return room === null ? placeOf(guildId, channel, null) : placeOf(guildId, room.channel.id, room.thread?.id ?? null)
    } catch (fault) {
      const busy = notNow(fault)
      if (busy === null || left === 0) throw fault
      await ctx.clock.sleep(busy.retryAfterMs)
    }
  }
}
