// Whether somebody can be reached at all, and where they see what is said to them. Sends nothing itself.
import type { WebClient } from "@slack/web-api"
import { errorOf } from "./errors.ts"
import type { MessageAt } from "./ids.ts"

const opening = [
  "user_not_found",
  "users_not_found",
  "user_not_visible",
  "user_disabled",
  "cannot_dm_bot",
  "channel_not_found",
  "messages_tab_disabled",
]
const unreachableFor = [
  ...opening,
  "not_in_channel",
  "user_not_in_channel",
  "is_archived",
  "restricted_action",
  "thread_not_found",
  "account_inactive",
]
export async function unlessUnreachable<T>(work: () => Promise<T>): Promise<T | "unreachable"> {
  try {
    return await work()
  } catch (fault) {
    if (unreachableFor.includes(errorOf(fault) ?? "")) return "unreachable"
    throw fault
  }
}

// A direct conversation keeps its id. Kept by client: a new token has a new one, and may be another bot's.
const conversations = new WeakMap<WebClient, Map<string, string>>()
const mostConversations = 2_000
const remembered = (client: WebClient): Map<string, string> => {
  const known = conversations.get(client) ?? new Map<string, string>()
  conversations.set(client, known)
  return known
}
/** `work` in the direct conversation with somebody, by its channel. One that is known is tried first, and opened anew when it is not there. */
export async function inDirect(client: WebClient, user: string, work: (channel: string) => Promise<string>): Promise<string> {
  const known = remembered(client)
  const before = known.get(user)
  const done = before === undefined ? "unreachable" : await unlessUnreachable(() => work(before))
  if (done !== "unreachable") return done
  known.delete(user)
  return unlessUnreachable(async () => {
    const { channel } = await client.conversations.open({ users: user })
    if (channel?.id === undefined) return "unreachable"
    for (const oldest of known.keys()) {
      if (known.size < mostConversations) break
      known.delete(oldest)
    }
    known.set(user, channel.id)
    return work(channel.id)
  })
}

/** Slack shows nobody an ephemeral message in a thread that has no replies yet: those stand in the channel, below the question. */
export async function whereSeen(client: WebClient, channel: string, thread: string | null): Promise<{ readonly thread_ts?: string }> {
  if (thread === null) return {}
  const got = await client.conversations.replies({ channel, ts: thread, limit: 1 }).catch(() => null)
  return (got?.messages?.[0]?.reply_count ?? 0) > 0 ? { thread_ts: thread } : {}
}

/** One message as it stands; null: it cannot be read. */
export async function readOne(client: WebClient, at: MessageAt): Promise<unknown> {
  const only = { channel: at.channel, oldest: at.ts, latest: at.ts, inclusive: true, limit: 2, include_all_metadata: true }
  const found = await client.conversations.replies({ ...only, ts: at.ts }).catch((fault: unknown) => {
    if (errorOf(fault) === null || errorOf(fault) === "ratelimited") throw fault
    return null
  })
  return found?.messages?.find((m) => m.ts === at.ts) ?? null
}
