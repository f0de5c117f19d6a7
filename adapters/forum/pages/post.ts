// A post of the program as everyone sees it, with what machines read of it. The markup is specified in docs/label.md:
// label lines and text are read, everything with `data-chrome` is ours and is not.
import { html, raw } from "hono/html"
import { retractReasons } from "../../../src/core/domain.ts"
import { atLeast } from "../../../src/core/policy.ts"
import { retractWords, signpostWords } from "../../../src/core/signposts.ts"
import type { Claims } from "../../../src/label/claims.ts"
import { splitLine } from "../../../src/label/lines.ts"
import { labelMediaType } from "../../../src/label/read/html.ts"
import type { Html } from "../../../src/page/frame.ts"
import type { Viewer } from "../../../src/page/session.ts"
import { clockOf, timeAgo } from "../../../src/page/time.ts"
import type { Context } from "../context.ts"
import type { PostRow, TopicMessage } from "../topics.ts"
import { csrfField } from "./page.ts"

export function labelLine(line: string): Html {
  const { words, url } = splitLine(line)
  return html`<p class="label" data-label>${words}${url === "" ? null : html`<a data-verify href="${url}">verify</a>`}</p>`
}
/** The text between its label lines: the same on the card and in the thread. */
export function labelled(lines: { readonly first: string; readonly last: string }, payload: string): Html {
  return html`${labelLine(lines.first)}<div class="body">${raw(payload)}</div>${labelLine(lines.last)}`
}

export function postArticle(ctx: Context, m: TopicMessage, post: PostRow, viewer: Viewer): Html {
  const claims = JSON.parse(post.claims) as Claims
  const now = ctx.clock.now()
  const place = html`data-platform="${claims.ctx.p}" data-workspace="${claims.ctx.ws}" data-channel="${claims.ctx.ch}"${claims.ctx.th === undefined ? null : html` data-thread="${claims.ctx.th}"`}`
  const when = html`<a class="when" href="/m/${m.id}">${timeAgo(m.at, now)}</a>`
  if (post.retracted !== null || post.payload === null) {
    const at = post.retracted?.at ?? m.at
    const words = post.retracted === null ? "Retracted." : signpostWords({ kind: "retracted", ...post.retracted })
    return html`<article class="message post retracted" id="m-${m.id}" data-n="${m.n}">
<header data-chrome><b class="author">Countersign</b>${when}</header>
<p>${words.replace(/^(Retracted by .*?): /s, (_all, who: string) => `${who} at ${clockOf(at)}: `)}</p>
<footer data-chrome>${actedForm(m, viewer)}<a href="${claims.url}">Its label</a></footer></article>`
  }
  const model = claims.gen.mdl === undefined ? null : html` ai-model="${claims.gen.mdl}"`
  return html`<article class="message post" id="m-${m.id}" data-n="${m.n}" ai-disclosure="${claims.aid}"${model} ai-provider="${claims.gen.prv}" ${place}>
<header data-chrome><b class="author">Countersign</b>${when}</header>
${labelled(post.lines, post.payload)}
<footer data-chrome>${reportForm(m, viewer)}${actedForm(m, viewer)}${mayRetract(ctx, post, viewer) ? retractForm(m, viewer) : null}</footer>
<script type="${labelMediaType}">${raw(post.jws)}</script>
<script type="application/ld+json">${raw(linkedData(ctx, m, claims))}</script></article>`
}
export function postHead(post: PostRow): Html {
  const claims = JSON.parse(post.claims) as Claims
  return html`<meta name="ai-disclosure" content="${claims.aid}">`
}

function mayRetract(ctx: Context, post: PostRow, viewer: Viewer): boolean {
  return atLeast(viewer.standing, "moderator") || post.approvers.includes(ctx.pseudonyms.of(viewer.person))
}
function reportForm(m: TopicMessage, viewer: Viewer): Html {
  return html`<details class="act"><summary>Report a problem</summary><form method="post" action="/m/${m.id}/report">${csrfField(viewer)}
<label class="field">What is wrong? <span class="quiet">(optional; for members, on the label’s page)</span><textarea name="why" rows="3" maxlength="2000"></textarea></label>
<button>Report the problem</button></form></details>`
}
function actedForm(m: TopicMessage, viewer: Viewer): Html {
  return html`<form method="post" action="/m/${m.id}/acted">${csrfField(viewer)}<button class="link" title="You are told if this answer is retracted or corrected">I acted on this</button></form>`
}
function retractForm(m: TopicMessage, viewer: Viewer): Html {
  return html`<details class="act"><summary>Retract</summary><form method="post" action="/m/${m.id}/retract">${csrfField(viewer)}
<fieldset><legend>Why should this answer not stand?</legend>${retractReasons.map(
    (r, i) => html`<label><input type="radio" name="reason" value="${r}"${i === 0 ? html` checked` : null}> ${retractWords[r]}</label>`,
  )}</fieldset>
<label class="field">More on it <span class="quiet">(optional; for members, on the label’s page)</span><input name="words" maxlength="500" autocomplete="off"></label>
<button class="danger">Retract this answer</button> <span class="quiet">The text goes; a line stays that says so.</span></form></details>`
}
function linkedData(ctx: Context, m: TopicMessage, claims: Claims): string {
  const data = {
    "@context": "https://schema.org",
    "@type": "DiscussionForumPosting",
    url: `${ctx.origin}/m/${m.id}`,
    isPartOf: `${ctx.origin}/t/${m.topic}`,
    datePublished: new Date(m.at).toISOString(),
    author: { "@type": "SoftwareApplication", name: claims.gen.sys },
    digitalSourceType: claims.dst,
  }
  // "</script>" inside a value would end the element.
  return JSON.stringify(data).replaceAll("<", "\\u003c")
}
