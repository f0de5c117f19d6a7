// `countersign slack check` and the start: what is missing is said in words, and a token that may do too much opens nothing.
import { afterEach, expect, test } from "@jest/globals"
import { check } from "../../adapters/slack/check.ts"
import { SlackCannotOpen } from "../../adapters/slack/index.ts"
import { oneWorkspace } from "../../adapters/slack/one-workspace.ts"
import { neededScopes } from "../../adapters/slack/scopes.ts"
import { silentLog } from "../harness/walk.ts"
import { openHouse, openTown, type Town } from "./house.ts"

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
async function town(): Promise<Town> {
  const made = await openTown({ by: "socket", now: Date.now })
  closing.push(() => made.slack.close())
  return made
}
const look = (t: Town, change: { botToken?: string; appToken?: string; configToken?: string } = {}) =>
  check(
    {
      as: { one: { botToken: change.botToken ?? t.install.botToken } },
      hears: { by: "socket", appToken: change.appToken ?? t.app.appToken },
      apiUrl: t.slack.url,
      configToken: change.configToken ?? null,
    },
    silentLog,
  )

test("with all that it needs, nothing is missing", async () => {
  const { seen, problems } = await look(await town())
  expect(problems).toEqual([])
  expect(seen.join("\n")).toMatch(/workspace Acme \(slack:T0ACME\).*#infra/s)
})
test("what no token of ours can see is said, with where to look", async () => {
  const t = await town()
  const { seen, problems } = await look(t)
  expect(problems).toEqual([])
  expect(seen.join("\n")).toMatch(
    new RegExp(`Not to be seen from here, only on https://api.slack.com/apps/${t.app.id}:.*message.groups.*SLACK_CONFIG_TOKEN`, "s"),
  )
})
test("with a configuration token it is compared: an event that is missing is named", async () => {
  const t = await town()
  const { configToken } = t.app
  const good = await look(t, { configToken })
  expect(good.problems).toEqual([])
  expect(good.seen.join("\n")).toContain("set up as manifest.yml has them")
  expect(good.seen.join("\n")).not.toContain("Not to be seen")
  t.app.events.delete("message.groups")
  expect((await look(t, { configToken })).problems).toEqual([expect.stringContaining("not subscribed to message.groups.")])
})
test("a configuration token that is no good is said, and not repeated", async () => {
  const { seen, problems } = await look(await town(), { configToken: "xoxe.xoxp-stale" })
  expect(problems).toEqual([expect.stringContaining("SLACK_CONFIG_TOKEN is good for twelve hours")])
  expect([...seen, ...problems].join()).not.toContain("stale")
  expect(seen.join("\n")).toContain("Not to be seen from here")
})
test("tokens of two different apps are told apart", async () => {
  const t = await town()
  const other = t.slack.app({ name: "Another" })
  expect((await look(t, { appToken: other.appToken })).problems).toEqual([
    `SLACK_APP_TOKEN is of another app (${other.id}) than SLACK_BOT_TOKEN (${t.app.id}). Take both from the same app.`,
  ])
})
test("a wrong token is named, and not repeated", async () => {
  const { problems } = await look(await town(), { botToken: "xoxb-wrong", appToken: "xapp-wrong" })
  expect(problems).toEqual([expect.stringContaining("SLACK_BOT_TOKEN"), expect.stringContaining("SLACK_APP_TOKEN")])
  expect(problems.join()).not.toContain("wrong")
})
test("a missing scope is named", async () => {
  const t = await town()
  t.install.scopes.delete("groups:history")
  expect((await look(t)).problems).toEqual([expect.stringContaining("groups:history")])
})
test("an app that is an agent is told which event it needs for Slack's Stop button", async () => {
  const t = await town()
  expect((await look(t)).seen.join()).not.toContain("agent_session_stopped")
  t.install.scopes.add("assistant:write")
  expect((await look(t)).seen.join()).toContain("subscribe it to agent_session_stopped")
})
test("Socket Mode that is off is said", async () => {
  const t = await town()
  t.app.socketMode = false
  expect((await look(t)).problems).toEqual([expect.stringContaining("Socket Mode is off")])
})
test("an app that is in no channel is said", async () => {
  const t = await town()
  for (const channel of [t.infra, t.shared]) channel.members.delete(t.install.botUserId)
  expect((await look(t)).problems).toEqual([expect.stringContaining("/invite")])
})

test.each(["chat:write.public", "chat:write.customize"])("the server does not start with the scope %s", async (scope) => {
  const t = await town()
  t.install.scopes.add(scope)
  const opened = openHouse({ town: t })
  await expect(opened).rejects.toThrow(SlackCannotOpen)
  await expect(opened).rejects.toThrow(scope)
})
test("nor without one that it needs", async () => {
  const t = await town()
  t.install.scopes.delete(neededScopes[0] ?? "")
  await expect(openHouse({ town: t })).rejects.toThrow(/lacks the scope app_mentions:read/)
})
test("nor where Slack does not say what the token may do, unless it is a server of the operator's choice", async () => {
  const answers = async () => Response.json({ ok: true, team_id: "T1", user_id: "UBOT", bot_id: "B1", app_id: "A1" })
  await expect(oneWorkspace("xoxb-1", { fetch: answers })).rejects.toThrow(/did not say what the token may do/)
  const elsewhere = await oneWorkspace("xoxb-1", { fetch: answers, slackApiUrl: "http://127.0.0.1:9/api/" })
  expect(elsewhere.team).toMatchObject({ teamId: "T1", botUserId: "UBOT" })
})
test("nor with an empty secret, with which anybody could sign", async () => {
  const t = await town()
  await expect(openHouse({ town: t, options: { hears: { by: "http", signingSecret: " " } } })).rejects.toThrow(/SLACK_SIGNING_SECRET is empty/)
})
