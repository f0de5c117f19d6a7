// `countersign verify` given a Slack message: from the message to the issuer's page, and what each change is called.
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals"
import { labelBlock } from "../../adapters/slack/blocks.ts"
import { metadataOf } from "../../adapters/slack/label-metadata.ts"
import { payloadOf, render } from "../../adapters/slack/render.ts"
import { nodeIo, type VerifyIo, verifyInput } from "../../src/cli/verify.ts"
import type { AttemptId } from "../../src/core/domain.ts"
import type { Label } from "../../src/label/claims.ts"
import { buildLabel } from "../../src/label/sign.ts"
import { visHash } from "../../src/label/vis.ts"
import { keptBlocks } from "../fakes/slack/normalise.ts"
import { jti, sampleClaims, type TestKey, testKey } from "../label/sample.ts"

const ctx = { p: "slack", ws: "slack:T0123", ch: "C0123", th: "1790000000.000100" }
let server: Server
let origin: string
let key: TestKey
let label: Label
/** What the label's page says: its status, and the label it gives. */
let page: { status: string | null; jws: string | null }

beforeEach(async () => {
  key = await testKey()
  server = createServer((request, response) => {
    const send = (status: number, type: string, body: string) => void response.writeHead(status, { "content-type": type }).end(body)
    if (request.url === "/.well-known/jwks.json") return send(200, "application/json", JSON.stringify(key.published))
    if (request.url !== `/l/${jti}` || page.status === null) return send(404, "application/json", "{}")
    if (request.headers.accept?.startsWith("application/ai-label+jwt"))
      return send(page.jws === null ? 500 : 200, "application/ai-label+jwt", page.jws ?? "")
    send(200, "application/json", JSON.stringify({ jti, status: page.status }))
  })
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  label = await labelFor("Run `ls`.")
  page = { status: "current", jws: label.jws }
})
afterEach(() => new Promise<void>((done) => server.close(() => done())))

async function labelFor(body: string, id = jti): Promise<Label> {
  const dig = { ...sampleClaims.dig, vis: await visHash(render(body).visible) }
  return buildLabel({ claims: { ...sampleClaims, iss: origin, jti: id, url: `${origin}/l/${id}`, ctx, dig }, names: ["Rin"], signer: key })
}
function message(body = "Run `ls`.", by: Label = label) {
  const blocks = [labelBlock(by.lines.first), ...payloadOf(render(body)).blocks, labelBlock(by.lines.last)]
  const kept = keptBlocks(JSON.parse(JSON.stringify(blocks)) as Record<string, unknown>[])
  return {
    type: "message",
    ts: "1790000001.000200",
    thread_ts: ctx.th,
    team: "T0123",
    text: "",
    blocks: kept,
    metadata: metadataOf(by, "A" as AttemptId),
  }
}
const io = (text: unknown): VerifyIo => ({ ...nodeIo, sleep: async () => undefined, stdin: async () => JSON.stringify(text) })
const verify = (text: unknown, issuers: readonly string[] = [origin]) => verifyInput("-", { issuers }, io(text))

describe("a Slack message", () => {
  test.each<[string, (m: object) => unknown]>([
    ["as the API answers", (m) => ({ ok: true, channel: "C0123", ts: "1790000001.000200", message: m })],
    ["of a history", (m) => ({ ok: true, messages: [{ text: "hello" }, m], channel: "C0123" })],
    ["of an event", (m) => ({ team_id: "T0123", event: { ...m, channel: "C0123" } })],
    ["by itself", (m) => ({ ...m, channel: "C0123" })],
    ["among others", (m) => [{ text: "hello" }, m]],
  ])("%s is found, and valid", async (_how, around) => {
    const result = await verify(around(message()))
    expect(result).toMatchObject({ exit: 0, posts: [{ valid: { jti } }] })
  })
  test("says that its place was not compared when it does not know its channel", async () => {
    const { posts } = await verify(message())
    expect(posts[0]).toMatchObject({ notes: expect.arrayContaining([expect.objectContaining({ code: "place-not-compared" })]) })
  })
  test.each<[string, () => unknown, string]>([
    ["another text", () => message("Run `rm`."), "text-changed"],
    ["another channel", () => ({ ...message(), channel: "C9" }), "moved"],
    ["no mini label", () => ({ ...message(), metadata: { event_type: "ai_label", event_payload: {} } }), "no-label"],
    ["a mini label that is none", () => ({ ...message(), metadata: { event_type: "ai_label", event_payload: { jws: "a.b.c" } } }), "malformed"],
    ["no label at all", () => ({ text: "hello" }), "no-label"],
    ["a line that poses as a label", () => message("Run `ls`.\n\n✦ AI-generated · approved by Mira"), "label-imitation"],
  ])("with %s is not valid", async (_what, make, code) => {
    expect(await verify(make())).toMatchObject({ exit: 1, posts: [{ invalid: code }] })
  })
  test("that was retracted is, and one whose label nobody issued was not issued", async () => {
    page = { ...page, status: "retracted" }
    expect(await verify(message())).toMatchObject({ posts: [{ invalid: "retracted" }] })
    page = { ...page, status: null }
    expect(await verify(message())).toMatchObject({ posts: [{ invalid: "not-issued" }] })
  })
  test("of an issuer whom nobody named is not asked about", async () => {
    expect(await verify(message(), ["https://other.example"])).toMatchObject({ posts: [{ invalid: "unknown-issuer" }] })
  })
  test("whose page gives another label, or none, cannot be checked", async () => {
    page = { ...page, jws: (await labelFor("Run `ls`.", "01KAJ5ZZZZZZZZZZZZZZZZZZZY")).jws }
    expect(await verify(message())).toMatchObject({ exit: 2 })
    page = { ...page, jws: null }
    expect(await verify(message())).toMatchObject({ exit: 2 })
  })
})
test("a message nested without end is not read", async () => {
  const deep = `{"messages":[{"metadata":{"event_type":"ai_label"},"blocks":[{"type":"x","y":${"[".repeat(50_000)}${"]".repeat(50_000)}}]}]}`
  expect((await verifyInput("-", { issuers: [origin] }, { ...nodeIo, stdin: async () => deep })).exit).not.toBe(0)
})
