// What waits for the viewer: their drafts, oldest first, each with the way to where it is decided.
import { Hono } from "hono"
import { html } from "hono/html"
import type { Card } from "../../../src/core/card.ts"
import { unreachable } from "../../../src/core/unreachable.ts"
import type { Html } from "../../../src/page/frame.ts"
import type { Viewer } from "../../../src/page/session.ts"
import { timeUntil } from "../../../src/page/time.ts"
import type { Context } from "../context.ts"
import { lock, show, viewerOr } from "./page.ts"

export function queuePages(ctx: Context): Hono {
  const app = new Hono()
  app.get("/queue", async (c) => {
    const viewer = await viewerOr(ctx, c)
    if (viewer instanceof Response) return viewer
    const body = html`<div class="heading"><h1>Your drafts</h1><p class="quiet">Oldest first. Nothing is posted until you approve it.</p></div>
<div id="queue">${await list(ctx, viewer)}</div>`
    return show(ctx, c, viewer, { title: "Your drafts", here: "queue", body })
  })
  app.get("/part/queue", async (c) => {
    const viewer = await viewerOr(ctx, c)
    return viewer instanceof Response ? viewer : c.html(await list(ctx, viewer))
  })
  return app
}

async function list(ctx: Context, viewer: Viewer): Promise<Html> {
  const cards = await ctx.inbox().queue(viewer.person)
  if (cards.length === 0)
    return html`<p class="empty">No draft waits for you. Open a topic and press “Draft an answer <span class="spark">✦</span>” on a message.</p>`
  const rows = await Promise.all(cards.map(async (k) => row(k, await titleOf(ctx, k), ctx.clock.now())))
  return html`<section class="private" aria-label="Only you can see this"><p class="lock">${lock}Only you can see this</p><ol class="queue">${rows}</ol></section>`
}
async function titleOf(ctx: Context, card: Card): Promise<string> {
  if (card.workspace !== ctx.workspace) return card.draft?.audience.where ?? "Another platform"
  return (await ctx.topics.find(card.place.channel))?.title ?? "A topic that is gone"
}
function row(card: Card, title: string, now: number): Html {
  const href = `/c/${card.request}`
  return html`<li data-request="${card.request}"><div><a href="${href}">${title}</a><p class="quiet">${phaseWords(card)}${card.deadline === null ? null : html` · expires ${timeUntil(card.deadline, now)}`}</p></div><a class="button" href="${href}" aria-label="Review: ${title}">${card.phase === "review" ? "Review" : "Open"}</a></li>`
}
function phaseWords(card: Card): string {
  switch (card.phase) {
    case "drafting":
      return "Being drafted"
    case "review":
      return card.title
    case "unclear":
      return "It is not clear whether this was posted: have a look"
    case "settled":
      return card.note ?? "Done"
    default:
      return unreachable(card.phase)
  }
}
