// What pages have in common: who looks, what a form carries, and the answers to forged, stale and unknown requests.
import type { Context as HonoContext } from "hono"
import { html } from "hono/html"
import type { ContentfulStatusCode } from "hono/utils/http-status"
import type { Actor } from "../../../src/core/ports.ts"
import { type Form, readForm } from "../../../src/page/form.ts"
import { frame, type Html, type Page } from "../../../src/page/frame.ts"
import type { Viewer } from "../../../src/page/session.ts"
import { timeAgo } from "../../../src/page/time.ts"
import type { Context } from "../context.ts"
import { accountOf } from "../people.ts"
import { signInBody } from "./stranger.ts"

/** A whole page for somebody who is signed in. */
export async function show(
  ctx: Context,
  c: HonoContext,
  viewer: Viewer,
  page: Omit<Page, "viewer">,
  status: ContentfulStatusCode = 200,
): Promise<Response> {
  const [doors, waiting, notes] = await Promise.all([
    ctx.inbox().doors({ workspace: ctx.workspace, channel: page.topic?.id ?? null }),
    ctx.inbox().waiting(viewer.person),
    notesPart(ctx, viewer),
  ])
  const topic = page.topic?.id ?? ""
  const body = html`<div id="live" data-topic="${topic}" hidden></div><div id="notes">${notes}</div>${page.body}`
  return c.html(frame({ doors, waiting, ...page, viewer, body }), status)
}
/** A page that says one thing, with a way on. */
export function say(
  ctx: Context,
  c: HonoContext,
  viewer: Viewer | null,
  what: {
    readonly title: string
    readonly words: string
    readonly status: ContentfulStatusCode
    readonly kept?: string | undefined
    readonly on?: { readonly href: string; readonly words: string } | undefined
  },
): Promise<Response> | Response {
  const on = what.on ?? { href: "/", words: "To the topics" }
  const kept = what.kept ?? ""
  const body = html`<h1>${what.title}</h1><p>${what.words}</p>
${kept === "" ? null : html`<label class="field">What you wrote <span class="quiet">(copy it before you go on)</span><textarea readonly rows="8">${kept}</textarea></label>`}
<p><a class="button" href="${on.href}">${on.words}</a></p>`
  const page = { title: what.title, body, width: "narrow" as const }
  return viewer === null ? c.html(frame({ ...page, viewer }), what.status) : show(ctx, c, viewer, page, what.status)
}
export function notFound(ctx: Context, c: HonoContext, viewer: Viewer): Promise<Response> | Response {
  return say(ctx, c, viewer, { title: "There is nothing here", words: "This address names nothing in the forum, or nothing for you.", status: 404 })
}
/** The viewer, or the page that lets one sign in. */
export async function viewerOr(ctx: Context, c: HonoContext): Promise<Viewer | Response> {
  const viewer = await ctx.sessions.viewer(c.req.raw)
  return (
    viewer ??
    c.html(frame({ title: "Sign in", viewer: null, width: "narrow", body: signInBody(ctx, c.req.method === "GET" ? c.req.path : "/") }), 401)
  )
}
/** Bounded, and read once, by the forum's first handler of every form. */
export async function formOf(c: HonoContext): Promise<Form> {
  const form = await readForm(c.req.raw, 0)
  if (form === "too-much") throw new Error("a form was asked for that nobody read")
  return form
}
/** The signed-in sender of a form of ours, or the page that says why nothing was changed. */
export async function senderOr(ctx: Context, c: HonoContext): Promise<{ readonly viewer: Viewer; readonly form: Form } | Response> {
  const form = await formOf(c)
  const may = await ctx.sessions.mayPost(c.req.raw, form.one("csrf"))
  if (!("words" in may)) return { viewer: may, form }
  const viewer = may.status === 401 ? null : await ctx.sessions.viewer(c.req.raw)
  // The text comes back: whoever's session ended while writing loses nothing.
  return say(ctx, c, viewer, { title: "Nothing was changed", words: may.words, status: may.status, kept: form.one("text") })
}

export async function notesPart(ctx: Context, viewer: Viewer): Promise<Html> {
  const notes = await ctx.notes.of(accountOf(viewer.person) ?? "")
  const newest = notes[0]
  if (newest === undefined) return html``
  return html`<aside class="private notes" aria-label="Only you can see this"><p class="lock">${lock}Only you can see this</p>
${notes.map((n) => html`<p>${n.words} <span class="quiet">${timeAgo(n.at, ctx.clock.now())}</span>${n.url === null ? null : html` <a href="${n.url}">Open</a>`}</p>`)}
<form method="post" action="/notes/away"><input type="hidden" name="csrf" value="${viewer.csrf}"><input type="hidden" name="id" value="${newest.id}"><button class="link">Put away</button></form></aside>`
}
export const lock = html`<svg class="sign" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><rect x="3" y="7" width="10" height="7" rx="1.5"></rect><path d="M5.25 7V4.75a2.75 2.75 0 0 1 5.5 0V7"></path></svg>`
/** Who acts, without what belongs to their browser. */
export const actorOf = ({ person, name, auth }: Viewer): Actor => ({ person, name, auth })
export const csrfField = (viewer: Viewer): Html => html`<input type="hidden" name="csrf" value="${viewer.csrf}">`
