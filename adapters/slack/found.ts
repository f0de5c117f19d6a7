// What stands in Slack under our name: one attempt's post, or all posts of late. Reads lag behind posts there, so what is not
// found may still be there: the answer is then that nobody can tell.
import { WebAPIRateLimitedError, type WebClient } from "@slack/web-api"
import { decodeTime } from "ulid"
import type { AttemptId, Instant, Place, PostedRef } from "../../src/core/domain.ts"
import type { OwnMessage } from "../../src/core/inbox.ts"
import type { Clock, Log } from "../../src/core/ports.ts"
import { readSlack } from "../../src/label/read/slack.ts"
import { postedFrom } from "./addressed.ts"
import type { Clients, Team } from "./clients.ts"
import { errorOf, nameOfFault, waitOf } from "./errors.ts"
import { messageIdOf } from "./ids.ts"
import { notNow } from "./not-now.ts"
import { isOurs, ownMessage, type SlackMessage } from "./own.ts"

const pageSize = 200
const mostPages = 25
const kinds = "public_channel,private_channel,mpim,im"
// A post hangs in a thread that may be older than what is looked through.
const threadsOfMs = 30 * 24 * 3_600_000
// Clocks differ: Slack stamps its messages itself.
const slackMs = 60_000
const patience = 5

// A post's address is wanted when it is sent and when it comes back as an event, a moment later: asked for once.
const addresses = new WeakMap<WebClient, Map<string, Promise<string | null>>>()
const mostAddresses = 100

/** Null: Slack does not say. */
export async function permalink(client: WebClient, channel: string, ts: string): Promise<string | null> {
  const kept = addresses.get(client) ?? new Map<string, Promise<string | null>>()
  addresses.set(client, kept)
  const name = messageIdOf({ channel, ts })
  const before = (await kept.get(name)) ?? null
  if (before !== null) return before
  const asked = client.chat.getPermalink({ channel, message_ts: ts }).then(
    (r) => r.permalink ?? null,
    () => null,
  )
  for (const oldest of kept.keys()) {
    if (kept.size < mostAddresses) break
    kept.delete(oldest)
  }
  kept.set(name, asked)
  return asked
}

export function found(clients: Clients, teams: () => Promise<readonly Team[]>, { clock, log }: { clock: Clock; log: Log }, ending: AbortSignal) {
  /** Null: it could not be looked through. */
  async function unlessDark<T>(team: Team, channel: string, work: () => Promise<T>): Promise<T | null> {
    try {
      return await waitingOut(clock, ending, work)
    } catch (fault) {
      if (ending.aborted) throw fault
      log.warn({ workspace: team.workspace, channel, fault: nameOfFault(fault) }, "what was missed here in Slack could not be looked for")
      return null
    }
  }
  return {
    /** Never sends, and never says `absent`. */
    async findPosted(attempt: AttemptId, place: Place): Promise<PostedRef | "cannot-tell"> {
      const team = await clients.team(place.workspace)
      if (team === null) return "cannot-tell"
      const client = await clients.control(place.workspace)
      const oldest = stamp(decodeTime(attempt) - slackMs)
      const messages = place.thread === null ? history(client, place.channel, oldest) : replies(client, place.channel, place.thread, oldest)
      try {
        for await (const m of messages) {
          if (m.ts === undefined || !isOurs(team, m) || readSlack(m).says.attempt !== attempt) continue
          return {
            workspace: place.workspace,
            id: messageIdOf({ channel: place.channel, ts: m.ts }),
            url: await permalink(client, place.channel, m.ts),
          }
        }
      } catch (fault) {
        // What Slack shows no more, it shows no more at the next try either: then a person looks, and is not kept waiting.
        if (errorOf(fault) === null || notNow(fault) !== null) throw fault
      }
      return "cannot-tell"
    },
    /** Waits out Slack's limits: nobody waits for a sweep. What cannot be looked through is logged, and the rest is looked through. */
    async *sweep(since: Instant): AsyncIterable<OwnMessage> {
      const all = await teams()
      for (const team of all) {
        const client = await unlessDark(team, "all", () => clients.control(team.workspace))
        if (client === null) continue
        for (const channel of (await unlessDark(team, "all", () => channelsOf(client))) ?? []) {
          const messages = await unlessDark(team, channel.id, () => ours(client, channel.id, since))
          for (const m of messages ?? []) {
            // In a channel that several of our workspaces share, each of them looks for its own.
            const others =
              all.some((t) => t.botId === m.bot_id && t.botId !== team.botId) || (await postedFrom(clients, team, m)).workspace !== team.workspace
            if (others) continue
            const own = ownMessage(team, m, { channel: channel.id, direct: channel.direct, what: "created", url: null })
            if (own !== null) yield own
          }
        }
      }
    },
  }
}

async function channelsOf(client: WebClient): Promise<readonly { readonly id: string; readonly direct: boolean }[]> {
  const all: { readonly id: string; readonly direct: boolean }[] = []
  for (let cursor: string | undefined, page = 0; cursor !== "" && page < mostPages; page += 1) {
    const got = await client.users.conversations({
      types: kinds,
      exclude_archived: true,
      limit: pageSize,
      ...(cursor === undefined ? {} : { cursor }),
    })
    all.push(...(got.channels ?? []).flatMap((c) => (c.id === undefined ? [] : [{ id: c.id, direct: c.is_im === true }])))
    cursor = got.response_metadata?.next_cursor ?? ""
  }
  return all
}
async function ours(client: WebClient, channel: string, since: Instant): Promise<readonly SlackMessage[]> {
  const all: SlackMessage[] = []
  for await (const m of history(client, channel, stamp(since - threadsOfMs))) {
    if (seconds(m.ts) * 1000 >= since) all.push(m)
    if ((m.reply_count ?? 0) === 0 || m.ts === undefined || seconds(m.latest_reply) * 1000 < since) continue
    for await (const reply of replies(client, channel, m.ts, stamp(since))) if (reply.ts !== m.ts) all.push(reply)
  }
  return all
}
async function* history(client: WebClient, channel: string, oldest: string): AsyncIterable<SlackMessage> {
  for (let cursor: string | undefined, page = 0; cursor !== "" && page < mostPages; page += 1) {
    const on = { channel, oldest, limit: pageSize, include_all_metadata: true }
    const got = await client.conversations.history({ ...on, ...(cursor === undefined ? {} : { cursor }) })
    yield* (got.messages ?? []) as readonly SlackMessage[]
    cursor = got.response_metadata?.next_cursor ?? ""
  }
}
async function* replies(client: WebClient, channel: string, ts: string, oldest: string): AsyncIterable<SlackMessage> {
  for (let cursor: string | undefined, page = 0; cursor !== "" && page < mostPages; page += 1) {
    const on = { channel, ts, oldest, limit: pageSize, include_all_metadata: true }
    const got = await client.conversations.replies({ ...on, ...(cursor === undefined ? {} : { cursor }) })
    yield* (got.messages ?? []) as readonly SlackMessage[]
    cursor = got.response_metadata?.next_cursor ?? ""
  }
}
/** Messages of a channel since then by our clock, newest first. */
export const historySince = (client: WebClient, channel: string, at: Instant) => history(client, channel, stamp(at - slackMs))
const stamp = (at: Instant) => (Math.max(0, at) / 1000).toFixed(6)
const seconds = (ts: string | undefined) => Number(ts ?? 0)

async function waitingOut<T>(clock: Clock, ending: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let left = patience; ; left -= 1) {
    try {
      return await work()
    } catch (fault) {
      if (!(fault instanceof WebAPIRateLimitedError) || left === 0) throw fault
      await clock.sleep(waitOf(fault), ending)
    }
  }
}
