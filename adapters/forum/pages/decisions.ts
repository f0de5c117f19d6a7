// Clicks on a card. The person is the one the session says, the digest is the one that was on the card; the inbox decides.
import { Hono, type Context as HonoContext } from "hono"
import type { Card } from "../../../src/core/card.ts"
import type { AttemptId, Digest } from "../../../src/core/domain.ts"
import { isRefusal, type Refusal, refuse } from "../../../src/core/refusals.ts"
import { unreachable } from "../../../src/core/unreachable.ts"
import type { Form } from "../../../src/page/form.ts"
import type { Viewer } from "../../../src/page/session.ts"
import { cardAside, type Editing } from "../cards.ts"
import type { Context } from "../context.ts"
import { previewOf } from "../difference.ts"
import { actorOf, say, senderOr, viewerOr } from "./page.ts"
import { ownCard, showThread } from "./thread.ts"

const maxEdit = 200_000

export function decisionPages(ctx: Context): Hono {
  const app = new Hono()
  app.get("/c/:request", async (c) => {
    const viewer = await viewerOr(ctx, c)
    if (viewer instanceof Response) return viewer
    const card = await ownCard(ctx, viewer, c.req.param("request"))
    return card === null ? notYours(ctx, c, viewer) : c.redirect(where(card), 303)
  })
  app.get("/part/card/:request", async (c) => {
    const viewer = await viewerOr(ctx, c)
    if (viewer instanceof Response) return viewer
    const card = await ownCard(ctx, viewer, c.req.param("request"))
    if (card === null) return c.body(null, 404)
    c.header("x-waiting", String(await ctx.inbox().waiting(viewer.person)))
    return c.html(cardAside(card, { viewer, now: ctx.clock.now(), progress: ctx.progress.get(card.request) ?? null, editing: null }))
  })
  for (const act of ["approve", "edit", "redraft", "decline", "cancel", "resolve"] as const) {
    app.post(`/c/:request/${act}`, (c) =>
      onCard(ctx, c, async (card, viewer, form) => {
        const done = await carryOut(ctx, act, card, viewer, form)
        if (!isRefusal(done)) return c.redirect(where(done), 303)
        const editing = act === "edit" ? { text: form.one("text"), preview: previewOf(card.draft?.answer ?? "", form.one("text")) } : null
        return refusedAt(ctx, c, viewer, card, done, editing)
      }),
    )
  }
  app.post("/c/:request/preview", (c) =>
    onCard(ctx, c, async (card, viewer, form) => {
      const preview = previewOf(card.draft?.answer ?? "", form.one("text"))
      if (c.req.header("x-part") !== undefined) return c.html(preview)
      const topic = await ctx.topics.find(card.place.channel)
      return topic === null ? notYours(ctx, c, viewer) : showThread(ctx, c, viewer, topic, { card, editing: { text: form.one("text"), preview } })
    }),
  )
  return app
}

function carryOut(
  ctx: Context,
  act: "approve" | "edit" | "redraft" | "decline" | "cancel" | "resolve",
  card: Card,
  viewer: Viewer,
  form: Form,
): Promise<Card | Refusal> {
  const on = { by: actorOf(viewer), workspace: card.workspace, request: card.request }
  const decision = { ...on, digest: form.one("digest") as Digest }
  const inbox = ctx.inbox()
  switch (act) {
    case "approve":
      return inbox.decide({ ...decision, act, acknowledged: form.all("acknowledged") })
    case "edit":
      return inbox.decide({ ...decision, act, text: form.one("text") })
    case "redraft":
      return inbox.decide({ ...decision, act, hint: form.one("hint").trim() === "" ? null : form.one("hint").trim() })
    case "decline":
      return inbox.decide({ ...decision, act })
    case "cancel":
      return inbox.cancel(on)
    case "resolve":
      return inbox.resolve({ ...on, attempt: form.one("attempt") as AttemptId, as: form.one("as") === "posted" ? "posted" : "never-seen" })
    default:
      return unreachable(act)
  }
}

async function onCard(
  ctx: Context,
  c: HonoContext,
  then: (card: Card, viewer: Viewer, form: Form) => Promise<Response> | Response,
): Promise<Response> {
  const sent = await senderOr(ctx, c)
  if (sent instanceof Response) return sent
  const card = await ownCard(ctx, sent.viewer, c.req.param("request"))
  const { length } = sent.form.one("text")
  // Looking at it takes time that everybody's stop would wait for. What is shorter and still too long, a check says.
  if (card !== null && length > maxEdit) {
    const words = `An answer has at most ${maxEdit.toLocaleString("en-US")} characters; this one has ${length.toLocaleString("en-US")}.`
    return say(ctx, c, sent.viewer, {
      title: "Nothing was changed",
      words,
      status: 422,
      kept: sent.form.one("text"),
      on: { href: where(card), words: "To the draft" },
    })
  }
  return card === null ? notYours(ctx, c, sent.viewer, sent.form.one("text")) : then(card, sent.viewer, sent.form)
}
/** The same answer for a request that is somebody else's and for one that never was. */
function notYours(ctx: Context, c: HonoContext, viewer: Viewer, kept?: string): Promise<Response> | Response {
  return say(ctx, c, viewer, {
    title: "There is no such draft for you",
    words: `${refuse("not-yours").words} Nothing was changed.`,
    status: 404,
    kept,
  })
}
async function refusedAt(ctx: Context, c: HonoContext, viewer: Viewer, card: Card, why: Refusal, editing: Editing | null): Promise<Response> {
  const topic = await ctx.topics.find(card.place.channel)
  const now = (await ownCard(ctx, viewer, card.request)) ?? card
  // A card that has ended has no field any more for the text that was on its way.
  const homeless = editing !== null && !now.actions.some((a) => a.act === "edit")
  if (topic === null || homeless) {
    const on = topic === null ? undefined : { href: where(now), words: "To the topic" }
    return say(ctx, c, viewer, { title: "Nothing was changed", words: why.words, status: 409, kept: editing?.text, on })
  }
  return showThread(ctx, c, viewer, topic, { card: now, editing, wrong: why.words, status: 409 })
}
const where = (card: Card) => `/t/${card.place.channel}?card=${card.request}#card-${card.request}`
