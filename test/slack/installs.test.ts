import { afterEach, describe, expect, test } from "@jest/globals"
import { openDatabase, type Where } from "../../adapters/database/open.ts"
import { slackMigrations } from "../../adapters/slack/index.ts"
import { type Installs, installs } from "../../adapters/slack/installs.ts"
import type { Db } from "../../adapters/slack/migrations.ts"
import { neededScopes } from "../../adapters/slack/scopes.ts"
import { VaultRefused, vault } from "../../adapters/slack/vault.ts"
import { whence } from "../../adapters/slack/whence.ts"
import type { WorkspaceId } from "../../src/core/domain.ts"
import { FakeClock } from "../fakes/clock.ts"
import { type Slack as LocalSlack, startSlack } from "../fakes/slack/slack.ts"
import { useStores } from "../harness/ledgers.ts"

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
    const asking = [store.find(workspace), open(other.db as Db).find(workspace)]
    // No time passes for the one that exchanges; the one that waits for it looks again when some does.
    await Promise.race(asking)
    let waits = true
    const both = Promise.all(asking).finally(() => {
      waits = false
    })
    while (waits) {
      clock.advance(100)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(new Set((await both).map((found) => found?.token)).size).toBe(1)
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
