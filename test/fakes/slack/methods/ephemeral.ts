// chat.postEphemeral: for one pair of eyes, in no history, never to be changed or deleted by its ts.

import { threadOf } from "../post.ts"
import { refuse } from "../refusal.ts"
import type { Fields } from "../state.ts"
import { type BotCall, type Method, tiers, visibleChannel } from "../web/method.ts"
import { mayPost } from "./chat.ts"
import { contentOf } from "./content.ts"

function postEphemeral(call: BotCall): Fields {
  const { core, args } = call
  const channel = visibleChannel(call, args.must("channel"))
  const to = args.must("user")
  const given = args.text("thread_ts")
  const threadTs = given === null || given === "" ? null : (threadOf(channel, given) ?? refuse("thread_not_found"))
  mayPost(call, channel, threadTs)
  if (!channel.members.has(to)) refuse("user_not_in_channel")
  const { text, blocks, attachments } = contentOf(call)
  if ((text === null || text === "") && blocks === null && attachments === null) refuse("no_text")
  const ts = core.time.ts()
  channel.ephemerals.push({ ts, channel: channel.id, to, appId: call.caller.install.app.id, threadTs, text: text ?? "", blocks })
  return { message_ts: ts }
}
export const ephemeral: Readonly<Record<string, Method>> = {
  "chat.postEphemeral": { token: "bot", scopes: ["chat:write"], tier: tiers.four, run: postEphemeral },
}
