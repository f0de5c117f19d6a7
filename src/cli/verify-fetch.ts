// Fetching for `countersign verify`: every answer is bounded in time and size, and no redirect leads to another origin, since
// a page of a trusted origin must not be able to point at somebody else's keys.

export interface Web {
  fetch(url: string, init: { readonly headers: Record<string, string>; readonly redirect: "manual"; readonly signal: AbortSignal }): Promise<Response>
  sleep(ms: number): Promise<void>
}
export interface Limits {
  readonly timeoutMs: number
  readonly maxBytes: number
}
export interface Fetched {
  readonly status: number
  readonly type: string
  readonly text: string
}
/** It could not be asked, so nothing can be said. The message is for people. */
export class CouldNotAsk extends Error {
  readonly code = "could-not-ask"
  constructor(why: string, options?: ErrorOptions) {
    super(why, options)
    this.name = "CouldNotAsk"
  }
}
const maxRedirects = 5

/** Follows redirects within the origin, if they are `followed` at all. Throws {@link CouldNotAsk}. */
export async function ask(web: Web, url: string, accept: string, redirects: "followed" | "refused", limits: Limits): Promise<Fetched> {
  const signal = AbortSignal.timeout(limits.timeoutMs)
  let at = url
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const response = await send(web, at, accept, signal, limits)
    if (response.status < 300 || response.status > 399) return read(response, at, signal, limits)
    await response.body?.cancel()
    const to = URL.parse(response.headers.get("location") ?? "", at)
    if (to === null) throw new CouldNotAsk(`${at} redirects to nowhere.`)
    if (redirects === "refused") throw new CouldNotAsk(`${at} redirects to ${to.origin}. Keys and status must be where the issuer says.`)
    if (to.origin !== new URL(at).origin) throw new CouldNotAsk(`${at} redirects to ${to.origin}. If you trust that, give its address: ${to.href}`)
    at = to.href
  }
  throw new CouldNotAsk(`${url} redirects in circles.`)
}
async function send(web: Web, url: string, accept: string, signal: AbortSignal, limits: Limits): Promise<Response> {
  try {
    return await web.fetch(url, { headers: { accept }, redirect: "manual", signal })
  } catch (cause) {
    throw failed(url, signal, limits, cause)
  }
}
async function read(response: Response, url: string, signal: AbortSignal, limits: Limits): Promise<Fetched> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length
      if (bytes > limits.maxBytes) break
      chunks.push(chunk)
    }
  } catch (cause) {
    throw failed(url, signal, limits, cause)
  }
  if (bytes > limits.maxBytes) throw new CouldNotAsk(`${url} answers with more than ${limits.maxBytes.toLocaleString("en-US")} bytes.`)
  return { status: response.status, type: response.headers.get("content-type") ?? "", text: Buffer.concat(chunks).toString("utf8") }
}
function failed(url: string, signal: AbortSignal, limits: Limits, cause: unknown): CouldNotAsk {
  const why = signal.aborted ? `did not answer within ${limits.timeoutMs / 1000} seconds` : "cannot be reached"
  return new CouldNotAsk(`${url} ${why}.`, { cause })
}
