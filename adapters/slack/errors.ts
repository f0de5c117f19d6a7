// What Slack's refusals are called. Never their text: it may quote what was sent.
import { WebAPIPlatformError, type WebAPIRateLimitedError } from "@slack/web-api"

/** `channel_not_found`; null when Slack did not answer with an error of its own. Slack's client takes any answer that is no JSON,
 *  such as the page of a proxy, for the name of an error. */
export function errorOf(fault: unknown): string | null {
  const name = fault instanceof WebAPIPlatformError ? String(fault.data.error) : ""
  return /^[a-z][a-z0-9_]{0,99}$/.test(name) ? name : null
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
  return "code" in fault && typeof fault.code === "string" ? fault.code : fault.name
}
