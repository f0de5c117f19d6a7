// Sorts what can go wrong with a model's server: which word the requester is told by, and whether the same request may be
// sent again. Again only on a definite failure before any answer: a busy or broken server, a connection that never stood.
import OpenAI from "openai"
import type { FromRoom } from "./wire.ts"

export type Why = Extract<FromRoom, { say: "fault" }>["why"]

/** Why there is no answer. `detail` holds a status and a code, no text of the server's. */
export class NoAnswer extends Error {
  readonly why: Why
  readonly detail: string
  constructor(why: Why, detail: string, options?: ErrorOptions) {
    super(detail, options)
    this.why = why
    this.detail = detail.slice(0, 120)
  }
}

export function noAnswer(error: unknown): NoAnswer {
  if (error instanceof NoAnswer) return error
  if (error instanceof OpenAI.APIConnectionTimeoutError) return new NoAnswer("timeout", "no answer in time")
  if (error instanceof OpenAI.APIConnectionError) return new NoAnswer("unavailable", `no connection${codeOf(error.cause)}`)
  if (error instanceof OpenAI.APIError) {
    const blocked = error.code === "content_filter" || error.code === "content_policy_violation"
    return new NoAnswer(blocked ? "refused" : "unavailable", `the server answered ${error.status ?? "with an error"}${codeOf(error)}`)
  }
  if (error instanceof SyntaxError) return new NoAnswer("malformed", "the stream is not JSON")
  return new NoAnswer("unavailable", `the answer broke off${codeOf(error)}`)
}

/** How long to wait before sending the same again; null: never. */
export function againAfterMs(error: unknown, attempt: number): number | null {
  if (error instanceof OpenAI.APIConnectionTimeoutError) return null
  const busy = error instanceof OpenAI.APIError && error.status !== undefined && (error.status === 429 || error.status >= 500)
  if (error instanceof OpenAI.APIError && error.code === "insufficient_quota") return null
  if (!busy && !(error instanceof OpenAI.APIConnectionError)) return null
  const asked = busy && error instanceof OpenAI.APIError ? askedToWaitMs(error.headers) : null
  return asked ?? 300 * 3 ** attempt * (0.75 + Math.random() / 2)
}

/** The server does not know this way of being asked; a more portable one may work. */
export function asksDifferently(error: unknown): boolean {
  return error instanceof OpenAI.APIError && error.status !== undefined && [400, 404, 405, 415, 422, 501].includes(error.status)
}

function askedToWaitMs(headers: Headers | undefined): number | null {
  const ms = Number(headers?.get("retry-after-ms") ?? Number.NaN)
  if (Number.isFinite(ms)) return Math.max(0, ms)
  const seconds = Number(headers?.get("retry-after") ?? Number.NaN)
  return Number.isFinite(seconds) ? Math.max(0, seconds * 1_000) : null
}
function codeOf(error: unknown): string {
  const code = (error as { code?: unknown; cause?: { code?: unknown } } | null)?.code ?? (error as { cause?: { code?: unknown } } | null)?.cause?.code
  return typeof code === "string" && /^[\w.-]{1,60}$/.test(code) ? ` (${code})` : ""
}
