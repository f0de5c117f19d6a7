// Sign-in beyond loopback: OpenID Connect, code flow with PKCE, state and nonce, checked by openid-client.
// A sign-in under way belongs to one browser: its cookie names the row that holds what must come back.
import { Hono } from "hono"
import * as client from "openid-client"
import type { Context } from "./context.ts"
import { digestOf, freshSecret } from "./ids.ts"
import type { Db } from "./migrations.ts"
import { tameName } from "./names.ts"
import { say } from "./pages/page.ts"
import { readCookie } from "./sessions.ts"

export interface OidcOptions {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** "Sign in with …". Default: the issuer's host. */
  readonly name?: string
}
export interface Oidc {
  readonly providerName: string
  readonly pages: (ctx: Context) => Hono
}
const signInTtlMs = 10 * 60_000
const loginCookie = "countersign-sign-in"

export function oidc(options: OidcOptions, db: Db, origin: string): Oidc {
  const redirectUri = `${origin}/sign-in/back`
  let found: Promise<client.Configuration> | null = null
  // Not at start: a provider that is down for a minute must not keep the forum from starting. A failure is not kept.
  const configuration = () => {
    found ??= discover(options).catch((e: unknown) => {
      found = null
      throw e
    })
    return found
  }
  const cookieOf = (value: string, age: number) =>
    `${loginCookie}=${value}; Path=/sign-in; HttpOnly; SameSite=Lax; Max-Age=${age}${origin.startsWith("https:") ? "; Secure" : ""}`

  function pages(ctx: Context): Hono {
    const app = new Hono()
    const failed = { title: "Sign-in did not work", status: 403 as const, on: { href: "/sign-in", words: "Try again" } }
    app.get("/sign-in", async (c) => {
      const [secret, state, nonce, verifier] = [freshSecret(), client.randomState(), client.randomNonce(), client.randomPKCECodeVerifier()]
      const config = await configuration().catch((e: unknown) => unavailable(ctx, e))
      if (config === null)
        return say(ctx, c, null, { ...failed, status: 503, words: "The identity provider does not answer. Try again in a minute." })
      await db.deleteFrom("forum_login").where("until", "<=", ctx.clock.now()).execute()
      await db
        .insertInto("forum_login")
        .values({
          hash: digestOf(secret),
          state,
          nonce,
          verifier,
          wanted: pageOfOurs(c.req.query("to"), origin),
          until: ctx.clock.now() + signInTtlMs,
        })
        .execute()
      c.header("set-cookie", cookieOf(secret, signInTtlMs / 1000))
      const to = client.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: "openid profile email",
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
      })
      return c.redirect(to.href, 302)
    })
    app.get("/sign-in/back", async (c) => {
      const secret = readCookie(c.req.raw, loginCookie)
      // Taken out before it is used: an answer of the provider counts once.
      const login =
        secret === null ? undefined : await db.deleteFrom("forum_login").where("hash", "=", digestOf(secret)).returningAll().executeTakeFirst()
      if (login === undefined || Number(login.until) <= ctx.clock.now())
        return say(ctx, c, null, { ...failed, words: "This sign-in was not begun in this browser, or it took too long." })
      const config = await configuration().catch((e: unknown) => unavailable(ctx, e))
      if (config === null)
        return say(ctx, c, null, { ...failed, status: 503, words: "The identity provider does not answer. Try again in a minute." })
      const answer = new URL(`${redirectUri}${new URL(c.req.url).search}`)
      const tokens = await client
        .authorizationCodeGrant(config, answer, {
          expectedState: login.state,
          expectedNonce: login.nonce,
          pkceCodeVerifier: login.verifier,
          idTokenExpected: true,
        })
        .catch((e: unknown) => refusedBy(ctx, e))
      const claims = tokens === null ? null : await claimsOf(config, tokens).catch((e: unknown) => refusedBy(ctx, e))
      if (claims === null)
        return say(ctx, c, null, { ...failed, words: "The identity provider’s answer could not be confirmed, so nobody was signed in." })
      const person = await ctx.people.known(personFrom(claims))
      if (person.standing === "stranger") return say(ctx, c, null, { ...failed, words: "You were removed from this forum. Ask an admin of it." })
      c.header("set-cookie", await ctx.sessions.open(person))
      c.header("set-cookie", cookieOf("", 0), { append: true })
      return c.redirect(pageOfOurs(login.wanted, origin), 303)
    })
    return app
  }
  return { providerName: options.name ?? new URL(options.issuer).hostname, pages }
}

/** Where somebody wanted to go, if that is a page here; never another host, however it is written. */
function pageOfOurs(wanted: string | undefined, origin: string): string {
  const at = wanted === undefined || wanted.length > 1_000 ? null : URL.parse(wanted, origin)
  if (at === null || at.origin !== origin || at.pathname.startsWith("//") || at.pathname.startsWith("/sign-in")) return "/"
  return at.pathname + at.search
}

async function discover(options: OidcOptions): Promise<client.Configuration> {
  const issuer = new URL(options.issuer)
  // Tokens over plain http only where nobody listens in: on this machine, in tests.
  const insecure = issuer.protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(issuer.hostname)
  return client.discovery(issuer, options.clientId, options.clientSecret, undefined, {
    timeout: 10,
    execute: insecure ? [client.allowInsecureRequests] : [],
  })
}
type Claims = client.IDToken & client.UserInfoResponse
/** Who they are is what the signed token says. Names and addresses may come from the provider's user info (OpenID Connect Core, 5.4). */
async function claimsOf(
  config: client.Configuration,
  tokens: client.TokenEndpointResponse & client.TokenEndpointResponseHelpers,
): Promise<Claims | null> {
  const signed = tokens.claims()
  if (signed === undefined) return null
  const more = config.serverMetadata().userinfo_endpoint === undefined ? null : await client.fetchUserInfo(config, tokens.access_token, signed.sub)
  return { ...more, ...signed } as Claims
}
function personFrom(claims: Claims): { subject: string; name: string; email: string | null } {
  const text = (value: unknown) => (typeof value === "string" && value.trim() !== "" ? value : null)
  // Roles hang on the address, so only one that the provider verified counts.
  const email = claims.email_verified === true ? text(claims.email) : null
  return {
    subject: `${claims.iss}|${claims.sub}`,
    email,
    name: tameName(text(claims.name) ?? text(claims.preferred_username) ?? email?.split("@")[0] ?? "Member"),
  }
}
function unavailable(ctx: Context, e: unknown): null {
  ctx.log.warn({ code: codeOf(e) }, "the identity provider does not answer")
  return null
}
function refusedBy(ctx: Context, e: unknown): null {
  ctx.log.warn({ code: codeOf(e) }, "a sign-in was refused")
  return null
}
function codeOf(e: unknown): string {
  return typeof e === "object" && e !== null && "code" in e ? String(e.code) : "unknown"
}
