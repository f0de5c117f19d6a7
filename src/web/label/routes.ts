// GET /l/<jti>: one address, three forms. HTML for people, JSON for programs, the JWS itself for verifiers.
import { Hono } from "hono"
import { accepts } from "hono/accepts"
import { html } from "hono/html"
import type { Digest, Place } from "../../core/domain.ts"
import { atLeast } from "../../core/policy.ts"
import { labelType } from "../../label/sign.ts"
import { frame, type Html } from "../../page/frame.ts"
import type { Viewer } from "../../page/session.ts"
import type { WebParts } from "../parts.ts"
import { labelJson, type Named } from "./json.ts"
import { labelPage } from "./page.ts"
import { findRecord, type LabelRecord } from "./record.ts"

const jwsType = `application/${labelType}`
/** Mount at `/l`. */
export function labelRoutes(parts: WebParts): Hono {
  const app = new Hono()
  app.get("/:file", async (c) => {
    const [id, ending] = splitEnding(c.req.param("file"))
    const wants =
      ending === "jws" ? jwsType : accepts(c, { header: "Accept", supports: ["text/html", "application/json", jwsType], default: "text/html" })
    const viewer = await parts.sessions.viewer(c.req.raw)
    const found = /^[0-9A-HJKMNP-TV-Z]{26}$/.test(id) ? await findRecord(parts.ledger, id, parts.jwks()) : null
    c.header("vary", "accept, cookie")
    // Whether a label is good is no secret: programs in other people's pages may ask. Cookies do not travel with such a request.
    if (wants !== "text/html") c.header("access-control-allow-origin", "*")
    if (found === null || found === "erased") {
      const no = absent(found)
      if (wants !== "text/html") return c.json({ status: no.code, words: no.words }, no.status)
      return c.html(frame({ title: no.title, viewer, width: "narrow", body: html`<h1>${no.title}</h1><p>${no.words}</p>` }), no.status)
    }
    if (wants === jwsType) return c.body(found.jws, 200, { "content-type": jwsType })
    const member = isMember(viewer, found.state.place) ? await named(parts, found) : null
    if (wants === "application/json") return c.json(labelJson(found, member))
    const body: Html = labelPage(found, member, { now: parts.clock.now(), keys: parts.jwks() })
    if (viewer === null) return c.html(frame({ title: "Label", viewer, body }))
    const [waiting, doors] = await Promise.all([parts.inbox.waiting(viewer.person), parts.inbox.doors(parts.home)])
    return c.html(frame({ title: "Label", viewer, waiting, doors, body }))
  })
  return app
}

function splitEnding(file: string): readonly [string, string | null] {
  const dot = file.indexOf(".")
  return dot < 0 ? [file, null] : [file.slice(0, dot), file.slice(dot + 1)]
}
function absent(found: "erased" | null) {
  return found === "erased"
    ? ({
        code: "erased",
        status: 410,
        title: "This label was erased",
        words: "The person whose words it spoke of asked for it. The log still shows that there was an approval.",
      } as const)
    : ({
        code: "unknown",
        status: 404,
        title: "There is no such label here",
        words:
          "An answer of Countersign has its label here from the moment it is posted, not before. If a post leads here, it is not genuine: tell the people in charge.",
      } as const)
}
/** A member of one platform is a stranger on the others. */
function isMember(viewer: Viewer | null, place: Place): boolean {
  if (viewer === null) return false
  return viewer.person.startsWith(`${place.platform}:`) && atLeast(viewer.standing, "member")
}
async function named(parts: WebParts, record: LabelRecord): Promise<Named> {
  const people = await Promise.all(record.state.approvals.map((a) => parts.ledger.person(a.by)))
  const { state } = record
  const textOf = (ref: Digest | null) => (ref === null ? null : parts.ledger.body(state.workspace, ref))
  const standing = state.at === "posted"
  return {
    names: people.map((p) => p?.name ?? "a person"),
    text: standing ? (record.draft?.rendered.visible ?? null) : null,
    post: state.post.url,
    // What is gone from the place is gone from here.
    title: standing ? (record.draft?.audience.title ?? null) : null,
    retraction: state.at === "posted" ? null : await textOf(state.words),
    reports: await Promise.all(state.reports.map(async ({ at, why }) => ({ at, why: await textOf(why) }))),
  }
}
