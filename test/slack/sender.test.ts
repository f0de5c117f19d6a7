// How calls to Slack go out: what Slack may do to one, and what is then known of it. A real server, which misbehaves.
import { once } from "node:events"
import { createServer, globalAgent, type RequestListener, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { afterEach, expect, test } from "@jest/globals"
import { WebClient } from "@slack/web-api"
import { once as clientOptions } from "../../adapters/slack/clients.ts"
import { sender } from "../../adapters/slack/sender.ts"

const long = 60_000
let server: Server | null = null
async function slackThat(answers: RequestListener): Promise<string> {
  server = createServer(answers).listen(0, "127.0.0.1")
  await once(server, "listening")
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}
afterEach(async () => {
  server?.closeAllConnections()
  await new Promise((closed) => (server === null ? closed(null) : server.close(closed)))
  server = null
})
const call = { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body: "user=U1" }

test("what was sent arrives, and what Slack answers comes back whole", async () => {
  const url = await slackThat(async (request, response) => {
    const sent = (await request.toArray()).join("")
    response.writeHead(200, { "X-OAuth-Scopes": "chat:write" })
    // In the middle of a letter.
    const answer = Buffer.from(`{"got":"${request.method} ${request.headers["content-type"]} ${sent} für Rin ✦"}`)
    response.write(answer.subarray(0, -4))
    setImmediate(() => response.end(answer.subarray(-4)))
  })
  const answer = await sender(long)(url, call)
  expect(await answer.text()).toBe('{"got":"POST application/x-www-form-urlencoded user=U1 für Rin ✦"}')
  expect([answer.status, answer.headers.get("x-oauth-scopes"), answer.headers.get("retry-after")]).toEqual([200, "chat:write", null])
})
test("a redirection is not followed: the token would go along", async () => {
  const asked: string[] = []
  const url = await slackThat((request, response) => {
    asked.push(request.url ?? "")
    response.writeHead(307, { location: "/elsewhere" }).end()
  })
  expect((await sender(long)(url, call)).status).toBe(307)
  expect(asked).toEqual(["/"])
})
test.each<[string, RequestListener]>([
  ["closes the connection instead of answering", (request) => request.socket.destroy()],
  [
    "breaks off in the middle of its answer",
    (_, response) => {
      response.writeHead(200, { "content-length": "100" })
      response.write('{"ok":true', () => response.destroy())
    },
  ],
  ["speaks another language from then on", (_, response) => response.writeHead(101, { upgrade: "other", connection: "upgrade" }).end()],
])("when Slack %s, the call fails, and is not made again", async (_, answers) => {
  let calls = 0
  const url = await slackThat((request, response) => {
    calls += 1
    answers(request, response)
  })
  await expect(sender(long)(url, call)).rejects.toMatchObject({ message: expect.stringMatching(/./) })
  expect(calls).toBe(1)
})
test.each<[string, RequestListener]>([
  ["never answers", () => undefined],
  ["never ends its answer", (_, response) => void response.writeHead(200).write('{"ok":')],
])("when Slack %s, the call is given up and taken off the wire", async (_, answers) => {
  const gone = Promise.withResolvers<void>()
  const url = await slackThat((request, response) => {
    request.socket.once("close", gone.resolve)
    answers(request, response)
  })
  await expect(sender(30)(url, call)).rejects.toThrow("did not answer within 30 ms")
  await gone.promise
})
test("what is given up is taken off the wire", async () => {
  const [gone, asked] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const url = await slackThat((request) => {
    request.socket.once("close", gone.resolve)
    asked.resolve()
  })
  const stop = new AbortController()
  const sent = sender(long, stop.signal)(url, call)
  await asked.promise
  stop.abort(new Error("stopped"))
  await expect(sent).rejects.toMatchObject({ name: "AbortError" })
  await gone.promise
})
test("what was given up before is not sent", async () => {
  let calls = 0
  const url = await slackThat((_, response) => {
    calls += 1
    response.end("{}")
  })
  await sender(long)(url, call)
  await expect(sender(long, AbortSignal.abort())(url, call)).rejects.toMatchObject({ name: "NotSent" })
  await sender(long)(url, call)
  expect(calls).toBe(2)
})
test("what is given up while it waits for a connection is given up at once, and never sent", async () => {
  const [first, asked] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const paths: string[] = []
  const url = await slackThat((request, response) => {
    paths.push(request.url ?? "")
    asked.resolve()
    void first.promise.then(() => response.end("{}"))
  })
  const { maxSockets } = globalAgent
  globalAgent.maxSockets = 1
  try {
    const [stop, before] = [new AbortController(), sender(long)(url, call)]
    await asked.promise
    const stopped = sender(long, stop.signal)(`${url}stopped`, call)
    await expect(sender(30)(`${url}late`, call)).rejects.toMatchObject({ name: "NotSent", cause: { message: "Slack did not answer within 30 ms" } })
    stop.abort()
    const after = sender(long)(`${url}after`, call)
    first.resolve()
    await expect(stopped).rejects.toMatchObject({ cause: { name: "AbortError" } })
    await Promise.all([before, after])
  } finally {
    globalAgent.maxSockets = maxSockets
  }
  expect(paths).toEqual(["/", "/after"])
})
test("Slack's client reads these answers as it reads those of fetch", async () => {
  const url = await slackThat((request, response) => {
    if (request.url === "/users.info") response.writeHead(200, { "x-oauth-scopes": "a, b" }).end('{"ok":true,"user":{"id":"U1"}}')
    else if (request.url === "/chat.update") response.writeHead(429, { "retry-after": "7" }).end()
    else if (request.url === "/auth.test") response.writeHead(502).end("<html>")
    else response.writeHead(200).end('{"ok":false,"error":"channel_not_found"}')
  })
  const client = new WebClient("xoxb-1", clientOptions({ slackApiUrl: url }, long))
  expect(await client.users.info({ user: "U1" })).toMatchObject({ user: { id: "U1" }, response_metadata: { scopes: ["a", "b"] } })
  await expect(client.chat.update({ channel: "C1", ts: "1.1", text: "a" })).rejects.toMatchObject({ name: "WebAPIRateLimitedError", retryAfter: 7 })
  await expect(client.auth.test()).rejects.toMatchObject({ name: "WebAPIHTTPError", statusCode: 502 })
  await expect(client.conversations.info({ channel: "C1" })).rejects.toMatchObject({ data: { error: "channel_not_found" } })
})
