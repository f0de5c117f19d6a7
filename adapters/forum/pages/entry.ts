// The door of the forum: one-time addresses in, and the way out.
import { userInfo } from "node:os"
import { Hono } from "hono"
import { html } from "hono/html"
import { frame, type Html } from "../../../src/page/frame.ts"
import { sameOrigin } from "../../../src/page/guard.ts"
import type { Context } from "../context.ts"
import { accountOf, type Person } from "../people.ts"
import { notFromHere } from "../sessions.ts"
import { formOf, say, senderOr } from "./page.ts"

function enterBody(kind: "entry" | "invitation", key: string, given: string, wrong: string | null): Html {
  return html`<h1>${kind === "entry" ? "Welcome. Who are you?" : "You are invited"}</h1>
<p>${kind === "entry" ? "You are the first person here, so you will be the admin." : "Choose the name that others will see on what you write and approve."}</p>
${wrong === null ? null : html`<div class="note bad" role="alert"><p>${wrong}</p></div>`}
<form method="post" action="/enter"><input type="hidden" name="key" value="${key}">
<label class="field">Your name<input name="name" value="${given}" maxlength="80" required autofocus autocomplete="nickname" spellcheck="false"></label>
<button class="primary">${kind === "entry" ? "Enter the forum" : "Join the forum"}</button></form>
<p class="quiet after">Nobody checks this name, and labels on approved answers say so.</p>`
}
function backBody(key: string, first: Person): Html {
  return html`<h1>Welcome back</h1><p>This address signs you in as the forum’s first admin.</p>
<form method="post" action="/enter"><input type="hidden" name="key" value="${key}"><button class="primary">Continue as ${first.name}</button></form>`
}

export function entryPages(ctx: Context): Hono {
  const app = new Hono()
  const used = "This address was used before, or it has expired. Ask for a new one, or start the program again."
  app.get("/enter/:key", async (c) => {
    if ((await ctx.sessions.viewer(c.req.raw)) !== null) return c.redirect("/", 303)
    const key = await ctx.keys.look(c.req.param("key"))
    if (ctx.oidc !== null || key === null) return say(ctx, c, null, { title: "This address no longer works", words: used, status: 410 })
    const first = key.kind === "entry" ? await ctx.people.first() : null
    const body =
      first === null ? enterBody(key.kind, c.req.param("key"), key.kind === "entry" ? operatorName() : "", null) : backBody(c.req.param("key"), first)
    return c.html(frame({ title: "Welcome", viewer: null, width: "narrow", body }))
  })
  app.post("/enter", async (c) => {
    if (!sameOrigin(c.req.raw, ctx.origin)) return say(ctx, c, null, { title: "Nothing was changed", words: notFromHere, status: 403 })
    const form = await formOf(c)
    const [secret, name] = [form.one("key"), form.one("name")]
    const key = ctx.oidc === null ? await ctx.keys.look(secret) : null
    if (key === null) return say(ctx, c, null, { title: "This address no longer works", words: used, status: 410 })
    const first = await ctx.people.first()
    const entered = await ctx.keys.use<Person>(secret, async (kind, via) => {
      if (kind === "entry" && first !== null) return first
      return ctx.people.join(name, { role: kind === "entry" ? "admin" : "member", via })
    })
    if ("words" in entered)
      return c.html(frame({ title: "Welcome", viewer: null, width: "narrow", body: enterBody(key.kind, secret, name, entered.words) }), 422)
    c.header("set-cookie", await ctx.sessions.open(entered))
    return c.redirect("/", 303)
  })
  app.post("/sign-out", async (c) => {
    const sent = await senderOr(ctx, c)
    if (sent instanceof Response) return sent
    c.header("set-cookie", await ctx.sessions.close(c.req.raw))
    // Streams of other browsers of theirs come back by themselves.
    ctx.live.drop(accountOf(sent.viewer.person) ?? "")
    return c.redirect("/", 303)
  })
  return app
}

function operatorName(): string {
  const name = userInfo().username
  return /^(root|admin|node|app|ubuntu|runner|nobody|user)$/i.test(name) ? "Alex" : name.charAt(0).toUpperCase() + name.slice(1)
}
