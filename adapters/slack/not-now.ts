// Whether Slack only cannot say it just now: too many questions, no answer in time, trouble of its own. What was to be done by the
// answer is then not done, and whoever clicked is told when to try again.
import { WebAPIHTTPError, WebAPIRequestError } from "@slack/web-api"
import { PlatformBusy } from "../../src/core/ports.ts"
import { errorOf } from "./errors.ts"
import { busyOf } from "./refused.ts"

const soonMs = 5_000
const trouble = ["internal_error", "fatal_error", "service_unavailable", "request_timeout", "ratelimited", "rate_limited"]

/** Null: it is a lasting fault, and trying again is no cure. */
export function notNow(fault: unknown): PlatformBusy | null {
  if (fault instanceof PlatformBusy) return fault
  const limited = busyOf(fault)
  if (limited !== null) return limited
  const name = errorOf(fault)
  const passes = name === null ? fault instanceof WebAPIRequestError || fault instanceof WebAPIHTTPError : trouble.includes(name)
  return passes ? new PlatformBusy(soonMs, { cause: fault }) : null
}
