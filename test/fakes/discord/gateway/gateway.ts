// The gateway: connections, sessions, and the way of an event to them.
import type { IncomingMessage } from "node:http"
import type { Duplex } from "node:stream"
import { type WebSocket, WebSocketServer } from "ws"
import type { Core } from "../core.ts"
import type { App } from "../state.ts"
import { Connection } from "./connection.ts"
import type { Event } from "./intents.ts"
import type { Session } from "./session.ts"

export class Gateway {
  readonly core: Core
  readonly sessions = new Set<Session>()
  /** When a session of an app, by bucket, last identified. */
  readonly identified = new Map<string, number>()
  readonly #server = new WebSocketServer({ noServer: true })
  readonly #connections = new Set<Connection>()

  constructor(core: Core) {
    this.core = core
  }
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.core.settings.gateway === "down") {
      // Whoever is turned away may break off without a word.
      socket.on("error", () => {})
      socket.end("HTTP/1.1 503 Service Unavailable\r\n\r\n")
      return
    }
    this.#server.handleUpgrade(req, socket, head, (ws) => {
      const connection = new Connection(this, ws, new URL(req.url ?? "/", "http://local").searchParams)
      this.#connections.add(connection)
      ws.on("close", () => this.#connections.delete(connection))
    })
  }
  dispatch(app: App, event: Event): void {
    for (const session of this.sessions) if (session.app === app && session.hears(event)) session.tell(event.name, event.body(session.intents))
  }
  listens(app: App): boolean {
    return [...this.sessions].some((s) => s.app === app)
  }
  connections(app: App): readonly Connection[] {
    return [...this.#connections].filter((c) => c.session?.app === app)
  }
  /** Until every connected app has read what was sent: a client answers a ping only after the frames before it. */
  async flushed(app?: App): Promise<void> {
    const open = [...this.sessions].filter((s) => app === undefined || s.app === app).flatMap((s) => s.socket ?? [])
    await Promise.all(open.map(answered))
  }
  close(): void {
    for (const client of this.#server.clients) client.terminate()
    this.#server.close()
  }
}
function answered(socket: WebSocket): Promise<void> {
  if (socket.readyState !== socket.OPEN) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      socket.off("pong", done)
      socket.off("close", done)
      resolve()
    }
    socket.on("pong", done)
    socket.on("close", done)
    socket.ping()
  })
}
