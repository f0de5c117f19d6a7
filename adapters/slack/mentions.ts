// Words that are addressed to the bot: a mention in a channel or thread, or a direct message. They ask for a draft, or they stop
// it. One message is one ask, however many events tell of it.
import { z } from "zod"
import { stands } from "../../src/chat/stands.ts"
import type { Place, StopScope } from "../../src/core/domain.ts"
import { saysStop } from "../../src/core/orders.ts"
import { isRefusal } from "../../src/core/refusals.ts"
import { type Context, type Gesture, gestureOf, say } from "./context.ts"
import { messageIdOf, placeOf, workspaceOf } from "./ids.ts"
import { helpWords, stopWords } from "./words.ts"

const said = z.looseObject({
  user: z.string(),
  channel: z.string(),
  ts: z.string(),
  text: z.string().default(""),
  thread_ts: z.string().optional(),
  bot_id: z.string().optional(),
  subtype: z.string().optional(),
})
type Said = z.infer<typeof said>
/** A message with a file, or one that a thread also sends to its channel, is a person's like any other. */
export const isSpoken = (m: { readonly subtype?: string | undefined }) => [undefined, "file_share", "thread_broadcast"].includes(m.subtype)

/** An `app_mention`, or a `message` of a direct message. When this resolves, what it asked for is durable. */
export async function hear(ctx: Context, teamId: string, event: unknown, where: "channel" | "direct"): Promise<void> {
  const read = said.safeParse(event)
  if (!read.success || read.data.bot_id !== undefined || !isSpoken(read.data)) return
  const m = read.data
  // Every mention of a bot begins with its id; whose id it was is checked below.
  if (saysStop(m.text.replaceAll(/<@[A-Z0-9]+(\|[^>]*)?>/g, " "))) return heard(ctx, teamId, m, where, "stops")
  return ctx.intake(() => heard(ctx, teamId, m, where, "asks"))
}
async function heard(ctx: Context, teamId: string, m: Said, where: "channel" | "direct", what: "asks" | "stops"): Promise<void> {
  const gesture = await gestureOf(ctx, workspaceOf(teamId), m.user, what)
  if (gesture === null) return
  const place = placeOf(teamId, m.channel, m.thread_ts ?? m.ts)
  const words = m.text.replaceAll(new RegExp(`<@${gesture.team.botUserId}(\\|[^>]*)?>`, "g"), " ").trim()
  if (saysStop(words)) {
    // In a direct message nothing else can be meant than everything that this bot does.
    const scope = { workspace: place.workspace, channel: where === "direct" ? null : m.channel }
    await stopNow(ctx, gesture, { scope, from: place, looking: place, why: null })
    return
  }
  if (/^help[.!?]?$/i.test(words)) return say(ctx, gesture.by.person, helpWords(gesture.by.person), place)
  const message = messageIdOf(m)
  const answer = await ctx.inbox().ask({ by: gesture.by, place, message, gesture: message })
  if (isRefusal(answer)) say(ctx, gesture.by.person, answer.words, place)
}

/** `from`: the place by which Slack is asked who they are. `looking`: where they see what it came to; null: by direct message. */
export interface StopSaid {
  readonly scope: StopScope
  readonly from: Place
  readonly looking: Place | null
  readonly why: string | null
}
/** Resolves when the stop stands, or was refused; what it came to is told afterwards, since open attempts are waited for. */
export async function stopNow(ctx: Context, g: Gesture, { scope, from, looking, why }: StopSaid): Promise<"stands" | "refused"> {
  const outcome = ctx.inbox().stop({ by: g.by, scope, why, from })
  const told = outcome.then(
    (o) => say(ctx, g.by.person, stopWords(o, scope.channel === null ? "in this workspace" : "in this channel"), looking),
    () => say(ctx, g.by.person, "The stop could not be recorded. Say it again, or stop Countersign on its machine.", looking),
  )
  ctx.after.add(told)
  return isRefusal(await Promise.race([outcome, stands(ctx.inbox(), scope, outcome)])) ? "refused" : "stands"
}
