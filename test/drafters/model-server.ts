// A model's server of a few lines, for what aimock does not do: it keeps exactly what was sent, and answers exactly as told.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"

export interface Received {
  readonly path: string
  readonly headers: IncomingMessage["headers"]
  readonly body: Record<string, unknown>
}
export type Answer = (res: ServerResponse, received: Received, nth: number) => void

export async function modelServer(answer: Answer) {
  const received: Received[] = []
  const server = createServer((req, res) => {
    let text = ""
    req.on("data", (chunk) => {
      text += chunk
    })
    req.on("end", () => {
      const one = { path: req.url ?? "", headers: req.headers, body: JSON.parse(text) as Record<string, unknown> }
      answer(res, one, received.push(one))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    received,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

export const shaped = (answer: string, citations: number[] = [], declined = false) => JSON.stringify({ answer, citations, declined })
export function events(res: ServerResponse, ...all: readonly object[]): ServerResponse {
  res.writeHead(200, { "content-type": "text/event-stream" })
  for (const event of all) res.write(`data: ${JSON.stringify(event)}\n\n`)
  return res
}
export const delta = (text: string) => ({ type: "response.output_text.delta", delta: text })
export const completed = { type: "response.completed", response: { output: [] } }
export function answers(text: string): Answer {
  return (res) => events(res, delta(text.slice(0, 9)), delta(text.slice(9)), completed).end()
}
export function chatAnswers(res: ServerResponse, text: string, finish_reason = "stop"): void {
  events(res, { choices: [{ delta: { content: text } }] }, { choices: [{ delta: {}, finish_reason }] }).end("data: [DONE]\n\n")
}
export function fails(res: ServerResponse, status: number, error: object = {}, headers: Record<string, string> = {}): void {
  res
    .writeHead(status, { "content-type": "application/json", ...headers })
    .end(JSON.stringify({ error: { message: "secret text of the server", ...error } }))
}
