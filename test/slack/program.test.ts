// The program as it is started, beside the forum: from the variables to the first approved post, and to `slack check`.
import { type ChildProcessByStdio, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import type { Readable } from "node:stream"
import { afterEach, beforeEach, expect, test } from "@jest/globals"
import { bareEnvironment } from "../../src/config.ts"
import type { Message } from "../fakes/slack/state.ts"
import { openTown, posts, type Town } from "./house.ts"

const root = resolve(import.meta.dirname, "../..")
let town: Town
let folder: string
const running = new Set<ChildProcessByStdio<null, Readable, null>>()
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "countersign-slack-"))
  town = await openTown({ by: "socket", now: Date.now })
})
afterEach(async () => {
  for (const child of running) {
    child.kill("SIGKILL")
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit")
  }
  running.clear()
  await town.slack.close()
  rmSync(folder, { recursive: true, force: true })
})
function run(...args: string[]) {
  const env = {
    ...bareEnvironment(),
    ...{ SLACK_BOT_TOKEN: town.install.botToken, SLACK_APP_TOKEN: town.app.appToken, SLACK_API_URL: town.slack.url },
    ...{ COUNTERSIGN_DATA: join(folder, "data"), PORT: "0", LOG_LEVEL: "silent" },
  }
  const child = spawn(process.execPath, [join(root, "src/main.ts"), ...args], { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] })
  running.add(child)
  return child
}
async function text(child: ChildProcessByStdio<null, Readable, null>): Promise<string> {
  let all = ""
  for await (const chunk of child.stdout) all += String(chunk)
  return all
}
/** Slack has no event for "somebody sees it now": looked for until the test's own time is over. */
async function until<T>(look: () => T | undefined): Promise<T> {
  for (;;) {
    const found = look()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
const has = (words: string) => (m: Message) => JSON.stringify(m.blocks).includes(words)

test("started with two tokens it drafts, posts what was approved, and ends gracefully", async () => {
  const server = run("start", "--json")
  await once(server.stdout, "data")
  town.rin.mention(town.infra, "how do I stop posting?")
  const card = await until(() => town.rin.dm.find(has('"approve"')))
  await town.rin.clicks(card, "approve")
  await until(() => posts(town)[0])
  await until(() => town.rin.dm.find(has("Posted")))
  server.kill("SIGTERM")
  const [code] = (await once(server, "exit")) as [number | null]
  expect(code).toBe(0)
  expect(posts(town)).toHaveLength(1)
  expect(town.slack.connections(town.app)).toBe(0)
}, 60_000)
test("slack check says that all is well, or what is not, by its exit code, too", async () => {
  const good = run("slack", "check", "--json")
  expect(JSON.parse(await text(good))).toMatchObject({ problems: [] })
  town.install.scopes.delete("chat:write")
  const bad = run("slack", "check")
  expect(await text(bad)).toContain("lacks the scope chat:write")
  if (bad.exitCode === null) await once(bad, "exit")
  expect(bad.exitCode).toBe(1)
}, 60_000)
