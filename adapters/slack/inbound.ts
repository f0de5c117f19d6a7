// From Bolt to the inside: which listener hears what. Events are acknowledged by receivers.ts when their listener has ended;
// interactions here, with their answer, before Slack gives up waiting.
import { type App, AuthorizationError } from "@slack/bolt"
import { actionIds, viewIds } from "./actions.ts"
import { showHome } from "./app-home.ts"
import { onButton } from "./buttons.ts"
import { NotInstalled } from "./clients.ts"
import { onCommand } from "./commands.ts"
import { type Context, gestureOf } from "./context.ts"
import { nameOfFault } from "./errors.ts"
import { endsInstall, onMessage } from "./happenings.ts"
import { workspaceOf } from "./ids.ts"
import { hear } from "./mentions.ts"
import { onShortcut, shortcutIds } from "./shortcuts.ts"
import { onView } from "./views.ts"
import { whence } from "./whence.ts"

// Slack waits 3 s, and what it shows then is its own sign of a fault, though the click counts.
const answerWithinMs = 2_400

export interface Ending {
  /** An installation has ended: its workspaces have no token any more. */
  ended(body: unknown): Promise<void>
}

export function listen(app: App, ctx: Context, installs: Ending): void {
  app.event("app_mention", ({ body, event }) => hear(ctx, teamOf(body), event, "channel"))
  app.event("message", async ({ body, event }) => {
    await onMessage(ctx, teamOf(body), event)
    if ("channel_type" in event && event.channel_type === "im") await hear(ctx, teamOf(body), event, "direct")
  })
  app.event("app_home_opened", async ({ body, event }) => {
    if (event.tab !== "home") return
    const gesture = await gestureOf(ctx, workspaceOf(teamOf(body)), event.user)
    // Not waited for: a page that could not be shown is not worth a second delivery.
    if (gesture !== null) ctx.after.add(showHome(ctx, gesture).catch((fault: unknown) => warn(ctx, fault, "an App Home could not be shown")))
  })
  for (const name of ["app_uninstalled", "tokens_revoked"] as const)
    app.event(name, async ({ body, event }) => {
      if (endsInstall(event) === "ends") await installs.ended(body)
    })

  for (const id of Object.values(shortcutIds))
    app.shortcut(id, async ({ ack, body }) => {
      await answered(ctx, ack, onShortcut(ctx, teamOf(body), body), undefined)
    })
  app.command("/countersign", async ({ ack, body }) => {
    const words = onCommand(ctx, teamOf(body), body)
    await answered(ctx, (text) => ack({ response_type: "ephemeral", text: text ?? "I am at it; you will hear from me." }), words, undefined)
  })
  for (const id of Object.values(actionIds))
    app.action(id, async ({ ack, body }) => {
      await answered(ctx, () => ack(), onButton(ctx, teamOf(body), id, body), undefined)
    })
  // Checkboxes, menus and links, which say nothing until a form is sent.
  app.action(/^/, async ({ ack, action }) => {
    if (!("action_id" in action) || !(Object.values(actionIds) as readonly string[]).includes(action.action_id)) await ack()
  })
  for (const id of Object.values(viewIds))
    app.view(id, async ({ ack, body }) => {
      await answered(ctx, (response) => (response === undefined ? ack() : ack(response)), onView(ctx, teamOf(body), id, body), undefined)
    })

  app.error(async (fault) => {
    if (fault instanceof AuthorizationError && fault.original instanceof NotInstalled) return
    throw fault
  })
}

/** Acknowledges with what `work` gives, or with `late` when it takes too long; then `work` still goes on. */
async function answered<T>(ctx: Context, ack: (response: T | undefined) => Promise<void>, work: Promise<T>, late: T | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const waited = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), answerWithinMs)
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
