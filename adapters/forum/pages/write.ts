// What people write into forms: limits with a sentence each, what follows once it is stored, and the hint below every field.
import { html } from "hono/html"
import type { RequestId } from "../../../src/core/domain.ts"
import type { Viewer } from "../../../src/page/session.ts"
import type { Context } from "../context.ts"
import { accountOf } from "../people.ts"
import { actorOf } from "./page.ts"

/** In UTF-16 code units, about twenty printed pages. */
export const maxText = 40_000

export function checkText(text: string): string | null {
  if (text.trim() === "") return "Write something first."
  if (text.length <= maxText) return null
  return `A message has at most ${maxText.toLocaleString("en-US")} characters; this one has ${text.length.toLocaleString("en-US")}. It is still here: shorten it, or post it in parts.`
}
/** After a message is stored: everyone sees it, and the inbox hears of a mention. The request, if one was made. */
export async function said(ctx: Context, added: { readonly id: string; readonly topic: string }, viewer: Viewer): Promise<RequestId | null> {
  ctx.live.everyone({ event: "message", topic: added.topic, id: added.id })
  const message = await ctx.topics.message(added.id)
  return message?.ask === "pending" ? ctx.hear(message, actorOf(viewer)) : null
}
/** Whether a form whose message is there already said the same then; a page that one comes back to sends its old id again. */
export async function sentBefore(
  ctx: Context,
  form: { readonly id: string; readonly topic: string; readonly text: string },
  viewer: Viewer,
): Promise<boolean> {
  const there = await ctx.topics.message(form.id)
  return there !== null && there.topic === form.topic && there.author === accountOf(viewer.person) && there.text === form.text
}
export const sentOtherwise =
  "This form was sent before, with another text, which stands below. What you wrote now is still here: send it again to add it."
export const writingTips = html`<p class="quiet tips">Markdown works. Write <code>@countersign</code> to ask for a draft, which only you will see.</p>`
