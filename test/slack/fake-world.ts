// A small workspace on the local Slack with the real clients to meet it, and a plain HTTP receiver. Everything closes after each test.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { afterEach } from "@jest/globals"
import { LogLevel, SocketModeReceiver } from "@slack/bolt"
import { WebClient } from "@slack/web-api"
import { type Slack, type SlackOptions, startSlack } from "../fakes/slack/slack.ts"
import type { App } from "../fakes/slack/state.ts"

export const allScopes = [
  ...["app_mentions:read", "chat:write", "commands", "users:read", "im:write"],
  ...["channels:read", "channels:history", "groups:read", "groups:history", "im:read", "im:history", "metadata.message:read"],
]
const opened: (() => unknown)[] = []
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

export async function world(
  how: { socketMode?: boolean; rotation?: boolean; scopes?: readonly string[]; slack?: SlackOptions; patienceMs?: number } = {},
) {
  const slack = await startSlack(how.slack)
  opened.push(() => slack.close())
  const acme = slack.team({ id: "T0ACME", name: "Acme" })
  const app = slack.app({
    name: "Countersign",
    socketMode: how.socketMode ?? false,
    commands: ["/countersign"],
    shortcuts: { draft_answer: "message" },
    rotation: how.rotation ?? false,
  })
  const bot = slack.install(app, acme, how.scopes ?? allScopes)
  const ann = slack.person({ team: acme, name: "ann" })
  const bo = slack.person({ team: acme, name: "bo" })
  const infra = slack.channel({ team: acme, name: "infra", members: [ann, bo, bot] })
  return { slack, acme, app, bot, ann, bo, infra, web: client(slack, bot.botToken, how.patienceMs) }
}
/** Without retries and with an end to waiting: one call is one request. */
export const client = (slack: Slack, token: string, patienceMs = 15_000): WebClient =>
  new WebClient(token, {
    slackApiUrl: slack.url,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: patienceMs,
    logLevel: LogLevel.ERROR,
    logger: quiet,
  })

const nothing = () => {}
export const quiet = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  getLevel: () => LogLevel.ERROR,
  setName: nothing,
}

/** "ok", or the error as the real client names it. */
export async function said(call: Promise<unknown>): Promise<string> {
  try {
    await call
    return "ok"
  } catch (error) {
    const { data, code } = error as { data?: { error?: string }; code?: string }
    return data?.error ?? code ?? String(error)
  }
}

export interface Got {
  readonly headers: IncomingMessage["headers"]
  readonly body: string
}
export async function receiver(answer: (got: Got, res: ServerResponse) => void = (_, res) => void res.end()) {
  const got: Got[] = []
  const server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on("data", (c: Buffer) => chunks.push(c))
    req.on("end", () => {
      const one = { headers: req.headers, body: Buffer.concat(chunks).toString() }
      got.push(one)
      answer(one, res)
    })
  })
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
  opened.push(() => {
    server.closeAllConnections()
    return new Promise((done) => server.close(done))
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return { url, urls: { events: url, interactivity: url, commands: url }, got }
}
export interface Payload {
  readonly type: string
  readonly trigger_id: string
  readonly response_url: string
}
/** What an interactive request carries. */
export const payloadOf = (got: Got): Payload => JSON.parse(new URLSearchParams(got.body).get("payload") ?? "{}")

export function socket(slack: Slack, app: App, more: { autoReconnectEnabled?: boolean; clientPingTimeout?: number } = {}) {
  const made = new SocketModeReceiver({
    appToken: app.appToken,
    logger: quiet,
    installerOptions: { clientOptions: { slackApiUrl: slack.url } },
    ...more,
  })
  opened.push(() => made.client.disconnect())
  return made.client
}
