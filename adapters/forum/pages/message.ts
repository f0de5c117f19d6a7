// One message of a thread, and a page of its own for it.
import { html, raw } from "hono/html"
import type { Html } from "../../../src/page/frame.ts"
import type { Viewer } from "../../../src/page/session.ts"
import { timeAgo } from "../../../src/page/time.ts"
import type { Context } from "../context.ts"
import { freshId } from "../ids.ts"
import { safeHtml } from "../render.ts"
import type { TopicMessage } from "../topics.ts"
import { csrfField } from "./page.ts"
import { postArticle } from "./post.ts"

export function messageArticle(ctx: Context, m: TopicMessage, viewer: Viewer): Html {
  if (m.post !== null) return postArticle(ctx, m, m.post, viewer)
  const text = m.text === null ? html`<p class="quiet">This message was removed.</p>` : raw(safeHtml(m.text))
  return html`<article class="message" id="m-${m.id}" data-n="${m.n}">
<header><b class="author">${m.authorName}</b><a class="when" href="/m/${m.id}">${timeAgo(m.at, ctx.clock.now())}</a>${m.text === null ? null : draftForm(m, viewer)}</header>
<div class="body">${text}</div></article>`
}

/** The gesture is made with the page: the form sent twice is one request. */
function draftForm(m: TopicMessage, viewer: Viewer): Html {
  return html`<form method="post" action="/m/${m.id}/draft" class="ask">${csrfField(viewer)}<input type="hidden" name="gesture" value="${freshId()}"><button aria-label="Draft an answer to ${m.authorName}. Only you will see it.">Draft an answer <span class="spark" aria-hidden="true">✦</span></button></form>`
}
