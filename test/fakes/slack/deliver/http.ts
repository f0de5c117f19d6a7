// Events, clicks and commands to request URLs: signed over the raw body with the receiver's time, three seconds for a 2xx.
import { createHmac } from "node:crypto"
import { Agent, request } from "node:http"
import type { Core } from "../core.ts"
import type { App, Fields } from "../state.ts"
import type { Attempt, Delivery, DeliveryKind } from "./delivery.ts"

export interface Signed {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}
/** What a test may forge. */
export interface Forgery {
  /** Milliseconds since 1970 of the signature. */
  readonly signedAt?: number
  readonly secret?: string
}

export function sign(core: Core, app: App, kind: DeliveryKind, content: Fields, forged: Forgery = {}): Signed | null {
  const url = kind === "event" ? app.urls.events : kind === "interactive" ? app.urls.interactivity : app.urls.commands
  if (url === null) return null
  const body =
    kind === "event"
      ? JSON.stringify(content)
      : kind === "interactive"
        ? `payload=${encodeURIComponent(JSON.stringify(content))}`
        : new URLSearchParams(Object.entries(content).map(([k, v]): [string, string] => [k, String(v)])).toString()
  const at = String(Math.floor((forged.signedAt ?? core.time.wall()) / 1_000))
  const mac = createHmac("sha256", forged.secret ?? app.signingSecret)
    .update(`v0:${at}:${body}`)
    .digest("hex")
  return {
    url,
    body,
    headers: {
      "content-type": kind === "event" ? "application/json" : "application/x-www-form-urlencoded",
      "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
      "x-slack-request-timestamp": at,
      "x-slack-signature": `v0=${mac}`,
    },
  }
}

type Lanes = { readonly events: Agent; readonly people: Agent }
const agents = new WeakMap<Core, Lanes>()
/** Slack sends at once what happens at once; 512 connections stand for that. What people do does not queue behind events. */
const lanesOf = (core: Core): Lanes => {
  const made = () => new Agent({ keepAlive: true, maxSockets: 512, maxFreeSockets: 512 })
  const lanes = agents.get(core) ?? { events: made(), people: made() }
  agents.set(core, lanes)
  return lanes
}
export function closeHttp(core: Core): void {
  const lanes = agents.get(core)
  lanes?.events.destroy()
  lanes?.people.destroy()
  agents.delete(core)
}

export interface Answer {
  readonly status: number
  readonly type: string
  readonly text: string
  readonly noRetry: boolean
}
/** Posts bytes as they are; `http_timeout` after the deadline. Used for replays as well. */
export function post(
  core: Core,
  signed: Signed,
  more: Readonly<Record<string, string>> = {},
  onSending: () => void = () => {},
): Promise<Answer | "http_timeout" | "connection_failed"> {
  return new Promise((resolve) => {
    const req = request(signed.url, {
      method: "POST",
      agent: signed.headers["content-type"] === "application/json" ? lanesOf(core).events : lanesOf(core).people,
      headers: { ...signed.headers, ...more, "content-length": Buffer.byteLength(signed.body) },
    })
    // The receiver's three seconds begin when a connection is free, not while Slack itself has none.
    let cancel = () => {}
    req.on("socket", () => {
      onSending()
      cancel = core.time.after(core.settings.deadlineMs, () => finish("http_timeout"))
    })
    const finish = (how: Answer | "http_timeout" | "connection_failed") => {
      cancel()
      if (typeof how === "string") req.destroy()
      resolve(how)
    }
    req.on("error", () => finish("connection_failed"))
    req.on("response", (res) => {
      const chunks: Buffer[] = []
      res.on("data", (chunk: Buffer) => chunks.push(chunk))
      res.on("error", () => finish("connection_failed"))
      res.on("end", () =>
        finish({
          status: res.statusCode ?? 0,
          type: res.headers["content-type"] ?? "",
          text: Buffer.concat(chunks).toString("utf8"),
          noRetry: res.headers["x-slack-no-retry"] === "1",
        }),
      )
    })
    req.end(signed.body)
  })
}

export async function overHttp(core: Core, delivery: Delivery, attempt: Attempt): Promise<void> {
  const signed = sign(core, delivery.app, delivery.kind, delivery.body)
  if (signed === null) {
    attempt.outcome = "connection_failed"
    return
  }
  const retry: Record<string, string> = {}
  if (attempt.retryNum > 0) {
    retry["x-slack-retry-num"] = String(attempt.retryNum)
    retry["x-slack-retry-reason"] = attempt.retryReason ?? "http_error"
  }
  const queuedAt = core.time.elapsed()
  const answer = await post(core, signed, retry, () => {
    attempt.heldBackMs = core.time.elapsed() - queuedAt
  })
  if (typeof answer === "string") {
    attempt.outcome = answer
    return
  }
  attempt.status = answer.status
  attempt.noRetry = answer.noRetry
  attempt.outcome = answer.status >= 200 && answer.status < 300 ? "acknowledged" : "http_error"
  attempt.answer = parsed(answer)
}
function parsed(answer: Answer): unknown {
  if (answer.text === "") return null
  try {
    return JSON.parse(answer.text)
  } catch {
    return answer.text
  }
}
