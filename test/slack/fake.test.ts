// The local Slack, met by the real clients: @slack/web-api, @slack/socket-mode, and a plain HTTP receiver.
import { createHmac } from "node:crypto"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals"
import { SocketModeReceiver } from "@slack/bolt"
import { WebClient } from "@slack/web-api"
import { type Slack, startSlack } from "../fakes/slack/slack.ts"

const scopes = [
  "app_mentions:read",
  "chat:write",
  "commands",
  "channels:read",
  "channels:history",
  "groups:read",
  "groups:history",
  "im:read",
  "im:history",
  "im:write",
  "users:read",
]
const made: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of made.splice(0).reverse()) await close()
})
async function world(how: { socketMode?: boolean; rotation?: boolean; scopes?: readonly string[] } = {}) {
  const slack = await startSlack()
  made.push(() => slack.close())
  const acme = slack.team({ id: "T0ACME", name: "Acme" })
  const app = slack.app({
    name: "Countersign",
    socketMode: how.socketMode ?? false,
    commands: ["/countersign"],
    shortcuts: { draft_answer: "message" },
    rotation: how.rotation ?? false,
  })
  const bot = slack.install(app, acme, how.scopes ?? scopes)
  const [ann, bo] = [slack.person({ team: acme, name: "ann" }), slack.person({ team: acme, name: "bo" })]
  const infra = slack.channel({ team: acme, name: "infra", members: [ann, bo, bot] })
  return { slack, acme, app, bot, ann, bo, infra, web: client(slack, bot.botToken) }
}
const client = (slack: Slack, token: string) =>
  new WebClient(token, { slackApiUrl: slack.url, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, timeout: 2_000 })
const code = async (p: Promise<unknown>): Promise<string> =>
  p.then(
    () => "ok",
    (e: { data?: { error?: string }; code?: string }) => e.data?.error ?? e.code ?? "thrown",
  )

/** A request URL that keeps what came, and answers as told. */
async function receiver(answer: (body: string, req: IncomingMessage, res: ServerResponse) => void = (_, __, res) => void res.end()) {
  const got: { headers: IncomingMessage["headers"]; body: string }[] = []
  const server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on("data", (c: Buffer) => chunks.push(c))
    req.on("end", () => {
      const body = Buffer.concat(chunks).toString()
      got.push({ headers: req.headers, body })
      answer(body, req, res)
    })
  })
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
  made.push(() => {
    server.closeAllConnections()
    return new Promise((done) => server.close(done))
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, got }
}

describe("posting", () => {
  let w: Awaited<ReturnType<typeof world>>
  beforeEach(async () => {
    w = await world()
  })
  test("a message stands in the channel, with the bot's name on it", async () => {
    const sent = await w.web.chat.postMessage({ channel: w.infra.id, text: "hello" })
    expect(w.infra.messages).toMatchObject([{ ts: sent.ts, text: "hello", user: w.bot.botUserId, bot: { botId: w.bot.botId } }])
  })
})
describe("events", () => {
  test("over HTTP a mention comes as two events, each signed over its bytes", async () => {
    const w = await world()
    const app = await receiver()
    w.app.urls.events = app.url
    w.ann.mention(w.infra, "how do I?")
    await w.slack.quiet()
    const types = app.got.map((g) => JSON.parse(g.body).event.type)
    expect(types.sort()).toEqual(["app_mention", "message"])
    for (const { headers, body } of app.got) {
      const at = headers["x-slack-request-timestamp"]
      const mac = createHmac("sha256", w.app.signingSecret).update(`v0:${at}:${body}`).digest("hex")
      expect(headers["x-slack-signature"]).toBe(`v0=${mac}`)
    }
    expect(w.slack.deliveries.every((d) => d.acknowledgedAfterMs !== null)).toBe(true)
  })
  test("over Socket Mode a mention reaches the real client, which acknowledges", async () => {
    const w = await world({ socketMode: true })
    const { client: socket } = new SocketModeReceiver({ appToken: w.app.appToken, installerOptions: { clientOptions: { slackApiUrl: w.slack.url } } })
    made.push(() => socket.disconnect())
    const heard: string[] = []
    socket.on("app_mention", async ({ event, ack }) => {
      heard.push(event.text)
      await ack()
    })
    socket.on("message", async ({ ack }) => ack())
    await socket.start()
    w.ann.mention(w.infra, "how do I?")
    await w.slack.quiet()
    expect(heard).toEqual([`<@${w.bot.botUserId}> how do I?`])
    expect(w.slack.deliveries.map((d) => d.attempts.length)).toEqual([1, 1])
  })
})
void code
