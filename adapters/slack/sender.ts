// How every call to Slack goes out: by Node's own HTTP client. For a short answer `fetch` takes twice the processor time, and Slack's
// client leaves a timer behind with each call. Sends once, follows nothing, and gives up in time, also in the middle of an answer. A post
// goes by the connections of the questions just before it: those find out when Slack has closed one.
import * as plain from "node:http"
import * as secure from "node:https"
import { TLSSocket } from "node:tls"
import type { FetchFunction } from "@slack/web-api"

type Init = NonNullable<Parameters<FetchFunction>[1]>
type Answer = Awaited<ReturnType<FetchFunction>>

// The longest that we ask for, a page of messages, has a hundredth of it.
const maxAnswerBytes = 64 * 1024 * 1024
// A number that Slack's client understands must stand beside a 429, or it makes another fault of it.
const unsaidWaitS = "30"

/** For certain nothing of a call went out: no connection stood on which it could have. */
export class NotSent extends Error {
  readonly code = "slack-not-reached"
  constructor(cause: unknown) {
    super("Slack could not be reached", { cause })
    this.name = "NotSent"
  }
}

/** Rejects when Slack has not answered in full by then, or at the signal; with {@link NotSent} when it got no connection. */
export function sender(timeoutMs: number, signal?: AbortSignal): FetchFunction {
  return (url, init = {}) =>
    new Promise((resolve, reject) => {
      const request = begin(new URL(url), init, signal)
      const timer = setTimeout(() => {
        const late = new Error(`Slack did not answer within ${timeoutMs} ms`)
        request.destroy(late)
        // Without a connection, as behind a proxy that does not answer, a request ends only when it would get one.
        failed(late)
      }, timeoutMs)
      let mayHaveGone = false
      request.on("socket", (socket) => {
        const open = () => {
          mayHaveGone = true
        }
        // Behind TLS, words wait for the handshake, and for our look at the certificate.
        if (socket.connecting) socket.once(socket instanceof TLSSocket ? "secureConnect" : "connect", open)
        else open()
      })
      const failed = (fault: Error) => reject(mayHaveGone ? fault : new NotSent(fault))
      request.on("error", failed)
      request.on("response", (from) => {
        const read: Buffer[] = []
        let bytes = 0
        from.on("data", (chunk: Buffer) => {
          bytes += chunk.length
          if (bytes > maxAnswerBytes) request.destroy(new Error("Slack's answer had no end"))
          else read.push(chunk)
        })
        from.on("end", () => {
          const body = Buffer.concat(read)
          // Its client would take it for the name of an error, and so for a no that Slack never said.
          if (from.statusCode === 200 && !/^\s*\{/.test(body.toString("latin1", 0, 100))) reject(new Error("Slack's answer was no JSON"))
          else resolve(answerOf(from, body))
        })
      })
      // Comes last, whatever happened, also when the answer broke off: nobody waits for what can come no more.
      request.on("close", () => {
        clearTimeout(timer)
        reject(new Error("Slack closed the connection before its answer was whole"))
      })
    })
}
function begin(url: URL, { method = "GET", headers = {}, body }: Init, signal: AbortSignal | undefined): plain.ClientRequest {
  if (typeof body === "object") throw new TypeError("files are not sent this way")
  const request = (url.protocol === "https:" ? secure : plain).request(url, { method, headers, ...(signal === undefined ? {} : { signal }) })
  return request.end(body)
}
/** As much of an answer as Slack's client looks at. */
function answerOf({ statusCode: status = 0, statusMessage: statusText = "", headers }: plain.IncomingMessage, body: Buffer): Answer {
  const text = body.toString("utf8")
  const waits = /^\d+$/.test(headers["retry-after"] ?? "")
  const stated = status === 429 && !waits ? { ...headers, "retry-after": unsaidWaitS } : headers
  return {
    ok: status >= 200 && status < 300,
    status,
    statusText,
    url: "",
    headers: { get: (name) => stated[name.toLowerCase()]?.toString() ?? null, entries: () => Object.entries(stated) as [string, string][] },
    arrayBuffer: async () => new Uint8Array(body).buffer,
    text: async () => text,
    json: async () => JSON.parse(text) as unknown,
  }
}
