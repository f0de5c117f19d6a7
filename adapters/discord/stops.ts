// Stops that are said in Discord: they stand, or are refused, when this resolves; what became of posts under way is told afterwards.
import { stands } from "../../src/chat/stands.ts"
import type { Place, StopScope } from "../../src/core/domain.ts"
import type { Actor } from "../../src/core/ports.ts"
import type { Context } from "./context.ts"
import { placeOf, roomOf } from "./ids.ts"
import { inPrivate } from "./people.ts"
import { notRecorded, stopWords } from "./words.ts"

// As long as the core waits to learn who somebody is.
const placingMs = 1_500

/** By which place it is judged who somebody is who says stop or resume there: it, or the server as a whole where the bot cannot look.
 *  Discord says with the command that they are there. Nothing may keep a stop waiting. */
export async function judgedBy(ctx: Context, guildId: string, here: Place): Promise<Place> {
  // Of a server that the bot is not in, there is nothing to stop.
  if (!ctx.guilds.has(guildId)) return here
  const late = new Promise<Place>((resolve) => setTimeout(() => resolve(here), placingMs).unref())
  const server = placeOf(guildId, inPrivate, null)
  const looked = ctx.rooms.room(roomOf(here), "lately").then((room) => (room === null ? server : here))
  return Promise.race([looked.catch(() => here), late])
}

export interface StopSaid {
  readonly by: Actor
  readonly scope: StopScope
  /** The place by which it is judged who they are. */
  readonly from: Place
  readonly why: string | null
  /** Told that it stands, where what it came to takes longer. */
  readonly begun?: () => Promise<void>
  /** Told what it came to, after that. */
  readonly tell: (words: string) => void
}
export async function stopNow(ctx: Context, { by, scope, from, why, begun, tell }: StopSaid): Promise<void> {
  const outcome = ctx.inbox().stop({ by, scope, why, from })
  const where = scope.channel === null ? "in this server" : "in this channel"
  const first = await Promise.race([outcome, stands(ctx.inbox(), scope, outcome)]).catch(() => null)
  if (first === "stands") await begun?.().catch(() => undefined)
  ctx.after.add(
    outcome.then(
      (o) => tell(stopWords(o, where)),
      () => tell(notRecorded),
    ),
  )
}
