// Addresses of topics and messages: reading, replying, asking for a draft, and what readers say of a post.
import { Hono, type Context as HonoContext } from "hono"
import { html } from "hono/html"
import { type RetractReason, retractReasons } from "../../../src/core/domain.ts"
import { isRefusal, type Refusal } from "../../../src/core/refusals.ts"
import type { Context } from "../context.ts"
import { isId } from "../ids.ts"
import { askOf, topicPlace } from "../inbound.ts"
import { accountOf } from "../people.ts"
import type { TopicMessage } from "../topics.ts"
import { messageArticle } from "./message.ts"
import { actorOf, notFound, say, senderOr, show, viewerOr } from "./page.ts"
import { postHead } from "./post.ts"
import { ownCard, showThread } from "./thread.ts"
import { checkText, said, sentBefore, sentOtherwise } from "./write.ts"

export function threadPages(ctx: Context): Hono {
  const app = new Hono()
  app.get("/t/:topic", async (c) => {
    const viewer = await viewerOr(ctx, c)
    if (viewer instanceof Response) return viewer
    const topic = await ctx.topics.find(c.req.param("topic"))
    if (topic === null) return notFound(ctx, c, viewer)
    const asked = await ownCard(ctx, viewer, c.req.query("card"))
    const card = asked?.place.channel === topic.id ? asked : null
    return showThread(ctx, c, viewer, topic, { card, cut: { before: c.req.query("before"), from: c.req.query("from") } })
  })
  app.post("/t/:topic/reply", async (c) => {
    const sent = await senderOr(ctx, c)
    if (sent instanceof Response) return sent
    const { viewer, form } = sent
    const topic = await ctx.topics.find(c.req.param("topic"))
    const [id, text] = [form.one("id"), form.one("text")]
    if (topic === null) return say(ctx, c, viewer, { title: "This topic is gone", words: "Your reply was not posted.", status: 404, kept: text })
    const wrong = isId(id) ? checkText(text) : "Send the form again."
    if (wrong !== null) return showThread(ctx, c, viewer, topic, { wrong, reply: text, status: 422 })
    const added = await ctx.topics.add({ id, topic: topic.id, author: accountOf(viewer.person) ?? "", text, ask: askOf(text) })
    if (added === null && !(await sentBefore(ctx, { id, topic: topic.id, text }, viewer)))
      return showThread(ctx, c, viewer, topic, { wrong: sentOtherwise, reply: text, status: 409 })
    const card = added === null ? null : await said(ctx, added, viewer)
    return c.redirect(card === null ? `/t/${topic.id}#m-${id}` : `/t/${topic.id}?card=${card}#card-${card}`, 303)
  })
  app.get("/m/:message", async (c) => {
    const viewer = await viewerOr(ctx, c)
    if (viewer instanceof Response) return viewer
    const m = await ctx.topics.message(c.req.param("message"))
    const topic = m === null ? null : await ctx.topics.find(m.topic)
    if (m === null || topic === null) return notFound(ctx, c, viewer)
    const body = html`<div class="heading"><p class="crumb"><a href="/">Topics</a> / <a href="/t/${topic.id}?from=${Math.max(1, m.n - 10)}#m-${m.id}">${topic.title}</a></p></div><div id="messages">${messageArticle(ctx, m, viewer)}</div>`
    const head = m.post !== null && m.post.retracted === null ? { head: postHead(m.post) } : {}
    return show(ctx, c, viewer, { title: topic.title, topic: { id: topic.id, title: topic.title }, body, ...head })
  })
  app.post("/m/:message/draft", (c) =>
    aboutMessage(ctx, c, async (m, { viewer, form }) => {
      const gesture = form.one("gesture")
      if (!isId(gesture))
        return say(ctx, c, viewer, { title: "Nothing was asked", words: "Open the topic again, then press the button.", status: 422 })
      const answer = await ctx.inbox().ask({
        by: actorOf(viewer),
        place: topicPlace(ctx.workspace, m.topic),
        message: m.id,
        gesture: `button:${accountOf(viewer.person)}:${gesture}`,
      })
      if (isRefusal(answer)) return refused(ctx, c, m, viewer, answer)
      return c.redirect(`/t/${m.topic}?${near(m)}card=${answer.request}#card-${answer.request}`, 303)
    }),
  )
  app.post("/m/:message/report", (c) =>
    aboutPost(
      ctx,
      c,
      async (m, { viewer, form }) => {
        const why = form.one("why").trim().slice(0, 2000)
        return ctx.inbox().report({ by: actorOf(viewer), workspace: ctx.workspace, post: { id: m.id }, why: why === "" ? null : why })
      },
      "Thank you. The people who approved this answer are told.",
    ),
  )
  app.post("/m/:message/acted", (c) =>
    aboutPost(
      ctx,
      c,
      (m, { viewer }) => ctx.inbox().actedOn({ by: actorOf(viewer), workspace: ctx.workspace, post: { id: m.id } }),
      "Noted. You are told here if this answer is retracted or corrected.",
    ),
  )
  app.post("/m/:message/retract", (c) =>
    aboutPost(
      ctx,
      c,
      async (m, { viewer, form }) => {
        const reason = retractReasons.find((r) => r === form.one("reason")) ?? ("other" satisfies RetractReason)
        const words = form.one("words").trim().slice(0, 500)
        return ctx.inbox().retract({ by: actorOf(viewer), workspace: ctx.workspace, post: { id: m.id }, reason, words: words === "" ? null : words })
      },
      "This answer is being retracted.",
    ),
  )
  return app
}

type Sent = Exclude<Awaited<ReturnType<typeof senderOr>>, Response>
async function aboutMessage(ctx: Context, c: HonoContext, then: (m: TopicMessage, sent: Sent) => Promise<Response> | Response): Promise<Response> {
  const sent = await senderOr(ctx, c)
  if (sent instanceof Response) return sent
  const m = await ctx.topics.message(c.req.param("message") ?? "")
  return m === null ? notFound(ctx, c, sent.viewer) : then(m, sent)
}
function aboutPost(ctx: Context, c: HonoContext, act: (m: TopicMessage, sent: Sent) => Promise<Refusal | string>, done: string): Promise<Response> {
  return aboutMessage(ctx, c, async (m, sent) => {
    const answer = await act(m, sent)
    if (isRefusal(answer)) return refused(ctx, c, m, sent.viewer, answer)
    await ctx.notes.add(accountOf(sent.viewer.person) ?? "", done, `/m/${m.id}`)
    return c.redirect(`/t/${m.topic}?${near(m)}#m-${m.id}`, 303)
  })
}
async function refused(ctx: Context, c: HonoContext, m: TopicMessage, viewer: Sent["viewer"], why: Refusal): Promise<Response> {
  const topic = await ctx.topics.find(m.topic)
  if (topic === null) return notFound(ctx, c, viewer)
  return showThread(ctx, c, viewer, topic, { wrong: why.words, status: 409, cut: { from: String(Math.max(1, m.n - 10)) } })
}
/** Keeps a message of a long thread on the page that one comes back to. */
const near = (m: TopicMessage) => (m.n > 40 ? `from=${m.n - 10}&` : "")
