// The manifest asks for what the code needs, and for nothing else: its calls, its events, its commands.
import { globSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { expect, test } from "@jest/globals"
import { parse } from "yaml"
import { forbiddenScopes, neededScopes, scopeProblems, scopesOf, scopesOfEvents } from "../../adapters/slack/scopes.ts"
import { shortcutIds } from "../../adapters/slack/shortcuts.ts"

const root = resolve(import.meta.dirname, "../..")
interface Manifest {
  readonly display_information: { readonly name: string; readonly description: string; readonly long_description: string }
  readonly features: {
    readonly shortcuts: readonly { readonly name: string; readonly type: string; readonly callback_id: string; readonly description: string }[]
    readonly slash_commands: readonly { readonly command: string }[]
    readonly app_home: Record<string, boolean>
    readonly agent_view?: unknown
  }
  readonly oauth_config: { readonly scopes: { readonly bot: readonly string[]; readonly user?: readonly string[] } }
  readonly settings: { readonly event_subscriptions: { readonly bot_events: readonly string[] } }
}
const manifest = parse(readFileSync(join(root, "manifest.yml"), "utf8")) as Manifest
const sources = globSync("adapters/slack/*.ts", { cwd: root }).map((path) => readFileSync(join(root, path), "utf8").replace(/\/\/.*$/gm, ""))
/** `client.chat.postMessage(`, also across lines. */
const call = /\.\s*((?:agents|auth|apps|bots|chat|conversations|oauth|team|users|views)(?:\s*\.\s*[a-zA-Z0-9]+){1,2})\s*\(/g
const calls = new Set(sources.flatMap((text) => [...text.matchAll(call)].map((m) => (m[1] ?? "").replace(/\s/g, ""))))

test("every method that the code calls is in the table, and nothing else is", () => {
  // The sockets are opened by Slack's own client, and codes are exchanged by its own flow.
  const ofLibraries = ["apps.connections.open", "oauth.v2.access"]
  expect([...new Set([...calls, ...ofLibraries])].sort()).toEqual(Object.keys(scopesOf).sort())
})
test("the manifest asks for exactly the scopes that the calls and events need", () =>
  expect([...manifest.oauth_config.scopes.bot].sort()).toEqual(neededScopes))
test("it asks for no scope of a person's", () => expect(manifest.oauth_config.scopes.user).toBeUndefined())
test("it subscribes to exactly the events that are listened to", () =>
  expect([...manifest.settings.event_subscriptions.bot_events].sort()).toEqual(Object.keys(scopesOfEvents).sort()))
test("its shortcuts and its command are those that are listened to", () => {
  expect(manifest.features.shortcuts.map((s) => s.callback_id).sort()).toEqual(Object.values(shortcutIds).sort())
  expect(manifest.features.slash_commands.map((c) => c.command)).toEqual(["/countersign"])
})
test("it keeps Slack's limits, and guests can use the app", () => {
  const { display_information: d, features } = manifest
  expect(d.name.length).toBeLessThanOrEqual(35)
  expect(d.description.length).toBeLessThanOrEqual(140)
  expect(d.long_description.length).toBeGreaterThanOrEqual(174)
  for (const s of features.shortcuts) expect(s.name.length).toBeLessThanOrEqual(24)
  expect(features.agent_view).toBeUndefined()
  expect(features.app_home).toMatchObject({ home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false })
})
test.each(Object.keys(forbiddenScopes))("%s is never asked for, and refused where it was granted", (scope) => {
  expect(manifest.oauth_config.scopes.bot).not.toContain(scope)
  expect(scopeProblems([...neededScopes, scope])).toEqual([expect.stringContaining(scope)])
})
