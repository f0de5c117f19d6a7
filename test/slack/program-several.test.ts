// The program as it is started for several workspaces: installed from a browser, served after a restart, and what it says when
// the keys are not those that the tokens were stored with.
import { rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "@jest/globals"
import { type Server, useProgram } from "../cli/program.ts"
import type { Person } from "../fakes/slack/person.ts"
import type { Channel, Install, Message } from "../fakes/slack/state.ts"
import { useStores } from "../harness/ledgers.ts"
import { installsApp } from "./browser-trip.ts"
import { openTown, posts, type Town } from "./house.ts"

const program = useProgram()
const stores = useStores()
let town: Town
let folder: string
beforeEach(async () => {
  folder = program.folder()
  town = await openTown({ by: "http", now: Date.now })
  writeFileSync(join(folder, "countersign.yml"), "slack: { workspaces: [T0ACME, T0PART] }")
})
afterEach(() => town.slack.close())

/** Slack sends browsers back to an address that is known before the start. */
async function start(more: Record<string, string> = {}): Promise<Server> {
  for (;;) {
    const port = await freePort()
    const origin = `http://127.0.0.1:${port}`
    const env = {
      ...{ PORT: String(port), COUNTERSIGN_ORIGIN: origin, SLACK_API_URL: town.slack.url, SLACK_SIGNING_SECRET: town.app.signingSecret },
      ...{ SLACK_CLIENT_ID: town.app.clientId, SLACK_CLIENT_SECRET: town.app.clientSecret },
    }
    const events = `${origin}/slack/events`
    Object.assign(town.app.urls, { events, interactivity: events, commands: events })
    const server = await program.start(folder, { ...env, ...more }).catch((fault: unknown) => {
      // Somebody else was quicker to take the port.
      if (String(fault).includes("already listens")) return null
      throw fault
    })
    if (server !== null) return server
  }
}
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
async function until<T>(look: () => T | undefined): Promise<T> {
  for (;;) {
    const found = look()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
async function walk(who: Person, bot: Install, channel: Channel): Promise<Message> {
  const before = posts(town).length
  who.mention(channel, "how do I stop posting?", { bot })
  await who.clicks(await until(() => who.dmWith(bot).messages.findLast((m) => JSON.stringify(m.blocks).includes('"approve"'))), "approve")
  return until(() => posts(town)[before])
}
const patience = 180_000

test.each(["sqlite", "postgres"] as const)(
  "two workspaces install it, on %s: each has its own posts, also after a restart; a third is turned away",
  async (kind) => {
    const { where } = await stores.place(kind)
    const database = where.kind === "postgres" ? { DATABASE_URL: where.url } : {}
    const first = await start(database)
    const trip = { slack: town.slack, app: town.app, origin: first.origin }
    expect((await installsApp(trip, { team: town.team, by: town.mira })).status).toBe(200)
    expect((await installsApp(trip, { team: town.partner, by: town.eve })).status).toBe(200)
    const third = town.slack.team({ id: "T0THIRD", name: "Third" })
    const turned = await installsApp(trip, { team: third, by: town.slack.person({ team: third, name: "Tom" }) })
    expect(`${turned.status} ${await turned.text()}`).toMatch(/^400 .*T0THIRD is not among the workspaces/)
    const there = town.slack.install(town.app, town.partner, [])
    const room = town.slack.channel({ team: town.partner, name: "room", members: [town.eve, there] })
    await walk(town.rin, town.install, town.infra)
    expect((await first.end()).code).toBe(0)
    const second = await start(database)
    await walk(town.eve, there, room)
    expect(posts(town).map((m) => [m.channel, m.bot?.botId])).toEqual([
      [town.infra.id, town.install.botId],
      [room.id, there.botId],
    ])
    const audit = await program.run(folder, ["audit", "verify", "--json"], database)
    expect(JSON.parse(audit.out)).toMatchObject({ ok: true, workspaces: 2 })
    expect((await second.end()).code).toBe(0)
  },
  patience,
)
test(
  "without its keys folder it says so before it serves; with other keys, which workspaces must install again",
  async () => {
    const first = await start()
    const trip = { slack: town.slack, app: town.app, origin: first.origin }
    await installsApp(trip, { team: town.team, by: town.mira })
    expect((await first.end()).code).toBe(0)
    rmSync(join(folder, ".countersign", "keys", "people.json"))
    await expect(start()).rejects.toThrow(/The key .*people\.json is missing, though this installation had one/)
    rmSync(join(folder, ".countersign", "keys"), { recursive: true })
    rmSync(join(folder, ".countersign", "checkpoints"), { recursive: true, force: true })
    const second = await start()
    const { err } = await second.end()
    expect(err).toContain("the tokens of T0ACME cannot be opened: the keys folder is not the one they were stored with")
  },
  patience,
)
