// What the local Discord says yes and no to when a bot posts, edits, deletes and reads.
import { expect, test } from "@jest/globals"
import { Events, MessageFlags, Routes } from "discord.js"
import { client, rest, said, world, wrongWith } from "./fake-world.ts"

const long = (n: number) => "x".repeat(n)
const button = (more: object) => ({ type: 2, style: 2, label: "b", custom_id: "b", ...more })
const row = (...buttons: object[]) => ({ type: 1, components: buttons })
const v2 = MessageFlags.IsComponentsV2

test.each<[string, object, readonly string[]]>([
  ["2,001 characters", { content: long(2_001) }, ["content: BASE_TYPE_MAX_LENGTH"]],
  ["2,001 units of emoji", { content: `${"🔑".repeat(1_000)}x` }, ["content: BASE_TYPE_MAX_LENGTH"]],
  ["a nonce of 26", { content: "a", nonce: long(26) }, ["nonce: BASE_TYPE_MAX_LENGTH"]],
  ["eleven embeds", { embeds: Array(11).fill({ title: "t" }) }, ["embeds: BASE_TYPE_BAD_LENGTH"]],
  ["embeds of 6,001 in all", { embeds: [{ description: long(4_000) }, { description: long(2_001) }] }, ["embeds: MAX_EMBED_SIZE_EXCEEDED"]],
  ["an empty embed", { embeds: [{}] }, ["embeds.0.description: BASE_TYPE_REQUIRED"]],
  ["a label of 81", { content: "a", components: [row(button({ label: long(81) }))] }, ["components.0.components.0.label: BASE_TYPE_MAX_LENGTH"]],
  [
    "an id of 101",
    { content: "a", components: [row(button({ custom_id: long(101) }))] },
    ["components.0.components.0.custom_id: BASE_TYPE_BAD_LENGTH"],
  ],
  [
    "one id twice",
    { content: "a", components: [row(button({}), button({}))] },
    ["components.0.components.1.custom_id: COMPONENT_CUSTOM_ID_DUPLICATED"],
  ],
  [
    "six buttons in a row",
    { content: "a", components: [row(...[1, 2, 3, 4, 5, 6].map((n) => button({ custom_id: `${n}` })))] },
    ["components.0.components: BASE_TYPE_BAD_LENGTH"],
  ],
  ["six rows", { content: "a", components: [1, 2, 3, 4, 5, 6].map((n) => row(button({ custom_id: `${n}` }))) }, ["components: BASE_TYPE_BAD_LENGTH"]],
  [
    "a link of 513",
    { content: "a", components: [row({ type: 2, style: 5, label: "l", url: `https://a.example/${long(495)}` })] },
    ["components.0.components.0.url: BASE_TYPE_MAX_LENGTH"],
  ],
  [
    "a link that is none",
    { content: "a", components: [row({ type: 2, style: 5, label: "l", url: "not a link" })] },
    ["components.0.components.0.url: URL_TYPE_INVALID_URL"],
  ],
  [
    "a link to a script",
    { content: "a", components: [row({ type: 2, style: 5, label: "l", url: "javascript:alert(1)" })] },
    ["components.0.components.0.url: URL_TYPE_INVALID_SCHEME"],
  ],
  [
    "a button without a name",
    { content: "a", components: [row({ type: 2, style: 1, custom_id: "a" })] },
    ["components.0.components.0.label: BUTTON_COMPONENT_INVALID_LABEL_OR_EMOJI"],
  ],
  ["a text display in an old message", { content: "a", components: [{ type: 10, content: "t" }] }, ["components.0.type: UNION_TYPE_CHOICES"]],
  [
    "content in the new style",
    { flags: v2, content: "a", components: [{ type: 10, content: "t" }] },
    ["content: MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"],
  ],
  ["41 parts", { flags: v2, components: Array(41).fill({ type: 10, content: "t" }) }, ["components: COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED"]],
  [
    "texts of 4,001 in all",
    {
      flags: v2,
      components: [
        { type: 10, content: long(4_000) },
        { type: 10, content: "x" },
      ],
    },
    ["components: COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"],
  ],
  ["a flag that is not an app's", { content: "a", flags: MessageFlags.Ephemeral }, ["flags: BITFIELD_TYPE_INVALID"]],
  [
    "everybody and one by name",
    { content: "a", allowed_mentions: { parse: ["users"], users: ["100000000000000000"] } },
    ["allowed_mentions: MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"],
  ],
  [
    "a reply to nothing",
    { content: "a", message_reference: { message_id: "100000000000000000" } },
    ["message_reference: MESSAGE_REFERENCE_UNKNOWN_MESSAGE"],
  ],
])("a message is refused: %s", async (_why, body, wrong) => {
  const { infra, rest } = await world({ permissions: ["VIEW_CHANNEL", "SEND_MESSAGES", "EMBED_LINKS", "READ_MESSAGE_HISTORY"] })
  expect(await wrongWith(rest.post(Routes.channelMessages(infra.id), { body }))).toEqual(wrong)
  expect(infra.messages).toEqual([])
})

test("what just fits is posted, and white space at both ends is not kept", async () => {
  const { infra, rest } = await world()
  const url = `https://a.example/${long(494)}`
  const body = { content: `  ${long(1_996)}  `, components: [row({ type: 2, style: 5, label: long(80), url })] }
  expect(await said(rest.post(Routes.channelMessages(infra.id), { body }))).toBe("ok")
  const parts = [
    { type: 17, components: [{ type: 10, content: long(3_999) }] },
    { type: 10, content: "x" },
  ]
  expect(await said(rest.post(Routes.channelMessages(infra.id), { body: { flags: v2, components: parts } }))).toBe("ok")
  expect(infra.messages.map((m) => m.content.length)).toEqual([1_996, 0])
})

test("an empty message, and one of a new style that is too many bytes, are refused as the real one does", async () => {
  const { infra, rest } = await world()
  const post = (body: object) => said(rest.post(Routes.channelMessages(infra.id), { body }))
  expect(await post({ content: "   " })).toBe(50006)
  expect(await post({ flags: v2, components: [{ type: 10, content: "鍵".repeat(3_500) }] })).toBe("HTTP 500")
})

test("everyone who is named is called unless the bot says no; inside code nobody is", async () => {
  const { discord, acme, ann, bo, infra, rest } = await world({ permissions: ["VIEW_CHANNEL", "SEND_MESSAGES", "MENTION_EVERYONE"] })
  const crew = discord.role(acme, { name: "crew" })
  discord.gives(acme, crew, bo)
  const content = `<@${ann.id}> <@&${crew.id}> @everyone`
  const post = (body: object) => rest.post(Routes.channelMessages(infra.id), { body })
  await post({ content })
  expect(infra.messages[0]?.pings).toEqual({ users: [ann.id], roles: [crew.id], everyone: true })
  await post({ content, allowed_mentions: { parse: [] } })
  await post({ content: `\`<@${ann.id}>\`` })
  await post({ content: `<@${ann.id}>`, flags: MessageFlags.SuppressNotifications })
  expect(ann.notifications).toEqual([infra.messages[0]])
  expect(bo.notifications).toEqual([infra.messages[0]])
})

test("the same nonce gives the first message back for some minutes, and nothing at all when that is deleted", async () => {
  const { discord, infra, rest } = await world()
  const post = (enforce = true) =>
    rest.post(Routes.channelMessages(infra.id), { body: { content: "once", nonce: "n1", enforce_nonce: enforce } }) as Promise<{
      id: string
      nonce?: string
    }>
  const first = await post()
  expect(await post()).toEqual(first)
  expect(first.nonce).toBe("n1")
  expect(infra.messages).toHaveLength(1)
  const read = (await rest.get(Routes.channelMessage(infra.id, first.id))) as object
  expect(read).not.toHaveProperty("nonce")
  await rest.delete(Routes.channelMessage(infra.id, first.id))
  expect(await said(post())).toBe(10008)
  await discord.tick(5 * 60_000 + 1)
  expect(await said(post())).toBe("ok")
  await post(false)
  expect(infra.messages).toHaveLength(2)
})

test.each(["before-reply", "after-reply"] as const)("a bot hears of its own message %s, with its nonce", async (ownEvents) => {
  const { discord, app, infra } = await world({ discord: { ownEvents } })
  const bot = await client(discord, app)
  const order: string[] = []
  bot.on(Events.MessageCreate, (m) => order.push(`event ${m.nonce}`))
  const channel = await bot.channels.fetch(infra.id)
  if (channel?.isSendable() !== true) throw new Error("no channel")
  await channel.send({ content: "a", nonce: "n1", enforceNonce: true })
  order.push("reply")
  await discord.quiet()
  expect(order.toSorted()).toEqual(["event n1", "reply"])
  if (ownEvents === "before-reply") expect(order).toEqual(["event n1", "reply"])
})

test("only its own messages does a bot edit; a moderator may take previews away and delete", async () => {
  const { discord, app, acme, ann, mo, infra, rest } = await world()
  const theirs = ann.says(infra, "mine")
  const own = (await rest.post(Routes.channelMessages(infra.id), { body: { content: "see https://a.example" } })) as { id: string }
  expect(await said(rest.patch(Routes.channelMessage(infra.id, theirs.id), { body: { content: "x" } }))).toBe(50005)
  expect(await said(rest.patch(Routes.channelMessage(infra.id, theirs.id), { body: { flags: 4 } }))).toBe(50013)
  expect(await said(rest.delete(Routes.channelMessage(infra.id, theirs.id)))).toBe(50013)
  expect(await said(rest.patch(Routes.channelMessage(infra.id, own.id), { body: { content: "y" } }))).toBe("ok")
  expect(await said(rest.patch(Routes.channelMessage(infra.id, own.id), { body: { content: "" } }))).toBe(50006)
  const [, message] = infra.messages
  expect(message).toMatchObject({ content: "y", unfurled: true })
  if (message === undefined) throw new Error("no message")
  mo.suppressesEmbeds(message)
  expect(message.flags & 4).toBe(4)
  expect(() => ann.deletes(message)).toThrow(/moderator/)
  discord.install(app, acme, ["VIEW_CHANNEL", "MANAGE_MESSAGES"])
  expect(await said(rest.delete(Routes.channelMessage(infra.id, theirs.id)))).toBe("ok")
})

test("messages of more than an hour are edited only so often", async () => {
  const { discord, infra, rest } = await world({ discord: { oldEditsPerHour: 1 } })
  const own = (await rest.post(Routes.channelMessages(infra.id), { body: { content: "a" } })) as { id: string }
  const edit = () => rest.patch(Routes.channelMessage(infra.id, own.id), { body: { content: "b" } })
  await edit()
  await discord.tick(60 * 60_000)
  expect(await said(edit())).toBe("ok")
  rest.options.rejectOnRateLimit = () => true
  expect(await said(edit())).toMatch(/^RateLimitError/)
})

test("reading pages newest first, before, after and around", async () => {
  const { ann, infra, rest } = await world({ privileged: ["content"] })
  const ids = Array.from({ length: 7 }, (_, n) => ann.says(infra, `m${n}`).id)
  const page = async (query: Record<string, string>) =>
    ((await rest.get(Routes.channelMessages(infra.id), { query: new URLSearchParams(query) })) as { content: string }[])
      .map((m) => m.content)
      .join(" ")
  expect(await page({ limit: "2" })).toBe("m6 m5")
  expect(await page({ limit: "2", before: ids[5] ?? "" })).toBe("m4 m3")
  expect(await page({ limit: "2", after: ids[1] ?? "" })).toBe("m3 m2")
  expect(await page({ limit: "3", around: ids[3] ?? "" })).toBe("m4 m3 m2")
  expect(await wrongWith(page({ limit: "101" }))).toEqual(["limit: NUMBER_TYPE_MAX"])
  expect(await wrongWith(page({ before: ids[0] ?? "", after: ids[1] ?? "" }))).toEqual(["after: MUTUALLY_EXCLUSIVE"])
})

test("without the privileged intent, reading shows only what is the bot's or names it", async () => {
  const { discord, app, ann, infra, rest } = await world()
  ann.says(infra, "not for you")
  ann.mention(infra, "for you")
  const mine = (await rest.post(Routes.channelMessages(infra.id), { body: { content: "mine" } })) as { id: string }
  const own = infra.byId.get(mine.id)
  if (own === undefined) throw new Error("no message")
  ann.says(infra, "loud reply", { replyTo: own })
  ann.says(infra, "quiet reply", { replyTo: own, ping: "no ping" })
  const read = async () => ((await rest.get(Routes.channelMessages(infra.id))) as { content: string }[]).map((m) => m.content).toReversed()
  expect(await read()).toEqual(["", `<@${app.user.id}> for you`, "mine", "loud reply", ""])
  app.privileged.add("content")
  expect(await read()).toContain("not for you")
  expect(await said(rest.get(Routes.channelMessage(infra.id, "100000000000000000")))).toBe(10008)
  expect(discord.messages).toHaveLength(5)
})

test("a wrong token is 401, an unknown route 404, another version of the API none at all", async () => {
  const { discord, infra } = await world()
  const wrong = rest(discord, "wrong")
  expect(await said(wrong.get(Routes.channel(infra.id)))).toBe("HTTP 401")
  expect((await fetch(`${discord.url}/v9/gateway`)).status).toBe(404)
  expect((await fetch(`${discord.url}/v10/nowhere`)).status).toBe(404)
  expect((await fetch(`${discord.url}/v10/gateway/bot`, { method: "POST" })).status).toBe(405)
})
