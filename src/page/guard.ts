// Who a browser thinks it talks to, and what a page may load. Every page of the program goes through both.
// Against DNS rebinding: a request whose Host is not ours is refused, whoever sends it.
import type { MiddlewareHandler } from "hono"

const loopback = new Set(["localhost", "127.0.0.1", "[::1]"])

/** Refuses foreign hosts (421). `localhost` and its kin lead to `origin`, so that a first click is not refused. */
export function hostGuard(origin: string): MiddlewareHandler {
  const ours = new URL(origin)
  return async (c, next) => {
    const host = (c.req.header("host") ?? "").toLowerCase()
    if (host === ours.host) return next()
    const asked = parseHost(host)
    const kin = asked !== null && loopback.has(asked.hostname) && loopback.has(ours.hostname) && asked.port === ours.port
    if (kin && (c.req.method === "GET" || c.req.method === "HEAD")) {
      const { pathname, search } = new URL(c.req.url)
      return c.redirect(`${ours.origin}${pathname}${search}`, 302)
    }
    return c.text(`This server answers at ${ours.origin} only. Open that address.\n`, 421)
  }
}

function parseHost(host: string): URL | null {
  if (!/^[a-z0-9.:[\]-]+$/.test(host)) return null
  return URL.parse(`http://${host}`)
}

const policy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join("; ")

/** Strict content security policy and its companions. Pages about people are never kept by a cache. */
export const securityHeaders: MiddlewareHandler = async (c, next) => {
  await next()
  c.header("content-security-policy", policy)
  c.header("x-content-type-options", "nosniff")
  // Not "no-referrer": with it browsers send `Origin: null` with a form, and our own forms would be refused.
  c.header("referrer-policy", "same-origin")
  c.header("cross-origin-opener-policy", "same-origin")
  c.header("permissions-policy", "camera=(), microphone=(), geolocation=()")
  if (!c.res.headers.has("cache-control")) c.header("cache-control", "no-store")
}

/** Whether a request that changes something comes from a page of ours. Browsers send Origin with every form. */
export function sameOrigin(request: Request, origin: string): boolean {
  return request.headers.get("origin") === new URL(origin).origin
}
