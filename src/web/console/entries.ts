// One stream of the ledger as it stands: what the tables of the console link to. For the people in charge. No texts.
import { html } from "hono/html"
import type { Entry } from "../../core/facts.ts"
import type { Html } from "../../page/frame.ts"

export function entriesPage(entries: readonly Entry[], names: ReadonlyMap<string, string>): Html {
  const first = entries[0]
  return html`<p><a href="/console">◂ Console</a></p>
<h1>Entries of one ${first?.fact.kind === "asked" ? "request" : "stream"}</h1>
<p class="quiet"><code>${first?.workspace}</code> <code>${first?.stream}</code></p>
<table class="rows"><thead><tr><th scope="col">Entry</th><th scope="col">When</th><th scope="col">Who</th><th scope="col">What</th><th scope="col">Details</th></tr></thead>
<tbody>${entries.map(
    (e) =>
      html`<tr><td>${e.version}</td><td data-is="When"><time>${new Date(e.at).toISOString().slice(0, 19).replace("T", " ")}</time></td><td data-is="Who">${names.get(e.actor) ?? e.actor}</td><td data-is="What"><b>${e.fact.kind}</b></td><td data-is="Details">${details(e)}</td></tr>`,
  )}</tbody></table>`
}
function details(e: Entry): Html {
  const { kind: _, ...rest } = e.fact
  return html`${Object.entries(rest).map(([key, value]) => html`<span class="fact">${key} <code>${typeof value === "string" ? value : JSON.stringify(value)}</code></span> `)}`
}
