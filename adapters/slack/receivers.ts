// Bolt's two receivers with one change: Bolt acknowledges an event before its listeners run, here the acknowledgement follows
// them, so that what Slack was told we have is durable. What fails or takes too long is not acknowledged: Slack sends it again.
// An interaction that comes twice is answered twice with the same answer, and looked at once.
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http"
import { type App, HTTPReceiver, type Receiver, type ReceiverEvent, type SocketModeReceiver } from "@slack/bolt"
import { after } from "../../src/chat/after.ts"
import type { Log } from "../../src/core/ports.ts"
import { answers } from "./answers.ts"
import { boltLogger } from "./bolt-log.ts"
import { nameOfFault } from "./errors.ts"
import { bodyOf, signedBy, tooFarOff } from "./signature.ts"
import { type SocketOptions, sockets } from "./sockets.ts"

/** The acknowledgement's own way back to Slack. */
const wayBackMs = 200

export interface Incoming {
  readonly receiver: Receiver
  /** Null in Socket Mode. */
  readonly listener: RequestListener | null
  /** Resolves when everything that came in has been seen to. */
  idle(): Promise<void>
}
type Transport =
  | ({ readonly by: "socket" } & Omit<SocketOptions, "log" | "onFault">)
  | { readonly by: "http"; readonly signingSecret: string; readonly path: string; readonly now: () => number }

interface Hearing {
  /** Whether an event can concern us at all. Nearly all that is said in a workspace does not, and costs next to nothing. */
  readonly ours: (event: unknown) => boolean
  /** How long Slack waits for an acknowledgement. */
  readonly waitsMs: number
}

export function openReceiver(transport: Transport, { ours, waitsMs }: Hearing, log: Log): Incoming {
  const withinMs = waitsMs - wayBackMs
  const under = after()
  const keep = (work: Promise<void>): Promise<void> => {
    under.add(work)
    return work
  }
  const answered = answers()
  const logger = boltLogger(log)

  /** What both receivers call for each thing that comes in. Rejects when it was not seen to. */
  async function process(app: App, event: ReceiverEvent): Promise<void> {
    const key = interactionOf(event.body)
    if (key !== null) {
      const answer = answered.of(key, (ack) => keep(app.processEvent({ ...event, ack })))
      return event.ack(await answer)
    }
    if (!isEvent(event.body)) return app.processEvent(event)
    if (!ours(event.body.event)) return event.ack()
    await inTime(keep(app.processEvent({ ...event, ack: async () => undefined })), withinMs)
    await event.ack()
  }
  function through(...inner: readonly (HTTPReceiver | SocketModeReceiver)[]): Receiver {
    return {
      init(app) {
        const seam = {
          processEvent: (event: ReceiverEvent) => keep(process(app, event)),
        }
        // A receiver asks nothing else of the app.
        for (const receiver of inner) receiver.init(seam as unknown as App)
      },
      start: async () => undefined,
      stop: async () => undefined,
    }
  }
  const { idle } = under
  const failed = (fault: unknown) => log.warn({ fault: nameOfFault(fault) }, "something from Slack was not seen to, so it was not acknowledged")

  if (transport.by === "socket") {
    const { appToken, apiUrl, clock, onGap } = transport
    const all = sockets({ appToken, apiUrl, clock, log, onGap, onFault: failed })
    return { receiver: { ...through(...all.receivers), start: all.start, stop: all.stop }, listener: null, idle }
  }
  const inner = new HTTPReceiver({
    signingSecret: transport.signingSecret,
    // Done below, for both directions of time; nothing gets here without.
    signatureVerification: false,
    endpoints: [transport.path],
    logger,
    unhandledRequestTimeoutMillis: withinMs + wayBackMs / 2,
    unhandledRequestHandler: ({ response }) => end(response, 503),
    processEventErrorHandler: async ({ error, response }) => {
      failed(error)
      end(response, 503)
      return true
    },
  })
  const signed = signedBy(transport.signingSecret)
  const listener = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    // Bolt refuses old timestamps only: a signed request of tomorrow could be kept until then.
    if (tooFarOff(request.headers["x-slack-request-timestamp"], transport.now())) return end(response, 401)
    const body = await bodyOf(request)
    if (body === "too-large" || body === "broken-off") return end(response, 413)
    if (!signed(request.headers, body)) return end(response, 401)
    if (isNothing(body)) return end(response, 400)
    if (passesBy(request.headers["content-type"], body, ours)) return end(response, 200)
    // Bolt reads it from there.
    inner.requestListener(Object.assign(request, { rawBody: body }), response)
  }
  return { receiver: through(inner), listener, idle }
}

/** `null`, plain or as a form's payload: Bolt looks into it where nobody waits for it, and the process would end. */
function isNothing(body: Buffer): boolean {
  if (body.length > mostNothing) return false
  const text = body.toString("utf8")
  return [text, new URLSearchParams(text).get("payload") ?? ""].some((t) => t.trim() === "null")
}
const mostNothing = 4_000
/** An event that concerns nobody here: most of what is said in a workspace. Looked at before Bolt makes anything of it. */
function passesBy(type: string | undefined, body: Buffer, ours: (event: unknown) => boolean): boolean {
  if (type?.startsWith("application/json") !== true) return false
  try {
    const read = JSON.parse(body.toString("utf8")) as { readonly type?: unknown; readonly event?: unknown } | null
    return read?.type === "event_callback" && !ours(read.event)
  } catch {
    return false
  }
}
function end(response: ServerResponse, status: number): void {
  if (response.headersSent) return
  response.writeHead(status)
  response.end()
}
/** Rejects when it takes too long; the work itself goes on. */
async function inTime(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Late()), ms)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
    work.catch(() => undefined)
  }
}
class Late extends Error {
  readonly code = "late"
  constructor() {
    super("it took longer than Slack waits")
    this.name = "Late"
  }
}
const isEvent = (body: ReceiverEvent["body"]) => body.type === "event_callback"
/** Slack's own name for one gesture of one person: buttons, shortcuts, commands and forms have one. */
function interactionOf(body: ReceiverEvent["body"]): string | null {
  return typeof body.trigger_id === "string" ? `${body.type ?? body.command ?? ""} ${body.trigger_id}` : null
}
