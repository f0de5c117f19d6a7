// Tokens that are about to expire, while Slack does not renew them.
import { afterEach, beforeEach, expect, test } from "@jest/globals"
import { type Database, openDatabase } from "../../adapters/database/open.ts"
import { slackMigrations } from "../../adapters/slack/index.ts"
import { type Installs, installs } from "../../adapters/slack/installs.ts"
import type { Db, SlackTables } from "../../adapters/slack/migrations.ts"
import { neededScopes } from "../../adapters/slack/scopes.ts"
import { vault } from "../../adapters/slack/vault.ts"
import type { WorkspaceId } from "../../src/core/domain.ts"
import { FakeClock } from "../fakes/clock.ts"
import { openTown, type Town } from "./house.ts"

const minute = 60_000
const clock = new FakeClock(Date.now())
const workspace = "slack:T0ACME" as WorkspaceId
let town: Town
let database: Database
let store: Installs
let began: number
beforeEach(async () => {
  town = await openTown({ by: "http", now: () => clock.now() })
  database = await openDatabase({ kind: "memory" }, { migrations: () => slackMigrations() })
  store = installs({
    db: database.db.withTables<SlackTables>() as Db,
    ...{ vault: vault(new Uint8Array(32)), clock, app: town.app, lets: () => true, client: { slackApiUrl: town.slack.url } },
    onInstalled: async () => undefined,
  })
  began = clock.now()
  const bot = {
    token: "xoxe.old",
    refreshToken: "xoxe-1-old",
    expiresAt: Math.floor(began / 1000) + 300,
    userId: "UBOT",
    id: "BBOT",
    scopes: [...neededScopes],
  }
  await store.store.storeInstallation({
    ...{ team: { id: "T0ACME", name: "Acme" }, enterprise: undefined, isEnterpriseInstall: false, appId: town.app.id, bot },
    user: { id: town.mira.id, token: undefined, scopes: undefined },
  })
})
afterEach(async () => {
  await database.db.destroy()
  await town.slack.close()
})

test("a token that still lives is used, at once, while Slack does not renew it", async () => {
  town.slack.failNext("oauth.v2.access", "500")
  await expect(store.find(workspace)).resolves.toMatchObject({ token: "xoxe.old" })
  await expect(store.find(workspace)).resolves.toMatchObject({ token: "xoxe.old" })
  expect(clock.now()).toBe(began)
})
test("one that is about to die is not", async () => {
  clock.advance(4 * minute + 1_000)
  town.slack.failNext("oauth.v2.access", "500")
  await expect(store.find(workspace)).rejects.toThrow()
})
