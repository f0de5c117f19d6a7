// conversations.history and .replies: only where the bot is a member, newest or oldest first, metadata only when asked for, perhaps late.
import { refuse } from "../refusal.ts"
import type { Channel, Fields, Message } from "../state.ts"
import { type BotCall, isMember, type Method, needScopeFor, page, tiers, visibleChannel } from "../web/method.ts"
import { messageOut } from "../wire.ts"

const histories = ["channels:history", "groups:history", "im:history", "mpim:history"]

function readable(call: BotCall): { channel: Channel; messages: readonly Message[] } {
  const channel = visibleChannel(call, call.args.must("channel"))
  needScopeFor(call, channel, "history")
  if (!isMember(call, channel)) refuse("not_in_channel")
  const now = call.core.time.elapsed()
  return { channel, messages: channel.messages.filter((m) => m.readableFrom <= now) }
}
function within(call: BotCall, messages: readonly Message[]): readonly Message[] {
  const [oldest, latest] = [call.args.text("oldest"), call.args.text("latest")]
  for (const ts of [oldest, latest])
    if (ts !== null && ts !== "" && Number.isNaN(Number(ts))) refuse(ts === oldest ? "invalid_ts_oldest" : "invalid_ts_latest")
  const inclusive = call.args.flag("inclusive", false)
  // Micros as text, since a double would lose the last digit.
  const micros = (ts: string) => {
    const [seconds = "0", rest = ""] = ts.split(".")
    return BigInt(seconds) * 1_000_000n + BigInt(rest.padEnd(6, "0").slice(0, 6))
  }
  const from = oldest === null || oldest === "" ? null : micros(oldest)
  const to = latest === null || latest === "" || latest === "now" ? null : micros(latest)
  return messages.filter((m) => {
    const at = micros(m.ts)
    return (from === null || at > from || (inclusive && at === from)) && (to === null || at < to || (inclusive && at === to))
  })
}
function answer(call: BotCall, messages: readonly Message[]): Fields {
  const limit = Math.min(call.args.limit(100), call.core.settings.maxPage)
  const { items, cursor } = page(messages, call.args, limit)
  const metadata = call.args.flag("include_all_metadata", false) ? "all" : "type-only"
  return {
    messages: items.map((m) => messageOut(call.core.world, m, metadata)),
    has_more: cursor !== "",
    ...(cursor === "" ? {} : { response_metadata: { next_cursor: cursor } }),
  }
}
function history(call: BotCall): Fields {
  const { messages } = readable(call)
  const roots = within(call, messages).filter((m) => m.threadTs === null || m.threadTs === m.ts || m.broadcast)
  return { ...answer(call, roots.toReversed()), pin_count: 0 }
}
function replies(call: BotCall): Fields {
  const { messages } = readable(call)
  const ts = call.args.must("ts")
  const found = messages.find((m) => m.ts === ts) ?? refuse("thread_not_found")
  // A reply's own ts gives that reply alone, as a message without a thread does.
  if (found.threadTs !== null && found.threadTs !== found.ts) return answer(call, [found])
  const rest = within(call, messages).filter((m) => m.threadTs === ts && m.ts !== ts)
  return answer(call, [found, ...rest])
}
export const reading: Readonly<Record<string, Method>> = {
  "conversations.history": { token: "bot", scopes: histories, tier: tiers.three, run: history },
  "conversations.replies": { token: "bot", scopes: histories, tier: tiers.three, run: replies },
}
