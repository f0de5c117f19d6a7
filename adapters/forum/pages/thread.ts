// A topic with its messages, and, between them, the viewer's own cards. The latest page by default; others by number.

import type { Context as HonoContext } from "hono"
import { html } from "hono/html"
import type { ContentfulStatusCode } from "hono/utils/http-status"
import type { Card } from "../../../src/core/card.ts"
import type { RequestId } from "../../../src/core/domain.ts"
import type { Html } from "../../../src/page/frame.ts"
import type { Viewer } from "../../../src/page/session.ts"
import { timeAgo } from "../../../src/page/time.ts"
import { cardAside, type Editing } from "../cards.ts"
import type { Context } from "../context.ts"
import { freshId, isId } from "../ids.ts"
import { pageSize, type Topic, type TopicMessage } from "../topics.ts"
import { messageArticle } from "./message.ts"
import { csrfField, show } from "./page.ts"
import { writingTips } from "./write.ts"

export interface ThreadView {
  /** Shown although it is settled. */
  readonly card?: Card | null
  readonly editing?: Editing | null
  readonly wrong?: string | null
  readonly reply?: string
  readonly cut?: { readonly before?: string | undefined; readonly from?: string | undefined }
  readonly status?: ContentfulStatusCode
}

export async function showThread(ctx: Context, c: HonoContext, viewer: Viewer, topic: Topic, view: ThreadView = {}): Promise<Response> {
  const messages = await cutOut(ctx, topic, view.cut ?? {})
  const [first, last] = [messages[0]?.n ?? 1, messages.at(-1)?.n ?? 0]
  const atTail = last >= topic.count
  const cards = await cardsHere(ctx, viewer, topic, view.card ?? null)
  const shown = new Set(messages.map((m) => m.id))
  const card = (k: Card) =>
    cardAside(k, {
      viewer,
      now: ctx.clock.now(),
      progress: ctx.progress.get(k.request) ?? null,
      editing: k.request === view.card?.request ? (view.editing ?? null) : null,
    })
  const starter = messages[0]?.n === 1 ? messages[0].authorName : null
  const body = html`<div class="heading"><p class="crumb"><a href="/">Topics</a></p><h1>${topic.title}</h1>
<p class="quiet">${starter === null ? null : html`Asked by ${starter} · `}${timeAgo(topic.at, ctx.clock.now())}</p></div>
${view.wrong ? html`<div class="note bad" role="alert"><p>${view.wrong}</p></div>` : null}
${first > 1 ? html`<nav class="pages" aria-label="Earlier messages"><a href="/t/${topic.id}?from=1">First messages</a><a href="/t/${topic.id}?before=${first}">Earlier messages</a></nav>` : null}
<div id="messages" data-topic="${topic.id}" data-last="${last}"${atTail ? html` data-tail` : null}>
${messages.map((m) => html`${messageArticle(ctx, m, viewer)}${cards.filter((k) => k.message === m.id).map(card)}`)}
</div>
${atTail ? null : html`<nav class="pages" aria-label="Later messages"><a href="/t/${topic.id}?from=${last + 1}">Later messages</a><a href="/t/${topic.id}">Latest messages</a></nav>`}
<div id="cards">${cards.filter((k) => !shown.has(k.message)).map(card)}</div>
${replyForm(topic, viewer, view.reply ?? "")}`
  return show(ctx, c, viewer, { title: topic.title, here: "topics", topic: { id: topic.id, title: topic.title }, body }, view.status ?? 200)
}

async function cutOut(
  ctx: Context,
  topic: Topic,
  cut: { readonly before?: string | undefined; readonly from?: string | undefined },
): Promise<readonly TopicMessage[]> {
  const number = (raw: string | undefined) => (raw !== undefined && /^\d{1,9}$/.test(raw) ? Number(raw) : null)
  const [from, before] = [number(cut.from), number(cut.before)]
  if (from !== null) return ctx.topics.messages(topic.id, { after: from - 1, before: topic.count + 1, take: "earliest", limit: pageSize })
  return ctx.topics.messages(topic.id, { after: 0, before: before ?? topic.count + 1, take: "latest", limit: pageSize })
}
/** The viewer's cards of this topic that wait, and the one asked for. */
export async function cardsHere(ctx: Context, viewer: Viewer, topic: Topic, asked: Card | null): Promise<readonly Card[]> {
  const waiting = (await ctx.inbox().queue(viewer.person)).filter((k) => k.workspace === ctx.workspace && k.place.channel === topic.id)
  return asked === null ? waiting : [...waiting.filter((k) => k.request !== asked.request), asked]
}
/** The viewer's own card; null for anybody else's. */
export async function ownCard(ctx: Context, viewer: Viewer, request: string | undefined): Promise<Card | null> {
  return isId(request) ? ctx.inbox().card(ctx.workspace, request as RequestId, viewer.person) : null
}
function replyForm(topic: Topic, viewer: Viewer, text: string): Html {
  return html`<form method="post" action="/t/${topic.id}/reply" class="write reply" id="reply">${csrfField(viewer)}<input type="hidden" name="id" value="${freshId()}">
<label class="field">Your reply<textarea name="text" rows="4" required>${text}</textarea></label>
<div class="row apart"><button>Post reply</button>${writingTips}</div></form>`
}
