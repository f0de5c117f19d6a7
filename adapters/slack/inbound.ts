// From Bolt to the inside: which listener hears what. Events are acknowledged by receivers.ts when their listener has ended;
// interactions here, with their answer, before Slack gives up waiting.
import { type App, AuthorizationError, type KnownEventFromType } from "@slack/bolt"
import { actionIds, viewIds } from "./actions.ts"
import { homeFollows } from "./app-home.ts"
import { onButton } from "./buttons.ts"
import { NotInstalled } from "./clients.ts"
import { onCommand } from "./commands.ts"
import { type Context, gestureOf } from "./context.ts"
import { nameOfFault } from "./errors.ts"
import { endsInstall, onMessage } from "./happenings.ts"
import { workspaceOf } from "./ids.ts"
import { hear } from "./mentions.ts"
import { onSessionStopped } from "./session-stopped.ts"
import { onShortcut } from "./shortcuts.ts"
import { onView, whileWaiting } from "./views.ts"
import { whence } from "./whence.ts"

// What Slack shows when it has waited long enough is its own sign of a fault, though the click counts.
const spareMs = 600

export interface Ending {
  /** An installation has ended: its workspaces have no token any more. */
  ended(body: unknown): Promise<void>
}

/** One listener a kind: Bolt takes everything that comes in past each of them. */
export function listen(app: App, ctx: Context, installs: Ending): void {
  app.event(/^/, ({ body, event, context }) => onEvent(ctx, installs, body, event, context.teamId ?? ""))
  app.shortcut(/^/, async ({ ack, body }) => {
    await answered(ctx, () => ack(), onShortcut(ctx, teamOf(body), body), undefined)
  })
  app.command("/countersign", async ({ ack, body }) => {
    const words = onCommand(ctx, teamOf(body), body)
    await answered(ctx, (text) => ack({ response_type: "ephemeral", text: text ?? "I am at it; you will hear from me." }), words, undefined)
  })
  app.action(/^/, async ({ ack, action, body }) => {
    // Checkboxes, menus and links say nothing until a form is sent.
    const id = "action_id" in action ? known(actionIds, action.action_id) : undefined
    await answered(ctx, () => ack(), id === undefined ? Promise.resolve() : onButton(ctx, teamOf(body), id, body), undefined)
  })
  app.view(/^/, async ({ ack, body, view }) => {
    const id = known(viewIds, view.callback_id)
    if (id === undefined) return ack()
    await answered(ctx, (response) => (response === undefined ? ack() : ack(response)), onView(ctx, teamOf(body), id, body), whileWaiting(body))
  })
  app.error(async (fault) => {
    if (fault instanceof AuthorizationError && fault.original instanceof NotInstalled) return
    throw fault
  })
}
const known = <T extends string>(ids: Readonly<Record<string, T>>, id: string): T | undefined => Object.values(ids).find((k) => k === id)

/** `teamId`: of the installation that it concerns. When this resolves, what the event asked for is durable. */
async function onEvent(ctx: Context, installs: Ending, body: unknown, event: KnownEventFromType<string>, teamId: string): Promise<void> {
  switch (event.type) {
    case "app_mention":
      return hear(ctx, teamId, event, "channel")
    case "message":
      await onMessage(ctx, teamId, event)
      return "channel_type" in event && event.channel_type === "im" ? hear(ctx, teamId, event, "direct") : undefined
    case "app_home_opened": {
      if (event.tab !== "home") return
      const gesture = await gestureOf(ctx, workspaceOf(teamId), event.user, "asks")
      if (gesture !== null) homeFollows(ctx, gesture)
      return
    }
    case "agent_session_stopped":
      return onSessionStopped(ctx, teamId, event)
    case "app_uninstalled":
    case "tokens_revoked":
      return endsInstall(event) === "ends" && (await concerns(ctx, body)) ? installs.ended(body) : undefined
  }
}

/** Bolt asks nobody whether such an event is for us: an app that several workspaces have may have ended in one that we do not serve. */
async function concerns(ctx: Context, body: unknown): Promise<boolean> {
  const from = whence(body)
  if (from === null || from.organisation !== null) return true
  // A token that cannot be renewed any more is a workspace of ours all the same.
  const team = await ctx.clients.team(workspaceOf(from.teamId)).catch(() => "not-known" as const)
  return team !== null
}

/** Acknowledges with what `work` gives, or with `late` when it takes too long; then `work` still goes on. */
async function answered<T>(ctx: Context, ack: (response: T | undefined) => Promise<void>, work: Promise<T>, late: T | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const waited = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), ctx.waitsMs - spareMs)
  })
  const first = await Promise.race([work.then((response) => ({ response })), waited]).finally(() => clearTimeout(timer))
  await ack(first === "late" ? late : first.response)
  if (first === "late") await work.catch((fault: unknown) => warn(ctx, fault, "a gesture was not carried out"))
}
function warn(ctx: Context, fault: unknown, words: string): void {
  ctx.log.warn({ fault: nameOfFault(fault) }, words)
}
function teamOf(body: unknown): string {
  // Bolt has found a token for it by the same function before any listener runs.
  return whence(body)?.teamId ?? ""
}
