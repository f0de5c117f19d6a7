// agents.sessions.setStatus: what an agent does in one thread. Only apps that are declared as agents have sessions, which is what
// gives them the scope assistant:write, and only paid plans show them.
import type { Core } from "../core.ts"
import { threadOf } from "../post.ts"
import { badArguments, refuse } from "../refusal.ts"
import type { Channel, Fields, Session } from "../state.ts"
import { type BotCall, isMember, type Method, tiers, visibleChannel } from "../web/method.ts"

const statuses = ["active", "processing", "suspended", "closed"] as const
const processingMs = 3_600_000
const maxTitle = 200

export const sessionKey = (channel: string, thread: string): string => `${channel} ${thread}`
export function statusOf(given: string): Session["status"] {
  return statuses.find((s) => s === given) ?? badArguments("must be a valid enum value [json-pointer:/status]")
}
/** An agent that is at work for an hour without saying so again is at rest. */
export function turn(core: Core, key: string, to: Session["status"]): void {
  const session = core.world.sessions.get(key)
  if (session === undefined) return
  session.status = to
  if (to !== "processing") return
  core.time.after(processingMs, () => {
    if (session.status === "processing") session.status = "active"
  })
}

function setStatus(call: BotCall): Fields {
  const { core, args, caller } = call
  const { install } = caller
  if (core.world.team(caller.team).plan === "free" || !install.scopes.has("assistant:write")) return refuse("feature_disabled")
  const status = statusOf(args.must("status"))
  const channel = visibleChannel(call, args.text("channel_id") ?? refuse("channel_not_found"))
  if (!isMember(call, channel)) return refuse("not_authorized")
  const thread = root(channel, args.text("thread_ts"))
  const title = args.text("title")
  if (title !== null && title.length > maxTitle) return badArguments(`must be less than ${maxTitle + 1} characters [json-pointer:/title]`)
  const by = args.text("initiator_user_id")
  if (by !== null && !channel.members.has(by)) return refuse("user_not_found")
  const key = sessionKey(channel.id, thread)
  const before = core.world.sessions.get(key)
  if (before === undefined) core.world.sessions.set(key, { appId: install.app.id, title, status })
  turn(core, key, status)
  return {
    status,
    title: before === undefined ? title : before.title,
    ...(install.app.events.has("agent_session_stopped") ? {} : { warning: "missing_agent_session_stopped_event_subscription" }),
  }
}
function root(channel: Channel, given: string | null): string {
  if (given === null || given === "") return refuse("thread_ts_required")
  return threadOf(channel, given) ?? refuse("thread_not_found")
}
export const sessions: Readonly<Record<string, Method>> = {
  "agents.sessions.setStatus": { token: "bot", scopes: ["chat:write"], tier: tiers.three, run: setStatus },
}
