// The big stop switch: what is stopped, by whom and why; a stop for everyone who takes part, a resume for admins.
import { html } from "hono/html"
import { installation } from "../../core/door.ts"
import { atLeast } from "../../core/policy.ts"
import type { DoorView } from "../../core/ports.ts"
import type { Html } from "../../page/frame.ts"
import type { Viewer } from "../../page/session.ts"
import { timeAgo } from "../../page/time.ts"

/** `others`: workspaces beside the viewer's own that can be stopped by themselves. */
export function stopSwitch(doors: readonly DoorView[], others: readonly string[], viewer: Viewer, now: number): Html {
  const everything = doors.some((d) => d.scope.workspace === installation)
  return html`<section class="switch ${doors.length === 0 ? "open" : "shut"}" aria-label="Stop switch">
${doors.length === 0 ? html`<p class="lead"><b>Posting is open.</b> What a person approves is posted.</p>` : html`<ul>${doors.map((d) => stopped(d, viewer, now))}</ul>`}
${
  everything || !atLeast(viewer.standing, "member")
    ? null
    : html`<form method="post" action="/console/stop"><input type="hidden" name="csrf" value="${viewer.csrf}">
<fieldset class="row"><legend>Stop posting</legend>
<label><input type="radio" name="workspace" value="*" checked> everywhere</label>
<label><input type="radio" name="workspace" value="${workspaceOf(viewer)}"> in this forum</label>
${others.map((w) => html`<label><input type="radio" name="workspace" value="${w}"> in ${w}</label>`)}</fieldset>
<label class="field">Why <span class="quiet">(optional; everyone sees it)</span><input name="why" maxlength="200" autocomplete="off"></label>
<button class="danger big">Stop posting now</button></form>`
}
</section>`
}
function stopped(d: DoorView, viewer: Viewer, now: number): Html {
  return html`<li><p class="lead"><b>Stopped ${whereWords(d)}</b> by ${d.byName ?? "somebody who left"} ${timeAgo(d.at, now)}${d.why === null ? "." : html`: “${d.why}”`}</p>
<p>Nothing will be posted there. Approvals given before do not count any more.</p>
${
  atLeast(viewer.standing, "admin")
    ? html`<form method="post" action="/console/resume"><input type="hidden" name="csrf" value="${viewer.csrf}"><input type="hidden" name="workspace" value="${d.scope.workspace}">${
        d.scope.channel === null ? null : html`<input type="hidden" name="place" value="${d.scope.channel}">`
      }<button>Resume ${whereWords(d)}</button></form>`
    : html`<p class="quiet">An admin can resume.</p>`
}</li>`
}
function whereWords({ scope }: DoorView): string {
  if (scope.workspace === installation) return "everywhere"
  return scope.channel === null ? `in ${scope.workspace}` : `in one place of ${scope.workspace}`
}
/** People sign in to this page with the forum. */
function workspaceOf(viewer: Viewer): string {
  return viewer.person.split(":", 1)[0] ?? ""
}
