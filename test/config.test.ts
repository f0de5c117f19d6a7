import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals"
import { variableNames } from "../src/config/environment.ts"
import { ConfigurationProblems } from "../src/config/problems.ts"
import { type Config, loadConfig, loadStore } from "../src/config.ts"
import { defaultPolicy } from "../src/core/policy.ts"

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "countersign-config-"))
})
afterEach(() => rmSync(folder, { recursive: true }))

const load = (env: Record<string, string> = {}, yml?: string): Promise<Config> => {
  if (yml !== undefined) writeFileSync(join(folder, "countersign.yml"), yml)
  return loadConfig(env, folder)
}
async function problems(env: Record<string, string>, yml?: string): Promise<readonly string[]> {
  try {
    await load(env, yml)
  } catch (e) {
    if (e instanceof ConfigurationProblems) return e.problems
    throw e
  }
  return []
}
const oidc = { OIDC_ISSUER: "https://login.example.org", OIDC_CLIENT_ID: "c", OIDC_CLIENT_SECRET: "s3cr3t" }

test("nothing set is a whole configuration: loopback, embedded database, no model", async () => {
  const c = await load()
  expect(c).toMatchObject({
    listen: { host: "127.0.0.1", port: 3000 },
    origin: "http://127.0.0.1:3000",
    data: join(folder, ".countersign"),
    database: { kind: "sqlite" },
    model: null,
    oidc: null,
    logLevel: "info",
    admins: [],
  })
  expect(c.policy).toEqual(defaultPolicy)
  expect(c.knowledge).toMatch(/docs$/)
})
test("an empty variable is no variable", async () =>
  expect(await load({ PORT: "", OPENAI_API_KEY: " " })).toMatchObject({ listen: { port: 3000 }, model: null }))
test(".env is read, and the environment wins over it", async () => {
  writeFileSync(join(folder, ".env"), "PORT=4000\nHOST=::1\n")
  expect(await load({ PORT: "5000" })).toMatchObject({ listen: { host: "::1", port: 5000 }, origin: "http://[::1]:5000" })
})
test("PORT=0 takes a free port, and the origin follows it", async () => expect((await load({ PORT: "0" })).origin).toBeNull())
test("a key alone, or a server of one's own alone, turns the model on", async () => {
  expect((await load({ OPENAI_API_KEY: "sk-x" })).model).toEqual({ key: "sk-x", baseUrl: null, name: "gpt-5.2" })
  expect((await load({ OPENAI_BASE_URL: "http://127.0.0.1:11434/v1", OPENAI_MODEL: "llama" })).model).toMatchObject({ key: null, name: "llama" })
})
test("policy is read from countersign.yml", async () => {
  const yml = `
approvals: { needs: 1, ttl: 10m }
drafts: { ttl: 2h, remindBefore: 30m }
drafting: { ttl: 45s }
guests: { mayAsk: true }
admins: [rin@example.org]
forum: { name: Infra, moderators: [bo@example.org] }`
  const c = await load({}, yml)
  expect(c.policy).toMatchObject({
    needs: 1,
    approvalTtlMs: 600_000,
    draftTtlMs: 7_200_000,
    remindBeforeMs: 1_800_000,
    draftingTtlMs: 45_000,
    guestsMayAsk: true,
  })
  expect(c).toMatchObject({ admins: ["rin@example.org"], forum: { name: "Infra", moderators: ["bo@example.org"] } })
})
test("a shorter life of drafts still leaves time after the reminder", async () =>
  expect((await load({}, "drafts: { ttl: 1h }")).policy.remindBeforeMs).toBe(15 * 60_000))

describe("several workspaces in Slack", () => {
  const env = {
    ...{ SLACK_CLIENT_ID: "1.2", SLACK_CLIENT_SECRET: "0123456789abcdef", SLACK_SIGNING_SECRET: "0123456789abcdef" },
    COUNTERSIGN_ORIGIN: "http://127.0.0.1:3000",
  }
  test.each([
    ["a list", "slack: { workspaces: [T0123, E0456] }", ["T0123", "E0456"]],
    ["everybody", "slack: { workspaces: any }", "any"],
  ])("may be %s", async (_what, yml, workspaces) => expect((await load(env, yml)).slack).toMatchObject({ as: { many: { workspaces } } }))
  test.each([
    ["nobody said which", "", "slack.workspaces is missing in countersign.yml"],
    ["a name", "slack: { workspaces: [Acme] }", "slack.workspaces must be a list of ids"],
    ["an empty list", "slack: { workspaces: [] }", "slack.workspaces must be a list of ids"],
  ])("are not served: %s", async (_what, yml, words) => expect(await problems(env, yml)).toEqual([expect.stringContaining(words)]))
})

test("a Slack of one's own choice has secrets of its own length", async () => {
  const env = { SLACK_BOT_TOKEN: "xoxb-1", SLACK_SIGNING_SECRET: "short", SLACK_API_URL: "http://127.0.0.1:8080/api" }
  expect((await load(env)).slack).toMatchObject({ hears: { signingSecret: "short" } })
})

describe("Discord", () => {
  const DISCORD_TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GAbCdE.0123456789_0123456789-0123456789"
  test("is off without a token, and on with one: the words around a question are asked for, not assumed", async () => {
    expect((await load()).discord).toBeNull()
    expect((await load({ DISCORD_TOKEN })).discord).toEqual({ token: DISCORD_TOKEN, apiUrl: null, messageContent: "off" })
    const all = { DISCORD_TOKEN, DISCORD_MESSAGE_CONTENT: "on", DISCORD_API_URL: "http://127.0.0.1:8080/api/" }
    expect((await load(all)).discord).toMatchObject({ apiUrl: "http://127.0.0.1:8080/api", messageContent: "on" })
  })
  test("a server of one's own choice has tokens of its own form", async () => {
    const DISCORD_API_URL = "http://127.0.0.1:8080/api"
    expect((await load({ DISCORD_TOKEN: "any", DISCORD_API_URL })).discord).toMatchObject({ token: "any" })
  })
  test("moderators stand in countersign.yml; its token never does", async () => {
    expect((await load({}, 'discord: { moderators: ["discord:1/2"] }')).discordModerators).toEqual(["discord:1/2"])
    expect(await problems({}, `discord: { moderators: ["${DISCORD_TOKEN}"] }`)).toEqual([expect.stringContaining("looks like a secret")])
  })
  test.each([
    ["a token with its prefix", { DISCORD_TOKEN: `Bot ${DISCORD_TOKEN}` }, "DISCORD_TOKEN is not the token of a bot"],
    ["what is no token", { DISCORD_TOKEN: "0123456789abcdef" }, "It has three parts with dots"],
    [
      "links that Discord would refuse",
      { DISCORD_TOKEN, COUNTERSIGN_ORIGIN: "http://localhost:3000" },
      "Discord takes no link to a name without a dot",
    ],
    ["half a switch", { DISCORD_TOKEN, DISCORD_MESSAGE_CONTENT: "yes" }, 'DISCORD_MESSAGE_CONTENT is "yes"'],
    ["an address that a token must not travel to", { DISCORD_TOKEN, DISCORD_API_URL: "http://discord.example/api" }, "DISCORD_API_URL is not"],
    ["a setting without a token", { DISCORD_MESSAGE_CONTENT: "on" }, "DISCORD_MESSAGE_CONTENT is set while Discord is off"],
  ])("says what is wrong: %s", async (_what, env, words) => expect(await problems(env)).toEqual([expect.stringContaining(words)]))
})

describe("problems", () => {
  test("all are told at once, in one text, each with its cure", async () => {
    await expect(load({ PORT: "http", LOG_LEVEL: "loud" }, "approvals: { ttl: 30 }")).rejects.toThrow(
      [
        "Configuration has 3 problems:",
        '  PORT is "http". Give a number up to 65535; 0 takes any free port.',
        '  LOG_LEVEL is "loud". Choose one of fatal, error, warn, info, debug, trace, silent.',
        '  approvals.ttl is "30". Give a unit: "30m" or "2h".',
      ].join("\n"),
    )
  })
  test("what is wrong by itself hides nothing that is wrong among the others, and is named once", async () => {
    const env = { PORT: "99999", HOST: "0.0.0.0", COUNTERSIGN_ORIGIN: "foo", OIDC_ISSUER: "login", KNOWLEDGE_DIR: "nowhere", DISCORD_TOKEN: "a b" }
    expect(await problems({ ...env, SLACK_CLIENT_ID: "1.2", SLACK_CLIENT_SECRET: "a b" })).toEqual(
      [
        /^PORT is/,
        /^COUNTERSIGN_ORIGIN is "foo"/,
        /^OIDC_ISSUER is not/,
        /^SLACK_CLIENT_SECRET is empty or has blanks/,
        /^DISCORD_TOKEN is not/,
        /^SLACK_APP_TOKEN is missing/,
        /^OIDC_CLIENT_ID and OIDC_CLIENT_SECRET are missing/,
        /^KNOWLEDGE_DIR is "nowhere"/,
        /^slack.workspaces is missing/,
      ].map((words) => expect.stringMatching(words)),
    )
  })
  test.each([
    ["half a secret", { SLACK_BOT_TOKEN: "xoxb-1", SLACK_SIGNING_SECRET: "0123456" }, "SLACK_SIGNING_SECRET is too short"],
    ["a port too high", { PORT: "65536" }, "PORT is"],
    ["a host with a scheme", { HOST: "http://127.0.0.1" }, "HOST is"],
    ["an origin with a path", { COUNTERSIGN_ORIGIN: "http://127.0.0.1:3000/forum" }, "COUNTERSIGN_ORIGIN is"],
    ["a database that is none", { DATABASE_URL: "mysql://u:p4ss@h/d" }, "DATABASE_URL is not"],
    ["an owner without a database", { DATABASE_OWNER_URL: "postgres://h/d" }, "DATABASE_OWNER_URL is set without DATABASE_URL"],
    ["an issuer that is no address", { ...oidc, OIDC_ISSUER: "login" }, "OIDC_ISSUER is not"],
    ["half of OIDC", { OIDC_ISSUER: "https://login.example.org" }, "OIDC_CLIENT_ID and OIDC_CLIENT_SECRET are missing"],
    ["a model without a server", { OPENAI_MODEL: "gpt-5.2" }, "OPENAI_MODEL is set without a server"],
    ["no knowledge folder", { KNOWLEDGE_DIR: "nowhere" }, 'KNOWLEDGE_DIR is "nowhere", which is not a folder'],
    ["a policy file that is not there", { COUNTERSIGN_CONFIG: "other.yml" }, "COUNTERSIGN_CONFIG names"],
    ["a variable spelt wrong", { COUNTERSIGN_ORIGN: "http://127.0.0.1:3000" }, "Did you mean COUNTERSIGN_ORIGIN?"],
    ["http beyond this machine", { ...oidc, COUNTERSIGN_ORIGIN: "http://ask.example.org" }, 'must start with "https://"'],
  ])("%s", async (_what, env, words) => expect(await problems(env as Record<string, string>)).toEqual([expect.stringContaining(words)]))

  test.each([
    ["an unknown key", "aprovals: { needs: 1 }", 'aprovals is no key of countersign.yml. Did you mean "approvals"?'],
    ["an unknown key inside", "drafts: { tttl: 1h }", 'drafts.tttl is no key of countersign.yml. Did you mean "ttl"?'],
    ["no approval needed", "approvals: { needs: 0 }", "approvals.needs must be at least 1"],
    ["approvals that nobody could give", "approvals: { needs: 2 }", "approvals.needs must be 1: a draft is shown to its requester alone"],
    ["a section without keys", "approvals: 3", "approvals must hold keys of its own"],
    ["an admin by a name that anybody could choose", "admins: [Bo]", 'admins.0 is "Bo". Give an e-mail address, or an account'],
    ["a moderator who is nobody", "forum: { moderators: [''] }", 'forum.moderators.0 is "". Give an e-mail address'],
    ["a list that is none", "admins: rin", "admins must be a list"],
    ["a reminder after the end", "drafts: { ttl: 1h, remindBefore: 2h }", "drafts.remindBefore is not shorter"],
    ["not YAML", "a: [", "countersign.yml is not YAML in line 1"],
    ["a text instead of keys", "hello", "countersign.yml must hold keys"],
  ])("in the policy file: %s", async (_what, yml, words) => expect(await problems({}, yml)).toEqual([expect.stringContaining(words)]))

  test.each([
    ["by its key", "openai: { api_key: abc-hidden }", "openai.api_key"],
    ["by its value", "forum: { name: xoxb-hidden }", "forum.name"],
    ["inside an address", "forum: { name: 'postgres://u:hidden@h/d' }", "forum.name"],
  ])("a secret in the policy file is refused, and not repeated: %s", async (_what, yml, key) => {
    const found = await problems({}, yml)
    expect(found).toEqual([`${key} looks like a secret. Put it into the environment or into .env, never into countersign.yml.`])
    expect(found.join()).not.toContain("hidden")
  })
  test("no value of a variable that may hold a secret is repeated", async () => {
    const found = (await problems({ DATABASE_URL: "mysql://u:p4ss@h/d", OPENAI_BASE_URL: "ftp://k3y@h", OIDC_CLIENT_SECRET: "s3cr3t" })).join("\n")
    expect(found).toContain("DATABASE_URL")
    expect(found).not.toMatch(/p4ss|k3y|s3cr3t/)
  })
})

describe("beyond this machine", () => {
  test.each([
    ["HOST", { HOST: "0.0.0.0", COUNTERSIGN_ORIGIN: "https://ask.example.org" }],
    ["COUNTERSIGN_ORIGIN", { COUNTERSIGN_ORIGIN: "https://ask.example.org" }],
  ])("%s without sign-in is refused, with the reason", async (name, env) => {
    expect(await problems(env)).toEqual([expect.stringMatching(new RegExp(`^${name} is .* nobody's identity would be checked. Set OIDC_ISSUER`))])
    expect(await problems({ ...env, ...oidc })).toEqual([])
  })
  test("an address for people is asked for too", async () =>
    expect(await problems({ HOST: "0.0.0.0", ...oidc })).toEqual([expect.stringMatching(/^COUNTERSIGN_ORIGIN is missing/)]))
})

test("where the ledger is can be read although everything else is wrong: nothing may keep anybody from stopping", async () => {
  writeFileSync(join(folder, "countersign.yml"), "a: [")
  expect(loadStore({ PORT: "x", COUNTERSIGN_DATA: "d" }, folder)).toEqual({
    data: join(folder, "d"),
    database: { kind: "sqlite", folder: join(folder, "d") },
  })
})
test(".env.example lists every variable, and no other", async () => {
  const listed = readFileSync(".env.example", "utf8").match(/^#?[A-Z_]+(?==)/gm) ?? []
  expect(listed.map((l) => l.replace("#", "")).sort()).toEqual([...variableNames].sort())
})
