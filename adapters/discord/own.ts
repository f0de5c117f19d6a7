// Messages under our name, as the inside hears of them. Ephemeral answers and direct messages are not public, and the sentences that
// show somebody the way to a draft say nothing: they are not told of. Anything else of ours is, label or not.
import type { LabelId, Place } from "../../src/core/domain.ts"
import type { OwnMessage } from "../../src/core/inbox.ts"
import { readDiscord } from "../../src/label/read/discord.ts"
import { attemptOf, type MessageAt, messageIdOf, urlOf } from "./ids.ts"
import { ephemeralFlag, type Message } from "./messages.ts"
import { isSignpost } from "./signpost.ts"

/** By its own bot user, an answer to an interaction among them: Discord calls that a webhook's. Webhooks of channels have ids of their own. */
export const isOurs = (botUserId: string, m: Message): boolean => m.author.id === botUserId

/** Null: not ours, or not public. `raw`: the message as it came. */
export function ownMessage(
  botUserId: string,
  m: Message,
  raw: unknown,
  at: { readonly place: Place; readonly what: "created" | "changed" },
): OwnMessage | null {
  if (!isOurs(botUserId, m) || (m.flags & ephemeralFlag) !== 0 || isSignpost(raw)) return null
  const read = readDiscord(raw, { workspace: at.place.workspace, channel: at.place.channel, thread: at.place.thread })
  return {
    what: at.what,
    place: at.place,
    post: refOf(at.place, { channel: m.channel_id, message: m.id }),
    attempt: attemptOf(m.nonce),
    label: read.says.jti as LabelId | null,
    visible: read.between,
    whole: read.whole,
  }
}
export function deletedMessage(place: Place, at: MessageAt): OwnMessage {
  return { what: "deleted", place, post: refOf(place, at), attempt: null, label: null, visible: null, whole: null }
}
const refOf = (place: Place, at: MessageAt) => ({ workspace: place.workspace, id: messageIdOf(at), url: urlOf(place.workspace, at) })
