// The stop switch: whoever may ask may stop, from any page, at once. Resuming is for admins; the inbox says who that is.
import { Hono, type Context as HonoContext } from "hono"
import type { StopScope } from "../../../src/core/domain.ts"
import { installation } from "../../../src/core/door.ts"
import { isRefusal } from "../../../src/core/refusals.ts"
import type { Form } from "../../../src/page/form.ts"
import type { Context } from "../context.ts"
import { isId } from "../ids.ts"
import { stopWords, topicPlace } from "../inbound.ts"
import { accountOf } from "../people.ts"
import { actorOf, say, senderOr } from "./page.ts"

export function switchPages(ctx: Context): Hono {
  const app = new Hono()
  app.post("/stop", async (c) => {
    const sent = await senderOr(ctx, c)
    if (sent instanceof Response) return sent
    const { viewer, form } = sent
    const { scope, where } = scopeOf(ctx, form)
    const why = form.one("why").trim().slice(0, 200)
    const outcome = await ctx.inbox().stop({ by: actorOf(viewer), scope, why: why === "" ? null : why, from: fromOf(ctx, form) })
    if (isRefusal(outcome)) return say(ctx, c, viewer, { title: "Not stopped", words: outcome.words, status: 409 })
    await ctx.notes.add(accountOf(viewer.person) ?? "", stopWords(outcome, where), null)
    ctx.live.everyone({ event: "doors" })
    return c.redirect(back(c, ctx), 303)
  })
  app.post("/resume", async (c) => {
    const sent = await senderOr(ctx, c)
    if (sent instanceof Response) return sent
    const outcome = await ctx
      .inbox()
      .resume({ by: actorOf(sent.viewer), scope: scopeOf(ctx, sent.form).scope, why: null, from: fromOf(ctx, sent.form) })
    if (isRefusal(outcome)) return say(ctx, c, sent.viewer, { title: "Not resumed", words: outcome.words, status: 409 })
    ctx.live.everyone({ event: "doors" })
    return c.redirect(back(c, ctx), 303)
  })
  app.post("/notes/away", async (c) => {
    const sent = await senderOr(ctx, c)
    if (sent instanceof Response) return sent
    const id = Number(sent.form.one("id"))
    if (Number.isSafeInteger(id)) await ctx.notes.putAway(accountOf(sent.viewer.person) ?? "", id)
    return c.redirect(back(c, ctx), 303)
  })
  return app
}

/** Anything that is not plainly narrower stops the forum: an unneeded stop costs a click. */
function scopeOf(ctx: Context, form: Form): { readonly scope: StopScope; readonly where: string } {
  const topic = form.one("topic")
  if (form.one("scope") === "installation") return { scope: { workspace: installation, channel: null }, where: "everywhere" }
  if (form.one("scope") === "topic" && isId(topic)) return { scope: { workspace: ctx.workspace, channel: topic }, where: "in this topic" }
  return { scope: { workspace: ctx.workspace, channel: null }, where: "in the whole forum" }
}
const fromOf = (ctx: Context, form: Form) => topicPlace(ctx.workspace, isId(form.one("topic")) ? form.one("topic") : "")
/** The page that the form stood on, if it is one of ours. */
function back(c: HonoContext, ctx: Context): string {
  const from = URL.parse(c.req.header("referer") ?? "")
  const page = from !== null && from.origin === new URL(ctx.origin).origin ? from.pathname + from.search : "/"
  // "//name" would lead to another site; answers to a form have no page of their own to go back to.
  return /^\/(\/|stop|resume|enter|people\/|[cm]\/[^/]+\/)/.test(page) ? "/" : page
}
