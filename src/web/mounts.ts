// The pages that belong to no platform, by prefix: health, keys, labels, console, and the stylesheet that all pages share.
import { getRequestListener } from "@hono/node-server"
import { Hono } from "hono"
import { html } from "hono/html"
import { assets } from "../page/assets.ts"
import { frame } from "../page/frame.ts"
import { hostGuard, securityHeaders } from "../page/guard.ts"
import { consoleRoutes } from "./console/routes.ts"
import { healthRoutes } from "./health.ts"
import { labelRoutes } from "./label/routes.ts"
import type { WebParts } from "./parts.ts"
import type { Mounts } from "./port.ts"

export function webRoutes(parts: WebParts): Hono {
  const app = new Hono()
  app.use(securityHeaders)
  app.route("/", healthRoutes(parts))
  // Public by nature: verifiers in browsers, on any site, fetch them.
  app.get("/.well-known/jwks.json", (c) =>
    c.json(parts.jwks(), 200, {
      "content-type": "application/jwk-set+json",
      "cache-control": "public, max-age=300",
      "access-control-allow-origin": "*",
    }),
  )
  app.use(hostGuard(parts.origin))
  app.route("/assets", assets())
  app.route("/l", labelRoutes(parts))
  app.route("/console", consoleRoutes(parts))
  app.notFound((c) =>
    c.html(
      frame({ title: "Nothing is here", viewer: null, width: "narrow", body: html`<h1>Nothing is here</h1><p><a href="/">Go to the topics</a></p>` }),
      404,
    ),
  )
  app.onError((fault, c) => {
    parts.log.error({ fault, path: new URL(c.req.url).pathname.split("/", 2).join("/") }, "a page failed")
    const words = "It is our fault, and nothing was changed. Try again in a moment; the log says more."
    return c.html(
      frame({ title: "Something went wrong", viewer: null, width: "narrow", body: html`<h1>Something went wrong</h1><p>${words}</p>` }),
      500,
    )
  })
  return app
}
export function webMounts(parts: WebParts): Mounts {
  const listener = getRequestListener(webRoutes(parts).fetch, { overrideGlobalObjects: false })
  return new Map(["/healthz", "/.well-known/jwks.json", "/assets", "/l", "/console"].map((prefix) => [prefix, listener]))
}
