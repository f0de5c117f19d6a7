// Lays out a Card as its one viewer sees it: dashed frame, lock, the whole text as it will be posted, one primary button.
// Only called with a card that the inbox gave for this very viewer.
import { html } from "hono/html"
import { whoWords } from "../../src/core/audience.ts"
import type { Card, CardAct, CardAction, CardDraft } from "../../src/core/card.ts"
import type { Finding, Instant, Source } from "../../src/core/domain.ts"
import { unreachable } from "../../src/core/unreachable.ts"
import type { Html } from "../../src/page/frame.ts"
import type { Viewer } from "../../src/page/session.ts"
import { timeAgo, timeUntil } from "../../src/page/time.ts"
import { csrfField, lock } from "./pages/page.ts"
import { labelled } from "./pages/post.ts"

/** What the viewer is doing with the card: an edit under way, seen before it is saved. */
export interface Editing {
  readonly text: string
  readonly preview: Html
}
export interface CardView {
  readonly viewer: Viewer
  readonly now: Instant
  readonly progress: string | null
  readonly editing: Editing | null
}

export function cardAside(card: Card, view: CardView): Html {
  const note = card.phase === "drafting" ? (view.progress ?? card.note) : card.note
  return html`<aside class="private card" id="card-${card.request}" data-request="${card.request}" data-phase="${card.phase}" data-digest="${card.draft?.digest ?? ""}" data-after="m-${card.message}" tabindex="-1" aria-label="A draft that only you can see">
<p class="lock">${lock}Only you can see this</p>
<h2>${card.title}${card.deadline === null || card.phase === "settled" ? null : html` <span class="deadline">· expires ${timeUntil(card.deadline, view.now)}</span>`}${card.settledAt === null ? null : html` <span class="deadline">· ${timeAgo(card.settledAt, view.now)}</span>`}</h2>
${note === null ? null : html`<p class="state ${card.tone}" role="status">${card.phase === "drafting" ? working : null}${note}</p>`}
${card.phase === "drafting" ? html`<noscript><p class="quiet">Load this page again to see the draft.</p></noscript>` : null}
${card.draft === null ? null : draftPart(card, card.draft)}
${card.post?.url ? html`<p><a href="${card.post.url}">Open the post</a></p>` : null}
${card.actions.length === 0 ? null : html`<div class="acts">${card.actions.map((a) => actionPart(card, a, view))}</div>`}
</aside>`
}
const working = html`<span class="working" aria-hidden="true"></span>`

function draftPart(card: Card, draft: CardDraft): Html {
  const settled = card.phase === "settled"
  const text = html`<div class="as-posted">${labelled(draft.labelLines, draft.rendered.payload)}</div>`
  if (settled) return html`<details class="fold"><summary>The text</summary>${text}</details>`
  return html`${text}
<dl class="facts"><div><dt>Will be read by</dt><dd>${whoWords(draft.audience)}</dd></div>
${draft.sources.length === 0 ? null : html`<div><dt>Sources</dt><dd><ol class="sources">${draft.sources.map(sourceItem)}</ol></dd></div>`}
${draft.findings.length === 0 ? null : html`<div><dt>Check first</dt><dd><ul class="findings">${draft.findings.map((f) => findingItem(f, card))}</ul></dd></div>`}</dl>`
}
function sourceItem(s: Source): Html {
  const title = s.url !== null && /^https?:\/\//.test(s.url) ? html`<a href="${s.url}" rel="noreferrer">${s.title}</a>` : s.title
  return html`<li value="${s.n}">${title}</li>`
}
function findingItem(f: Finding, card: Card): Html {
  const approveForm = `approve-${card.request}`
  switch (f.level) {
    case "note":
      return html`<li class="noted">${withCode(f.words)}</li>`
    case "acknowledge":
      return html`<li class="to-check"><span><span class="sign" aria-hidden="true">▲</span> ${withCode(f.words)}</span><label class="check"><input type="checkbox" name="acknowledged" value="${f.id}" form="${approveForm}" required> I checked this</label></li>`
    case "second-approver":
      return html`<li class="to-check"><span class="sign" aria-hidden="true">▲</span> ${withCode(f.words)} A second person must approve, too.</li>`
    case "block":
      return html`<li class="blocks"><span class="sign" aria-hidden="true">■</span> ${withCode(f.words)} <b>Blocks posting.</b></li>`
    default:
      return unreachable(f.level)
  }
}

/** "line 4: `vault …`" with the quoted part as code. */
function withCode(words: string): Html {
  return html`${words.split("`").map((part, i, all) => (i % 2 === 1 && i < all.length - 1 ? html`<code>${part}</code>` : part))}`
}

function actionPart(card: Card, action: CardAction, view: CardView): Html {
  const at = (act: string) => `/c/${card.request}/${act}`
  const fields = html`${csrfField(view.viewer)}<input type="hidden" name="digest" value="${card.draft?.digest ?? ""}">`
  const button = html`<button${action.weight === "primary" ? html` class="primary"` : null}>${action.words}</button>`
  switch (action.act) {
    case "approve":
      return html`<form method="post" action="${at("approve")}" id="approve-${card.request}">${fields}${button}</form>`
    case "edit":
      return html`<details class="act edit"${view.editing === null ? null : html` open`}><summary>${action.words}</summary>${editForm(card, view, fields)}</details>`
    case "redraft":
      return html`<details class="act"><summary>${action.words}</summary><form method="post" action="${at("redraft")}">${fields}
<label class="field">What should be different? <span class="quiet">(optional)</span><textarea name="hint" rows="3" maxlength="2000"></textarea></label><button>Draft again</button></form></details>`
    case "decline":
    case "cancel":
      return html`<form method="post" action="${at(action.act)}">${fields}${button}</form>`
    case "resolve-posted":
    case "resolve-never-seen":
      return html`<form method="post" action="${at("resolve")}">${fields}<input type="hidden" name="attempt" value="${card.attempt ?? ""}"><input type="hidden" name="as" value="${resolvedAs[action.act]}">${button}</form>`
    default:
      return unreachable(action.act)
  }
}
const resolvedAs: Record<CardAct & `resolve-${string}`, string> = { "resolve-posted": "posted", "resolve-never-seen": "never-seen" }

function editForm(card: Card, view: CardView, fields: Html): Html {
  const text = view.editing?.text ?? card.draft?.answer ?? ""
  return html`<form method="post" action="/c/${card.request}/edit" data-preview="/c/${card.request}/preview">${fields}
<label class="field">The answer, in Markdown<textarea name="text" rows="12" spellcheck="true">${text}</textarea></label>
<div class="row"><button>Save the edit</button><button formaction="/c/${card.request}/preview">Preview</button><span class="quiet">Saving makes a new revision. Nothing is posted yet.</span></div>
<div class="preview" aria-live="polite">${view.editing?.preview}</div></form>`
}
