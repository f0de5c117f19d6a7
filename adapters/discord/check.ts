// Looks at Discord as the server would, and says in words what is missing. Opens no database, connects to no gateway, posts nothing.
import { ApplicationFlagsBitField, ChannelType, PermissionFlagsBits, type REST, Routes } from "discord.js"
import { z } from "zod"
import type { Clock, Log } from "../../src/core/ports.ts"
import { budget } from "./budget.ts"
import { closeClients, discordsOwnApi, restClients } from "./clients.ts"
import { nameOfFault } from "./faults.ts"
import { workspaceOf } from "./ids.ts"
import type { DiscordOptions } from "./index.ts"
import { inviteLink, neededBits } from "./invite.ts"
import { memberShape } from "./members.ts"
import { has, permissionsOf } from "./permissions.ts"
import { channelShape, type Guild, rooms } from "./rooms.ts"

export interface Checked {
  /** What was found to be well. */
  readonly seen: readonly string[]
  /** What is missing, with its cure. */
  readonly problems: readonly string[]
  /** Adds the bot to a server; null when the token is not accepted. */
  readonly invite: string | null
}
const appShape = z.looseObject({ id: z.string(), name: z.string(), flags: z.number().default(0), bot_public: z.boolean().default(false) })
const guildsShape = z.array(z.looseObject({ id: z.string(), name: z.string() }))
const mostGuilds = 20
const { GatewayMessageContent, GatewayMessageContentLimited } = ApplicationFlagsBitField.Flags

export async function check(o: Pick<DiscordOptions, "token" | "apiUrl" | "messageContent">, clock: Clock, log: Log): Promise<Checked> {
  const clients = restClients({ token: o.token, api: o.apiUrl ?? discordsOwnApi, budget: budget(clock, log) })
  const seen: string[] = []
  const problems: string[] = []
  try {
    const app = appShape.parse(await clients.control.get(Routes.currentApplication()))
    seen.push(`DISCORD_TOKEN speaks for the app ${app.name} (${app.id}).`)
    checkContent(o.messageContent, app.flags, seen, problems)
    if (app.bot_public)
      seen.push("Anybody may add the app to a server of theirs, and ask what your documents say. Switch off Public Bot under Bot to prevent it.")
    await checkGuilds(clients.control, clock, seen, problems)
    return { seen, problems, invite: inviteLink(app.id) }
  } catch (fault) {
    problems.push(
      ["discord-0", "discord-token-dead"].includes(nameOfFault(fault))
        ? "Discord does not accept DISCORD_TOKEN. Make a new one in the developer portal under Bot, Reset Token, and set it."
        : `Discord could not be asked (${nameOfFault(fault)}). Check the network, and DISCORD_API_URL if it is set.`,
    )
    return { seen, problems, invite: null }
  } finally {
    closeClients(clients)
  }
}
function checkContent(wanted: "on" | "off", flags: number, seen: string[], problems: string[]): void {
  const granted = (flags & (GatewayMessageContent | GatewayMessageContentLimited)) !== 0
  if (wanted === "off") seen.push("Questions are read alone: without DISCORD_MESSAGE_CONTENT the words around them are not given out.")
  else if (granted) seen.push("Questions are read with the words around them: the message content intent is on.")
  else
    problems.push(
      "DISCORD_MESSAGE_CONTENT is on, but the app may not read messages. Switch on Message Content Intent in the developer portal under Bot, or remove the variable.",
    )
}

async function checkGuilds(rest: REST, clock: Clock, seen: string[], problems: string[]): Promise<void> {
  const all = guildsShape.parse(await rest.get(Routes.userGuilds()))
  if (all.length === 0) problems.push("The bot is in no server. Open the link that countersign discord invite prints, and pick one.")
  const bot = z.looseObject({ id: z.string() }).parse(await rest.get(Routes.user())).id
  const known = rooms(rest, clock)
  for (const { id } of all.slice(0, mostGuilds)) {
    const guild = await known.guild(workspaceOf(id), "now")
    if (guild !== null) await checkGuild(rest, guild, bot, seen, problems)
  }
  if (all.length > mostGuilds) seen.push(`It is in ${all.length - mostGuilds} more servers, which were not looked at.`)
}
async function checkGuild(rest: REST, guild: Guild, bot: string, seen: string[], problems: string[]): Promise<void> {
  const me = memberShape.parse(await rest.get(Routes.guildMember(guild.id, bot)))
  const channels = z.array(channelShape).parse(await rest.get(Routes.guildChannels(guild.id)))
  const base = { id: guild.id, owner: guild.owner_id, roles: guild.roles }
  const may = (overwrites: z.infer<typeof channelShape>["permission_overwrites"]) =>
    permissionsOf({ guild: base, overwrites }, { userId: bot, roles: me.roles })
  if (has(may([]), PermissionFlagsBits.Administrator))
    problems.push(
      `In ${guild.name} the bot is an administrator. It needs far less: remove that from its role; countersign discord invite has the least.`,
    )
  const talks = channels.filter(
    (c) => c.type === ChannelType.GuildText || c.type === ChannelType.GuildAnnouncement || c.type === ChannelType.GuildForum,
  )
  const open = talks.filter((c) => neededBits.every(({ bit }) => has(may(c.permission_overwrites), bit)))
  const lacking = neededBits.filter(({ bit }) => !has(may([]), bit)).map(({ name }) => name)
  if (open.length > 0) seen.push(`In ${guild.name} (${workspaceOf(guild.id)}) it can answer in ${open.length} of ${talks.length} channels.`)
  else
    problems.push(
      `In ${guild.name} it can answer in no channel. ${lacking.length > 0 ? `It lacks ${lacking.join(", ")}: open the link of countersign discord invite again.` : "Add it to a channel that it should answer in."}`,
    )
}
