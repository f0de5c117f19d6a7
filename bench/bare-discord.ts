// What Countersign in Discord is compared with: a bot on plain discord.js, written as its guide writes them. A message command, or a
// mention, becomes a card for one person; a click posts the answer and settles the card. No person is looked up, nothing is checked,
// nothing is kept. Of the two additions that can be asked for, `durable` keeps the steps of a walk in SQLite, with the same syncs of the disk
// as the ledger's, and `asks` makes the questions to Discord that Countersign asks, one after the other.
import {
  ActionRowBuilder,
  ApplicationCommandType,
  ButtonBuilder,
  ButtonStyle,
  Client,
  ContainerBuilder,
  Events,
  GatewayIntentBits,
  type Interaction,
  type Message,
  MessageFlags,
  Partials,
  Routes,
} from "discord.js"
import type { BareSettings } from "./discord-town.ts"
import { stepsIn } from "./steps.ts"

const o = JSON.parse(process.argv[2] ?? "{}") as BareSettings
const answer = "Make the new password valid beside the old one, move the readers, then the writers, then take the old password away."
const keep = stepsIn(o.durable)
const client = new Client({
  intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages],
  partials: [Partials.Channel],
  rest: { api: o.apiUrl, version: "10" },
})
const flags = MessageFlags.IsComponentsV2
const text = (words: string) => new ContainerBuilder().addTextDisplayComponents((t) => t.setContent(words))
function card(channel: string, message: string) {
  const post = new ButtonBuilder().setCustomId(`approve:${channel}:${message}`).setLabel("Post").setStyle(ButtonStyle.Primary)
  return { components: [text(answer).addActionRowComponents(new ActionRowBuilder<ButtonBuilder>().addComponents(post))], flags } as const
}
function steps(...names: readonly string[]): void {
  for (const name of names) keep(name)
}
const ask = (path: `/${string}`) => client.rest.get(path)
async function onMention(m: Message): Promise<void> {
  if (m.author.bot || client.user === null || !m.content.includes(`<@${client.user.id}>`)) return
  if (!o.asks) {
    steps("asked", "shown", "drafted")
    await m.author.send(card(m.channelId, m.id))
    return steps("shown")
  }
  await ask(Routes.channel(m.channelId))
  steps("asked")
  const sent = await m.author.send({ components: [text("Drafting.")], flags })
  steps("shown")
  await ask(Routes.channelMessages(m.channelId))
  steps("drafted")
  await sent.edit(card(m.channelId, m.id))
  steps("shown")
}
async function onInteraction(i: Interaction): Promise<void> {
  if (i.isMessageContextMenuCommand()) {
    await i.deferReply({ flags: MessageFlags.Ephemeral })
    if (o.asks) await ask(Routes.channel(i.channelId))
    steps("question", "asked")
    if (o.asks) await i.editReply({ components: [text("Drafting.")], flags })
    steps("shown")
    if (o.asks) await ask(Routes.channelMessages(i.channelId))
    steps("drafted")
    await i.editReply(card(i.channelId, i.targetId))
    steps("shown")
  } else if (i.isButton()) {
    const [, id = "", message = ""] = i.customId.split(":")
    await i.deferUpdate()
    steps("approved")
    // Who clicks in a server comes with the click, and is asked for once more before the post; in a direct message twice.
    for (let n = i.inGuild() ? 1 : 2; o.asks && n > 0; n -= 1) await ask(Routes.guildMember(client.guilds.cache.firstKey() ?? "", i.user.id))
    steps("begun")
    const channel = await client.channels.fetch(id)
    if (channel?.isSendable()) await channel.send({ content: answer, reply: { messageReference: message, failIfNotExists: false } })
    steps("posted")
    await i.editReply({ components: [text("Posted")], flags })
    steps("shown")
  }
}
client.on(Events.MessageCreate, (m) => void onMention(m))
client.on(Events.InteractionCreate, (i) => void onInteraction(i))
client.once(Events.ClientReady, async (ready) => {
  await ready.application.commands.set([{ type: ApplicationCommandType.Message, name: o.command }])
  process.stdout.write("{}\n")
})
process.once("SIGTERM", () => process.exit(0))
await client.login(o.token)
