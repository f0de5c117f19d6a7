// Socket Mode: up to ten connections of an app, payloads to them in turn, each in an envelope that wants its id back within three seconds.
import type { IncomingMessage } from "node:http"
import type { Duplex } from "node:stream"
import { type WebSocket, WebSocketServer } from "ws"
import { isFields } from "../checks/problem.ts"
import type { Core } from "../core.ts"
import { type App, type Fields, newId, secret } from "../state.ts"
import type { Attempt, Delivery } from "./delivery.ts"

const ticketMs = 30_000
const mostConnections = 10
const pingEveryMs = 10_000
interface Connection {
  readonly ws: WebSocket
  /** A frame said that it ends: it gets nothing new. */
  ending: boolean
  readonly waiting: Map<string, (ack: unknown | "connection_failed") => void>
}
const gone = Symbol("gone")

export class Sockets {
  readonly #core: Core
  readonly #server = new WebSocketServer({ noServer: true })
  readonly #tickets = new Map<string, { readonly app: App; readonly until: number }>()
  readonly #connections = new Map<App, Connection[]>()
  /** Acknowledgements that named no open envelope, or came too late. */
  readonly stray: string[] = []
  constructor(core: Core) {
    this.#core = core
  }
  ticketUrl(app: App): string {
    const ticket = secret()
    this.#tickets.set(ticket, { app, until: this.#core.time.elapsed() + ticketMs })
    return `${this.#core.wsOrigin()}/link/?ticket=${ticket}&app_id=${app.id}`
  }
  count(app: App): number {
    return this.#of(app).length
  }
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void {
    const ticket = new URL(req.url ?? "/", this.#core.origin).searchParams.get("ticket") ?? ""
    const found = this.#tickets.get(ticket)
    this.#tickets.delete(ticket)
    if (found === undefined || found.until < this.#core.time.elapsed()) {
      // Whoever is turned away may break off without a word.
      socket.on("error", () => {})
      socket.end("HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
      return
    }
    this.#server.handleUpgrade(req, socket, head, (ws) => this.#welcome(found.app, ws))
  }
  #of(app: App): Connection[] {
    return this.#connections.get(app) ?? []
  }
  #welcome(app: App, ws: WebSocket): void {
    ws.on("error", () => ws.terminate())
    if (this.count(app) >= mostConnections) {
      ws.send(JSON.stringify({ type: "disconnect", reason: "too_many_websockets", debug_info: { host: "local" } }))
      ws.close()
      return
    }
    const connection: Connection = { ws, ending: false, waiting: new Map() }
    this.#connections.set(app, [...this.#of(app), connection])
    const ping = setInterval(() => ws.ping("local"), pingEveryMs)
    ping.unref()
    ws.ping("local")
    ws.on("close", () => {
      clearInterval(ping)
      this.#connections.set(
        app,
        this.#of(app).filter((c) => c !== connection),
      )
      for (const tell of connection.waiting.values()) tell(gone)
    })
    ws.on("message", (data) => this.#acknowledged(connection, String(data)))
    ws.send(
      JSON.stringify({
        type: "hello",
        num_connections: this.count(app),
        debug_info: { host: "local", build_number: 1, approximate_connection_time: 18_060 },
        connection_info: { app_id: app.id },
      }),
    )
  }
  #acknowledged(connection: Connection, data: string): void {
    let ack: unknown
    try {
      ack = JSON.parse(data)
    } catch {
      ack = null
    }
    const id = isFields(ack) ? String(ack["envelope_id"]) : "not JSON"
    const tell = connection.waiting.get(id)
    if (tell === undefined) this.stray.push(id)
    else tell(isFields(ack) ? ack["payload"] : null)
  }
  /** To the next connection in turn. Without one it fails at once, and an event waits for its retry. */
  async send(delivery: Delivery, attempt: Attempt): Promise<void> {
    const list = this.#of(delivery.app).filter((c) => !c.ending && c.ws.readyState === c.ws.OPEN)
    const connection = list[this.#turn++ % Math.max(1, list.length)]
    if (connection === undefined) {
      attempt.outcome = "connection_failed"
      return
    }
    const id = newId("E")
    const type = delivery.kind === "event" ? "events_api" : delivery.kind === "interactive" ? "interactive" : "slash_commands"
    const envelope: Fields = { envelope_id: id, payload: delivery.body, type, accepts_response_payload: delivery.kind !== "event" }
    if (delivery.kind === "event") Object.assign(envelope, { retry_attempt: attempt.retryNum, retry_reason: attempt.retryReason ?? "" })
    const ack = await new Promise<unknown>((resolve) => {
      const cancel = this.#core.time.after(this.#core.settings.deadlineMs, () => tell("late"))
      const tell = (answer: unknown) => {
        cancel()
        connection.waiting.delete(id)
        resolve(answer)
      }
      connection.waiting.set(id, tell)
      connection.ws.send(JSON.stringify(envelope))
    })
    if (ack === "late") attempt.outcome = "http_timeout"
    else if (ack === gone) attempt.outcome = "connection_failed"
    else {
      attempt.outcome = "acknowledged"
      attempt.answer = isFields(ack) && Object.keys(ack).length === 0 ? null : ack
    }
  }
  #turn = 0
  /** `warning` about ten seconds ahead; `refresh_requested` and `link_disabled` end the connection. */
  disconnect(app: App, reason: "warning" | "refresh_requested" | "link_disabled"): void {
    for (const connection of this.#of(app)) {
      connection.ending = true
      connection.ws.send(JSON.stringify({ type: "disconnect", reason, debug_info: { host: "local" } }))
      if (reason !== "warning") connection.ws.close()
    }
  }
  /** As it is, to every connection. */
  frame(app: App, data: string): void {
    for (const connection of this.#of(app)) connection.ws.send(data)
  }
  /** The network breaks: no frame, no goodbye. */
  cut(app: App, which: "all" | "one"): void {
    for (const connection of this.#of(app).slice(0, which === "one" ? 1 : undefined)) connection.ws.terminate()
  }
  close(): void {
    for (const list of this.#connections.values()) for (const connection of list) connection.ws.terminate()
    this.#server.close()
  }
}
