// Messages under our name, as the inside hears of them. Cards and notices stand in direct messages and carry no label: they are
// not public, and not told of. Anything else of ours is, label or not.
import type { AttemptId, LabelId } from "../../src/core/domain.ts"
import type { OwnMessage } from "../../src/core/inbox.ts"
import { readSlack, slackLabelEvent } from "../../src/label/read/slack.ts"
import type { Team } from "./clients.ts"
import { messageIdOf, placeOf } from "./ids.ts"

export interface SlackMessage {
  readonly ts?: string
  readonly user?: string
  readonly bot_id?: string
  readonly app_id?: string
  readonly username?: string
  readonly text?: string
  readonly subtype?: string
  readonly thread_ts?: string
  readonly reply_count?: number
  readonly latest_reply?: string
  readonly metadata?: { readonly event_type?: string; readonly event_payload?: unknown }
}
export const isOurs = (team: Team, m: SlackMessage) =>
  (m.bot_id === team.botId || m.app_id === team.appId || (m.user === team.botUserId && m.subtype === undefined)) && !isNotice(m)
/** Slack's own words, in the name of whoever did it: they carry the id of the bot that they are about. No app can send such a message. */
export const isNotice = (m: Pick<SlackMessage, "subtype">) => notices.includes(m.subtype ?? "")
const notices = [
  "bot_add",
  "bot_remove",
  "bot_enable",
  "bot_disable",
  "channel_join",
  "channel_leave",
  "group_join",
  "group_leave",
  "app_conversation_join",
  "app_conversation_leave",
]
export const isLabelled = (m: SlackMessage) => m.metadata?.event_type === slackLabelEvent

/** Null: not ours, or not public. `direct`: whether it stands in a direct message. */
export function ownMessage(
  team: Team,
  m: SlackMessage,
  at: { readonly channel: string; readonly direct: boolean; readonly what: OwnMessage["what"]; readonly url: string | null },
): OwnMessage | null {
  if (m.ts === undefined || !isOurs(team, m) || (at.direct && !isLabelled(m))) return null
  const read = readSlack(m, { workspace: team.workspace, channel: at.channel })
  const thread = m.thread_ts === undefined || m.thread_ts === m.ts ? null : m.thread_ts
  return {
    what: at.what,
    place: placeOf(team.teamId, at.channel, thread),
    post: { workspace: team.workspace, id: messageIdOf({ channel: at.channel, ts: m.ts }), url: at.url },
    attempt: read.says.attempt as AttemptId | null,
    label: read.says.jti as LabelId | null,
    visible: read.between,
    whole: read.whole,
  }
}
