// What is known of a post after whatever came back: that it was certainly not posted, or nothing at all. A real server, which misbehaves.
import { once } from "node:events"
import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http"
import { createServer as createSecureServer } from "node:https"
import { type AddressInfo, createServer as createPlainServer, type Server as Plain } from "node:net"
import { gzipSync } from "node:zlib"
import { afterEach, expect, test } from "@jest/globals"
import { WebClient } from "@slack/web-api"
import { once as clientOptions } from "../../adapters/slack/clients.ts"
import { nameOfFault } from "../../adapters/slack/errors.ts"
import { notNow } from "../../adapters/slack/not-now.ts"
import { busyOf, refusalOf } from "../../adapters/slack/refused.ts"

const silent = { debug() {}, info() {}, warn() {}, error() {}, setLevel() {}, getLevel: () => "error", setName() {} } as never
let server: Server | null = null
/** What becomes of a post, and how often it came. */
async function postTo(answers: RequestListener, timeoutMs = 60_000): Promise<{ readonly fault: unknown; readonly came: number }> {
  let came = 0
  server = createServer((request, response) => {
    came += 1
    request.resume().once("end", () => answers(request, response))
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  const slackApiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return { fault: await postAt(slackApiUrl, timeoutMs), came }
}
function postAt(slackApiUrl: string, timeoutMs = 60_000): Promise<unknown> {
  const client = new WebClient("xoxb-1", clientOptions({ slackApiUrl, logger: silent }, timeoutMs))
  return client.chat.postMessage({ channel: "C1", text: "a" }).then(
    () => null,
    (thrown: unknown) => thrown,
  )
}
async function close(): Promise<void> {
  server?.closeAllConnections()
  await new Promise((closed) => (server === null ? closed(null) : server.close(closed)))
  server = null
}
afterEach(close)

const says = (status: number, headers: Record<string, string>, body: string | Buffer): RequestListener => {
  return (_, response) => void response.writeHead(status, headers).end(body)
}
const refusal = '{"ok":false,"error":"channel_not_found"}'
const posted = '{"ok":true,"channel":"C1","ts":"1.1"}'
/** Whole as far as it goes, and gone before it is all there. */
const breaksOff = (bytes: string, headers: Record<string, string>) => (_: unknown, response: ServerResponse) => {
  response.writeHead(200, headers)
  response.write(bytes, () => response.destroy())
}
function endless(_: unknown, response: ServerResponse): void {
  const more = () => {
    while (response.write("x".repeat(1 << 20)));
    response.once("drain", more)
  }
  more()
}

test.each<[string, RequestListener]>([
  ["a refusal of which the last byte is missing", breaksOff(refusal, { "content-length": String(refusal.length + 1) })],
  ["a refusal in pieces that never ended", breaksOff(refusal, { "transfer-encoding": "chunked" })],
  ["half a body that says it is whole", says(200, { "content-length": "10" }, posted.slice(0, 10))],
  ["a body that nobody asked to be packed", says(200, { "content-encoding": "gzip" }, gzipSync(refusal))],
  ["an archive", says(200, { "content-type": "application/gzip" }, gzipSync(refusal))],
  ["a broken archive", says(200, { "content-type": "application/gzip" }, "channel_not_found")],
  ["a word that is the name of a refusal, and no JSON", says(200, {}, "access_denied")],
  ["nothing", says(200, {}, "")],
  ["null", says(200, {}, "null")],
  ["a page of something in between", says(200, { "content-type": "text/html" }, "<html>blocked</html>")],
  ["a redirection", says(308, { location: "/elsewhere" }, refusal)],
  ["a no that says yes", says(400, {}, '{"ok":true,"error":"channel_not_found"}')],
  ["a refusal with a failure of the server", says(500, {}, refusal)],
  ["a failure of something in between", says(502, {}, "<html>")],
  ["a no to which nobody put a name", says(403, {}, "<html>access_denied</html>")],
  ["a name that is no definite no", says(400, {}, '{"ok":false,"error":"internal_error"}')],
  ["more than any answer of Slack's is", endless],
  ["an end to the connection", (request) => request.socket.destroy()],
  ["a reset of the connection", (request) => request.socket.resetAndDestroy()],
])("may have been posted: %s", async (_, answers) => {
  const { fault, came } = await postTo(answers)
  expect(fault).toBeInstanceOf(Error)
  expect([refusalOf(fault), busyOf(fault), came]).toEqual([null, null, 1])
})
test("may have been posted: silence, also in the middle of an answer", async () => {
  for (const answers of [() => {}, (_: unknown, response: ServerResponse) => void response.writeHead(200).write(refusal)]) {
    const { fault, came } = await postTo(answers, 30)
    expect([refusalOf(fault), notNow(fault)?.name, came]).toEqual([null, "PlatformBusy", 1])
    await close()
  }
})
test.each<[string, RequestListener]>([
  ["a no by name", says(200, {}, refusal)],
  ["a no with a space before it", says(200, {}, ` \n${refusal}`)],
  ["a no by name and by number", says(403, {}, refusal)],
  ["too many at once", says(429, { "retry-after": "7" }, '{"ok":false,"error":"ratelimited"}')],
  ["too many at once, until a date", says(429, { "retry-after": "Wed, 21 Oct 2026 07:28:00 GMT" }, "")],
  ["too many at once, and not how long", says(429, {}, "<html>")],
])("was certainly not posted: %s", async (_, answers) => {
  const { fault, came } = await postTo(answers)
  expect([refusalOf(fault)?.name, came]).toEqual(["PostRefused", 1])
})
const nobody = "http://127.0.0.1:1/"
test("was certainly not posted: no connection came about", async () => {
  const fault = await postAt(nobody)
  expect(refusalOf(fault)).toMatchObject({ name: "PostRefused", message: expect.stringContaining("could not be reached, so nothing was sent") })
  expect([nameOfFault(fault), notNow(fault)?.name]).toEqual(["ECONNREFUSED", "PlatformBusy"])
})
test.each<[string, () => Plain]>([
  ["cannot say who it is", () => createSecureServer()],
  ["says nothing", () => createPlainServer((socket) => void socket.resume())],
])("was certainly not posted: whoever is there %s", async (_, poses) => {
  const there = poses().listen(0, "127.0.0.1")
  await once(there, "listening")
  const fault = await postAt(`https://127.0.0.1:${(there.address() as AddressInfo).port}/`, 500)
  await new Promise((closed) => there.close(closed))
  expect(refusalOf(fault)).toMatchObject({ name: "PostRefused", message: expect.stringContaining("nothing was sent") })
})
test("a refusal by number is no passing trouble", async () => {
  expect(notNow((await postTo(says(403, {}, refusal))).fault)).toBeNull()
  await close()
  expect(notNow((await postTo(says(429, {}, ""))).fault)).toMatchObject({ name: "PlatformBusy" })
})
