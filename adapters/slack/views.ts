// Forms that were sent from modals. A no stays inside the modal, with what was typed still there where Slack allows it; a yes
// closes it, and the card follows.
import type { ViewResponseAction } from "@slack/bolt"
import { z } from "zod"
import { isRefusal, type Refusal } from "../../src/core/refusals.ts"
import { readClick, readPostClick, type viewIds } from "./actions.ts"
import { homeFollows } from "./app-home.ts"
import { type Context, type Gesture, gestureOf, unlessBusy } from "./context.ts"
import { workspaceOf } from "./ids.ts"
import { noticeModal, readAcknowledged, readEdit, readRetraction, readWords } from "./modals.ts"
import { staleClick } from "./words.ts"

type ViewId = (typeof viewIds)[keyof typeof viewIds]
const submitted = z.looseObject({ user: z.looseObject({ id: z.string() }), view: z.unknown() })
const closed: ViewResponseAction = { response_action: "clear" }
const no = (words: string): ViewResponseAction => ({ response_action: "update", view: noticeModal("Not done", words) })
function answer(done: unknown | Refusal, view: unknown): ViewResponseAction {
  if (!isRefusal(done)) return closed
  return done.refused === "platform-busy" ? kept(done.words, view) : noWhileTyping(done.words, view)
}
const filled = z.looseObject({ state: z.looseObject({ values: z.record(z.string(), z.unknown()) }) })
/** At the first field of the form, so that what was typed is not lost; a form without fields is replaced. */
const noWhileTyping = (words: string, view: unknown) => atFirstField(words, view) ?? no(words)
/** The form is to be sent again: it stays, with the words in it or above it. */
const kept = (words: string, view: unknown): ViewResponseAction =>
  atFirstField(words, view) ?? { response_action: "push", view: noticeModal("Not done yet", words) }
function atFirstField(words: string, view: unknown): ViewResponseAction | null {
  const read = filled.safeParse(view)
  const [first] = read.success ? Object.keys(read.data.state.values) : []
  return first === undefined ? null : { response_action: "errors", errors: { [first]: words } }
}
const notAMember = "Only members of this workspace can do that."

/** What the modal is answered with. When this resolves, what was decided is durable. */
export async function onView(ctx: Context, teamId: string, id: ViewId, body: unknown): Promise<ViewResponseAction> {
  const read = submitted.safeParse(body)
  if (!read.success) return no(notAMember)
  const { user, view } = read.data
  return unlessBusy(
    () => sent(ctx, teamId, user.id, id, body, view),
    (words) => kept(words, view),
  )
}
/** Slack waits no longer for an answer: the form stays open, since nobody knows yet whether it is needed again. */
export function whileWaiting(body: unknown): ViewResponseAction {
  const read = submitted.safeParse(body)
  return kept("Slack is slow to answer. Look at your card in a moment: if nothing has changed there, send this again.", read.data?.view)
}
async function sent(ctx: Context, teamId: string, user: string, id: ViewId, body: unknown, view: unknown): Promise<ViewResponseAction> {
  const g = await gestureOf(ctx, workspaceOf(teamId), user, "decides")
  if (g === null) return no(notAMember)
  const said = await about(ctx, g, id, body, view)
  if (said === closed) homeFollows(ctx, g)
  return said
}
function about(ctx: Context, g: Gesture, id: ViewId, body: unknown, view: unknown): Promise<ViewResponseAction> {
  switch (id) {
    case "review_modal":
    case "edit_modal":
    case "redraft_modal":
      return onDraft(ctx, g, id, body, view)
    case "report_modal":
    case "retract_modal":
      return onPost(ctx, g, id, body, view)
  }
}

async function onDraft(
  ctx: Context,
  g: Gesture,
  id: "review_modal" | "edit_modal" | "redraft_modal",
  body: unknown,
  view: unknown,
): Promise<ViewResponseAction> {
  const click = readClick(body)
  if (click === null || click.digest === null || click.workspace !== g.team.workspace) return no(staleClick)
  const on = { by: g.by, workspace: click.workspace, request: click.request, digest: click.digest }
  switch (id) {
    case "review_modal":
      return answer(await ctx.inbox().decide({ ...on, act: "approve", acknowledged: readAcknowledged(view) }), view)
    case "edit_modal": {
      const text = readEdit(view)
      return text === null ? no(staleClick) : answer(await ctx.inbox().decide({ ...on, act: "edit", text }), view)
    }
    case "redraft_modal":
      return answer(await ctx.inbox().decide({ ...on, act: "redraft", hint: readWords(view) }), view)
  }
}

async function onPost(ctx: Context, g: Gesture, id: "report_modal" | "retract_modal", body: unknown, view: unknown): Promise<ViewResponseAction> {
  const about = readPostClick(body)
  if (about === null || about.workspace !== g.team.workspace) return no(staleClick)
  const on = { by: g.by, workspace: about.workspace, post: { id: about.post } }
  if (id === "report_modal") return answer(await ctx.inbox().report({ ...on, why: readWords(view) }), view)
  const read = readRetraction(view)
  return read === null ? no(staleClick) : answer(await ctx.inbox().retract({ ...on, ...read }), view)
}
