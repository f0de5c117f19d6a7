// The console: one screen for the people in charge, read on a phone when something burns. The stop switch comes first.
import { html } from "hono/html"
import { installation } from "../../core/door.ts"
import { retractWords } from "../../core/signposts.ts"
import type { Html } from "../../page/frame.ts"
import type { Viewer } from "../../page/session.ts"
import { timeAgo } from "../../page/time.ts"
import type { WebParts } from "../parts.ts"
import { counted, type Day, type Incident } from "../tally.ts"
import { bars } from "./chart.ts"
import { stopSwitch } from "./switch.ts"
import type { ConsoleView, PostRow, Waiting } from "./view.ts"

export type Sort = "since" | "who" | "what"

export function consolePage(view: ConsoleView, viewer: Viewer, parts: WebParts, sort: Sort): Html {
  const now = parts.clock.now()
  const { charge, posts } = view
  return html`<h1>Console</h1>
${stopSwitch(view.overview.doors, charge === null ? [] : others(view, viewer), viewer, now)}
${charge === null ? null : html`<section><h2>Waiting</h2>${waitingTable(charge.waiting, sort, now)}</section>`}
<section><h2>Posted in the last day</h2>${postsTable(posts, now)}</section>
${charge === null ? null : html`<section><h2>Two weeks</h2>${trends(charge.days)}</section><section><h2>Refusals and incidents</h2>${incidentsTable(charge.incidents, now)}</section>`}
<section><h2>Health</h2>${health(view, parts)}</section>
${charge === null ? html`<p class="quiet">What waits for whom, and incidents, are shown to moderators and admins.</p>` : null}`
}

function others({ overview }: ConsoleView, viewer: Viewer): readonly string[] {
  const own = [installation, viewer.person.split(":", 1)[0]]
  return overview.sizes.map((s) => s.workspace).filter((w) => !own.includes(w))
}
function waitingTable(rows: readonly Waiting[], sort: Sort, now: number): Html {
  if (rows.length === 0) return html`<p class="quiet">Nothing waits for anybody.</p>`
  const by: Record<Sort, (a: Waiting, b: Waiting) => number> = {
    since: (a, b) => a.since - b.since,
    who: (a, b) => a.who.localeCompare(b.who),
    what: (a, b) => a.what.localeCompare(b.what),
  }
  const head = (key: Sort, words: string) =>
    html`<th scope="col"${sort === key ? html` aria-sort="ascending"` : null}><a href="/console?sort=${key}">${words}</a></th>`
  return html`<table class="rows"><thead><tr>${head("who", "Who asked")}${head("what", "State")}${head("since", "Since")}<th scope="col">Ledger</th></tr></thead>
<tbody>${rows
    .toSorted(by[sort])
    .map(
      (r) =>
        html`<tr><td>${r.who}</td><td data-is="State">${r.what}</td><td data-is="Since">${timeAgo(r.since, now)}</td><td data-is="Ledger">${entriesLink(r.head.workspace, r.head.stream, `${r.head.version} entries`)}</td></tr>`,
    )}</tbody></table>`
}
function postsTable(rows: readonly PostRow[], now: number): Html {
  if (rows.length === 0) return html`<p class="quiet">Nothing was posted.</p>`
  return html`<table class="rows"><thead><tr><th scope="col">Posted</th><th scope="col">Approved by</th><th scope="col">Now</th><th scope="col">Readers</th><th scope="col">Label</th></tr></thead>
<tbody>${rows.map(({ state, approvedBy }) => {
    const readers = [count(state.reports.length, "problem reported", "problems reported"), count(state.actedOn.length, "acted on it", "acted on it")]
    const now_ = state.at === "posted" ? (state.vanishedAt === null ? "stands" : "was deleted there") : `retracted: ${retractWords[state.reason]}`
    const when = state.post.url === null ? timeAgo(state.postedAt, now) : html`<a href="${state.post.url}">${timeAgo(state.postedAt, now)}</a>`
    return html`<tr><td>${when}</td><td data-is="Approved by">${approvedBy}</td><td data-is="Now">${now_}</td><td data-is="Readers">${readers.filter((w) => w !== "").join(", ") || "–"}</td><td data-is="Label"><a href="/l/${state.draft.label}">check</a></td></tr>`
  })}</tbody></table>`
}
function count(n: number, one: string, many: string): string {
  return n === 0 ? "" : `${n} ${n === 1 ? one : many}`
}
function trends(days: readonly Day[]): Html {
  const names = days.map((d) => d.day)
  const charts = counted.map((kind) =>
    bars(
      `${kind[0]?.toUpperCase()}${kind.slice(1)}`,
      "today",
      days.map((d) => d.counts[kind]),
      names,
    ),
  )
  return html`<div class="charts">${charts}${bars(
    "Draft to approval",
    "s, median",
    days.map((d) => d.medianSeconds),
    names,
  )}</div>`
}
function incidentsTable(rows: readonly Incident[], now: number): Html {
  if (rows.length === 0) return html`<p class="quiet">None in the last week.</p>`
  return html`<table class="rows"><thead><tr><th scope="col">When</th><th scope="col">What</th><th scope="col">Ledger</th></tr></thead>
<tbody>${rows.map((i) => html`<tr><td>${timeAgo(i.at, now)}</td><td data-is="What">${i.words}</td><td data-is="Ledger">${entriesLink(i.workspace, i.stream, `entry ${i.version}`)}</td></tr>`)}</tbody></table>`
}
export function entriesLink(workspace: string, stream: string, words: string): Html {
  return html`<a href="/console/entries/${encodeURIComponent(workspace)}/${encodeURIComponent(stream)}">${words}</a>`
}
function health(view: ConsoleView, { about, version }: WebParts): Html {
  // A number that grows by somebody's asking would tell every member that somebody asked.
  const entries = view.charge === null ? "" : ` ${view.overview.sizes.reduce((sum, s) => sum + s.size, 0).toLocaleString("en-US")} entries,`
  const failed = view.charge?.incidents.filter((i) => i.kind === "draftingFailed").length ?? 0
  const failures = failed === 0 ? "" : `; the drafter failed ${failed === 1 ? "once" : `${failed} times`} in the last week`
  const row = (what: string, words: Html | string) => html`<div><dt>${what}</dt><dd>${words}</dd></div>`
  return html`<dl class="facts">
${row("Platforms", about.platforms.join(", "))}
${row("Drafts", `${about.drafter}, from ${about.passages().toLocaleString("en-US")} passages${failures}`)}
${row("Ledger", `${about.database},${entries} answered in ${view.ledgerMs.toFixed(1)} ms`)}
${row("Program", `countersign ${version}`)}
</dl>`
}
