// The event stream of one open page, and the parts that it asks for when told that something changed.
import { Hono } from "hono"
import { html } from "hono/html"
import { streamSSE } from "hono/streaming"
import { stopBanner } from "../../../src/page/stop.ts"
import type { Context } from "../context.ts"
import { isId } from "../ids.ts"
import { accountOf } from "../people.ts"
import { pageSize } from "../topics.ts"
import { messageArticle } from "./message.ts"
import { notesPart, viewerOr } from "./page.ts"
import { cardsHere } from "./thread.ts"

// Keeps proxies from closing a quiet stream, and finds out that a browser has gone. The same for everyone, whatever happens.
const beatMs = 20_000

export function livePages(ctx: Context, ending: AbortSignal): Hono {
  const app = new Hono()
  app.get("/live", async (c) => {
    const viewer = await viewerOr(ctx, c)
    if (viewer instanceof Response) return viewer
    const topic = c.req.query("topic")
    // Nobody reads the stream of a HEAD, so it would stay open for ever.
    if (c.req.method === "HEAD") return c.body(null)
    c.header("x-accel-buffering", "no")
    return streamSSE(c, async (stream) => {
      const over = new AbortController()
      const end = () => over.abort()
      stream.onAbort(end)
      ending.addEventListener("abort", end)
      const close = ctx.live.open({
        person: accountOf(viewer.person) ?? "",
        topic: isId(topic) ? topic : null,
        send: (event, data) => void stream.writeSSE({ event, data }).catch(end),
        end,
      })
      try {
        await stream.writeSSE({ event: "open", data: "" })
        while (!over.signal.aborted && !ending.aborted) {
          await ctx.clock.sleep(beatMs, over.signal).catch(() => undefined)
          if (!over.signal.aborted) await stream.write(": \n\n")
        }
      } finally {
        close()
        ending.removeEventListener("abort", end)
      }
    })
  })
  app.get("/part/messages/:topic", async (c) => {
    const viewer = await viewerOr(ctx, c)
    if (viewer instanceof Response) return viewer
    const after = Number(c.req.query("after") ?? "x")
    const topic = await ctx.topics.find(c.req.param("topic"))
    if (topic === null || !Number.isSafeInteger(after)) return c.body(null, 404)
    const found = await ctx.topics.messages(topic.id, { after, before: topic.count + 1, take: "earliest", limit: pageSize })
    return c.html(html`${found.map((m) => messageArticle(ctx, m, viewer))}`)
  })
  app.get("/part/message/:message", async (c) => {
    const viewer = await viewerOr(ctx, c)
    if (viewer instanceof Response) return viewer
    const m = await ctx.topics.message(c.req.param("message"))
    return m === null ? c.body(null, 404) : c.html(messageArticle(ctx, m, viewer))
  })
  /** Which of the viewer's own requests wait in a topic. */
  app.get("/part/cards/:topic", async (c) => {
    const viewer = await viewerOr(ctx, c)
    if (viewer instanceof Response) return viewer
    const topic = await ctx.topics.find(c.req.param("topic"))
    return topic === null ? c.body(null, 404) : c.json((await cardsHere(ctx, viewer, topic, null)).map((k) => k.request))
  })
  app.get("/part/notes", async (c) => {
    const viewer = await viewerOr(ctx, c)
    return viewer instanceof Response ? viewer : c.html(await notesPart(ctx, viewer))
  })
  app.get("/part/doors", async (c) => {
    const viewer = await viewerOr(ctx, c)
    if (viewer instanceof Response) return viewer
    const topic = c.req.query("topic")
    return c.html(stopBanner(await ctx.inbox().doors({ workspace: ctx.workspace, channel: isId(topic) ? topic : null }), viewer))
  })
  return app
}
