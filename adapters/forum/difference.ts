// What an edit changed against the draft, word by word, and how the result will look.
import { diffLines, diffWordsWithSpace } from "diff"
import { html, raw } from "hono/html"
import type { Html } from "../../src/page/frame.ts"
import { safeHtml } from "./render.ts"

// Comparing words is quadratic in the changes: past this, lines do.
const maxWordsMs = 200

export function previewOf(draft: string, edited: string): Html {
  return html`<h3>Preview</h3><div class="as-posted"><div class="body">${raw(safeHtml(edited))}</div></div>
<h3>Difference to the draft</h3><div class="difference">${draft === edited ? html`<span class="quiet">No difference.</span>` : differenceOf(draft, edited)}</div>`
}
function differenceOf(before: string, after: string): Html {
  const parts = diffWordsWithSpace(before, after, { timeout: maxWordsMs }) ?? diffLines(before, after, { timeout: maxWordsMs })
  if (parts === undefined) return html`<span class="quiet">Too much changed to show it here.</span>`
  return html`${parts.map((p) => (p.added ? html`<ins>${p.value}</ins>` : p.removed ? html`<del>${p.value}</del>` : p.value))}`
}
