// Slack's own Stop button, in the thread of a card: the person cancels the drafting, as by the button on the card. Which request that
// is, the card itself says, as Slack has it: so it holds after a restart, and in whichever process the word arrives.
import { z } from "zod"
import { isRefusal } from "../../src/core/refusals.ts"
import { type Click, readClickIn } from "./actions.ts"
import { type Context, type Gesture, gestureOf, say } from "./context.ts"
import { type MessageAt, placeOf, workspaceOf } from "./ids.ts"
import { isOurs, type SlackMessage } from "./own.ts"
import { readOne } from "./reach.ts"
import { sessions } from "./sessions.ts"

const stopped = z.looseObject({ channel: z.string(), user: z.string(), thread_ts: z.string() })

/** An `agent_session_stopped`. When this resolves, the cancellation is durable; the card tells of it. Again, it changes nothing. */
export async function onSessionStopped(ctx: Context, teamId: string, event: unknown): Promise<void> {
  const read = stopped.safeParse(event)
  if (!read.success) return
  const { channel, user, thread_ts } = read.data
  const g = await gestureOf(ctx, workspaceOf(teamId), user, "decides")
  if (g === null) return
  const thread = { channel, ts: thread_ts }
  const click = await clickAt(ctx, g, thread)
  if (click === null) return rest(ctx, g, thread)
  const done = await ctx.inbox().cancel({ by: g.by, workspace: click.workspace, request: click.request })
  if (isRefusal(done)) say(ctx, g.by.person, done.words, placeOf(teamId, channel, null))
}
/** What the card's buttons are about; null: there is no card, or nothing on it is open. */
async function clickAt(ctx: Context, g: Gesture, thread: MessageAt): Promise<Click | null> {
  const card = (await readOne(await ctx.clients.control(g.team.workspace), thread)) as (SlackMessage & { readonly blocks?: unknown }) | null
  const click = card === null || !isOurs(g.team, card) ? null : readClickIn(card.blocks)
  return click?.workspace === g.team.workspace ? click : null
}
/** Slack leaves the status of a session to the app, also when nothing is under way in it any more. */
async function rest(ctx: Context, g: Gesture, thread: MessageAt): Promise<void> {
  await sessions(ctx.clients)
    .turn(g.team.workspace, thread, "active")
    .catch(() => undefined)
}
