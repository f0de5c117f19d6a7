// Who did something just now, as Discord says together with it. Bots, webhooks and other applications do nothing here.
import { z } from "zod"
import type { Place, WorkspaceId } from "../../src/core/domain.ts"
import { type Actor, PlatformBusy } from "../../src/core/ports.ts"
import { type Refusal, refuseBusy } from "../../src/core/refusals.ts"
import { type Answering, firstAnswer } from "./answering.ts"
import type { Context } from "./context.ts"
import { nameOfFault } from "./faults.ts"
import { placeOf, workspaceOf } from "./ids.ts"
import { memberShape, userShape } from "./members.ts"
import { type Intent, inPrivate } from "./people.ts"
import { bits, has, toAnswer } from "./permissions.ts"
import { channelShape, isThread, kindOf } from "./rooms.ts"

export const interactionShape = z.looseObject({
  id: z.string(),
  token: z.string(),
  type: z.number(),
  guild_id: z.string().optional(),
  channel: channelShape.optional(),
  member: memberShape.optional(),
  user: userShape.optional(),
  data: z.unknown().optional(),
  /** The bot's own, where it was done. */
  app_permissions: bits.optional(),
  /** What a button or a form belongs to. */
  message: z.looseObject({ flags: z.number().default(0) }).optional(),
})
export type Interaction = z.infer<typeof interactionShape>

/** Somebody who did something just now, and by what they can be answered. */
export interface Gesture {
  readonly by: Actor
  readonly userId: string
  /** Where they did it; null in a direct message. */
  readonly guildId: string
  readonly workspace: WorkspaceId
  readonly here: Place | null
  /** Whether the bot may read and write there, as far as Discord says. */
  readonly maySpeak: boolean
  /** By what it is judged who they are, also when they did it in a direct message. */
  readonly from: Place
  readonly answering: Answering
}
export const answeringOf = (ctx: Context, i: Interaction): Answering => ({ id: i.id, token: i.token, message: firstAnswer, at: ctx.clock.now() })
export const userOf = (i: Interaction) => i.member?.user ?? i.user

/** Null: nobody whom this server knows. `guildId`: of what it is about, where the interaction itself stands in no server. */
export async function gestureOf(ctx: Context, i: Interaction, guildId: string, what: Intent): Promise<Gesture | null> {
  const user = userOf(i)
  if (user === undefined || user.bot === true || user.system === true) return null
  if (i.member !== undefined && i.guild_id === guildId) ctx.people.heard(guildId, i.member, what)
  const by = await ctx.people.actor(guildId, user.id, what)
  if (by === null) return null
  const here = hereOf(i)
  const from = here ?? placeOf(guildId, inPrivate, null)
  const maySpeak = i.channel === undefined || i.app_permissions === undefined || has(i.app_permissions, ...toAnswer(kindOf(i.channel)))
  return { by, userId: user.id, guildId, workspace: workspaceOf(guildId), here, maySpeak, from, answering: answeringOf(ctx, i) }
}
function hereOf({ guild_id, channel }: Interaction): Place | null {
  if (guild_id === undefined || channel === undefined) return null
  if (!isThread(channel)) return placeOf(guild_id, channel.id, null)
  return channel.parent_id == null ? null : placeOf(guild_id, channel.parent_id, channel.id)
}
/** The first answer. Whatever cannot be acknowledged counts as too late: the person sees that it failed, and may do it again. */
export async function acknowledge(ctx: Context, i: Interaction, how: "reply" | "update"): Promise<"in-time" | "too-late"> {
  return ctx.out.acknowledge(answeringOf(ctx, i), how).catch((fault: unknown) => {
    ctx.log.warn({ fault: nameOfFault(fault) }, "an interaction could not be acknowledged")
    return "too-late" as const
  })
}
/** What a person is told when Discord could not say who they are. Throws everything else. */
export function busyRefusal(fault: unknown): Refusal {
  if (fault instanceof PlatformBusy) return refuseBusy("Discord", fault.retryAfterMs)
  throw fault
}
export const busyWords = (fault: unknown): string => busyRefusal(fault).words
