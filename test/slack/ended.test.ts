// The app's end in a workspace: of ours, and only when it is one.
import { afterEach, beforeEach, expect, test } from "@jest/globals"
import { type House, openHouse } from "./house.ts"

let h: House
beforeEach(async () => {
  h = await openHouse()
})
afterEach(() => h.close())

test("the app's end in a workspace that is not ours ends nothing here; in ours, everything", async () => {
  const elsewhere = {
    type: "event_callback",
    api_app_id: h.app.id,
    team_id: "T0ELSE",
    event_id: "Ev1",
    event_time: 1,
    event: { type: "app_uninstalled" },
  }
  await h.slack.replay({ app: h.app, kind: "event", name: "app_uninstalled", body: elsewhere, attempts: [], acknowledgedAfterMs: null })
  await h.settled()
  h.rin.mention(h.infra, "how?")
  await h.settled()
  expect(h.drafter.asked).toHaveLength(1)
  h.slack.uninstalls(h.install)
  await h.settled()
  await expect(h.platform.clients.team(h.workspace)).resolves.toBeNull()
})

test.each(["app_uninstalled", "tokens_revoked"])("%s that Slack tells of late ends nothing while the token lives", async (type) => {
  const event = { type, tokens: { oauth: [], bot: [h.install.botUserId] } }
  const body = { type: "event_callback", api_app_id: h.app.id, team_id: h.team.id, event_id: "Ev1", event_time: 1, event }
  await h.slack.replay({ app: h.app, kind: "event", name: type, body, attempts: [], acknowledgedAfterMs: null })
  await h.settled()
  h.rin.mention(h.infra, "how?")
  await h.settled()
  expect(h.rin.dm).toHaveLength(1)
})
