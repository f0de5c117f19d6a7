// What Slack tells of besides people's wishes: messages under our name, and installations that end.
import { z } from "zod"
import { postedFrom } from "./addressed.ts"
import type { Team } from "./clients.ts"
import type { Context } from "./context.ts"
import { permalink } from "./found.ts"
import { isDirect, workspaceOf } from "./ids.ts"
import { isLabelled, isOurs, ownMessage, type SlackMessage } from "./own.ts"

const said = z.looseObject({ ts: z.string() }) as z.ZodType<SlackMessage & { readonly ts: string }>
const message = z.looseObject({
  channel: z.string(),
  subtype: z.string().optional(),
  ts: z.string(),
  deleted_ts: z.string().optional(),
  message: said.optional(),
  previous_message: said.optional(),
})

interface Told extends SlackMessage {
  readonly message?: SlackMessage
  readonly previous_message?: SlackMessage
}
/** Cards and notices come back as events, each change of them too. Without a label nothing of ours in a direct message is told of: see own.ts. */
function isOwnCard(e: Told): boolean {
  const about = e.subtype === "message_changed" ? e.message : e.subtype === "message_deleted" ? e.previous_message : e
  return about?.bot_id !== undefined && ![about, e.previous_message].some((m) => m !== undefined && isLabelled(m))
}
/** False for what people say to each other: neither addressed to us nor under our name. Known without asking anybody. */
export function mayConcern(event: unknown): boolean {
  const e = (event ?? {}) as Partial<Record<"type" | "channel_type" | "message" | "previous_message", unknown>>
  if (e.type !== "message") return true
  if (e.channel_type === "im") return !isOwnCard(event as Told)
  return [e, e.message, e.previous_message].some((m) => {
    const by = (m ?? {}) as Partial<Record<"bot_id" | "app_id", unknown>>
    return by.bot_id !== undefined || by.app_id !== undefined
  })
}

/** A `message` event. When this resolves, what it says about a message of ours is durable. */
export async function onMessage(ctx: Context, teamId: string, event: unknown): Promise<void> {
  const read = message.safeParse(event)
  if (!read.success) return
  const e = read.data
  // Nearly all that is said in a channel is not ours: known without asking anybody.
  const about = e.subtype === "message_changed" ? e.message : e.subtype === "message_deleted" ? e.previous_message : (event as SlackMessage)
  if (about === undefined || (about.bot_id === undefined && about.app_id === undefined && about.user === undefined)) return
  const heard = await ctx.clients.team(workspaceOf(teamId))
  if (heard === null || !isOurs(heard, about)) return
  const team = await postedFrom(ctx.clients, heard, about)
  // Slack's own example of a changed message says no more than the channel.
  const at = { channel: e.channel, direct: isDirect(e.channel) }
  const own =
    e.subtype === "message_deleted"
      ? ownMessage(team, { ...about, ts: e.deleted_ts ?? about.ts ?? e.ts }, { ...at, what: "deleted", url: null })
      : await current(ctx, team, about, { ...at, what: e.subtype === "message_changed" ? "changed" : "created" })
  if (own !== null) await ctx.inbox().seen(own)
}
/** As it stands now: an event may be late, or leave the metadata out. */
async function current(
  ctx: Context,
  team: Team,
  m: SlackMessage,
  at: { readonly channel: string; readonly direct: boolean; readonly what: "created" | "changed" },
) {
  if (m.ts === undefined) return null
  const client = await ctx.clients.control(team.workspace)
  const url = isLabelled(m) && at.what === "created" ? await permalink(client, at.channel, m.ts) : null
  const carries = at.what === "created" && m.metadata?.event_payload !== undefined
  // A card is not public; its metadata says nothing of a label, before and after.
  if (carries || (at.direct && !isLabelled(m))) return ownMessage(team, m, { ...at, url })
  // The beginning of a thread comes along whatever is asked for.
  const just = { oldest: m.ts, latest: m.ts, inclusive: true, limit: 2, include_all_metadata: true }
  const got = await client.conversations.replies({ channel: at.channel, ts: m.thread_ts ?? m.ts, ...just })
  const now = ((got.messages ?? []) as readonly SlackMessage[]).find((x) => x.ts === m.ts)
  return ownMessage(team, now ?? m, { ...at, url })
}

const revoked = z.looseObject({ tokens: z.looseObject({ bot: z.array(z.string()).optional() }) })
/** Which installation an `app_uninstalled` or `tokens_revoked` ends; null: it goes on. */
export function endsInstall(event: unknown): "ends" | null {
  const type = (event as { readonly type?: unknown } | null)?.type
  if (type === "app_uninstalled") return "ends"
  const read = revoked.safeParse(event)
  // Users' tokens are none of ours: none is asked for.
  return type === "tokens_revoked" && read.success && (read.data.tokens.bot ?? []).length > 0 ? "ends" : null
}
