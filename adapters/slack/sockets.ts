// Socket Mode without a gap: two connections of the app, either of which Slack gives what happens. Slack ends each every few hours,
// and sends a click once only: one that comes while there is no connection is lost. So a connection that ends is opened anew at once
// (Slack's own client would wait five seconds), and only when both are gone is there a gap, which is logged and told of.
import { SocketModeReceiver } from "@slack/bolt"
import { WebAPIRateLimitedError } from "@slack/web-api"
import type { Instant } from "../../src/core/domain.ts"
import type { Clock, Log } from "../../src/core/ports.ts"
import { boltLogger } from "./bolt-log.ts"
import { controlTimeoutMs, once } from "./clients.ts"
import { errorOf, nameOfFault, waitOf } from "./errors.ts"

const connections = 2
const firstPauseMs = 250
const longestPauseMs = 5_000
// What Slack itself says no to, such as a token that is dead, does not change from one second to the next.
const refusedPauseMs = 30_000
// Of failed tries in a row: once a minute or so.
const sayEvery = 12
const openWithinMs = 20_000
const closeWithinMs = 2_000

export interface SocketOptions {
  readonly appToken: string
  readonly apiUrl: string | null
  readonly clock: Clock
  readonly log: Log
  /** There was no connection from then on, and now there is one again. */
  readonly onGap: (began: Instant) => void
  readonly onFault: (fault: unknown) => void
}
export interface Sockets {
  readonly receivers: readonly SocketModeReceiver[]
  /** Rejects when Slack takes no connection; one that is lost later is opened again until `stop`. */
  start(): Promise<void>
  stop(): Promise<void>
}
type Client = SocketModeReceiver["client"]

export function sockets({ appToken, apiUrl, clock, log, onGap, onFault }: SocketOptions): Sockets {
  const make = () =>
    new SocketModeReceiver({
      appToken,
      logger: boltLogger(log),
      autoReconnectEnabled: false,
      // An object of its own for each: the client writes into it.
      installerOptions: { clientOptions: once(apiUrl === null ? {} : { slackApiUrl: apiUrl }, controlTimeoutMs) },
      processEventErrorHandler: async ({ error }) => {
        onFault(error)
        return false
      },
    })
  const receivers = Array.from({ length: connections }, make)
  for (const { client } of receivers) shelter(client, onFault)
  const ending = new AbortController()
  const open = new Set<Client>()
  let gapSince: Instant | null = null
  let kept: Promise<unknown> = Promise.resolve()

  function isOpen(client: Client): void {
    open.add(client)
    if (gapSince === null) return
    const began = gapSince
    gapSince = null
    log.warn({ seconds: Math.ceil((clock.now() - began) / 1000) }, "connected to Slack again; what was clicked meanwhile has to be clicked again")
    onGap(began)
  }
  function isClosed(client: Client): void {
    open.delete(client)
    if (open.size > 0 || ending.signal.aborted) return
    gapSince = clock.now()
    log.warn({}, "there is no connection to Slack: what people click now is lost; connecting again")
  }
  /** From one connection to the next, until the end. */
  async function keep(client: Client, first: Promise<void>): Promise<void> {
    let opened = first
    for (let failed = 0; ; ) {
      const fault = await opened.then(
        () => null,
        (f: unknown) => ({ of: f }),
      )
      if (fault === null) {
        failed = 0
        isOpen(client)
        await closedBy(client, ending.signal)
        isClosed(client)
      } else {
        if (failed % sayEvery === 0) log.warn({ fault: nameOfFault(fault.of) }, "Slack takes no connection; trying again and again")
        await pause(pauseAfter(fault.of, failed++), ending.signal)
      }
      if (ending.signal.aborted) return disconnected(client)
      opened = openedBy(client)
    }
  }
  return {
    receivers,
    async start() {
      const firsts = receivers.map(({ client }) => ({ client, opened: openedBy(client) }))
      kept = Promise.all(firsts.map(({ client, opened }) => keep(client, opened)))
      try {
        // One is enough to begin with.
        await Promise.any(firsts.map((f) => f.opened))
      } catch (fault) {
        ending.abort()
        throw fault instanceof AggregateError ? fault.errors[0] : fault
      }
    },
    async stop() {
      ending.abort()
      await within(kept, closeWithinMs)
    },
  }
}

/** Nobody waits for what Slack's client makes of a frame: one in a form that it does not know would end the process. */
function shelter(client: Client, onFault: (fault: unknown) => void): void {
  const hear = client.listeners("ws_message")
  client.removeAllListeners("ws_message")
  client.on("ws_message", async (...frame: unknown[]) => {
    await Promise.all(hear.map(async (h) => h(...frame))).catch(onFault)
  })
}

/** Until Slack says hello. */
async function openedBy(client: Client): Promise<void> {
  const late = new AbortController()
  const tooLate = pause(openWithinMs, late.signal).then(() => {
    if (!late.signal.aborted) throw new Error("Slack opened no connection in time")
  })
  tooLate.catch(() => undefined)
  try {
    await Promise.race([client.start(), tooLate])
  } finally {
    late.abort()
  }
}
async function closedBy(client: Client, ending: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const end = () => {
      client.off("disconnected", end)
      ending.removeEventListener("abort", end)
      resolve()
    }
    client.on("disconnected", end)
    ending.addEventListener("abort", end)
    if (ending.aborted) end()
  })
}
/** Until the socket is closed, which Bolt itself does not wait for. */
async function disconnected(client: Client): Promise<void> {
  await within(client.disconnect(), closeWithinMs)
}
function pauseAfter(fault: unknown, failed: number): number {
  if (fault instanceof WebAPIRateLimitedError) return waitOf(fault)
  return errorOf(fault) === null ? Math.min(firstPauseMs * 2 ** failed, longestPauseMs) : refusedPauseMs
}
async function pause(ms: number, ending: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer)
      ending.removeEventListener("abort", end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    ending.addEventListener("abort", end)
    if (ending.aborted) end()
  })
}
async function within(work: Promise<unknown>, ms: number): Promise<void> {
  const enough = new AbortController()
  await Promise.race([work.catch(() => undefined), pause(ms, enough.signal)]).finally(() => enough.abort())
}
