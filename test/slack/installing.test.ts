// Installing the app in a workspace: who may, what is kept, and what whoever installs it reads.
import { createServer, type RequestListener } from "node:http"
import type { AddressInfo } from "node:net"
import { afterEach, expect, test } from "@jest/globals"
import { type Database, openDatabase } from "../../adapters/database/open.ts"
import { openSlack, type Slack, slackMigrations } from "../../adapters/slack/index.ts"
import type { Db } from "../../adapters/slack/migrations.ts"
import { neededScopes } from "../../adapters/slack/scopes.ts"
import type { WorkspaceId } from "../../src/core/domain.ts"
import type { Inbox } from "../../src/core/ports.ts"
import { type Slack as LocalSlack, startSlack } from "../fakes/slack/slack.ts"
import { testPseudonyms } from "../harness/signers.ts"
import { silentLog } from "../harness/walk.ts"
import { allows, begins, installsApp, returns } from "./browser-trip.ts"

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
const key = new Uint8Array(32).fill(7)

async function site(workspaces: readonly string[] | "any" = "any") {
  const slack = await startSlack({})
  closing.push(() => slack.close())
  const team = slack.team({ id: "T0NEW", name: "Newcomers" })
  const app = slack.app({ name: "Countersign", socketMode: false, events: ["app_mention", "app_uninstalled", "tokens_revoked"] })
  const ann = slack.person({ team, name: "Ann", admin: true })
  const database = await openDatabase({ kind: "memory" }, { migrations: () => slackMigrations() })
  closing.push(() => database.close())
  let listener: RequestListener | null = null
  const server = createServer((req, res) => listener?.(req, res))
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  closing.push(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  Object.assign(app.urls, { events: `${origin}/slack/events` })
  const told: string[] = []
  const inbox = {
    installed: async (w: string) => void told.push(`installed ${w}`),
    uninstalled: async (w: string) => void told.push(`uninstalled ${w}`),
  } as unknown as Inbox
  const platform = await openSite({ slack, database, origin, app, workspaces })
  listener = platform.http?.listener ?? null
  await platform.start(inbox)
  closing.push(() => platform.stop())
  return { slack, team, app, ann, origin, told, platform, database }
}
const openSite = (s: {
  slack: LocalSlack
  database: Database
  origin: string
  app: { clientId: string; clientSecret: string; signingSecret: string }
  workspaces: readonly string[] | "any"
}): Promise<Slack> =>
  openSlack({
    as: { many: { clientId: s.app.clientId, clientSecret: s.app.clientSecret, workspaces: s.workspaces } },
    hears: { by: "http", signingSecret: s.app.signingSecret },
    ...{ apiUrl: s.slack.url, db: s.database.db, origin: s.origin, log: silentLog, pseudonyms: testPseudonyms },
    clock: { now: Date.now, sleep: async () => undefined },
    derive: () => key,
    admins: [],
    moderators: [],
  })
const install = (s: Awaited<ReturnType<typeof site>>, scopes: readonly string[]) => installsApp(s, { team: s.team, by: s.ann }, scopes)
async function text(answer: Response | Promise<Response>) {
  const { status } = await answer
  return `${status} ${await (await answer).text()}`
}

test("whoever installs the app has it: the workspace is served, and the inside is told", async () => {
  const s = await site()
  expect((await begins(s)).asked).toEqual(neededScopes)
  expect(await text(install(s, neededScopes))).toBe(
    "200 Countersign is installed in the workspace Newcomers. Mention it in a channel that you have invited it to.\n",
  )
  expect(s.told).toEqual(["installed slack:T0NEW"])
  expect(await s.platform.clients.team("slack:T0NEW" as WorkspaceId)).toMatchObject({ teamId: "T0NEW", name: "Newcomers" })
})
test.each([
  ["without the cookie of the one who began", () => null],
  ["with the cookie of another beginning", async (s: Awaited<ReturnType<typeof site>>) => (await begins(s)).cookie],
])("%s, nothing is installed", async (_what, cookieOf) => {
  const s = await site()
  const back = allows(s, await begins(s), { team: s.team, by: s.ann })
  expect(await text(returns(back, await cookieOf(s)))).toMatch(/^400 .*was not begun in this browser.* Begin again at http/)
  expect(s.told).toEqual([])
  expect(await s.platform.clients.team("slack:T0NEW" as WorkspaceId)).toBeNull()
})
test("a state that nobody here signed is worth nothing, cookie or not", async () => {
  const s = await site()
  const begun = await begins(s)
  const forged = { ...begun, state: "forged" }
  const back = allows(s, forged, { team: s.team, by: s.ann })
  expect(await text(returns(back, begun.cookie.replace(begun.state, "forged")))).toMatch(/^400 .*was not begun in this browser/)
  expect(s.told).toEqual([])
})
test("the way back can be gone once", async () => {
  const s = await site()
  const begun = await begins(s)
  const back = allows(s, begun, { team: s.team, by: s.ann })
  const first = await returns(back, begun.cookie)
  expect(first.status).toBe(200)
  // The browser is told to forget it.
  expect(first.headers.getSetCookie().join()).toMatch(/=deleted;/)
  expect(await text(returns(back, begun.cookie))).toMatch(/^400 .*was used already, or is too old/)
  expect(s.told).toEqual(["installed slack:T0NEW"])
})
test("a code that lay about too long is worth nothing", async () => {
  const s = await site()
  const begun = await begins(s)
  const back = allows(s, begun, { team: s.team, by: s.ann })
  await s.slack.tick(11 * 60_000)
  expect(await text(returns(back, begun.cookie))).toMatch(/^400 .*was used already, or is too old/)
  expect(s.told).toEqual([])
})
test("whoever does not allow it is told that nothing has changed", async () => {
  const s = await site()
  const begun = await begins(s)
  const back = new URL(begun.redirectUri)
  back.search = new URLSearchParams({ error: "access_denied", state: begun.state }).toString()
  expect(await text(returns(back.href, begun.cookie))).toMatch(/^400 .*was not allowed in Slack, so nothing has changed/)
  expect(s.told).toEqual([])
})
test("a workspace that the operator did not list is told so, and its token is given back", async () => {
  const s = await site(["T0OTHER"])
  expect(await text(install(s, neededScopes))).toMatch(/^400 .*T0NEW is not among the workspaces/)
  expect(await s.platform.clients.team("slack:T0NEW" as WorkspaceId)).toBeNull()
  expect(await (s.database.db as Db).selectFrom("slack_install").selectAll().execute()).toEqual([])
  await s.slack.quiet()
  expect(s.slack.calls.filter((c) => c.method === "auth.revoke")).toMatchObject([{ outcome: "ok", team: "T0NEW" }])
})
test("a workspace that was taken off the list is not served any more", async () => {
  const s = await site()
  await install(s, neededScopes)
  const next = await openSite({ ...s, workspaces: ["T0OTHER"] })
  for await (const found of next.sweep(0)) throw new Error(`looked at ${found.post.workspace}`)
  expect(await next.clients.team("slack:T0NEW" as WorkspaceId)).toBeNull()
})
test.each([
  ["too much", [...neededScopes, "chat:write.public"], "has the scope chat:write.public, which it must not have"],
  ["too little", neededScopes.slice(1), "lacks the scope"],
])("an installation that grants %s is not kept, and whoever installs it reads why", async (_why, scopes, words) => {
  const s = await site()
  expect(await text(install(s, scopes))).toMatch(new RegExp(`^400 .*${words}`))
  expect(await s.platform.clients.team("slack:T0NEW" as WorkspaceId)).toBeNull()
})
test("when the app is removed its tokens are deleted, and what comes afterwards does nothing", async () => {
  const s = await site()
  await install(s, neededScopes)
  const [made] = s.slack.messages
  expect(made).toBeUndefined()
  const granted = s.slack.install(s.app, s.team, [])
  s.slack.uninstalls(granted)
  await s.slack.quiet()
  expect(s.told).toContain("uninstalled slack:T0NEW")
  expect(await (s.database.db as Db).selectFrom("slack_install").selectAll().execute()).toEqual([])
  expect(await s.platform.clients.team("slack:T0NEW" as WorkspaceId)).toBeNull()
})
