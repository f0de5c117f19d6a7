// Several workspaces: installing, tokens at rest, their renewal, and the end.
import { createServer, type RequestListener } from "node:http"
import type { AddressInfo } from "node:net"
import { afterEach, describe, expect, test } from "@jest/globals"
import { type Database, openDatabase, type Where } from "../../adapters/database/open.ts"
import { openSlack, type Slack, slackMigrations } from "../../adapters/slack/index.ts"
import { type Installs, installs } from "../../adapters/slack/installs.ts"
import type { Db } from "../../adapters/slack/migrations.ts"
import { neededScopes } from "../../adapters/slack/scopes.ts"
import { VaultRefused, vault } from "../../adapters/slack/vault.ts"
import { whence } from "../../adapters/slack/whence.ts"
import type { WorkspaceId } from "../../src/core/domain.ts"
import type { Inbox } from "../../src/core/ports.ts"
import { FakeClock } from "../fakes/clock.ts"
import { type Slack as LocalSlack, startSlack } from "../fakes/slack/slack.ts"
import { useStores } from "../harness/ledgers.ts"
import { testPseudonyms } from "../harness/signers.ts"
import { silentLog } from "../harness/walk.ts"

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
const key = new Uint8Array(32).fill(7)
const stores = useStores()

describe("tokens at rest", () => {
  test("open under their own name only, and not when a bit was changed", () => {
    const v = vault(key)
    const sealed = v.seal("T1", "xoxb-1")
    expect(sealed).not.toContain("xoxb")
    expect(v.open("T1", sealed)).toBe("xoxb-1")
    expect(() => v.open("T2", sealed)).toThrow(VaultRefused)
    expect(() => vault(new Uint8Array(32)).open("T1", sealed)).toThrow(VaultRefused)
    expect(() => v.open("T1", `${sealed.slice(0, -2)}${sealed.endsWith("AA") ? "BB" : "AA"}`)).toThrow(VaultRefused)
    expect(v.seal("T1", "xoxb-1")).not.toBe(sealed)
  })
})

describe("token rotation", () => {
  async function rotating(where: Where = { kind: "memory" }) {
    const clock = new FakeClock()
    const slack = await startSlack({ now: () => clock.now() })
    closing.push(() => slack.close())
    const database = await openDatabase(where, { migrations: () => slackMigrations() })
    closing.push(() => database.close())
    const team = slack.team({ id: "T0ROT", name: "Rotor" })
    const app = slack.app({ rotation: true })
    const by = slack.person({ team, name: "Ann", admin: true })
    const redirectUri = "https://ask.example.org/slack/oauth_redirect"
    const url = new URL(slack.allow({ app, team, by, scopes: neededScopes, redirectUri }))
    const code = url.searchParams.get("code") ?? ""
    const first = await exchange(slack, { client_id: app.clientId, client_secret: app.clientSecret, code, redirect_uri: redirectUri })
    const open = (db = database.db as Db): Installs =>
      installs({
        ...{ db, clock, vault: vault(key), client: { slackApiUrl: slack.url } },
        app: { clientId: app.clientId, clientSecret: app.clientSecret },
        lets: () => true,
        onInstalled: async () => undefined,
      })
    const store = open()
    await store.store.storeInstallation({
      ...{ team: { id: team.id, name: team.name }, enterprise: undefined, user: { id: by.id, token: undefined, scopes: undefined } },
      appId: app.id,
      bot: {
        token: first.access_token,
        refreshToken: first.refresh_token,
        expiresAt: Math.floor(clock.now() / 1_000) + first.expires_in,
        scopes: [...neededScopes],
        id: "B1",
        userId: first.bot_user_id,
      },
    })
    return { clock, slack, store, open, database, first, workspace: `slack:${team.id}` as WorkspaceId }
  }
  const exchanges = (slack: LocalSlack) => slack.calls.filter((c) => c.method === "oauth.v2.access" && c.args["grant_type"] === "refresh_token")

  test("a token that is about to expire is exchanged once, whoever asks for it at once", async () => {
    const { clock, slack, store, first, workspace } = await rotating()
    expect((await store.find(workspace))?.token).toBe(first.access_token)
    clock.advance(12 * 3_600_000)
    const tokens = new Set((await Promise.all(Array.from({ length: 20 }, () => store.find(workspace)))).map((f) => f?.token))
    expect(tokens.size).toBe(1)
    expect(tokens).not.toContain(first.access_token)
    expect(exchanges(slack)).toHaveLength(1)
    expect(exchanges(slack)[0]?.outcome).toBe("ok")
  })
  test("two processes exchange it once: the second waits, and takes what the first stored", async () => {
    const place = await stores.place("postgres")
    const { clock, slack, store, open, workspace } = await rotating(place.where)
    const other = await openDatabase(place.where, { migrations: () => slackMigrations() })
    closing.push(() => other.close())
    clock.advance(12 * 3_600_000)
    const both = Promise.all([store.find(workspace), open(other.db as Db).find(workspace)])
    let done = false
    void both.finally(() => {
      done = true
    })
    while (!done) {
      clock.advance(100)
      await new Promise((resolve) => setImmediate(resolve))
    }
    const [a, b] = await both
    expect(a?.token).toBe(b?.token)
    expect(exchanges(slack)).toHaveLength(1)
  }, 60_000)
  test("an organisation's installation serves each of its workspaces from its first event on", async () => {
    const { store, database } = await rotating()
    expect(await store.learn("T0GRID", "E0ORG")).toBe("not-installed")
    await store.store.storeInstallation({
      ...{ team: undefined, enterprise: { id: "E0ORG", name: "Org" }, isEnterpriseInstall: true, appId: "A1" },
      user: { id: "U1", token: undefined, scopes: undefined },
      bot: { token: "xoxb-org", scopes: [...neededScopes], id: "B1", userId: "U2" },
    })
    expect(await store.find("slack:T0GRID" as WorkspaceId)).toBeNull()
    expect(await store.learn("T0GRID", "E0ORG")).toBe("new")
    expect(await store.learn("T0GRID", "E0ORG")).toBe("known")
    expect(await store.find("slack:T0GRID" as WorkspaceId)).toMatchObject({ token: "xoxb-org", team: { teamId: "T0GRID", enterpriseId: "E0ORG" } })
    expect(await store.ended("T0GRID", "E0ORG", Number.POSITIVE_INFINITY)).toEqual(["slack:T0GRID"])
    expect(await (database.db as Db).selectFrom("slack_workspace").select("team_id").execute()).toEqual([{ team_id: "T0ROT" }])
  })
  test("nothing in the table is a token", async () => {
    const { database, first } = await rotating()
    const rows = JSON.stringify(await (database.db as Db).selectFrom("slack_install").selectAll().execute())
    for (const secret of [first.access_token, first.refresh_token]) expect(rows).not.toContain(secret)
  })
})
interface Exchanged {
  readonly access_token: string
  readonly refresh_token: string
  readonly expires_in: number
  readonly bot_user_id: string
}
async function exchange(slack: LocalSlack, args: Record<string, string>): Promise<Exchanged> {
  const answer = await fetch(`${slack.url}oauth.v2.access`, { method: "POST", body: new URLSearchParams(args) })
  return (await answer.json()) as Exchanged
}

describe("installing", () => {
  async function site() {
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
    closing.push(() => new Promise((resolve) => server.close(resolve)))
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    Object.assign(app.urls, { events: `${origin}/slack/events` })
    const told: string[] = []
    const inbox = {
      installed: async (w: string) => void told.push(`installed ${w}`),
      uninstalled: async (w: string) => void told.push(`uninstalled ${w}`),
    } as unknown as Inbox
    const platform = await openSite({ slack, database, origin, app })
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
  }): Promise<Slack> =>
    openSlack({
      as: { many: { clientId: s.app.clientId, clientSecret: s.app.clientSecret, workspaces: "any" } },
      hears: { by: "http", signingSecret: s.app.signingSecret },
      ...{ apiUrl: s.slack.url, db: s.database.db, origin: s.origin, log: silentLog, pseudonyms: testPseudonyms },
      clock: { now: Date.now, sleep: async () => undefined },
      derive: () => key,
      admins: [],
      moderators: [],
    })
  /** As a browser goes: our page, Slack's, and back with the cookie. */
  async function install(s: Awaited<ReturnType<typeof site>>, scopes: readonly string[], cookies: "kept" | "lost" = "kept") {
    const begun = await fetch(`${s.origin}/slack/install`, { redirect: "manual" })
    const to = new URL(begun.headers.get("location") ?? "")
    expect(to.searchParams.get("scope")?.split(",").sort()).toEqual(neededScopes)
    const cookie = begun.headers
      .getSetCookie()
      .map((c) => c.split(";")[0])
      .join("; ")
    const redirectUri = to.searchParams.get("redirect_uri") ?? ""
    const back = s.slack.allow({ app: s.app, team: s.team, by: s.ann, scopes, redirectUri, state: to.searchParams.get("state") ?? "" })
    return fetch(back, { headers: cookies === "kept" ? { cookie } : {}, redirect: "manual" })
  }

  test("whoever installs the app has it: the workspace is served, and the inside is told", async () => {
    const s = await site()
    expect((await install(s, neededScopes)).status).toBe(200)
    expect(s.told).toEqual(["installed slack:T0NEW"])
    expect(await s.platform.clients.team("slack:T0NEW" as WorkspaceId)).toMatchObject({ teamId: "T0NEW", name: "Newcomers" })
  })
  test("without the cookie of the one who began, nothing is installed", async () => {
    const s = await site()
    expect((await install(s, neededScopes, "lost")).status).toBe(400)
    expect(s.told).toEqual([])
    expect(await s.platform.clients.team("slack:T0NEW" as WorkspaceId)).toBeNull()
  })
  test.each([
    ["too much", [...neededScopes, "chat:write.public"]],
    ["too little", neededScopes.slice(1)],
  ])("an installation that grants %s is not kept", async (_why, scopes) => {
    const s = await site()
    expect((await install(s, scopes)).status).toBe(400)
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
})

describe("which workspace something belongs to", () => {
  test.each([
    [
      "an event in a shared channel: ours, not the other organisation's",
      { team_id: "T2", authorizations: [{ team_id: "T1", enterprise_id: null, is_enterprise_install: false }], context_team_id: "T2" },
      "T1",
      null,
    ],
    [
      "an event of an organisation's installation: its own workspace",
      {
        team_id: "T1",
        context_team_id: "T9",
        context_enterprise_id: "E1",
        authorizations: [{ team_id: null, enterprise_id: "E1", is_enterprise_install: true }],
      },
      "T9",
      "E1",
    ],
    [
      "a form sent by somebody of another workspace: where it was opened",
      { team: { id: "T2" }, user: { id: "U", team_id: "T2" }, view: { app_installed_team_id: "T1" } },
      "T1",
      null,
    ],
    ["a click", { team: { id: "T1" }, user: { id: "U", team_id: "T1" } }, "T1", null],
    [
      "a click under an organisation's installation",
      { team: null, enterprise: { id: "E1" }, is_enterprise_install: true, user: { id: "U", team_id: "T3" } },
      "T3",
      "E1",
    ],
    ["a command", { team_id: "T1", is_enterprise_install: "false" }, "T1", null],
  ])("%s", (_what, body, teamId, organisation) => expect(whence(body)).toEqual({ teamId, organisation }))
  test("nothing is guessed", () => {
    for (const body of [null, {}, { team_id: 7 }, "x"]) expect(whence(body)).toBeNull()
  })
})
