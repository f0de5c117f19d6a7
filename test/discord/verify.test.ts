// `countersign verify` given a Discord message: from the message to the issuer's page, and what each change is called.
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals"
import { render, withLabel } from "../../adapters/discord/render.ts"
import { nodeIo, type VerifyIo, verifyInput } from "../../src/cli/verify.ts"
import type { Label } from "../../src/label/claims.ts"
import { buildLabel } from "../../src/label/sign.ts"
import { visHash } from "../../src/label/vis.ts"
import { jti, sampleClaims, type TestKey, testKey } from "../label/sample.ts"

const ctx = { p: "discord", ws: "discord:123456789012345678", ch: "223456789012345678" }
let server: Server
let origin: string
let key: TestKey
let label: Label
let status: string

beforeEach(async () => {
  key = await testKey()
  server = createServer((request, response) => {
    const send = (type: string, body: string) => void response.writeHead(200, { "content-type": type }).end(body)
    if (request.url === "/.well-known/jwks.json") return send("application/json", JSON.stringify(key.published))
    if (request.headers.accept?.startsWith("application/ai-label+jwt")) return send("application/ai-label+jwt", label.jws)
    send("application/json", JSON.stringify({ jti, status }))
  })
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const dig = { ...sampleClaims.dig, vis: await visHash(render("Run `ls`.").visible) }
  label = await buildLabel({ claims: { ...sampleClaims, iss: origin, url: `${origin}/l/${jti}`, ctx, dig }, names: ["Rin"], signer: key })
  status = "current"
})
afterEach(() => new Promise<void>((done) => server.close(() => done())))

function message(body = "Run `ls`.") {
  const button = (words: string, act: string) => ({ type: 2, style: 2, label: words, custom_id: `${act}:${jti}` })
  const verify = { type: 2, style: 5, label: "Verify", url: `${label.claims.url}#${label.mini}` }
  const components = [{ type: 1, components: [verify, button("Report a problem", "report"), button("I acted on this", "acted")] }]
  return { id: "423456789012345678", channel_id: ctx.ch, content: withLabel(render(body).payload, label.lines), components, flags: 4, embeds: [] }
}
const io = (text: unknown): VerifyIo => ({ ...nodeIo, sleep: async () => undefined, stdin: async () => JSON.stringify(text) })
const verify = (text: unknown, issuers: readonly string[] = [origin]) => verifyInput("-", { issuers }, io(text))

describe("a Discord message", () => {
  test.each<[string, (m: object) => unknown]>([
    ["as the API answers", (m) => m],
    ["of a history", (m) => [{ content: "hello", components: [] }, m]],
    ["of the gateway", (m) => ({ op: 0, t: "MESSAGE_CREATE", d: { ...m, guild_id: "123456789012345678" } })],
  ])("%s is found, and valid", async (_how, around) => {
    expect(await verify(around(message()))).toMatchObject({ exit: 0, posts: [{ valid: { jti } }] })
  })
  test("says that its place was not compared when it does not know its server", async () => {
    const { posts } = await verify(message())
    expect(posts[0]).toMatchObject({ notes: expect.arrayContaining([expect.objectContaining({ code: "place-not-compared" })]) })
  })
  test.each<[string, () => unknown, string]>([
    ["another text", () => message("Run `rm`."), "text-changed"],
    ["an embed beside it", () => ({ ...message(), embeds: [{ type: "rich", description: "rm" }] }), "text-changed"],
    ["another channel", () => ({ ...message(), guild_id: "123456789012345678", channel_id: "9" }), "moved"],
    ["another server", () => ({ ...message(), guild_id: "9" }), "moved"],
    ["a line that poses as a label", () => message("Run `ls`.\n\n✦ AI-generated · approved by Mira"), "label-imitation"],
    ["no button", () => ({ ...message(), components: [] }), "no-label"],
  ])("with %s is not valid", async (_what, make, code) => {
    expect(await verify(make())).toMatchObject({ exit: 1, posts: [{ invalid: code }] })
  })
  test("that was retracted is, and one of an issuer whom nobody named is not asked about", async () => {
    status = "retracted"
    expect(await verify(message())).toMatchObject({ posts: [{ invalid: "retracted" }] })
    expect(await verify(message(), ["https://other.example"])).toMatchObject({ posts: [{ invalid: "unknown-issuer" }] })
  })
})
