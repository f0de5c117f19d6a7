// /console: reads for members, the stop for whoever takes part, the rest for the people in charge.
import { type Context, Hono } from "hono"
import { html } from "hono/html"
import type { StopScope, WorkspaceId } from "../../core/domain.ts"
import { installation } from "../../core/door.ts"
import type { StreamId } from "../../core/facts.ts"
import { atLeast } from "../../core/policy.ts"
import type { StopOutcome } from "../../core/ports.ts"
import { isRefusal, type Refusal } from "../../core/refusals.ts"
import { type Form, readForm } from "../../page/form.ts"
import { frame, type Html } from "../../page/frame.ts"
import type { Viewer } from "../../page/session.ts"
import type { WebParts } from "../parts.ts"
import { createTally } from "../tally.ts"
import { entriesPage } from "./entries.ts"
import { consolePage, type Sort } from "./page.ts"
import { consoleView, nameReader } from "./view.ts"

const maxFormBytes = 20_000
const sorts: readonly Sort[] = ["since", "who", "what"]

/** Mount at `/console`. */
export function consoleRoutes(parts: WebParts): Hono {
  const app = new Hono()
  const tally = createTally(parts.ledger)
  app.get("/", async (c) => {
    const viewer = await parts.sessions.viewer(c.req.raw)
    if (viewer === null || !atLeast(viewer.standing, "member")) return toMembers(c, viewer)
    const view = await consoleView(parts, tally, viewer)
    const sort = sorts.find((s) => s === c.req.query("sort")) ?? "since"
    const waiting = await parts.inbox.waiting(viewer.person)
    return c.html(frame({ title: "Console", viewer, waiting, here: "console", width: "wide", body: consolePage(view, viewer, parts, sort) }))
  })
  app.get("/entries/:workspace/:stream", async (c) => {
    const viewer = await parts.sessions.viewer(c.req.raw)
    if (viewer === null || !atLeast(viewer.standing, "moderator")) return toMembers(c, viewer)
    const entries = await parts.ledger.read({ workspace: c.req.param("workspace") as WorkspaceId, stream: c.req.param("stream") as StreamId })
    if (entries.length === 0) return c.notFound()
    const name = nameReader(parts.ledger)
    const names = new Map(await Promise.all([...new Set(entries.map((e) => e.actor))].map(async (who) => [who, await name(who)] as const)))
    return c.html(frame({ title: "Entries", viewer, here: "console", width: "wide", body: entriesPage(entries, names) }))
  })
  app.post("/stop", (c) =>
    order(c, parts, async (viewer, scope, form) => {
      const why = form.one("why").trim().slice(0, 200)
      return parts.inbox.stop({ by: viewer, scope, why: why === "" ? null : why, from: parts.home })
    }),
  )
  app.post("/resume", (c) => order(c, parts, (viewer, scope) => parts.inbox.resume({ by: viewer, scope, why: null, from: parts.home })))
  return app
}

/** What a stop and a resume share: who may, which scope, and what is said about the outcome. */
async function order(
  c: Context,
  parts: WebParts,
  give: (viewer: Viewer, scope: StopScope, form: Form) => Promise<StopOutcome | "resumed" | Refusal>,
): Promise<Response> {
  const form = await readForm(c.req.raw, maxFormBytes)
  if (form === "too-much") return say(c, null, "Nothing was changed", "The form held more than this server takes.", 413)
  const viewer = await parts.sessions.mayPost(c.req.raw, form.one("csrf"))
  if ("status" in viewer) return say(c, null, "Nothing was changed", viewer.words, viewer.status)
  const workspace = form.one("workspace")
  if (!(await places(parts)).includes(workspace))
    return say(c, viewer, "Nothing was changed", "The form did not say where. Open the console again.", 400)
  const { person, name, auth } = viewer
  const by: Viewer = { ...viewer, person, name, auth }
  const outcome = await give(by, { workspace: workspace as WorkspaceId, channel: form.all("place")[0] ?? null }, form)
  if (isRefusal(outcome)) return say(c, viewer, "Nothing was changed", outcome.words, 409)
  if (outcome !== "resumed" && outcome.outcome !== "sure") {
    const unsure = outcome.outcome.unsure
    const words = `Stopped. ${unsure.length === 1 ? "One post" : `${unsure.length} posts`} begun before may still have appeared; look there: ${unsure.join(", ")}.`
    return say(c, viewer, "Stopped, with a doubt", words, 200)
  }
  return c.redirect("/console", 303)
}
/** What there is to stop: a name that somebody made up would get a log, and checkpoints, of its own. */
async function places(parts: WebParts): Promise<readonly string[]> {
  return [installation, parts.home.workspace, ...(await parts.ledger.sizes()).map((s) => s.workspace)]
}

function toMembers(c: Context, viewer: Viewer | null): Response | Promise<Response> {
  return viewer === null
    ? say(c, null, "Sign in first", "The console is for members. Sign in, then open it again.", 401)
    : say(c, viewer, "Not for you", "This page is for moderators and admins, who are listed in countersign.yml.", 403)
}
function say(
  c: Context,
  viewer: Viewer | null,
  title: string,
  words: string,
  status: 200 | 400 | 401 | 403 | 409 | 413,
): Response | Promise<Response> {
  const body: Html = html`<h1>${title}</h1><p>${words}</p><p><a href="/console">Console</a> · <a href="/">Topics</a></p>`
  return c.html(frame({ title, viewer, width: "narrow", body }), status)
}
