// How the app must be set up at Slack, compared with its manifest: what manifest.yml has is well, and each thing that is missing is said.
import { readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { expect, test } from "@jest/globals"
import { parse } from "yaml"
import { manifestProblems, whatToLookFor } from "../../adapters/slack/app-page.ts"
import { scopesOfEvents } from "../../adapters/slack/scopes.ts"
import { shortcutIds } from "../../adapters/slack/shortcuts.ts"

type Tree = { [key: string]: Tree }
const text = readFileSync(join(resolve(import.meta.dirname, "../.."), "manifest.yml"), "utf8")
/** The one that we hand out, changed. */
function changed(change: (m: { features: Tree; settings: Tree }) => void = () => undefined): unknown {
  const m = parse(text) as { features: Tree; settings: Tree }
  change(m)
  return m
}
const drop = (tree: Tree | undefined, key: string) => void (tree !== undefined && delete tree[key])
const put = (tree: Tree | undefined, key: string, value: unknown) => void (tree !== undefined && Object.assign(tree, { [key]: value }))

test("an app made from manifest.yml is set up well", () => expect(manifestProblems(changed(), "socket")).toEqual([]))
test.each<[string, Parameters<typeof changed>[0], RegExp]>([
  [
    "an event",
    (m) => put(m.settings["event_subscriptions"], "bot_events", Object.keys(scopesOfEvents).slice(1)),
    /not subscribed to app_mention\. .*Event Subscriptions/,
  ],
  ["all events", (m) => drop(m.settings, "event_subscriptions"), /not subscribed to app_mention, app_home_opened/],
  ["interactivity", (m) => drop(m.settings, "interactivity"), /Interactivity is off/],
  ["the command", (m) => drop(m.features, "slash_commands"), /command \/countersign is missing/],
  [
    "a shortcut",
    (m) => put(m.features, "shortcuts", [{ callback_id: shortcutIds.draft }, { callback_id: shortcutIds.report }]),
    /"I acted on this" .*acted_on/,
  ],
  ["the Messages Tab", (m) => put(m.features["app_home"], "messages_tab_enabled", false), /cannot write to the app/],
  ["leave to write in it", (m) => put(m.features["app_home"], "messages_tab_read_only_enabled", true), /cannot write to the app/],
  ["the Home Tab", (m) => put(m.features["app_home"], "home_tab_enabled", false), /Home Tab is off/],
  ["Socket Mode", (m) => put(m.settings, "socket_mode_enabled", false), /Socket Mode is off/],
])("without %s it is said what is missing", (_what, change, words) => {
  expect(manifestProblems(changed(change), "socket")).toEqual([expect.stringMatching(words)])
})
test("over HTTP each of the three addresses must lead to us, and Socket Mode must be off", () => {
  expect(manifestProblems(changed(), "http")).toEqual([expect.stringContaining("Socket Mode is on")])
  const address = "https://countersign.example/slack/events"
  const all = (m: { features: Tree; settings: Tree }, command: string) => {
    put(m.settings, "socket_mode_enabled", false)
    for (const part of ["event_subscriptions", "interactivity"]) put(m.settings[part], "request_url", address)
    put(m.features, "slash_commands", [{ command: "/countersign", url: command }])
  }
  expect(
    manifestProblems(
      changed((m) => all(m, address)),
      "http",
    ),
  ).toEqual([])
  expect(
    manifestProblems(
      changed((m) => all(m, "https://countersign.example/")),
      "http",
    ),
  ).toEqual([expect.stringContaining("/slack/events")])
})
test("what is no manifest is not taken for a good one", () => {
  for (const odd of [null, 7, { settings: 3 }]) expect(manifestProblems(odd, "socket")).toEqual([expect.stringContaining("manifest.yml")])
  expect(manifestProblems({}, "socket").length).toBeGreaterThan(5)
})
test("who looks at the page themselves is told all of it", () => {
  const words = whatToLookFor("A1").join("\n")
  for (const event of Object.keys(scopesOfEvents)) expect(words).toContain(event)
  expect(words).toContain("https://api.slack.com/apps/A1:")
})
