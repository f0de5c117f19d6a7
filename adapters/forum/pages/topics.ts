// The list of topics, and asking a new question.
import { Hono } from "hono"
import { html } from "hono/html"
import type { Html } from "../../../src/page/frame.ts"
import type { Viewer } from "../../../src/page/session.ts"
import { timeAgo } from "../../../src/page/time.ts"
import type { Context } from "../context.ts"
import { freshId, isId } from "../ids.ts"
import { askOf } from "../inbound.ts"
import { accountOf } from "../people.ts"
import type { Topic } from "../topics.ts"
import { csrfField, senderOr, show, viewerOr } from "./page.ts"
import { checkText, said, writingTips } from "./write.ts"

const topicsAtOnce = 40
const maxTitle = 200

export function topicPages(ctx: Context): Hono {
  const app = new Hono()
  async function list(before: string | undefined): Promise<Html> {
    const [lastAt, id] = (before ?? "").split(".")
    const cut = isId(id) && /^\d{1,15}$/.test(lastAt ?? "") ? { lastAt: Number(lastAt), id } : null
    const found = await ctx.topics.list(cut, topicsAtOnce)
    const last = found.length === topicsAtOnce ? found.at(-1) : undefined
    if (found.length === 0) return html`<p class="empty">No topics yet. Ask the first question.</p>`
    return html`<ol class="topics">${found.map((t) => topicRow(t, ctx.clock.now()))}</ol>
${last === undefined ? null : html`<p><a href="/?before=${last.lastAt}.${last.id}">Older topics</a></p>`}`
  }
  app.get("/", async (c) => {
    const viewer = await viewerOr(ctx, c)
    if (viewer instanceof Response) return viewer
    const body = html`<div class="row apart heading"><h1>Topics</h1><a class="button primary" href="/new">Ask a question</a></div><div id="topics">${await list(c.req.query("before"))}</div>`
    return show(ctx, c, viewer, { title: "Topics", here: "topics", body })
  })
  app.get("/part/topics", async (c) => {
    const viewer = await viewerOr(ctx, c)
    return viewer instanceof Response ? viewer : c.html(await list(undefined))
  })
  app.get("/new", async (c) => {
    const viewer = await viewerOr(ctx, c)
    if (viewer instanceof Response) return viewer
    return show(ctx, c, viewer, { title: "Ask a question", body: newBody(viewer, { id: freshId(), title: "", text: "", wrong: null }) })
  })
  app.post("/new", async (c) => {
    const sent = await senderOr(ctx, c)
    if (sent instanceof Response) return sent
    const { viewer, form } = sent
    const [id, title, text] = [form.one("id"), form.one("title").replace(/\s+/g, " ").trim(), form.one("text")]
    const wrong = !isId(id) ? "Open the form again, then send it." : (checkTitle(title) ?? checkText(text))
    if (wrong !== null) {
      const body = newBody(viewer, { id: freshId(), title, text, wrong })
      return show(ctx, c, viewer, { title: "Ask a question", body }, 422)
    }
    const opened = await ctx.topics.open({ id, title, author: accountOf(viewer.person) ?? "", text, ask: askOf(text) })
    if (opened === null && !(await openedBefore(ctx, { id, title, text }, viewer))) {
      const body = newBody(viewer, {
        id: freshId(),
        title,
        text,
        wrong: "This form was sent before, with another question. Send it again to ask this one, too.",
      })
      return show(ctx, c, viewer, { title: "Ask a question", body }, 409)
    }
    const card = opened === null ? null : await said(ctx, opened, viewer)
    return c.redirect(card === null ? `/t/${id}` : `/t/${id}?card=${card}#card-${card}`, 303)
  })
  return app
}

async function openedBefore(ctx: Context, form: { readonly id: string; readonly title: string; readonly text: string }, viewer: Viewer) {
  const [topic, messages] = await Promise.all([
    ctx.topics.find(form.id),
    ctx.topics.messages(form.id, { after: 0, before: 2, take: "earliest", limit: 1 }),
  ])
  return topic?.author === accountOf(viewer.person) && topic.title === form.title && messages[0]?.text === form.text
}
function checkTitle(title: string): string | null {
  if (title === "") return "Write the question in one line, so that others find it."
  return title.length > maxTitle ? `A title has at most ${maxTitle} characters; this one has ${title.length}. The rest can go into the text.` : null
}
function topicRow(t: Topic & { readonly authorName: string }, now: number): Html {
  const answers = t.count - 1
  return html`<li><a href="/t/${t.id}">${t.title}</a><p class="quiet">${t.authorName} · ${answers === 0 ? "no replies" : answers === 1 ? "1 reply" : `${answers} replies`} · ${timeAgo(t.lastAt, now)}</p></li>`
}
function newBody(viewer: Viewer, at: { readonly id: string; readonly title: string; readonly text: string; readonly wrong: string | null }): Html {
  return html`<h1>Ask a question</h1>
${at.wrong === null ? null : html`<div class="note bad" role="alert"><p>${at.wrong}</p></div>`}
<form method="post" action="/new" class="write">${csrfField(viewer)}<input type="hidden" name="id" value="${at.id}">
<label class="field">The question in one line<input name="title" value="${at.title}" required autocomplete="off"${at.title === "" ? html` autofocus` : null}></label>
<label class="field">What is going on?<textarea name="text" rows="8" required>${at.text}</textarea></label>
<div class="row apart"><button class="primary">Post the question</button>${writingTips}</div></form>`
}
