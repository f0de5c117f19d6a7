// Which answers of Slack to a post are a definite no. Only these: everything else may have been posted all the same.
import { WebAPIRateLimitedError, WebAPIRequestError } from "@slack/web-api"
import { PlatformBusy, PostRefused } from "../../src/core/ports.ts"
import { errorOf, waitOf } from "./errors.ts"
import { NotSent } from "./sender.ts"

export const gone = "The channel is not there any more, or the app is not in it."
const locked = "Slack does not let the app post in this channel."
const token = "Slack does not accept the app's token. Ask whoever runs Countersign to install it again."
const away = "Slack could not be reached, so nothing was sent. Try again in a minute."
const form = "Slack did not accept the form of this message."
const long = "Slack says that this message is too long. Shorten it and try again."

/** By the name of the error, as documented for `chat.postMessage`. Left out on purpose: internal_error, fatal_error, request_timeout, service_unavailable. */
const definite: Readonly<Record<string, string>> = {
  ...all(gone, "channel_not_found", "not_in_channel", "is_inactive", "team_not_found"),
  ...all("The message that this answers is not there any more.", "thread_not_found"),
  ...all("The channel is archived.", "is_archived"),
  ...all("Countersign was removed from this workspace.", "account_inactive", "team_access_not_granted", "org_login_required"),
  ...all(locked, "restricted_action", "restricted_action_read_only_channel", "restricted_action_thread_only_channel"),
  ...all(locked, "restricted_action_non_threadable_channel", "restricted_action_thread_locked", "message_limit_exceeded", "cannot_reply_to_message"),
  ...all(locked, "access_denied", "no_permission", "ekm_access_denied", "team_added_to_org", "slack_connect_file_link_sharing_blocked"),
  ...all(
    token,
    "invalid_auth",
    "not_authed",
    "token_revoked",
    "token_expired",
    "missing_scope",
    "not_allowed_token_type",
    "two_factor_setup_required",
  ),
  ...all(long, "msg_too_long", "msg_blocks_too_long", "metadata_too_large", "too_many_attachments"),
  ...all(form, "invalid_blocks", "invalid_blocks_format", "no_text", "invalid_arguments", "invalid_arg_name", "invalid_array_arg", "invalid_charset"),
  ...all(form, "invalid_form_data", "invalid_post_type", "missing_post_type", "invalid_metadata_format", "invalid_metadata_schema"),
  ...all(form, "metadata_must_be_sent_from_app", "as_user_not_supported", "markdown_text_conflict"),
  ...all("Slack takes no more messages just now. Try again in a minute.", "ratelimited", "rate_limited", "accesslimited"),
}
function all(words: string, ...codes: readonly string[]): Record<string, string> {
  return Object.fromEntries(codes.map((code) => [code, words]))
}

/** Null: it is not certain that nothing was posted. */
export function refusalOf(fault: unknown): PostRefused | null {
  // 429 comes before Slack looks at the message at all.
  if (fault instanceof WebAPIRateLimitedError) return new PostRefused(definite["ratelimited"] ?? "", { cause: fault })
  if (fault instanceof WebAPIRequestError && fault.original instanceof NotSent) return new PostRefused(away, { cause: fault })
  const words = definite[errorOf(fault) ?? ""]
  return words === undefined ? null : new PostRefused(words, { cause: fault })
}
/** Null: something else is wrong. */
export function busyOf(fault: unknown): PlatformBusy | null {
  return fault instanceof WebAPIRateLimitedError ? new PlatformBusy(waitOf(fault), { cause: fault }) : null
}
