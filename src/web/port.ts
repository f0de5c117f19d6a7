// The one port of the program. It is taken first, so that "port in use" is known before anything is opened, and answers 503
// until everything behind it is ready. Then our own pages come first, and the platforms by the longest prefix.
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import type { Log } from "../core/ports.ts"

export interface Port {
  /** The port that was given, when 0 was asked for. */
  readonly number: number
  mount(mounts: Mounts): void
  /** Takes no new requests and waits for those under way, at most `graceMs`. */
  close(graceMs: number): Promise<void>
}
/** Listener by prefix of the path, `/l/` or `/console`; `/` takes what nobody else takes. */
export type Mounts = ReadonlyMap<string, RequestListener>

/** Throws {@link PortUnavailable}. */
export async function openPort(listen: { readonly host: string; readonly port: number }, log: Log): Promise<Port> {
  let mounts: Mounts = new Map()
  const server = createServer((request, response) => {
    const listener = listenerFor(mounts, request.url ?? "/")
    if (listener === null)
      return plain(
        response,
        mounts.size === 0 ? 503 : 404,
        mounts.size === 0 ? "Countersign starts or ends just now. Try again in a moment.\n" : "Nothing is here.\n",
      )
    void answer(listener, request, response, log)
  })
  // A page that never ends its request must not hold the door open; a slow phone may.
  server.requestTimeout = 60_000
  server.headersTimeout = 20_000
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => reject(new PortUnavailable(listen, cause as NodeJS.ErrnoException)))
    server.listen(listen.port, listen.host, resolve)
  })
  return {
    number: (server.address() as AddressInfo).port,
    mount: (m) => {
      mounts = m
    },
    close: (graceMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), graceMs)
        server.close(() => {
          clearTimeout(timer)
          resolve()
        })
        server.closeIdleConnections()
      }),
  }
}

function listenerFor(mounts: Mounts, url: string): RequestListener | null {
  const path = url.split("?", 1)[0] ?? "/"
  let best: { readonly prefix: string; readonly listener: RequestListener } | null = null
  for (const [prefix, listener] of mounts) {
    const fits = path === prefix || path.startsWith(prefix.endsWith("/") ? prefix : `${prefix}/`)
    if (fits && (best === null || prefix.length > best.prefix.length)) best = { prefix, listener }
  }
  return best?.listener ?? null
}

async function answer(listener: RequestListener, request: IncomingMessage, response: ServerResponse, log: Log): Promise<void> {
  try {
    await listener(request, response)
  } catch (fault) {
    log.error({ fault }, "a request failed")
    if (!response.headersSent) plain(response, 500, "Something went wrong on our side, and nothing was changed. Try again in a moment.\n")
    else response.destroy()
  }
}
function plain(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store", "x-content-type-options": "nosniff" })
  response.end(words)
}

/** The port cannot be listened on; the message says what to do. */
export class PortUnavailable extends Error {
  readonly code = "port-unavailable"
  constructor(listen: { readonly host: string; readonly port: number }, cause: NodeJS.ErrnoException) {
    const where = `${listen.host} port ${listen.port}`
    const words: Record<string, string> = {
      EADDRINUSE: `Another program already listens on ${where}. Stop it, or choose another port: PORT=${listen.port + 1}.`,
      EACCES: `This user may not listen on ${where}. Choose a port above 1023: PORT=3000.`,
      EADDRNOTAVAIL: `This machine has no address ${listen.host}. Correct HOST, or remove it to listen on 127.0.0.1.`,
      ENOTFOUND: `HOST is "${listen.host}", which nobody knows. Correct it, or remove it to listen on 127.0.0.1.`,
    }
    super(words[cause.code ?? ""] ?? `Cannot listen on ${where} (${cause.code}). Correct HOST and PORT.`, { cause })
    this.name = "PortUnavailable"
  }
}
