// What Slack's answers to calls that are nice to have mean, and what a workspace turned out to lack by them: streams and agents'
// sessions come with its plan, and with how the app is set up. Remembered for an hour: plans change, and asking costs a call.
import { WebAPIRateLimitedError } from "@slack/web-api"
import type { Instant, WorkspaceId } from "../../src/core/domain.ts"
import type { Clock } from "../../src/core/ports.ts"
import { errorOf, waitOf } from "./errors.ts"

export type Nicety = "streams" | "sessions"
/** `unclear`: it may have been done all the same. `ended`: the stream runs no more. `here-not`: in this thread. `lacking`: in this workspace. */
export type Setback =
  | { readonly is: "limited"; readonly ms: number }
  | { readonly is: "unclear" }
  | { readonly is: "ended" }
  | { readonly is: "here-not" }
  | { readonly is: "lacking" }

const absentMs = 60 * 60_000
const limitedMs = 60_000
const unclear = ["internal_error", "fatal_error", "service_unavailable", "request_timeout", "messaging_processing_failed"]
const ended = ["message_not_in_streaming_state", "stopped_by_user", "message_not_found"]
const hereNot = [
  ...["channel_not_found", "thread_not_found", "is_archived", "user_not_found", "not_in_channel", "not_authorized"],
  ...["cannot_reply_to_message", "message_limit_exceeded", "restricted_action_thread_locked", "messages_tab_disabled"],
]

export function setbackOf(fault: unknown): Setback {
  if (fault instanceof WebAPIRateLimitedError) return { is: "limited", ms: waitOf(fault) }
  const code = errorOf(fault)
  if (code === "ratelimited" || code === "rate_limited") return { is: "limited", ms: limitedMs }
  if (code === null || unclear.includes(code)) return { is: "unclear" }
  if (ended.includes(code)) return { is: "ended" }
  // Slack names more than one reason, and new ones: unknown_method, missing_scope, feature_disabled, paid_teams_only, not_allowed_token_type.
  return hereNot.includes(code) ? { is: "here-not" } : { is: "lacking" }
}

export interface Lacks {
  /** `pausing`: it was too much for a while. */
  has(workspace: WorkspaceId, what: Nicety): "yes" | "pausing" | "no"
  learn(workspace: WorkspaceId, what: Nicety, setback: Setback): void
}
export function lacks(clock: Clock): Lacks {
  const until = new Map<string, { readonly at: Instant; readonly is: "pausing" | "no" }>()
  const keyOf = (workspace: WorkspaceId, what: Nicety) => `${what} ${workspace}`
  return {
    has(workspace, what) {
      const known = until.get(keyOf(workspace, what))
      return known === undefined || clock.now() >= known.at ? "yes" : known.is
    },
    learn(workspace, what, setback) {
      const now = clock.now()
      if (setback.is === "lacking") until.set(keyOf(workspace, what), { at: now + absentMs, is: "no" })
      if (setback.is === "limited") until.set(keyOf(workspace, what), { at: now + setback.ms, is: "pausing" })
      if (setback.is === "unclear") until.set(keyOf(workspace, what), { at: now + limitedMs, is: "pausing" })
    },
  }
}
