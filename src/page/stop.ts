// The stop switch of every page, and the banner that tells everyone what is stopped, by whom and why.
import { html } from "hono/html"
import { installation } from "../core/door.ts"
import { atLeast } from "../core/policy.ts"
import type { DoorView } from "../core/ports.ts"
import type { Html } from "./frame.ts"
import type { Viewer } from "./session.ts"
import { timeAgo } from "./time.ts"

export function stopMenu(viewer: Viewer, topic: { readonly id: string; readonly title: string } | null): Html {
  return html`<details class="menu stop"><summary>${power}Stop</summary>
<div class="sheet">
<form method="post" action="/stop">
<input type="hidden" name="csrf" value="${viewer.csrf}">
<fieldset><legend>Stop Countersign from posting</legend>
${topic === null ? null : html`<input type="hidden" name="topic" value="${topic.id}"><label><input type="radio" name="scope" value="topic" checked> in this topic</label>`}
<label><input type="radio" name="scope" value="forum"${topic === null ? html` checked` : null}> in the whole forum</label>
<label><input type="radio" name="scope" value="installation"> everywhere, on all platforms</label>
</fieldset>
<label class="field">Why <span class="quiet">(optional; everyone sees it)</span><input name="why" maxlength="200" autocomplete="off"></label>
<button class="danger">Stop posting now</button>
<p class="quiet">Approvals given so far no longer count. An admin can resume.</p>
</form>
</div>
</details>`
}

export function stopBanner(doors: readonly DoorView[], viewer: Viewer | null): Html {
  if (doors.length === 0) return html``
  return html`<div class="stopped" role="status"><div>
${doors.map(
  (
    d,
  ) => html`<div class="line">${power}<span><b>Stopped by ${d.byName ?? "somebody who left"}</b> ${timeAgo(d.at, Date.now())}, ${scopeWords(d)}: nothing will be posted.${d.why === null ? null : html` “${d.why}”`}</span>
${viewer !== null && atLeast(viewer.standing, "admin") ? resumeForm(d, viewer) : null}</div>`,
)}
</div></div>`
}

function scopeWords(d: DoorView): string {
  if (d.scope.workspace === installation) return "everywhere"
  return d.scope.channel === null ? "in the whole forum" : "in this topic"
}

function resumeForm(d: DoorView, viewer: Viewer): Html {
  const scope = d.scope.workspace === installation ? "installation" : d.scope.channel === null ? "forum" : "topic"
  return html`<form method="post" action="/resume"><input type="hidden" name="csrf" value="${viewer.csrf}"><input type="hidden" name="scope" value="${scope}">${
    d.scope.channel === null ? null : html`<input type="hidden" name="topic" value="${d.scope.channel}">`
  }<button>Resume</button></form>`
}

const power = html`<svg class="power" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d="M8 1.75v6M4.6 3.9a5.25 5.25 0 1 0 6.8 0"></path></svg>`
