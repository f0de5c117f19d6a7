// Which workspace Slack's payloads belong to, by their documented forms.
import { expect, test } from "@jest/globals"
import { whence } from "../../adapters/slack/whence.ts"

test("an event in a channel that is shared with others belongs to the workspace that has the app, not to its author's", () => {
  const shared = { team_id: "T0PART", authorizations: [{ team_id: "T0ACME", enterprise_id: null, is_enterprise_install: false }] }
  expect(whence(shared)).toEqual({ teamId: "T0ACME", organisation: null })
})
test("a form that somebody of another workspace sends belongs to the workspace that has the app", () => {
  expect(whence({ team: { id: "T0PART" }, user: { team_id: "T0PART" }, view: { app_installed_team_id: "T0ACME" } })).toEqual({
    teamId: "T0ACME",
    organisation: null,
  })
})
test("a form in an organisation that has the app belongs to the workspace, not to the organisation", () => {
  const form = { team: { id: "T0ACME" }, enterprise: { id: "E0ACME" }, is_enterprise_install: true, view: { app_installed_team_id: "E0ACME" } }
  expect(whence(form)).toEqual({ teamId: "T0ACME", organisation: "E0ACME" })
})
test("what names no workspace belongs to none", () => {
  expect(whence({ type: "block_actions" })).toBeNull()
  expect(whence("text")).toBeNull()
})
