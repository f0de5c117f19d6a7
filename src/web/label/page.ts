// The label page for people: a sentence first, then three ticks, then the details, folded. Everyone may read it; names, the
// post and its text are for members of the place.
import { html } from "hono/html"
import { retractWords } from "../../core/signposts.ts"
import type { PublishedKeys } from "../../label/jws.ts"
import type { Html } from "../../page/frame.ts"
import { timeAgo } from "../../page/time.ts"
import type { Named } from "./json.ts"
import { recipe } from "./recipe.ts"
import type { LabelRecord } from "./record.ts"
import { authWords, drafterWords, editWords, statusWords, ticksOf } from "./words.ts"

export function labelPage(record: LabelRecord, member: Named | null, how: { readonly now: number; readonly keys: PublishedKeys }): Html {
  const { claims, ticks, jws } = record
  const all = ticksOf(ticks)
  const kid = (JSON.parse(Buffer.from(jws.split(".")[0] ?? "", "base64url").toString("utf8")) as { kid?: string }).kid
  const key = how.keys.keys.find((k) => k.kid === kid)
  return html`<article class="label-page ${record.status}">
<p class="kind">Label ${claims.jti.slice(-6)}</p>
<h1>${drafterWords(claims)}</h1>
<p class="lead">${approvalWords(record, member, how.now)} ${editWords(claims.rev.edit)}</p>
${standing(record, member, how.now)}
<ul class="ticks">${all.map((t) => html`<li class="${t.is}">${glyph(t.is)}<span>${t.words}.</span></li>`)}</ul>
${member?.text == null ? null : html`<h2>The text that was approved</h2><pre class="approved">${member.text}</pre>`}
${member === null || member.reports.length === 0 ? null : reported(member.reports, how.now)}
${
  member !== null
    ? null
    : html`<p class="quiet">Names, the place and the text are shown to signed-in members of the place where the answer stands.</p>`
}
<details><summary>What the label says</summary>
<p>The label is signed as a whole: nobody can change a line of this without the signature breaking.</p>
<dl>
<dt>Approved by</dt><dd>${claims.rev.by.map((who, i) => html`<code>${who}</code>${member?.names[i] === undefined ? null : html` ${member.names[i]}`} `)}</dd>
<dt>Known to the program</dt><dd>${authWords(claims.rev.auth)}</dd>
<dt>Program</dt><dd>${claims.gen.sys}</dd>
<dt>Source type</dt><dd><a href="${claims.dst}" rel="noreferrer">${claims.dst.split("/").at(-1)}</a> (IPTC)</dd>
<dt>Human oversight</dt><dd>${claims.hol.replaceAll("_", " ")}, ${claims.aid}</dd>
<dt>Hash of the visible text</dt><dd><code>${claims.dig.vis}</code> (${claims.dig.alg}, ${claims.dig.c14n})</dd>
<dt>Issuer</dt><dd><a href="${claims.iss}/.well-known/jwks.json">${claims.iss}</a></dd>
</dl>
<p>The label itself, as it travels with the post:</p>
<pre class="jws" tabindex="0">${jws}</pre>
</details>
${
  key === undefined
    ? null
    : html`<details><summary>Check the signature yourself</summary>
<p>Needs <code>curl</code> and <code>openssl</code>, and none of our programs. It ends with “Verified OK”.</p>
<pre tabindex="0">${recipe(claims.url, key)}</pre>
</details>`
}
</article>`
}

function approvalWords(record: LabelRecord, member: Named | null, now: number): Html {
  const { claims, state } = record
  const approvedAt = claims.rev.at * 1000
  const count = claims.rev.by.length
  const who = member !== null && member.names.length > 0 ? list(member.names) : count === 1 ? "One person" : `${count} people`
  const where =
    member?.post == null ? "" : html` for <a href="${member.post}">${member.title === null ? "this thread" : html`the topic “${member.title}”`}</a>`
  // Usually the post follows at once, and saying so twice tells nothing.
  const later = state.postedAt - approvedAt > 60_000 ? html` It was posted ${timeAgo(state.postedAt, now)}.` : ""
  return html`${who} approved it ${timeAgo(approvedAt, now)}${where}.${later}`
}
function standing(record: LabelRecord, member: Named | null, now: number): Html {
  const { state, status } = record
  if (state.at === "posted") return html`<p class="note good">${statusWords[status]}</p>`
  const pending = { retracting: " It is being taken down.", retractionFailed: " The platform has not taken it down yet.", retracted: "" }[state.at]
  return html`<div class="note bad"><p><b>This answer was retracted ${timeAgo(state.changedAt, now)}: ${retractWords[state.reason]}.</b>${pending}</p>
${member?.retraction == null ? null : html`<p>“${member.retraction}”</p>`}
${member === null ? null : html`<p>If you acted on it, say so at the post.</p>`}</div>`
}
function reported(reports: Named["reports"], now: number): Html {
  return html`<h2>What readers reported</h2><ul>${reports.map((r) => html`<li>${r.why === null ? "A problem, without words" : html`“${r.why}”`} <span class="quiet">${timeAgo(r.at, now)}</span></li>`)}</ul>`
}
function list(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? "A person") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`
}
/** The sign stands beside words that say the same: colour and shape alone tell nothing. */
function glyph(is: "yes" | "no" | "unknown"): Html {
  const path = { yes: "M4 8.5l3 3 5.5-7", no: "M4.5 4.5l7 7m0-7l-7 7", unknown: "M4 8h8" }[is]
  return html`<svg viewBox="0 0 16 16" width="20" height="20" aria-hidden="true"><path d="${path}"></path></svg>`
}
