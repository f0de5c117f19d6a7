// The program as it is started, beside the forum: from the variables to the first approved post, and to `discord invite` and `check`.
import { type ChildProcessByStdio, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import type { Readable } from "node:stream"
import { text as read } from "node:stream/consumers"
import { afterEach, beforeEach, expect, test } from "@jest/globals"
import { bareEnvironment } from "../../src/config.ts"
import { clicks, idOf, openTown, posts, type Town, textOf } from "./house.ts"

const root = resolve(import.meta.dirname, "../..")
let town: Town
let folder: string
const running = new Set<ChildProcessByStdio<null, Readable, Readable>>()
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "countersign-discord-"))
  town = await openTown()
})
afterEach(async () => {
  for (const child of running) {
    child.kill("SIGKILL")
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit")
  }
  running.clear()
  await town.discord.close()
  rmSync(folder, { recursive: true, force: true })
})
function run(more: Readonly<Record<string, string>>, ...args: string[]) {
  const env = {
    ...bareEnvironment(),
    ...{ DISCORD_TOKEN: town.app.token, DISCORD_API_URL: town.discord.url },
    ...{ COUNTERSIGN_DATA: join(folder, "data"), PORT: "0", LOG_LEVEL: "silent", ...more },
  }
  const child = spawn(process.execPath, [join(root, "src/main.ts"), ...args], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] })
  running.add(child)
  return child
}
async function ended(child: ChildProcessByStdio<null, Readable, Readable>) {
  const [text, faults] = await Promise.all([read(child.stdout), read(child.stderr)])
  if (child.exitCode === null) await once(child, "exit")
  return { text, faults, code: child.exitCode }
}
/** Discord has no event for "somebody sees it now": looked for until the test's own time is over. */
async function until<T>(look: () => T | undefined): Promise<T> {
  for (;;) {
    const found = look()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

test("started with a token it drafts, posts what was approved, and ends gracefully", async () => {
  const server = run({}, "start", "--json")
  await once(server.stdout, "data")
  const { rin, infra } = town
  rin.mention(infra, "how do I stop posting?")
  const card = await until(() => rin.dm.find((m) => idOf(m, "approve") !== null))
  await clicks(rin, card, "approve")
  await until(() => posts(town)[0])
  await until(() => rin.dm.find((m) => textOf(m).includes("Posted")))
  server.kill("SIGTERM")
  const [code] = (await once(server, "exit")) as [number | null]
  expect(code).toBe(0)
  expect(posts(town)).toHaveLength(1)
  expect(posts(town)[0]?.content).toContain("Quoted automatically")
  expect(town.discord.connections(town.app)).toBe(0)
}, 60_000)
test("a token that Discord does not know ends the start with what to do", async () => {
  const { code, faults } = await ended(run({ DISCORD_TOKEN: "MTIz.AbCdEf.unknown_unknown" }, "start"))
  expect([code, faults]).toEqual([1, expect.stringContaining("Discord does not accept DISCORD_TOKEN.")])
}, 60_000)
test("so does a Discord whose gateway lets nobody in: the process does not linger", async () => {
  town.discord.settings.gateway = "down"
  const { code, faults } = await ended(run({}, "start"))
  expect([code, faults]).toEqual([1, expect.stringContaining("Discord could not be reached. Check the network")])
}, 60_000)
test("discord invite prints the link with the least permissions; discord check what is missing, by its exit code, too", async () => {
  const { text } = await ended(run({}, "discord", "invite", "--json"))
  const { url } = JSON.parse(text) as { readonly url: string }
  const query = new URL(url).searchParams
  expect([query.get("client_id"), query.get("scope"), query.get("permissions")]).toEqual([town.app.id, "bot applications.commands", "274877975552"])
  const good = await ended(run({}, "discord", "check", "--json"))
  expect([JSON.parse(good.text), good.code]).toEqual([expect.objectContaining({ problems: [] }), 0])
  town.discord.overwrites(town.infra, { for: town.app.user, deny: ["SEND_MESSAGES"] })
  const bad = await ended(run({ DISCORD_MESSAGE_CONTENT: "on" }, "discord", "check"))
  expect(bad.text).toContain("it can answer in no channel")
  expect(bad.text).toContain("Switch on Message Content Intent")
  expect(bad.code).toBe(1)
}, 60_000)
