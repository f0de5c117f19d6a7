// The words around a question, as people wrote them: control forms undone, our own drafts left out. Untrusted, all of it.
import type { WebClient } from "@slack/web-api"
import type { Message, Place } from "../../src/core/domain.ts"
import { readSlack } from "../../src/label/read/slack.ts"
import type { Team } from "./clients.ts"
import { messageAt, messageIdOf } from "./ids.ts"
import { isLabelled, isNotice, isOurs, type SlackMessage } from "./own.ts"

const pageSize = 200
// A thread of a thousand messages has its beginning and its end read, not every page.
const mostPages = 10

/** Newest last, at most `limit`, the question among them. Rejects when the question is gone. */
export async function readThread(
  on: { readonly client: WebClient; readonly team: Team; readonly name: (userId: string) => Promise<string> },
  place: Place,
  message: string,
  limit: number,
): Promise<readonly Message[]> {
  const at = messageAt(message)
  if (at === null || at.channel !== place.channel) throw new Error("there is no such message in this channel")
  const all = place.thread === null ? await around(on.client, at.channel, at.ts, limit) : await replies(on.client, at.channel, place.thread)
  // Posts that were approved are part of the talk; cards and notices in a direct message are not.
  const own = (m: SlackMessage) => isOurs(on.team, m) && !isLabelled(m)
  const talk = all.filter((m) => m.ts === at.ts || (!own(m) && !isNotice(m)))
  const question = talk.find((m) => m.ts === at.ts)
  if (question === undefined) throw new Error("the message is gone")
  const newest = talk.slice(-limit)
  const kept = newest.includes(question) ? newest : [question, ...newest.slice(1)]
  return Promise.all(
    kept.map(async (m) => ({
      id: messageIdOf({ channel: at.channel, ts: m.ts ?? "" }),
      author: m.user === undefined ? (m.username ?? "an app") : await on.name(m.user),
      role: m === question ? ("question" as const) : ("other" as const),
      text: await words(m, on),
      at: Math.round(Number(m.ts ?? 0) * 1000),
    })),
  )
}

/** What an app posts often stands in blocks or attachments alone, and a file may come without a word. */
async function words(m: SlackMessage, on: Parameters<typeof plain>[1]): Promise<string> {
  const text = m.text ?? ""
  if (text.trim() !== "" && text !== noFallback) return plain(text, on)
  const lines = readSlack({ ...m, text: "" })
    .whole.split("\n")
    .map((line) => line.trim())
  // An attachment says some of it twice; what no reader reads, such as buttons, is told as `[actions] {…}`.
  return [...new Set(lines)].filter((line) => line !== "" && !/^\[\w+\] \{/.test(line)).join("\n")
}
/** Slack's own words in the text of blocks that came without. */
const noFallback = "This content can't be displayed."

async function replies(client: WebClient, channel: string, thread: string): Promise<readonly SlackMessage[]> {
  const found: SlackMessage[] = []
  let cursor: string | undefined
  for (let page = 0; page < mostPages && cursor !== ""; page += 1) {
    const got = await client.conversations.replies({ channel, ts: thread, limit: pageSize, ...(cursor === undefined ? {} : { cursor }) })
    found.push(...((got.messages ?? []) as readonly SlackMessage[]))
    cursor = got.response_metadata?.next_cursor ?? ""
  }
  return found
}
async function around(client: WebClient, channel: string, ts: string, limit: number): Promise<readonly SlackMessage[]> {
  const got = await client.conversations.history({ channel, latest: ts, inclusive: true, limit: Math.min(limit, pageSize) })
  return [...((got.messages ?? []) as readonly SlackMessage[])].reverse()
}

/** Slack's control forms as a reader sees them: `<@U1>` is a name, `<https://a|b>` is `b (https://a)`. */
export async function plain(text: string, on: { readonly team: Team; readonly name: (userId: string) => Promise<string> }): Promise<string> {
  const ids = new Set([...text.matchAll(/<@([A-Z0-9]+)(?:\|[^>]*)?>/g)].map((m) => m[1] ?? ""))
  const names = new Map(await Promise.all([...ids].map(async (id) => [id, id === on.team.botUserId ? "countersign" : await on.name(id)] as const)))
  return text
    .replace(/<([@#!]?)([^>|]*)(?:\|([^>]*))?>/g, (_all, sign: string, what: string, label: string | undefined) => {
      if (sign === "@") return `@${names.get(what) ?? label ?? "somebody"}`
      if (sign === "#") return `#${label ?? what}`
      if (sign === "!") return label ?? `@${what.split("^")[0] ?? ""}`
      return label === undefined || label === what ? what : `${label} (${what})`
    })
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
}
