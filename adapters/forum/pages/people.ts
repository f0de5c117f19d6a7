// Who is here. Admins invite and remove.
import { Hono } from "hono"
import { html } from "hono/html"
import { atLeast } from "../../../src/core/policy.ts"
import type { Html } from "../../../src/page/frame.ts"
import type { Viewer } from "../../../src/page/session.ts"
import { timeAgo, timeUntil } from "../../../src/page/time.ts"
import type { Context } from "../context.ts"
import { invitationTtlMs } from "../keys.ts"
import { accountOf, type Person, personIdOf } from "../people.ts"
import { csrfField, say, senderOr, show, viewerOr } from "./page.ts"

const peopleAtOnce = 1_000
const uses = [1, 10, 50] as const

export function peoplePages(ctx: Context): Hono {
  const app = new Hono()
  const adminOnly = { title: "Only admins can do that", words: "Ask an admin of this forum. Nothing was changed.", status: 403 as const }
  const page = async (viewer: Viewer, invitation: string | null): Promise<Html> => {
    const people = await ctx.people.all(peopleAtOnce)
    const admin = atLeast(viewer.standing, "admin")
    return html`<div class="heading"><h1>People</h1><p class="quiet">${people.length === 1 ? "1 person reads" : `${people.length} people read`} every topic of this forum.</p></div>
${invitation === null ? null : invited(ctx, invitation)}
<ul class="people">${people.map((p) => personRow(p, viewer, ctx.clock.now()))}</ul>
${admin && ctx.oidc === null ? inviteForm(viewer) : null}`
  }
  app.get("/people", async (c) => {
    const viewer = await viewerOr(ctx, c)
    if (viewer instanceof Response) return viewer
    return show(ctx, c, viewer, { title: "People", here: "people", body: await page(viewer, null) })
  })
  app.post("/people/invite", async (c) => {
    const sent = await senderOr(ctx, c)
    if (sent instanceof Response) return sent
    if (!atLeast(sent.viewer.standing, "admin") || ctx.oidc !== null) return say(ctx, c, sent.viewer, adminOnly)
    const count = uses.find((n) => String(n) === sent.form.one("uses")) ?? 1
    const link = `${ctx.origin}/enter/${await ctx.keys.make("invitation", count, accountOf(sent.viewer.person))}`
    return show(ctx, c, sent.viewer, { title: "People", here: "people", body: await page(sent.viewer, link) })
  })
  app.post("/people/remove", async (c) => {
    const sent = await senderOr(ctx, c)
    if (sent instanceof Response) return sent
    const id = sent.form.one("person")
    if (!atLeast(sent.viewer.standing, "admin")) return say(ctx, c, sent.viewer, adminOnly)
    if (personIdOf(id) === sent.viewer.person)
      return say(ctx, c, sent.viewer, { title: "That is you", words: "Another admin has to remove you. Nothing was changed.", status: 409 })
    await ctx.people.remove(id)
    ctx.live.drop(id)
    return c.redirect("/people", 303)
  })
  return app
}

function personRow(p: Person, viewer: Viewer, now: number): Html {
  const me = personIdOf(p.id) === viewer.person
  const admin = atLeast(viewer.standing, "admin")
  // For `forum.moderators` and `forget`, which names cannot serve: they may be chosen anew.
  const account = admin ? html` · <code>${personIdOf(p.id)}</code>` : null
  const removable = !me && admin
  return html`<li><span><b>${p.name}</b>${me ? " (you)" : null} <span class="quiet">${p.standing === "member" ? null : html`${p.standing} · `}joined ${timeAgo(p.joinedAt, now)}${account}</span></span>
${removable ? html`<details class="act"><summary>Remove</summary><form method="post" action="/people/remove">${csrfField(viewer)}<input type="hidden" name="person" value="${p.id}"><p>${p.name} will be signed out and can no longer read, ask or approve. What they wrote stays.</p><button class="danger">Remove ${p.name}</button></form></details>` : null}</li>`
}
function inviteForm(viewer: Viewer): Html {
  return html`<h2>Invite</h2><form method="post" action="/people/invite" class="row">${csrfField(viewer)}
<label class="field inline">A link for <select name="uses">${uses.map((n) => html`<option value="${n}">${n === 1 ? "one person" : `up to ${n} people`}</option>`)}</select></label>
<button class="primary">Make an invitation link</button></form>`
}
function invited(ctx: Context, link: string): Html {
  return html`<div class="note good" role="status"><label class="field">Send this link. It works until ${timeUntil(ctx.clock.now() + invitationTtlMs, ctx.clock.now())}, and is shown only now.<input readonly value="${link}"></label></div>`
}
