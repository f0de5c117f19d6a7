// Who sees and may do what on the local Discord: roles, overwrites, threads, forums, direct messages.
import { expect, test } from "@jest/globals"
import { ChannelType, Events, GatewayIntentBits, Routes } from "discord.js"
import { client, plainIntents, said, world, wrongWith } from "./fake-world.ts"

const none = "100000000000000000"

test("permissions are computed over roles and overwrites, for every call", async () => {
  const { discord, acme, app, infra, rest } = await world()
  const post = (id = infra.id) => said(rest.post(Routes.channelMessages(id), { body: { content: "a" } }))
  expect(await post()).toBe("ok")
  discord.overwrites(infra, { for: acme, deny: ["SEND_MESSAGES"] })
  expect(await post()).toBe(50013)
  discord.overwrites(infra, { for: app.user, allow: ["SEND_MESSAGES"] })
  expect(await post()).toBe("ok")
  discord.overwrites(infra, { for: app.user, deny: ["VIEW_CHANNEL"] })
  expect(await post()).toBe(50001)
  expect(await post(none)).toBe(10003)
  const boss = discord.role(acme, { name: "boss", permissions: ["ADMINISTRATOR"] })
  discord.gives(acme, boss, discord.actor(app))
  expect(await post()).toBe("ok")
  expect(infra.messages).toHaveLength(3)
})

test("embeds want a permission of their own, a reply wants to read", async () => {
  const { discord, acme, ann, infra, rest } = await world({ permissions: [] })
  const everyone = acme.roles.get(acme.id)
  if (everyone === undefined) throw new Error("no everyone")
  discord.permits(acme, everyone, ["VIEW_CHANNEL", "SEND_MESSAGES"])
  const first = ann.says(infra, "how?")
  const post = (body: object) => said(rest.post(Routes.channelMessages(infra.id), { body }))
  expect(await post({ embeds: [{ title: "t" }] })).toBe(50013)
  expect(await post({ content: "a", message_reference: { message_id: first.id } })).toBe(160002)
  expect(await rest.get(Routes.channelMessages(infra.id))).toEqual([])
  expect(await said(rest.get(Routes.channelMessage(infra.id, first.id)))).toBe(50013)
})

test("a voice channel has words, for those who may enter it", async () => {
  const { discord, app, acme, bo, rest } = await world()
  const voice = discord.channel(acme, { name: "standup", kind: "voice" })
  const first = bo.says(voice, "how?")
  const ways = () =>
    Promise.all([
      said(rest.post(Routes.channelMessages(voice.id), { body: { content: "a" } })),
      said(rest.get(Routes.channelMessages(voice.id))),
      said(rest.get(Routes.channelMessage(voice.id, first.id))),
    ])
  expect(await ways()).toEqual(["ok", "ok", "ok"])
  discord.overwrites(voice, { for: app.user, deny: ["CONNECT"] })
  expect(await ways()).toEqual([50001, 50001, 50001])
})

test("what a bot may not view is hidden on the gateway and left out over HTTP, until it may", async () => {
  const { discord, app, acme, infra, rest } = await world()
  const secret = discord.channel(acme, { name: "secret", overwrites: [{ for: acme, deny: ["VIEW_CHANNEL"] }] })
  const bot = await client(discord, app)
  const named = () => bot.channels.cache.get(secret.id)?.toString() && (bot.guilds.cache.get(acme.id)?.channels.cache.get(secret.id)?.name ?? null)
  expect(named()).toBe("___hidden___")
  const list = async () => ((await rest.get(Routes.guildChannels(acme.id))) as { id: string }[]).map((c) => c.id)
  expect(await list()).toEqual([infra.id])
  expect(await said(rest.get(Routes.channel(secret.id)))).toBe(50001)
  discord.overwrites(secret, { for: app.user, allow: ["VIEW_CHANNEL"] })
  await discord.quiet()
  expect(named()).toBe("secret")
  expect(await list()).toEqual([infra.id, secret.id])
})

test("a server that the bot left, or never was in, does not exist for it", async () => {
  const { discord, app, acme, rest } = await world()
  const other = discord.guild({ name: "Other" })
  expect(await said(rest.get(Routes.guild(other.id)))).toBe(10004)
  discord.kicks(app, acme)
  expect(await said(rest.get(Routes.guild(acme.id)))).toBe(10004)
})

test("members are looked up one by one; the list is what the privileged intent guards", async () => {
  const { discord, app, acme, ann, rest } = await world()
  expect(await rest.get(Routes.guildMember(acme.id, ann.id))).toMatchObject({ user: { id: ann.id }, roles: [] })
  expect(await said(rest.get(Routes.guildMember(acme.id, discord.person({ name: "eve" }).id)))).toBe(10007)
  expect(await said(rest.get(Routes.guildMember(acme.id, none)))).toBe(10013)
  expect(await said(rest.get(Routes.guildMembers(acme.id)))).toBe(50001)
  app.privileged.add("members")
  expect(await rest.get(Routes.guildMembers(acme.id), { query: new URLSearchParams({ limit: "10" }) })).toHaveLength(4)
})

test("over the gateway, some members by id come to every bot; news of members only with the privileged intent", async () => {
  const { discord, app, acme, ann, bo } = await world({ privileged: ["members"] })
  const bots = [await client(discord, app), await client(discord, app, { intents: [...plainIntents, GatewayIntentBits.GuildMembers] })]
  const left: string[] = []
  for (const [at, bot] of bots.entries()) bot.ws.on("GUILD_MEMBER_REMOVE" as never, (m: { user: { id: string } }) => left.push(`${at} ${m.user.id}`))
  const found = await bots[0]?.guilds.cache.get(acme.id)?.members.fetch({ user: [ann.id, bo.id] })
  expect([...(found?.keys() ?? [])].toSorted()).toEqual([ann.id, bo.id].toSorted())
  ann.leaves(acme)
  await discord.quiet()
  expect(left).toEqual([`1 ${ann.id}`])
})

test("direct messages: closed ones are refused, and so is whom the bot shares no server with", async () => {
  const { discord, acme, ann, rest } = await world()
  const open = async (id: string) => ((await rest.post(Routes.userChannels(), { body: { recipient_id: id } })) as { id: string; type: number }).id
  const dm = await open(ann.id)
  expect(await open(ann.id)).toBe(dm)
  const post = (id = dm) => said(rest.post(Routes.channelMessages(id), { body: { content: "a" } }))
  expect(await post()).toBe("ok")
  ann.closesDms()
  expect(await post()).toBe(50007)
  ann.opensDms()
  ann.leaves(acme)
  expect(await post()).toBe(50278)
  expect(await post(await open(discord.person({ name: "eve" }).id))).toBe(50278)
  expect(await said(open(none))).toBe(10013)
  expect(ann.dm).toHaveLength(1)
})

test("a thread on a message: once, with the message's id; sending wakes it up, a lock does not open", async () => {
  const { discord, app, acme, ann, infra, rest } = await world()
  const question = ann.says(infra, "how?")
  const start = () => rest.post(Routes.threads(infra.id, question.id), { body: { name: "how" } }) as Promise<{ id: string }>
  expect(await said(start())).toBe("ok")
  expect(await said(start())).toBe(160004)
  const thread = ann.startsThread(infra, "another")
  const post = () => rest.post(Routes.channelMessages(thread.id), { body: { content: "a" } }) as Promise<{ id: string }>
  const { id } = await post()
  discord.archives(thread)
  expect(await said(rest.patch(Routes.channelMessage(thread.id, id), { body: { content: "b" } }))).toBe(50083)
  expect(await said(rest.delete(Routes.channelMessage(thread.id, id)))).toBe(50083)
  expect(await said(rest.patch(Routes.channel(thread.id), { body: { archived: false } }))).toBe("ok")
  expect(await said(rest.patch(Routes.channelMessage(thread.id, id), { body: { content: "b" } }))).toBe("ok")
  expect(await said(rest.patch(Routes.channel(thread.id), { body: { archived: true } }))).toBe(50013)
  const notIn = ann.startsThread(infra, "without us")
  discord.archives(notIn)
  expect(await said(rest.patch(Routes.channel(notIn.id), { body: { archived: false } }))).toBe(50013)
  discord.archives(thread)
  expect(await said(post())).toBe("ok")
  expect(thread.thread?.archived).toBe(false)
  discord.archives(thread, "locked")
  expect(await said(post())).toBe(50083)
  expect(await said(rest.patch(Routes.channel(thread.id), { body: { archived: false } }))).toBe(50013)
  if (thread.thread !== null) thread.thread.archived = false
  expect(await said(post())).toBe(160005)
  discord.install(app, acme, ["VIEW_CHANNEL", "SEND_MESSAGES_IN_THREADS", "MANAGE_THREADS"])
  expect(await said(post())).toBe("ok")
})

test("a private thread is there for those who are in it", async () => {
  const { discord, app, ann, bo, infra, rest } = await world()
  const bot = await client(discord, app)
  const heard: string[] = []
  bot.on(Events.MessageCreate, (m) => void heard.push(m.channelId))
  const thread = ann.startsThread(infra, "between us", { private: "private" })
  ann.says(thread, "psst")
  expect(() => bo.sees(thread)).toThrow(/cannot see/)
  expect(await said(rest.get(Routes.channelMessages(thread.id)))).toBe(50001)
  ann.brings(app.user, thread)
  expect(await said(rest.get(Routes.channelMessages(thread.id)))).toBe("ok")
  await discord.quiet()
  expect(heard).toEqual([])
  expect(bot.channels.cache.has(thread.id)).toBe(true)
  expect(await said(rest.put(Routes.threadMembers(thread.id, bo.id)))).toBe("ok")
  expect(bo.sees(thread)).toHaveLength(1)
})

test("a forum has posts only; where a tag is wanted, one is needed, and a moderated one is not for everybody", async () => {
  const { discord, acme, ann, rest } = await world()
  const forum = discord.channel(acme, { name: "help", kind: "forum", tags: ["question", { name: "answered", moderated: true }], requireTag: true })
  const [question, answered] = forum.tags
  const post = (tags: readonly (string | undefined)[]) =>
    rest.post(Routes.threads(forum.id), { body: { name: "n", message: { content: "c" }, applied_tags: tags } })
  expect(await said(rest.post(Routes.channelMessages(forum.id), { body: { content: "a" } }))).toBe(50008)
  expect(await said(post([]))).toBe(40067)
  expect(await said(post([answered?.id]))).toBe(50013)
  expect(await wrongWith(post([none]))).toEqual(["applied_tags.0: FORUM_TAG_UNKNOWN"])
  expect(await post([question?.id])).toMatchObject({ type: ChannelType.PublicThread, applied_tags: [question?.id], message: { content: "c" } })
  expect(() => ann.posts(forum, "t", "how?")).toThrow(/tag/)
  const thread = ann.posts(forum, "t", "how?", ["question"])
  expect(thread.messages[0]).toMatchObject({ id: thread.id, content: "how?" })
  expect(() => ann.says(forum, "here?")).toThrow(/nobody writes/)
  expect(await said(rest.post(Routes.channelMessages(thread.id), { body: { content: "so" } }))).toBe("ok")
})

test("a deleted channel is unknown, and its events come", async () => {
  const { discord, app, infra, rest } = await world()
  const bot = await client(discord, app)
  discord.removes(infra)
  await discord.quiet()
  expect(bot.channels.cache.has(infra.id)).toBe(false)
  expect(await said(rest.post(Routes.channelMessages(infra.id), { body: { content: "a" } }))).toBe(10003)
})

test("a webhook and another bot are told apart from people", async () => {
  const { discord, app, acme, infra } = await world({ privileged: ["content"] })
  const other = discord.app({ name: "Other" })
  discord.install(other, acme, ["VIEW_CHANNEL", "SEND_MESSAGES"])
  const bot = await client(discord, app)
  const heard: unknown[] = []
  bot.on(Events.MessageCreate, (m) => heard.push([m.author.bot, m.webhookId, m.applicationId]))
  const hook = discord.webhook(infra, "CI")
  hook.says("built")
  discord.actor(other).says(infra, "hello")
  await discord.quiet()
  expect(heard).toEqual([
    [true, hook.id, null],
    [true, null, other.id],
  ])
})

test("reactions name who reacted", async () => {
  const { ann, bo, infra, rest } = await world()
  const question = ann.says(infra, "how?")
  bo.reacts(question, "👀")
  expect(await rest.get(Routes.channelMessageReaction(infra.id, question.id, encodeURIComponent("👀")))).toMatchObject([{ id: bo.id }])
})
