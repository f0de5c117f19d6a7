// The local Discord, met with the real discord.js: a bot comes up, is called, answers in private and in public.
import { expect, test } from "@jest/globals"
import { ButtonStyle, ComponentType, Events, MessageFlags, Routes } from "discord.js"
import { client, commands, world } from "./fake-world.ts"

test("a bot comes up, knows its servers and channels, and hears a mention with its text", async () => {
  const { discord, app, ann, infra } = await world()
  const bot = await client(discord, app)
  const heard: unknown[] = []
  bot.on(Events.MessageCreate, (m) => heard.push([m.author.username, m.content, m.mentions.users.has(bot.user.id)]))
  ann.says(infra, "just talking")
  ann.mention(infra, "how do I rotate the key?")
  await discord.quiet()
  expect(bot.guilds.cache.map((g) => g.name)).toEqual(["Acme"])
  expect(bot.channels.cache.get(infra.id)?.isTextBased()).toBe(true)
  expect(heard).toEqual([
    ["ann", "", false],
    ["ann", `<@${app.user.id}> how do I rotate the key?`, true],
  ])
})

test("a message command brings the whole message, a private answer with a button, and a click a public message", async () => {
  const { discord, app, ann, bo, infra, rest } = await world()
  const bot = await client(discord, app)
  await rest.put(Routes.applicationCommands(app.id), { body: commands })
  bot.on(Events.InteractionCreate, async (i) => {
    if (i.isMessageContextMenuCommand()) {
      await i.deferReply({ flags: MessageFlags.Ephemeral })
      const button = { type: ComponentType.Button as const, style: ButtonStyle.Success as const, label: "Approve and post", custom_id: "approve" }
      await i.editReply({ content: `Draft for: ${i.targetMessage.content}`, components: [{ type: ComponentType.ActionRow, components: [button] }] })
    }
    if (i.isButton()) {
      await i.deferUpdate()
      await rest.post(Routes.channelMessages(i.channelId), { body: { content: "Rotate it so.", allowed_mentions: { parse: [] } } })
      await i.editReply({ content: "Posted.", components: [] })
    }
  })
  const question = ann.says(infra, "how do I rotate the key?")
  const answered = await ann.messageCommand("Draft an answer", question)
  expect(answered).toMatchObject({ outcome: "acknowledged", type: 5 })
  await discord.quiet()
  const [card] = ann.ephemeralsIn(infra)
  expect(card).toMatchObject({ content: "Draft for: how do I rotate the key?", flags: 64 })
  expect(bo.sees(infra)).toEqual([question])
  if (card === undefined) throw new Error("no card")
  await ann.clicks(card, "approve")
  await discord.quiet()
  expect(bo.sees(infra).map((m) => m.content)).toEqual(["how do I rotate the key?", "Rotate it so."])
  expect(card.content).toBe("Posted.")
  ann.reloads()
  expect(ann.sees(infra)).toHaveLength(2)
})

test("a bot writes to a person directly, and the person answers", async () => {
  const { discord, app, ann } = await world()
  const bot = await client(discord, app)
  const heard: string[] = []
  bot.on(Events.MessageCreate, (m) => {
    if (m.author.id !== bot.user.id) heard.push(m.content)
  })
  const user = await bot.users.fetch(ann.id)
  await user.send("A draft is ready for you")
  expect(ann.dm.map((m) => m.content)).toEqual(["A draft is ready for you"])
  expect(ann.notifications).toEqual(ann.dm)
  ann.tells("thank you")
  await discord.quiet()
  expect(heard).toEqual(["thank you"])
})
