// What somebody sees who is not signed in: how to get in, and nothing else.
import { html } from "hono/html"
import type { Html } from "../../../src/page/frame.ts"
import type { Context } from "../context.ts"

export function signInBody(ctx: Context, wanted: string): Html {
  if (ctx.oidc !== null)
    return html`<h1>Sign in</h1><p>This forum is for members. Your organisation’s sign-in says who you are.</p><p><a class="button primary" href="/sign-in?to=${encodeURIComponent(wanted)}">Sign in with ${ctx.oidc.providerName}</a></p>`
  return html`<h1>This forum is by invitation</h1>
<p>Open the address with the one-time key that <code>npm start</code> printed, or an invitation link that somebody here gave you.</p>
<p class="quiet">If your session ended, start the program again: it prints a new address. An admin finds new invitation links under <b>People</b>.</p>`
}
