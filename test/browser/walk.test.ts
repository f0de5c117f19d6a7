// Two people side by side in a real browser, against the real program. One asks, reviews and approves; the other's page and
// the other's network traffic hold nothing of the draft until it is a post. Then the label verifies.
import { type ChildProcess, spawn } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { afterAll, beforeAll, expect } from "@jest/globals"
import type { Browser, BrowserContext, Page } from "playwright-core"
import { nodeIo, verifyInput } from "../../src/cli/verify.ts"
import { browserTest, openBrowser } from "../harness/browser.ts"

interface Started {
  readonly origin: string
  readonly entry: string
  readonly invitation: string
}
let browser: Browser | null = null
let server: ChildProcess
let folder: string
let started: Started

beforeAll(async () => {
  browser = await openBrowser()
  if (browser === null) return
  folder = mkdtempSync(join(tmpdir(), "countersign-browser-"))
  const env = { PATH: process.env["PATH"] ?? "", PORT: "0", COUNTERSIGN_DATA: join(folder, "data"), LOG_LEVEL: "silent" }
  server = spawn(process.execPath, [join(import.meta.dirname, "../../src/main.ts"), "start", "--json"], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  })
  const lines = createInterface({ input: server.stdout as NodeJS.ReadableStream })
  started = JSON.parse(await new Promise<string>((resolve) => lines.once("line", resolve))) as Started
}, 60_000)
afterAll(async () => {
  await browser?.close()
  if (server === undefined) return
  const ended = new Promise((resolve) => server.once("exit", resolve))
  server.kill("SIGTERM")
  await ended
  rmSync(folder, { recursive: true, force: true })
})

/** Everything that a person's browser was sent: documents, fragments and every byte of event streams. */
interface Person {
  readonly page: Page
  readonly context: BrowserContext
  readonly received: string[]
}
async function person(options: Parameters<Browser["newContext"]>[0]): Promise<Person> {
  const context = await (browser as Browser).newContext(options)
  const page = await context.newPage()
  const received: string[] = []
  page.on("response", (response) => {
    void response.text().then(
      (text) => received.push(text),
      () => undefined,
    )
  })
  // Event streams never end, so their bytes are taken from the protocol itself.
  const wire = await context.newCDPSession(page)
  await wire.send("Network.enable")
  wire.on("Network.eventSourceMessageReceived", (event) => received.push(event.data))
  return { page, context, received }
}
async function enter(who: Person, address: string, name: string): Promise<void> {
  await who.page.goto(address)
  await who.page.fill("input[name=name]", name)
  await Promise.all([who.page.waitForURL((url) => !url.pathname.startsWith("/enter")), who.page.click("main form button")])
}
const shots = process.env["COUNTERSIGN_SCREENSHOTS"]
async function shot(page: Page, name: string): Promise<void> {
  if (shots === undefined) return
  mkdirSync(shots, { recursive: true })
  await page.screenshot({ path: join(shots, `${name}.png`) })
}

browserTest(
  "one asks and approves; the other learns nothing until it is a post; the label verifies",
  async () => {
    const rin = await person({ viewport: { width: 1280, height: 1000 } })
    const bo = await person({ viewport: { width: 390, height: 844 }, colorScheme: "dark" })
    await enter(rin, started.entry, "Rin")
    await enter(bo, started.invitation, "Bo")
    await rin.page.click("main a:has-text('What happens between asking')")
    await rin.page.waitForURL("**/t/**")
    await bo.page.goto(rin.page.url())
    await bo.page.waitForLoadState("networkidle").catch(() => undefined)
    bo.received.length = 0

    await rin.page.click("button:has-text('Draft an answer')")
    const approve = rin.page.locator("button:has-text('Approve and post')")
    await approve.waitFor()
    const secret = "byte for byte"
    const card = rin.page.locator("text=Only you can see this").first()
    await card.waitFor()
    expect(await rin.page.content()).toContain(secret)
    expect(await approve.textContent()).toContain("(2 people)")
    await shot(rin.page, "private-card")

    // Bo's page, what Bo's browser is told meanwhile, and whatever Bo asks for anew.
    await bo.page.waitForTimeout(300)
    const told = bo.received.join("\n")
    const request = (await rin.page.getAttribute("[data-request]", "data-request")) ?? ""
    expect(request).toMatch(/^r_[\w-]{22}$/)
    for (const trace of [secret, "Only you can see this", "Draft for you", "Approve and post", request]) {
      expect(told).not.toContain(trace)
      expect(await bo.page.content()).not.toContain(trace)
    }
    for (const path of ["/", "/queue", new URL(rin.page.url()).pathname]) {
      const answer = await bo.context.request.get(started.origin + path)
      const text = await answer.text()
      expect(text).not.toContain(secret)
      expect(text).not.toContain(request)
    }

    await approve.click()
    const first = "article[ai-disclosure] p[data-label]"
    await Promise.all([rin.page.waitForSelector(first), bo.page.waitForSelector(first)])
    expect(await bo.page.textContent(first)).toContain("Quoted automatically · approved by Rin")
    expect(await bo.page.textContent("article[ai-disclosure]")).toContain(secret)
    // The watch on Bo's traffic sees what comes live, or its silence above would prove nothing.
    expect(bo.received.join("\n")).toContain(secret)
    await shot(bo.page, "post-on-a-phone")
    await rin.page.waitForTimeout(200)
    await rin.page.reload()
    await shot(rin.page, "post")

    const fetchAsBo: typeof nodeIo.fetch = async (url, init) => {
      const cookie = (await bo.context.cookies()).map((c) => `${c.name}=${c.value}`).join("; ")
      return fetch(url, { ...init, headers: { ...Object.fromEntries(new Headers(init?.headers)), cookie } })
    }
    const verified = await verifyInput(rin.page.url(), { issuers: [] }, { ...nodeIo, fetch: fetchAsBo })
    expect(verified).toMatchObject({ outcome: "valid", exit: 0 })
    expect(verified.posts).toHaveLength(1)
  },
  120_000,
)
