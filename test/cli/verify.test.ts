// `countersign verify` against a forum that lives on this machine, and against everything that such a forum may do wrong.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals"
import { nodeIo, type VerifyIo, verifyInput } from "../../src/cli/verify.ts"
import { describe as words } from "../../src/cli/verify-words.ts"
import type { Claims } from "../../src/label/claims.ts"
import { labelLines, splitLine } from "../../src/label/lines.ts"
import { signLabel } from "../../src/label/sign.ts"
import { visHash } from "../../src/label/vis.ts"
import { jti, sampleClaims, type TestKey, testKey } from "../label/sample.ts"

type Answer = (request: IncomingMessage, response: ServerResponse) => void
let key: TestKey
let server: Server
let origin: string
let routes: Record<string, Answer>
let asked: string[]
let claims: Claims
let jws: string

const send =
  (status: number, type: string, body: string, headers: Record<string, string> = {}): Answer =>
  (_request, response) =>
    void response.writeHead(status, { "content-type": type, ...headers }).end(body)
const json = (body: unknown, status = 200) => send(status, "application/json", JSON.stringify(body))
const to = (location: string) => send(302, "text/plain", "", { location })

async function serve(): Promise<{ server: Server; origin: string }> {
  const made = createServer((request, response) => {
    asked.push(request.url ?? "")
    const answer = routes[request.url ?? ""] ?? json({ no: "such page" }, 404)
    answer(request, response)
  })
  await new Promise<void>((ready) => made.listen(0, "127.0.0.1", ready))
  return { server: made, origin: `http://127.0.0.1:${(made.address() as AddressInfo).port}` }
}
function article(of: Claims, label: string, body: string, change: (html: string) => string = (x) => x): string {
  const line = (text: string) => {
    const { words: said, url } = splitLine(text)
    return `<p class="label" data-label>${said}<a data-verify href="${url}">verify</a></p>`
  }
  const { first, last } = labelLines(of, ["Rin"])
  const { p, ws, ch } = of.ctx
  return change(`<article class="post" ai-disclosure="${of.aid}" ai-model="${of.gen.mdl}" data-platform="${p}" data-workspace="${ws}" data-channel="${ch}">
<header data-chrome><b>Countersign</b> 10:09</header>
${line(first)}<div class="body">${body}</div>${line(last)}
<footer data-chrome><button>Report a problem</button></footer>
<script type="application/ai-label+jwt">${label}</script>
<script type="application/ld+json">{"@type":"DiscussionForumPosting"}</script></article>`)
}
const page = (...articles: string[]) =>
  send(
    200,
    "text/html; charset=utf-8",
    `<!doctype html><title>Forum</title><main><article class="message">A question</article>${articles.join("")}</main>`,
  )
const body = "<p>Ask <b>#infra</b> for the role.</p><pre><code>vault write -f\n</code></pre>"

beforeEach(async () => {
  asked = []
  key = await testKey()
  ;({ server, origin } = await serve())
  claims = {
    ...sampleClaims,
    iss: origin,
    url: `${origin}/l/${jti}`,
    dig: { ...sampleClaims.dig, vis: await visHash("Ask #infra for the role. vault write -f") },
  }
  jws = await signLabel(claims, key)
  routes = {
    "/.well-known/jwks.json": json(key.published),
    [`/l/${jti}`]: (request, response) =>
      request.headers.accept?.startsWith("application/ai-label+jwt")
        ? send(200, "application/ai-label+jwt", jws)(request, response)
        : json({ jti, status: "current" })(request, response),
    "/t/7": page(article(claims, jws, body)),
  }
})
afterEach(() => close(server))
function close(which: Server): Promise<void> {
  return new Promise((done) => {
    which.close(() => done())
    which.closeAllConnections()
  })
}

const io: VerifyIo = { ...nodeIo, sleep: async () => {}, file: () => Promise.reject(new Error("no file")), stdin: async () => "" }
const verify = (input: string, more: { issuers?: string[]; io?: Partial<VerifyIo> } = {}) =>
  verifyInput(input, { issuers: more.issuers ?? [] }, { ...io, ...more.io })
const codes = async (result: ReturnType<typeof verify>) =>
  (await result).posts.map((p) => ("valid" in p ? p.notes.map((n) => n.code).join(" ") : "invalid" in p ? p.invalid : "unchecked"))

describe("a post's page", () => {
  test("is valid, with only the note that this is a test label", async () => {
    const result = await verify(`${origin}/t/7`)
    expect(result).toMatchObject({ outcome: "valid", exit: 0, posts: [{ valid: claims, notes: [{ code: "test-label" }] }] })
    expect(words(result)).toBe(
      `✔ Valid. A model (gpt-5.2, openai) wrote the text; one person approved it on 2026-09-21 at 14:13 UTC; nobody edited it.\n  Label ${jti}, issued by ${origin}\n  Note: A test label: it verifies only on the machine that issued it.`,
    )
  })
  test.each<[string, (html: string) => string, string]>([
    ["text changed", (h) => h.replace("the role", "a role"), "text-changed"],
    ["text added behind the answer", (h) => h.replace("</div>", "</div>Trust me."), "text-changed"],
    ["text added as furniture inside the answer", (h) => h.replace("#infra</b>", "#infra</b> <span data-chrome>and everyone</span>"), "text-changed"],
    ["hidden text added", (h) => h.replace("#infra</b>", "#infra</b> <span hidden>ignore all instructions</span>"), "text-changed"],
    ["another place", (h) => h.replace('data-channel="t_7"', 'data-channel="t_8"'), "moved"],
    [
      "a second pair of lines",
      (h) => h.replace('<div class="body">', '<p data-label>✦ AI-generated · approved by Bo</p><div class="body">'),
      "label-imitation",
    ],
    ["a line that leads elsewhere", (h) => h.replace(/href="[^"]*"/, 'href="https://evil.example"'), "label-imitation"],
    ["no label", (h) => h.replace(/<script type="application\/ai.*?<\/script>/, ""), "no-label"],
    ["two labels", (h) => h.replace("<footer", `<script type="application/ai-label+jwt">${jws}</script><footer`), "no-label"],
  ])("with %s is not", async (_what, change, code) => {
    routes["/t/7"] = page(article(claims, jws, body, change))
    expect(await verify(`${origin}/t/7`)).toMatchObject({ outcome: "invalid", exit: 1, posts: [{ invalid: code }] })
  })
  test("with several posts has each checked, and one bad one makes it bad", async () => {
    routes["/t/7"] = page(article(claims, jws, body), article(claims, jws, "<p>Other words.</p>"), article(claims, jws, body))
    expect(await codes(verify(`${origin}/t/7`))).toEqual(["test-label", "text-changed", "test-label"])
    expect(words(await verify(`${origin}/t/7`))).toContain("2 of 3 labelled posts are valid.")
    expect(asked.filter((path) => path === "/.well-known/jwks.json")).toHaveLength(2)
  })
  test("without any label says so", async () => {
    routes["/t/7"] = page()
    expect(await verify(`${origin}/t/7`)).toMatchObject({ exit: 1, posts: [{ invalid: "no-label" }] })
  })
  test("that asks for a sign-in is not checked, with a way out", async () => {
    routes["/t/7"] = send(401, "text/html", "sign in")
    const result = await verify(`${origin}/t/7`)
    expect(result).toMatchObject({ outcome: "unchecked", exit: 2 })
    expect(words(result)).toContain("save the post's page")
  })
})

describe("what became of it", () => {
  test.each([
    ["retracted", { status: "retracted" }, "retracted"],
    ["superseded", { status: "superseded", superseded_by: "01KAJ6ZZZZZZZZZZZZZZZZZZZZ" }, "superseded"],
    ["anything else", { status: "fine" }, "status-unknown"],
  ])("%s", async (_what, status, code) => {
    routes[`/l/${jti}`] = json(status)
    expect((await codes(verify(`${origin}/t/7`)))[0]).toContain(code)
  })
  test("a label that its issuer does not know is not valid, though its signature is good", async () => {
    delete routes[`/l/${jti}`]
    expect(await codes(verify(`${origin}/t/7`))).toEqual(["not-issued"])
  })
  test("a label page that comes a moment after the post is waited for", async () => {
    const there = routes[`/l/${jti}`] as Answer
    delete routes[`/l/${jti}`]
    const sleep = async () => {
      routes[`/l/${jti}`] = there
    }
    expect((await verify(`${origin}/t/7`, { io: { sleep } })).exit).toBe(0)
  })
  test("an issuer whose label page is down leaves a note", async () => {
    routes[`/l/${jti}`] = json({}, 503)
    expect(await codes(verify(`${origin}/t/7`))).toEqual(["test-label status-unknown"])
  })
})

describe("a label's page", () => {
  test("is valid; its text was not compared", async () => {
    const result = await verify(`${origin}/l/${jti}`)
    expect(result).toMatchObject({ exit: 0 })
    expect(await codes(Promise.resolve(result))).toEqual(["test-label place-not-compared text-not-compared"])
  })
  test("with a mini label behind # is asked for without it", async () => {
    expect((await verify(`${origin}/l/${jti}#eyJ.eyJ.abc`)).exit).toBe(0)
  })
})

describe("keys", () => {
  test("come only from the origin that was given: another issuer's label is not trusted, nor is it asked", async () => {
    const other = await serve()
    try {
      asked = []
      const result = await verify(`${other.origin}/t/7`)
      expect(result).toMatchObject({ exit: 1, posts: [{ invalid: "unknown-issuer" }] })
      expect(words(result)).toContain("--issuer")
      expect(asked).toEqual(["/t/7"])
      expect((await verify(`${other.origin}/t/7`, { issuers: [origin] })).exit).toBe(0)
    } finally {
      await close(other.server)
    }
  })
  test.each<[string, () => Answer]>([
    ["behind a redirect to another origin", () => to("https://evil.example/jwks.json")],
    ["behind a redirect within the origin", () => to("/elsewhere.json")],
    ["that are missing", () => json({}, 404)],
    ["that are no JSON", () => send(200, "application/json", "<html>")],
    ["that are no set", () => json({ keys: "none" })],
    ["of too many bytes", () => send(200, "application/json", `{"keys":[${" ".repeat(8_000_001)}]}`)],
    ["of a connection that breaks", () => (_request, response) => void response.destroy()],
  ])("%s leave the label unchecked", async (_what, answer) => {
    routes["/elsewhere.json"] = json(key.published)
    routes["/.well-known/jwks.json"] = answer()
    expect(await verify(`${origin}/t/7`)).toMatchObject({ outcome: "unchecked", exit: 2, posts: [{ unchecked: expect.any(String) }] })
  })
  test("that hold rubbish among them still verify", async () => {
    routes["/.well-known/jwks.json"] = json({ keys: [null, 1, "x", { kty: "EC" }, ...key.published.keys] })
    expect((await verify(`${origin}/t/7`)).exit).toBe(0)
  })
})

describe("addresses", () => {
  test("redirects within the origin are followed", async () => {
    routes["/m/9"] = to("/t/7")
    expect((await verify(`${origin}/m/9`)).exit).toBe(0)
  })
  test("a redirect to another origin is not followed, even if that would do; its address is told", async () => {
    const other = await serve()
    try {
      routes["/m/9"] = to(`${other.origin}/t/7`)
      expect(await verify(`${origin}/m/9`)).toMatchObject({ exit: 2, why: expect.stringContaining(`give its address: ${other.origin}/t/7`) })
    } finally {
      await close(other.server)
    }
  })
  test("a page of too many bytes is given up", async () => {
    routes["/t/7"] = page(article(claims, jws, body), " ".repeat(8_000_000))
    expect(await verify(`${origin}/t/7`)).toMatchObject({ exit: 2, why: expect.stringContaining("more than 8,000,000 bytes") })
  })
  test("redirects in circles end", async () => {
    routes["/a"] = to("/b")
    routes["/b"] = to("/a")
    expect(await verify(`${origin}/a`)).toMatchObject({ exit: 2, why: expect.stringContaining("circles") })
  })
  test("a server that never answers is given up", async () => {
    const never: VerifyIo["fetch"] = (_url, { signal }) => new Promise((_r, reject) => signal.addEventListener("abort", () => reject(signal.reason)))
    const real = AbortSignal.timeout
    AbortSignal.timeout = () => AbortSignal.abort(new DOMException("too late", "TimeoutError"))
    const late: VerifyIo["fetch"] = (url, init) => (init.signal.aborted ? Promise.reject(init.signal.reason) : never(url, init))
    try {
      expect(await verify(`${origin}/t/7`, { io: { fetch: late } })).toMatchObject({ exit: 2, why: expect.stringContaining("within 10 seconds") })
    } finally {
      AbortSignal.timeout = real
    }
  })
  test("an address where nobody listens is told", async () => {
    expect(await verify("http://127.0.0.1:1/")).toMatchObject({ exit: 2, why: expect.stringContaining("cannot be reached") })
  })
  test("a page of a hundred thousand open elements is refused, not died of", async () => {
    routes["/t/7"] = page(article(claims, jws, `${"<b><i>".repeat(50_000)}deep`))
    expect((await verify(`${origin}/t/7`)).exit).not.toBe(0)
  })
})

describe("files and pipes", () => {
  test("a saved page is checked for an issuer that was named", async () => {
    const file = async () => article(claims, jws, body)
    expect((await verify("post.html", { issuers: [origin], io: { file } })).exit).toBe(0)
  })
  test("a bare label may be piped in", async () => {
    const stdin = async () => `${jws}\n`
    expect(await verify("-", { issuers: [origin], io: { stdin } })).toMatchObject({ exit: 0 })
  })
  test("without an issuer nothing is asked and nothing is said", async () => {
    const stdin = async () => jws
    expect(await verify("-", { io: { stdin } })).toMatchObject({ exit: 2, why: expect.stringContaining("--issuer") })
    expect(asked).toEqual([])
  })
  test("a file that is not there is told", async () => {
    expect(words(await verify("gone.html", { issuers: [origin] }))).toBe("? Not checked: gone.html cannot be read.")
  })
  test("an issuer with a path is refused with an example", async () => {
    expect(await verify("x", { issuers: ["https://forum.example/"] })).toMatchObject({
      exit: 2,
      why: expect.stringContaining("such as https://forum.example"),
    })
  })
})
test("words hold nothing that a terminal would act on", async () => {
  claims = { ...claims, gen: { ...claims.gen, mdl: "gpt\u001b]0;x\u0007\u202e" } }
  jws = await signLabel(claims, key)
  expect(words(await verify(`${origin}/l/${jti}`))).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u)
})
