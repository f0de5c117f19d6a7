// What Countersign in Slack is compared with: a bot on plain Bolt, written as Slack's own samples are. A mention becomes a card in a
// direct message and a pointer to it; a click posts the answer in the thread and settles the card. No person is looked up, nothing is
// checked, nothing is kept. Of the two additions that can be asked for, `durable` keeps the steps of a walk in SQLite with the same
// syncs of the disk as the ledger's, and `asks` makes the questions to Slack that Countersign asks, one after the other.
import { App, HTTPReceiver, LogLevel, SocketModeReceiver } from "@slack/bolt"
import type { Block } from "@slack/types"
import type { WebClient } from "@slack/web-api"
import type { BareSettings } from "./slack-town.ts"
import { stepsIn } from "./steps.ts"

const o = JSON.parse(process.argv[2] ?? "{}") as BareSettings
const answer = "Make the new password valid beside the old one, move the readers, then the writers, then take the old password away."

const keep = stepsIn(o.durable)
const app = new App({
  token: o.botToken,
  logLevel: LogLevel.ERROR,
  clientOptions: { slackApiUrl: o.apiUrl },
  receiver:
    o.by === "socket"
      ? new SocketModeReceiver({ appToken: o.appToken, logLevel: LogLevel.ERROR, installerOptions: { clientOptions: { slackApiUrl: o.apiUrl } } })
      : new HTTPReceiver({ signingSecret: o.signingSecret, endpoints: ["/slack/events"], logLevel: LogLevel.ERROR }),
})
const section = (text: string) => ({ type: "section", text: { type: "mrkdwn", text } })
const button = (value: string) => ({
  type: "actions",
  elements: [{ type: "button", action_id: "approve", text: { type: "plain_text", text: "Post" }, value }],
})

app.event("app_mention", async ({ event, client }) => {
  const [user, thread] = [event.user ?? "", event.thread_ts ?? event.ts]
  if (o.asks) await who(client, user, event.channel)
  keep("asked")
  const where = JSON.stringify({ channel: event.channel, thread })
  const first = o.asks ? [section("Drafting.")] : [section(answer), button(where)]
  const card = await client.chat.postMessage({ channel: user, text: answer, blocks: first as Block[] })
  keep("shown")
  if (o.asks) await client.conversations.replies({ channel: event.channel, ts: thread, limit: 1 })
  await client.chat.postEphemeral({ channel: event.channel, user, text: "Your draft waits for you in our direct messages." })
  keep("drafted")
  if (o.asks) {
    await client.conversations.replies({ channel: event.channel, ts: thread, limit: 200 })
    for (let i = 0; i < 2; i += 1) await readers(client, event.channel)
    await client.chat.update({ channel: card.channel ?? "", ts: card.ts ?? "", text: answer, blocks: [section(answer), button(where)] as Block[] })
  }
  keep("shown")
})
app.action("approve", async ({ ack, action, body, client }) => {
  if (action.type !== "button" || body.type !== "block_actions" || body.message === undefined) return ack()
  const { channel, thread } = JSON.parse(action.value ?? "{}") as { channel: string; thread: string }
  if (o.asks) await client.users.info({ user: body.user.id })
  keep("approved")
  await ack()
  if (o.asks) {
    await client.users.info({ user: body.user.id })
    await readers(client, channel)
  }
  keep("begun")
  const post = await client.chat.postMessage({ channel, thread_ts: thread, text: answer, blocks: [section(answer)] as Block[] })
  if (o.asks) await client.chat.getPermalink({ channel, message_ts: post.ts ?? "" })
  keep("posted")
  await client.chat.update({ channel: body.channel?.id ?? "", ts: body.message.ts, text: "Posted", blocks: [section("Posted")] as Block[] })
  keep("shown")
})
const who = async (client: WebClient, user: string, channel: string) => {
  await client.users.info({ user })
  await client.conversations.info({ channel, include_num_members: true })
}

const readers = async (client: WebClient, channel: string) => {
  await client.conversations.info({ channel, include_num_members: true })
  await client.conversations.members({ channel, limit: 200 })
}

const server = o.by === "socket" ? await app.start() : await app.start({ port: 0, host: "127.0.0.1" })
const address = "address" in server ? server.address() : null
process.stdout.write(`${JSON.stringify({ origin: `http://127.0.0.1:${typeof address === "object" ? (address?.port ?? 0) : 0}` })}\n`)
process.once("SIGTERM", () => process.exit(0))
