// Threads that went to sleep: the public ones for whoever may read the channel, the private ones that the bot was in.
import { type BotCall, bot, need, type Reply, type Routes, visibleChannel } from "../rest/route.ts"
import type { Channel } from "../state.ts"
import { channelOut } from "../wire.ts"
import { limitOf } from "./reading.ts"

function asleep(call: BotCall, which: (thread: Channel) => boolean): Reply {
  const channel = visibleChannel(call)
  need(call, channel, "READ_MESSAGE_HISTORY")
  const found = [...call.core.world.channels.values()].filter((t) => t.parent === channel && t.thread?.archived === true && which(t))
  const limit = limitOf(call, 2, 100)
  return { threads: found.reverse().slice(0, limit).map(channelOut), members: [], has_more: found.length > limit }
}
export const archived: Routes = {
  "GET /channels/{channel}/threads/archived/public": bot((call) => asleep(call, (t) => t.kind !== "privateThread")),
  "GET /channels/{channel}/users/@me/threads/archived/private": bot((call) =>
    asleep(call, (t) => t.kind === "privateThread" && t.thread?.members.has(call.app.user.id) === true),
  ),
}
