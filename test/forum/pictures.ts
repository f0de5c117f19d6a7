// Takes the README's two pictures from a real server: `node test/forum/pictures.ts`. Look at them before they are committed.
// Uses port 3000, so that the addresses in them are those of a first start. CHROMIUM_PATH names another browser.
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { type Browser, chromium, type Page } from "playwright-core"

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url))
const pictures = fileURLToPath(new URL("../../docs/images/", import.meta.url))
const runbook = `# Runners

## A runner hangs while it fetches

The fetch waits for a lock that a killed job left behind. Restarting the runner does not remove it.

1. Drain the runner, so that it takes no new job: \`runner drain <name>\`.
2. Remove the lock in its cache: \`rm .git/shallow.lock\`.
3. Let it take jobs again: \`runner resume <name>\`.
`
const width = 880
const question = {
  title: "Runner hangs while it fetches",
  text: "Since the power cut one of our runners hangs while it fetches, and a restart does not help. What do I do about the lock?",
}

async function enter(browser: Browser, address: string, name: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, deviceScaleFactor: 1280 / width, colorScheme: "light" })
  const page = await context.newPage()
  await page.goto(address)
  await page.getByRole("textbox").fill(name)
  await page.locator('form[action="/enter"] button').click()
  return page
}
/** From the top of the page to the end of `last`, and no further. */
async function picture(page: Page, last: string, file: string): Promise<void> {
  const box = await page.locator(last).last().boundingBox()
  if (box === null) throw new Error(`${last} is not on the page`)
  const height = Math.ceil(box.y + box.height + 16)
  await page.screenshot({ path: join(pictures, file), fullPage: true, clip: { x: 0, y: 0, width, height } })
}

const folder = await mkdtemp(join(tmpdir(), "countersign-pictures-"))
// Its pages are our own, so that a run as root may go without the sandbox.
const browser = await chromium.launch({ executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium", args: ["--no-sandbox"] })
await mkdir(join(folder, "runbooks"))
await mkdir(pictures, { recursive: true })
await writeFile(join(folder, "runbooks", "runners.md"), runbook)
const given = { PATH: "/usr/bin:/bin", PORT: "3000", COUNTERSIGN_DATA: join(folder, "data"), KNOWLEDGE_DIR: join(folder, "runbooks") }
const server = spawn(process.execPath, [main, "start", "--json"], { cwd: folder, env: given, stdio: ["ignore", "pipe", "inherit"] })
try {
  const [line] = (await once(createInterface({ input: server.stdout }), "line")) as [string]
  const { origin, entry, invitation } = JSON.parse(line) as { origin: string; entry: string; invitation: string }
  const rin = await enter(browser, entry, "Rin")
  const bo = await enter(browser, invitation, "Bo")
  await bo.goto(`${origin}/new`)
  await bo.locator('[name="title"]').fill(question.title)
  await bo.locator('[name="text"]').fill(question.text)
  await bo.locator('form[action="/new"] button').click()
  const topic = bo.url()

  await rin.goto(topic)
  await rin.locator('form[action$="/draft"] button').first().click()
  await rin.locator('aside[data-phase="review"]').waitFor()
  await rin.goto(topic)
  await picture(rin, "aside.private", "private-card.png")
  await rin.locator('form[action$="/approve"] button').click()
  await bo.locator("article[ai-disclosure]").waitFor()
  await bo.goto(topic)
  await picture(bo, "article[ai-disclosure]", "public-post.png")
} finally {
  await browser.close()
  server.kill("SIGTERM")
  await once(server, "exit")
  await rm(folder, { recursive: true, force: true })
}
