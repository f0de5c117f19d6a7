// When the forum may open: on loopback, where a one-time key does, or with an identity provider over https. Otherwise it says why not.
const loopback = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/

/** Has every problem at once, with its cure. */
export class ForumCannotOpen extends Error {
  readonly code = "forum-cannot-open"
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(problems.join("\n"))
    this.name = "ForumCannotOpen"
    this.problems = problems
  }
}
export function checkOpening(o: { readonly origin: string; readonly host: string; readonly oidc: object | null }): void {
  const origin = URL.parse(o.origin)
  if (origin === null || origin.origin !== o.origin)
    throw new ForumCannotOpen([`COUNTERSIGN_ORIGIN is "${o.origin}". Give scheme, host and port only, like "https://forum.example.com".`])
  const problems: string[] = []
  const outside = !loopback.test(origin.hostname) ? `the forum's address is ${o.origin}` : !loopback.test(o.host) ? `HOST is ${o.host}` : null
  if (outside !== null && o.oidc === null)
    problems.push(
      `The forum has no sign-in: ${outside}, which others can reach, and a one-time key is enough on this machine only. Set OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET, or HOST=127.0.0.1.`,
    )
  if (!loopback.test(origin.hostname) && origin.protocol !== "https:")
    problems.push(`COUNTERSIGN_ORIGIN is ${o.origin}. Sessions would travel in the clear: use https, for example behind a proxy that ends TLS.`)
  if (problems.length > 0) throw new ForumCannotOpen(problems)
}
