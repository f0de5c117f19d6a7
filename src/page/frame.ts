// The frame of every page: head, header with navigation and the stop switch, the stops that stand, and the body.
// Used by the forum, the console and the label page. Escapes everything it is given but `Html`.
import { html } from "hono/html"
import type { HtmlEscapedString } from "hono/utils/html"
import type { DoorView } from "../core/ports.ts"
import { iconPath, scriptPath, stylesheetPath } from "./assets.ts"
import type { Viewer } from "./session.ts"
import { stopBanner, stopMenu } from "./stop.ts"

/** Escaped markup: made by `html` of hono, or `raw` for what a sanitiser let through. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>

export interface Page {
  readonly title: string
  /** Null: nobody is signed in; the header then offers nothing. */
  readonly viewer: Viewer | null
  /** Stops that stand here, as `inbox.doors` gives them. Shown to everyone. */
  readonly doors?: readonly DoorView[]
  /** Which link of the navigation is the present one. */
  readonly here?: "topics" | "queue" | "people" | "console"
  /** The topic that the stop menu offers to stop. */
  readonly topic?: { readonly id: string; readonly title: string }
  /** How many drafts of the viewer wait. */
  readonly waiting?: number
  /** More for `<head>`. */
  readonly head?: Html
  /** `wide` for tables and charts; `narrow` for one form. */
  readonly width?: "text" | "wide" | "narrow"
  readonly body: Html
}

export function frame(page: Page): Html {
  const { viewer } = page
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${page.title} · Countersign</title>
<link rel="icon" href="${iconPath}" type="image/svg+xml">
<link rel="stylesheet" href="${stylesheetPath}">
<script src="${scriptPath}" type="module"></script>
${page.head}
</head>
<body class="page-${page.width ?? "text"}">
<a class="skip" href="#main">Skip to the content</a>
<header class="top">
<div class="bar">
<a class="brand" href="/">${mark}<span>Countersign</span></a>
${viewer === null ? null : navigation(page, viewer)}
</div>
</header>
<div id="doors">${stopBanner(page.doors ?? [], viewer)}</div>
<main id="main" class="${page.width ?? "text"}" tabindex="-1">
${page.body}
</main>
</body>
</html>`
}

function navigation(page: Page, viewer: Viewer): Html {
  const link = (href: string, words: Html | string, is: Page["here"]) =>
    html`<a href="${href}"${page.here === is ? html` aria-current="page"` : null}>${words}</a>`
  const waiting = page.waiting ?? 0
  return html`<nav aria-label="Main">
${link("/", "Topics", "topics")}
${link("/queue", html`Drafts<span class="count" data-waiting${waiting === 0 ? html` hidden` : null}>${waiting}</span>`, "queue")}
</nav>
<div class="tools">
<details class="menu"><summary><span class="who">${viewer.name}</span></summary>
<div class="sheet">
<p class="quiet">Signed in as <b>${viewer.name}</b>${viewer.standing === "member" ? null : `, ${viewer.standing}`}</p>
${link("/people", "People", "people")}
${link("/console", "Console", "console")}
<form method="post" action="/sign-out"><input type="hidden" name="csrf" value="${viewer.csrf}"><button class="link">Sign out</button></form>
</div>
</details>
${stopMenu(viewer, page.topic ?? null)}
</div>`
}

const mark = html`<svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true"><rect class="tile" width="32" height="32" rx="7"></rect><path class="first" d="M7 16.5l4.5 4.5 8-10"></path><path class="second" d="M13.5 18.5l2.5 2.5 8.5-10.5"></path></svg>`
