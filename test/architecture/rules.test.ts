// Every rule of rules.ts is broken here on purpose, and next to it stands what it must let through.
import { expect, test } from "@jest/globals"
import { breachesIn, environmentReaders, longest, rules } from "./rules.ts"
import { sourceOf } from "./source.ts"

type Case = readonly [path: string, text: string]
const promise = "// Says what it guarantees.\n"
const lines = (n: number) => promise + "export {}\n".repeat(n - 1)

const broken: Readonly<Record<string, readonly Case[]>> = {
  "sending-in-outbound": [
    ["adapters/slack/inbound.ts", "await client.chat.postMessage({ channel, text })"],
    ["adapters/slack/cards.ts", "await client.chat?.update({ channel, ts })"],
    ["adapters/slack/cards.ts", 'await client.apiCall("chat.postMessage", { channel })'],
    ["adapters/slack/cards.ts", "await web.chat.postEphemeral({ channel })"],
    ["adapters/slack/cards.ts", "await web.chat\n  .scheduleMessage({ channel })"],
    ["adapters/slack/cards.ts", "await web.filesUploadV2({ channel })"],
    ["adapters/slack/inbound.ts", 'await respond({ response_type: "in_channel", text })'],
    ["adapters/slack/inbound.ts", 'body["response_type"] = "in_channel"; const a = { "response_type": "in_channel" }'],
    ["src/flow/post.ts", 'await fetch("https://slack.com/api/anything", { method: "POST" })'],
    ["src/flow/post.ts", "await fetch(`https://hooks.slack.com/services/T0`)"],
    ["adapters/discord/index.ts", 'await fetch("https://discord.com/api/v10/channels")'],
    ["adapters/discord/inbound.ts", "await channel.send(text)"],
    ["adapters/discord/inbound.ts", "await message.channel?.send(text)"],
    ["adapters/discord/cards.ts", "await reviewThread.send(text)"],
    ["adapters/discord/cards.ts", "await rest.post(Routes.channelMessages(id), { body })"],
    ["adapters/discord/cards.ts", "await interaction.followUp({ content })"],
    ["adapters/discord/cards.ts", "await message.reply({ content })"],
    ["adapters/discord/inbound.ts", "await ctx.wire.control.post(Routes.channelMessages(id), { body })"],
    ["adapters/discord/inbound.ts", "await wire.poster.patch(Routes.channelMessage(id, m), { body })"],
    ["adapters/discord/commands.ts", "await control.put(Routes.applicationCommands(id), { body })"],
    ["adapters/discord/buttons.ts", "await interaction.update({ content })"],
    ["adapters/discord/buttons.ts", "await i.showModal(modal)"],
    ["adapters/discord/found.ts", "await message.crosspost()"],
    ["adapters/discord/found.ts", "await forum.threads.create({ name, message })"],
    ["adapters/forum/pages/topic.ts", 'await db.insertInto("forum_post").values(row).execute()'],
  ],
  "scopes-is-a-table": [
    ["adapters/slack/scopes.ts", 'import { WebClient } from "@slack/web-api"'],
    ["adapters/slack/scopes.ts", "export const send = (client: { chat: object }) => client"],
    ["adapters/slack/scopes.ts", "export const send = () => fetch(`x`)"],
  ],
  "environment-in-config": [
    ["src/main.ts", "const port = process.env.PORT"],
    ["src/main.ts", 'const port = process.env["PORT"]'],
    ["src/main.ts", "const port = globalThis.process?.env.PORT"],
    ["src/main.ts", 'const port = process["env"].PORT'],
    ["src/main.ts", "const { env } = process"],
    ["src/main.ts", "const { argv, env: variables } = globalThis.process"],
    ["src/main.ts", 'import { env } from "node:process"\nexport { env }'],
    ["src/cli/countersign.mjs", "const port = process.env.PORT"],
    ["adapters/openai/drafter.ts", "const key = process.env.OPENAI_API_KEY"],
  ],
  "begin-and-spend": [
    ["src/flow/review.ts", 'import { begin } from "../core/permit.ts"\nbegin()'],
    ["src/flow/review.ts", 'import { begin as start } from "../core/permit.ts"\nstart()'],
    ["src/flow/review.ts", 'import * as permit from "../core/permit.ts"\npermit.begin()'],
    ["src/flow/review.ts", 'const { begin } = await import("../core/permit.ts")\nbegin()'],
    ["src/core/words.ts", 'export { begin } from "./permit.ts"'],
    ["src/core/words.ts", 'export * from "./permit.ts"'],
    ["src/flow/post.ts", 'import { begin, spend } from "../core/permit.ts"\nbegin(spend)'],
    ["adapters/forum/inbound.ts", 'import { spend } from "../../src/core/permit.ts"\nspend()'],
    ["adapters/forum/outbound.ts", 'import { begin, spend } from "../../src/core/permit.ts"\nbegin(spend)'],
    ["adapters/forum/deeper/outbound.ts", 'import { spend } from "../../../src/core/permit.ts"\nspend()'],
  ],
  "posting-begun-by-begin": [
    ["src/flow/post.ts", 'await ledger.append({ key, facts: [{ kind: "postingBegun", attempt }] })'],
    ["src/flow/post.ts", 'const fact = { "kind": "postingBegun" as const, attempt }'],
    ["adapters/forum/outbound.ts", 'const fact = { kind: ok ? "posted" : "postingBegun" }'],
  ],
  "no-forged-permit": [
    ["src/flow/post.ts", "const permit = {} as PublishPermit"],
    ["src/flow/post.ts", "const permit = <PublishPermit>(<unknown>{})"],
    ["adapters/forum/index.ts", "const permit = {} as unknown as core.PublishPermit"],
  ],
  "own-tables": [
    ["adapters/forum/topics.ts", 'await db.selectFrom("entry").selectAll().execute()'],
    ["adapters/forum/topics.ts", 'await db.selectFrom(["entry", "forum_topic"]).selectAll().execute()'],
    ["adapters/forum/topics.ts", 'await db.selectFrom("forum_topic").innerJoin("head as h", "a", "b").execute()'],
    ["adapters/forum/topics.ts", 'await db.schema.createTable("topic").execute()'],
    ["adapters/slack/install.ts", 'await db.insertInto("forum_person").values(row).execute()'],
    ["adapters/forum/topics.ts", "await sql`select * from entry where seq = 1`.execute(db)"],
    ["adapters/forum/topics.ts", "await sql<Row>`delete from\n  body`.execute(db)"],
  ],
  "no-any": [
    ["src/core/fold.ts", "export const a = (b: any) => b"],
    ["test/harness/fake.ts", "export const a = {} as any"],
    ["bench/walk.ts", "export type A = Array<any>"],
  ],
  "no-silenced-compiler": [
    ["src/core/fold.ts", "// @ts-ignore\nexport const a = 1"],
    ["test/core/fold.test.ts", "// @ts-nocheck\nexport const a = 1"],
    ["src/core/fold.ts", "// @ts-expect-error because\nexport const a = 1"],
  ],
  short: [
    ["src/core/fold.ts", lines(longest + 1)],
    ["test/core/fold.test.ts", lines(longest + 1)],
  ],
  "opens-with-its-promise": [
    ["src/core/fold.ts", 'import { a } from "./a.ts"\n// Too late.\na()'],
    ["adapters/forum/index.ts", "//\nexport const a = 1"],
  ],
}

const kept: readonly Case[] = [
  ["adapters/slack/outbound.ts", 'await client.chat.postMessage({ channel, text, response_type: "in_channel" })'],
  ["adapters/discord/outbound.ts", "await channel.send(text)"],
  ["adapters/discord/outbound.ts", "await control.post(Routes.userChannels(), { body })"],
  ["adapters/discord/found.ts", "await control.get(Routes.channelMessages(id), { query })"],
  ["adapters/forum/outbound.ts", 'await db.insertInto("forum_post").values(row).execute()'],
  ["adapters/forum/topics.ts", 'await db.selectFrom("forum_post").innerJoin("forum_message", "a", "b").execute()'],
  ["adapters/forum/topics.ts", 'export const words = "An entry from body and head."'],
  ["adapters/database/ledger.ts", 'await db.insertInto("entry").values(row).execute()'],
  ["adapters/forum/live.ts", "line.send(event); process.send?.(answer)"],
  ["src/flow/post.ts", "// never chat.postMessage here, and never process.env\nexport const a = 1"],
  ...Object.keys(environmentReaders).map((path) => [path, "export const a = process.env"] as const),
  ["src/cli/room.ts", "export const child = spawn(process.execPath, [], { env: bare(), cwd: process.cwd() })"],
  ["src/flow/post.ts", 'import { begin, permitLifeMs, type PublishPermit } from "../core/permit.ts"\nbegin(permitLifeMs)'],
  ["adapters/forum/outbound.ts", 'import { type Release, spend } from "../../src/core/permit.ts"\nspend()'],
  ["src/core/ports.ts", 'import type { PublishPermit, spend } from "./permit.ts"\nexport type { Release } from "./permit.ts"'],
  ["src/core/permit.ts", 'const permit = {} as PublishPermit; append({ kind: "postingBegun" })'],
  ["src/core/facts.ts", 'const postingBegun = z.object({ kind: z.literal("postingBegun") })'],
  ["src/core/fold.ts", 'if (fact.kind === "postingBegun") go(["postingBegun"])'],
  ["src/core/fold.ts", "// any word, as any reader knows\nexport const any = 'any'"],
  ["test/types.test.ts", "// @ts-expect-error a permit cannot be made\nexport const a = 1"],
  ["src/core/fold.ts", lines(longest)],
  ["src/cli/countersign.mjs", "#!/usr/bin/env node\n// Starts the program.\n"],
]
const titleOf = (text: string) => text.slice(0, 80).replaceAll("\n", " ")
const opened = ([path, text]: Case) => sourceOf(path, /^(#!|\/\/ )/.test(text) ? text : promise + text)

test.each(Object.entries(broken).flatMap(([rule, cases]) => cases.map(([path, text]) => [rule, path, titleOf(text), text] as const)))(
  "%s is broken by %s: %s",
  (rule, path, _title, text) => {
    const source = rule === "opens-with-its-promise" ? sourceOf(path, text) : opened([path, text])
    expect(breachesIn([source]).map((line) => line.split(": ", 2).join(": "))).toEqual(expect.arrayContaining([`${rule}: ${path}`]))
    expect(breachesIn([source]).filter((line) => !line.startsWith(`${rule}: `))).toEqual([])
  },
)

test.each(kept.map(([path, text]) => [path, titleOf(text), text] as const))("no rule is broken by %s: %s", (path, _title, text) => {
  expect(breachesIn([opened([path, text])])).toEqual([])
})

test("no rule goes untested", () => {
  expect(rules.map((rule) => rule.name).filter((name) => !(name in broken))).toEqual([])
})
