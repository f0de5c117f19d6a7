// Interactions on the local Discord: one answer in time, private answers that stay private, modals, tokens that end.
import { expect, test } from "@jest/globals"
import { type APIInteraction, type Client, MessageFlags, Routes } from "discord.js"
import type { Answered } from "../fakes/discord/interactions.ts"
import { client, commands, said, world, wrongWith } from "./fake-world.ts"

const ephemeral = MessageFlags.Ephemeral
const button = { type: 1, components: [{ type: 2, style: 1, label: "Approve", custom_id: "approve" }] }
const field = { type: 4, custom_id: "text", style: 2, max_length: 10, value: "draft" }
const modal = { custom_id: "edit", title: "Edit", components: [{ type: 18, label: "Answer", component: field }] }

/** A bot that answers nothing by itself: the test does, with the raw interaction. */
async function desk(how: Parameters<typeof world>[0] = {}) {
  const all = await world(how)
  const bot = await client(all.discord, all.app)
  await all.rest.put(Routes.applicationCommands(all.app.id), { body: commands })
  const heard: APIInteraction[] = []
  bot.ws.on("INTERACTION_CREATE" as never, (i: APIInteraction) => heard.push(i))
  const question = all.ann.says(all.infra, "how?")
  await all.discord.quiet()
  /** The interaction of what was just done. */
  const got = async (done: Promise<unknown>) => {
    void done
    await seen(bot, heard, heard.length)
    const last = heard.at(-1)
    if (last === undefined) throw new Error("nothing came")
    return last
  }
  const answer = (i: APIInteraction, body: object) => all.rest.post(Routes.interactionCallback(i.id, i.token), { body, auth: false })
  const original = (i: APIInteraction) => Routes.webhookMessage(i.application_id, i.token, "@original")
  return { ...all, bot, got, answer, original, question, draft: () => all.ann.messageCommand("Draft an answer", question) }
}
async function seen(bot: Client, heard: readonly unknown[], before: number): Promise<void> {
  while (heard.length === before) await new Promise((resolve) => setImmediate(resolve))
  expect(bot.isReady()).toBe(true)
}

test("a message command carries the whole message, who asked, what they and the bot may do", async () => {
  const { got, draft, ann, acme, question, infra } = await desk()
  const i = await got(draft())
  expect(i).toMatchObject({
    type: 2,
    context: 0,
    guild_id: acme.id,
    channel_id: infra.id,
    member: { user: { id: ann.id }, permissions: expect.stringMatching(/^\d+$/) },
    app_permissions: expect.stringMatching(/^\d+$/),
    authorizing_integration_owners: { 0: acme.id },
    data: { target_id: question.id, resolved: { messages: { [question.id]: { content: "how?" } } } },
  })
})

test("one answer, and one only", async () => {
  const { got, draft, answer } = await desk()
  const i = await got(draft())
  expect(await said(answer(i, { type: 5, data: { flags: ephemeral } }))).toBe("ok")
  expect(await said(answer(i, { type: 4, data: { content: "again" } }))).toBe(40060)
})

test("after the deadline there is nothing left to answer, and the person sees that it failed", async () => {
  const { discord, got, draft, answer, original, rest } = await desk()
  const done = draft()
  const i = await got(done)
  await discord.tick(3_000)
  expect(await done).toEqual({ outcome: "failed" } satisfies Answered)
  expect(await said(answer(i, { type: 5 }))).toBe(10062)
  expect(await said(rest.patch(original(i), { body: { content: "late" }, auth: false }))).toBe(10015)
})

test("before the first answer there is no follow-up; after fifteen minutes there is none any more", async () => {
  const { discord, got, draft, answer, original, rest } = await desk()
  const i = await got(draft())
  expect(await said(rest.post(Routes.webhook(i.application_id, i.token), { body: { content: "early" }, auth: false }))).toBe(10015)
  await answer(i, { type: 5, data: { flags: ephemeral } })
  expect(await said(rest.patch(original(i), { body: { content: "in time" }, auth: false }))).toBe("ok")
  await discord.tick(15 * 60_000)
  expect(await said(rest.patch(original(i), { body: { content: "late" }, auth: false }))).toBe(50027)
})

test.each<[string, object, readonly string[] | number]>([
  ["an update of a message there is none of", { type: 7, data: { content: "a" } }, ["type: INTERACTION_CALLBACK_TYPE_INVALID"]],
  ["a deferred update", { type: 6 }, ["type: INTERACTION_CALLBACK_TYPE_INVALID"]],
  ["a kind that there is not", { type: 99 }, ["type: INTERACTION_CALLBACK_TYPE_INVALID"]],
  ["a deferral with another flag", { type: 5, data: { flags: ephemeral | MessageFlags.IsComponentsV2 } }, ["data.flags: BITFIELD_TYPE_INVALID"]],
  ["a modal without a title", { type: 9, data: { ...modal, title: "" } }, ["data.title: BASE_TYPE_BAD_LENGTH"]],
  [
    "a modal whose field is too full",
    { type: 9, data: { ...modal, components: [{ type: 18, label: "A", component: { ...field, value: "eleven long" } }] } },
    ["data.components.0.component.value: BASE_TYPE_MAX_LENGTH"],
  ],
  [
    "a label in a label",
    { type: 9, data: { ...modal, components: [{ type: 18, label: "A", component: { ...field, label: "B" } }] } },
    ["data.components.0.component.label: TEXT_INPUT_LABEL_IN_LABEL"],
  ],
])("a command is not answered with %s", async (_what, body, wrong) => {
  const { got, draft, answer } = await desk()
  const i = await got(draft())
  expect(await wrongWith(answer(i, body))).toEqual(wrong)
  expect(await said(answer(i, { type: 5 }))).toBe("ok")
})

test("an ephemeral answer is in no history, out of reach of channel routes, and comes to the bot as if directly", async () => {
  const { discord, bot, got, draft, answer, original, ann, bo, infra, rest } = await desk()
  const heard: unknown[] = []
  bot.ws.on("MESSAGE_CREATE" as never, (m: { flags: number; guild_id?: string }) => heard.push([m.flags & 64, m.guild_id]))
  const i = await got(draft())
  await answer(i, { type: 4, data: { content: "for you", flags: ephemeral, components: [button] } })
  await discord.quiet()
  expect(heard).toEqual([[64, undefined]])
  const [card] = ann.ephemeralsIn(infra)
  if (card === undefined) throw new Error("no card")
  expect(bo.sees(infra)).toHaveLength(1)
  expect(await said(rest.get(Routes.channelMessage(infra.id, card.id)))).toBe(10008)
  expect(await said(rest.patch(Routes.channelMessage(infra.id, card.id), { body: { content: "x" } }))).toBe(10008)
  expect(await rest.get(Routes.channelMessages(infra.id))).toHaveLength(1)
  expect(() => bo.clicks(card, "approve")).toThrow(/one person/)
  ann.reloads()
  expect(ann.sees(infra)).toHaveLength(1)
  expect(() => ann.clicks(card, "approve")).toThrow(/reload/)
  expect(await said(rest.patch(original(i), { body: { content: "still reachable" }, auth: false }))).toBe("ok")
})

test("a click is an interaction of its own, whose answer may change the message; what is gone fails", async () => {
  const { discord, got, draft, answer, ann, infra } = await desk()
  await answer(await got(draft()), { type: 4, data: { content: "card", flags: ephemeral, components: [button] } })
  const [card] = ann.ephemeralsIn(infra)
  if (card === undefined) throw new Error("no card")
  const before = { ...card }
  const click = ann.clicks(card, "approve")
  const i = await got(click)
  expect(i).toMatchObject({ type: 3, message: { id: card.id, flags: 64, content: "card" }, data: { custom_id: "approve" } })
  await answer(i, { type: 7, data: { content: "posted", components: [] } })
  expect(await click).toMatchObject({ outcome: "acknowledged", type: 7 })
  expect(card).toMatchObject({ content: "posted", flags: 64 })
  expect(await ann.clicks(before, "approve")).toEqual({ outcome: "failed" })
  await discord.quiet()
})

test("a deferred answer shows as thinking, and the first follow-up takes its place, as private as it was", async () => {
  const { got, draft, answer, ann, infra, rest } = await desk()
  const i = await got(draft())
  await answer(i, { type: 5, data: { flags: ephemeral } })
  expect(ann.ephemeralsIn(infra)).toMatchObject([{ content: "", flags: 64 | 128 }])
  await rest.post(Routes.webhook(i.application_id, i.token), { body: { content: "public?" }, auth: false })
  expect(ann.ephemeralsIn(infra)).toMatchObject([{ content: "public?", flags: 64 }])
  await rest.post(Routes.webhook(i.application_id, i.token), { body: { content: "second" }, auth: false })
  expect(infra.messages.map((m) => [m.content, m.via])).toEqual([
    ["how?", "person"],
    ["second", "interaction"],
  ])
})

test("a modal: the client keeps its limits, the submission names the message it came from, and no modal follows a modal", async () => {
  const { got, draft, answer, ann, infra } = await desk()
  await answer(await got(draft()), { type: 4, data: { content: "card", flags: ephemeral, components: [button] } })
  const [card] = ann.ephemeralsIn(infra)
  if (card === undefined) throw new Error("no card")
  await answer(await got(ann.clicks(card, "approve")), { type: 9, data: modal })
  const shown = ann.modal
  if (shown === null) throw new Error("no modal")
  expect(await ann.submits(shown, { text: "eleven long" })).toEqual({ outcome: "not-sent", errors: { text: "too long" } })
  expect(await ann.submits(shown, { text: "" })).toEqual({ outcome: "not-sent", errors: { text: "required" } })
  const sent = ann.submits(shown, { text: "better" })
  const i = await got(sent)
  expect(i).toMatchObject({
    type: 5,
    message: { id: card.id },
    data: { custom_id: "edit", components: [{ type: 18, component: { type: 4, custom_id: "text", value: "better" } }] },
  })
  expect(await wrongWith(answer(i, { type: 9, data: modal }))).toEqual(["type: INTERACTION_CALLBACK_TYPE_INVALID"])
  await answer(i, { type: 6 })
  await sent
  expect(ann.modal).toBeNull()
})

test("a modal that nobody answers stays on the screen", async () => {
  const { discord, got, draft, answer, ann } = await desk()
  await answer(await got(draft()), { type: 9, data: modal })
  const shown = ann.modal
  if (shown === null) throw new Error("no modal")
  const sent = ann.submits(shown)
  await got(sent)
  await discord.tick(3_000)
  expect(await sent).toEqual({ outcome: "failed" })
  expect(ann.modal).toBe(shown)
})

test("with_response gives back what was made", async () => {
  const { got, draft, rest } = await desk()
  const i = await got(draft())
  const query = new URLSearchParams({ with_response: "true" })
  const made = await rest.post(Routes.interactionCallback(i.id, i.token), {
    body: { type: 4, data: { content: "hi", flags: ephemeral } },
    query,
    auth: false,
  })
  expect(made).toMatchObject({ interaction: { id: i.id, response_message_ephemeral: true }, resource: { type: 4, message: { content: "hi" } } })
})

test("an interaction that nobody is there to hear fails", async () => {
  const { bot, draft } = await desk()
  await bot.destroy()
  expect(await draft()).toEqual({ outcome: "failed" })
})

test("a public answer names who asked; a person is called by it, a role or everyone is not", async () => {
  const { got, draft, answer, ann, bo, infra, rest } = await desk({
    permissions: ["VIEW_CHANNEL", "SEND_MESSAGES", "READ_MESSAGE_HISTORY", "MENTION_EVERYONE"],
  })
  await answer(await got(draft()), { type: 4, data: { content: `<@${bo.id}> @everyone` } })
  expect(bo.notifications).toHaveLength(1)
  expect(ann.notifications).toHaveLength(0)
  expect(((await rest.get(Routes.channelMessages(infra.id))) as object[])[0]).toMatchObject({
    type: 23,
    interaction_metadata: { user: { id: ann.id } },
  })
})

test("slash commands come with their subcommand and options; what is not registered is not offered", async () => {
  const { got, ann, infra } = await desk()
  const i = await got(ann.slash("countersign", "draft", { question: "how?" }, infra))
  expect(i.data).toMatchObject({
    name: "countersign",
    type: 1,
    options: [{ name: "draft", type: 1, options: [{ name: "question", type: 3, value: "how?" }] }],
  })
  expect(() => ann.slash("countersign", "draft", {}, infra)).toThrow(/required/)
  expect(() => ann.slash("countersign", "nothing", {}, infra)).toThrow(/subcommand/)
  expect(() => ann.slash("other", null, {}, infra)).toThrow(/registered/)
  expect(() => ann.messageCommand("Draft an answer", ann.tells("hello"))).toThrow(/offered/)
})

test("in a direct conversation a command comes without a server", async () => {
  const { got, app, ann, rest } = await desk()
  await rest.put(Routes.applicationCommands(app.id), { body: [{ name: "help", description: "d", contexts: [0, 1] }] })
  const i = await got(ann.slash("help", null, {}, ann.dmWith()))
  expect(i).toMatchObject({ context: 1, user: { id: ann.id }, authorizing_integration_owners: { 0: "0" } })
  expect(i).not.toHaveProperty("guild_id")
  expect(i).not.toHaveProperty("member")
})

test("commands are overwritten in bulk, keep their ids, and are looked at closely", async () => {
  const { app, rest } = await desk()
  const put = (body: unknown) => rest.put(Routes.applicationCommands(app.id), { body }) as Promise<{ id: string; version: string; name: string }[]>
  const first = await put(commands)
  expect(await put(commands)).toEqual(first)
  const [changed] = await put([{ ...commands[0], contexts: [0, 1] }])
  expect(changed).toMatchObject({ id: first[0]?.id, name: "Draft an answer" })
  expect(changed?.version).not.toBe(first[0]?.version)
  expect(await wrongWith(put([{ name: "Loud", description: "d" }]))).toEqual(["0.name: APPLICATION_COMMAND_INVALID_NAME"])
  expect(await wrongWith(put([{ name: "quiet" }]))).toEqual(["0.description: BASE_TYPE_REQUIRED"])
  expect(await wrongWith(put([{ type: 3, name: "On a message", description: "d" }]))).toEqual(["0.description: APPLICATION_COMMAND_DESCRIPTION"])
  expect(await wrongWith(put(Array.from({ length: 16 }, (_, n) => ({ type: 3, name: `n${n}` }))))).toEqual([": APPLICATION_COMMANDS_TOO_MANY"])
  expect(await said(rest.put(Routes.applicationCommands("100000000000000000"), { body: [] }))).toBe(20012)
})
