// The words that Discord gives out once: kept for as long as a draft can live, and gone with whoever wrote them or asked about them.
import { afterEach, beforeEach, expect, test } from "@jest/globals"
import { type Database, openDatabase } from "../../adapters/database/open.ts"
import { type Db, type DiscordTables, discordMigrations } from "../../adapters/discord/migrations.ts"
import { discordForgetter, questions } from "../../adapters/discord/questions.ts"
import type { PersonId, WorkspaceId } from "../../src/core/domain.ts"
import { FakeClock } from "../fakes/clock.ts"
import { testPseudonyms } from "../harness/signers.ts"

let database: Database
let clock: FakeClock
let kept: ReturnType<typeof questions>
beforeEach(async () => {
  clock = new FakeClock()
  database = await openDatabase({ kind: "memory" }, { migrations: () => discordMigrations() })
  kept = questions(database.db.withTables<DiscordTables>() as Db, testPseudonyms, clock)
})
afterEach(() => database.close())
const [bo, rin, mira] = ["bo", "rin", "mira"].map((name) => `discord:1/${name}` as PersonId) as [PersonId, PersonId, PersonId]
const workspace = "discord:1" as WorkspaceId
const keep = (id: string, author = bo, asker = rin, text = "How?") => kept.keep({ id, workspace, author, asker, name: "Bo", text })
const day = 24 * 3_600_000

test("found again by the message, in its own workspace, as it read last", async () => {
  await keep("2:3")
  await keep("2:3", bo, mira, "How, exactly?")
  expect(await kept.find(workspace, "2:3")).toEqual({ name: "Bo", text: "How, exactly?" })
  expect(await kept.find("discord:2" as WorkspaceId, "2:3")).toBeNull()
})
test.each([
  ["wrote them", bo],
  ["asked about them", rin],
])("gone with whoever %s, and with nobody else", async (_what, who) => {
  await keep("2:3")
  await discordForgetter(database.db, testPseudonyms, clock).forget(mira)
  expect(await kept.find(workspace, "2:3")).not.toBeNull()
  await discordForgetter(database.db, testPseudonyms, clock).forget(who)
  expect(await kept.find(workspace, "2:3")).toBeNull()
})
test("gone when no draft can need them any more", async () => {
  await keep("2:3")
  clock.advance(90 * day)
  await keep("2:4")
  expect(await kept.find(workspace, "2:3")).not.toBeNull()
  clock.advance(2 * day)
  await keep("2:5")
  expect(await kept.find(workspace, "2:3")).toBeNull()
  expect(await kept.find(workspace, "2:4")).not.toBeNull()
})
