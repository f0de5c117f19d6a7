// conversations.history and .replies: only where the bot is a member, newest or oldest first, metadata only when asked for, perhaps late.
import { refuse } from "../refusal.ts"
import type { Channel, Fields, Message } from "../state.ts"
import { type BotCall, isMember, type Method, needScopeFor, page, tiers, visibleChannel } from "../web/method.ts"
import { messageOut } from "../wire.ts"

const histories = ["channels:history", "groups:history", "im:history", "mpim:history"]

function readable(call: BotCall): Channel {
  const channel = visibleChannel(call, call.args.must("channel"))
  needScopeFor(call, channel, "history")
  return isMember(call, channel) ? channel : refuse("not_in_channel")
}
/** Seconds and micros as text of one width, since a double would lose the last digit. */
const sortable = (ts: string) => {
  const [seconds = "0", rest = ""] = ts.split(".")
  return seconds.padStart(12, "0") + rest.padEnd(6, "0").slice(0, 6)
}
interface Bounds {
  readonly from: string | null
  readonly to: string | null
  readonly inclusive: boolean
}
function boundsOf(call: BotCall): Bounds {
  const read = (name: "oldest" | "latest") => {
    const ts = call.args.text(name)
    if (ts === null || ts === "" || ts === "now") return null
    return Number.isNaN(Number(ts)) ? refuse(`invalid_ts_${name}`) : sortable(ts)
  }
  return { from: read("oldest"), to: read("latest"), inclusive: call.args.flag("inclusive", false) }
}
function within(b: Bounds, m: Message): "before" | "in" | "after" {
  const at = sortable(m.ts)
  if (b.to !== null && (b.inclusive ? at > b.to : at >= b.to)) return "after"
  return b.from !== null && (b.inclusive ? at < b.from : at <= b.from) ? "before" : "in"
}
function answer(call: BotCall, items: readonly Message[], cursor: string): Fields {
  const metadata = call.args.flag("include_all_metadata", false) ? "all" : "type-only"
  return {
    messages: items.map((m) => messageOut(call.core.world, m, metadata)),
    has_more: cursor !== "",
    ...(cursor === "" ? {} : { response_metadata: { next_cursor: cursor } }),
  }
}
const pageSize = (call: BotCall) => Math.min(call.args.limit(100), call.core.settings.maxPage)

/** The cursor names the last message given, so that what is posted meanwhile moves nothing. */
function history(call: BotCall): Fields {
  const { messages } = readable(call)
  const [bounds, limit, now] = [boundsOf(call), pageSize(call), call.core.time.elapsed()]
  const given = Buffer.from(call.args.text("cursor") ?? "", "base64").toString("utf8")
  const until = given === "" ? null : sortable(/^next_ts:(\d+\.\d+)$/.exec(given)?.[1] ?? refuse("invalid_cursor"))
  const found: Message[] = []
  for (let i = messages.length - 1; i >= 0 && found.length <= limit; i -= 1) {
    const m = messages[i] as Message
    const place = within(bounds, m)
    if (place === "before") break
    if (place === "after" || (until !== null && sortable(m.ts) >= until) || m.readableFrom > now) continue
    if (m.threadTs === null || m.threadTs === m.ts || m.broadcast) found.push(m)
  }
  const shown = found.slice(0, limit)
  const cursor = found.length > limit ? Buffer.from(`next_ts:${shown.at(-1)?.ts}`).toString("base64") : ""
  return { ...answer(call, shown, cursor), pin_count: 0 }
}
function replies(call: BotCall): Fields {
  const channel = readable(call)
  const [ts, bounds, now] = [call.args.must("ts"), boundsOf(call), call.core.time.elapsed()]
  const found = channel.byTs.get(ts)
  if (found === undefined || found.readableFrom > now) return refuse("thread_not_found")
  const rest = (channel.threads.get(ts) ?? []).filter((m) => m.readableFrom <= now && within(bounds, m) === "in")
  // A reply's own ts gives that reply alone, as a message without a thread does.
  const { items, cursor } = page([found, ...rest], call.args, pageSize(call))
  return answer(call, items, cursor)
}
export const reading: Readonly<Record<string, Method>> = {
  "conversations.history": { token: "bot", scopes: histories, tier: tiers.three, run: history },
  "conversations.replies": { token: "bot", scopes: histories, tier: tiers.three, run: replies },
}
