// What Slack's refusals are called. Never their text: it may quote what was sent.
import { WebAPIHTTPError, WebAPIPlatformError, type WebAPIRateLimitedError, WebAPIRequestError } from "@slack/web-api"

/** `channel_not_found`; null when Slack did not answer with an error of its own. Slack's client takes any answer that is no JSON,
 *  such as the page of a proxy, for the name of an error. */
export function errorOf(fault: unknown): string | null {
  const name = String(saidBy(fault))
  return /^[a-z][a-z0-9_]{0,99}$/.test(name) ? name : null
}
/** Slack nearly always says 200; a no by number counts as well when its own words stand beside it. */
function saidBy(fault: unknown): unknown {
  if (fault instanceof WebAPIPlatformError) return fault.data.error
  if (!(fault instanceof WebAPIHTTPError) || fault.statusCode < 400 || fault.statusCode >= 500) return ""
  const body: unknown = fault.body
  return typeof body === "object" && body !== null && "ok" in body && body.ok === false && "error" in body ? body.error : ""
}
const longestWaitMs = 10 * 60_000
/** As long as Slack says, within reason: a timer that is set for weeks goes off at once. */
export function waitOf(fault: WebAPIRateLimitedError): number {
  return Math.min(fault.retryAfter * 1000, longestWaitMs)
}
/** For logs: a code or a name, no more. */
export function nameOfFault(fault: unknown): string {
  const slack = errorOf(fault)
  if (slack !== null) return slack
  if (!(fault instanceof Error)) return typeof fault
  // What lies under it tells a wrong address from a wrong certificate.
  if (fault instanceof WebAPIRequestError) return codeUnder(fault) ?? fault.code
  return "code" in fault && typeof fault.code === "string" ? fault.code : fault.name
}
/** Node's own, such as `ENOTFOUND`: the last of a chain of causes that has one. */
function codeUnder(fault: object): string | null {
  const cause: unknown = "cause" in fault ? fault.cause : null
  const below = typeof cause === "object" && cause !== null ? codeUnder(cause) : null
  const code = "code" in fault ? String(fault.code) : ""
  return below ?? (/^[A-Z][A-Z0-9_]{0,99}$/.test(code) ? code : null)
}
