// GET /healthz: whether this process serves and its ledger answers. For supervisors and balancers: no sign-in, no Host check.
import { Hono } from "hono"
import { installation } from "../core/door.ts"
import type { WebParts } from "./parts.ts"

const patienceMs = 2_000

export function healthRoutes(parts: Pick<WebParts, "ledger" | "version">): Hono {
  const app = new Hono()
  app.get("/healthz", async (c) => {
    // The door's stream: what a stop would need first.
    const answers = await within(parts.ledger.read({ workspace: installation, stream: "door" }))
    const body = { status: answers ? "ok" : "failing", version: parts.version, ledger: answers ? "ok" : "does not answer" }
    return c.json(body, answers ? 200 : 503, { "cache-control": "no-store" })
  })
  return app
}
async function within(read: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), patienceMs)
  })
  const done = read.then(
    () => true,
    () => false,
  )
  const answered = await Promise.race([done, late])
  clearTimeout(timer)
  return answered
}
