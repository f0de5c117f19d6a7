// What Slack's refusals are called. Never their text: it may quote what was sent.
import { WebAPIPlatformError } from "@slack/web-api"

/** `channel_not_found`; null when Slack did not answer with an error of its own. */
export function errorOf(fault: unknown): string | null {
  return fault instanceof WebAPIPlatformError ? String(fault.data.error) : null
}
/** For logs: a code or a name, no more. */
export function nameOfFault(fault: unknown): string {
  const slack = errorOf(fault)
  if (slack !== null) return slack
  if (!(fault instanceof Error)) return typeof fault
  return "code" in fault && typeof fault.code === "string" ? fault.code : fault.name
}
