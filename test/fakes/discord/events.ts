// What apps hear: who sees the place, who asked for such events, and with what of the text blanked.
import type { Core } from "./core.ts"
import { type Event, intent } from "./gateway/intents.ts"
import { type App, type Channel, type Fields, type Guild, isFields, type Message, type Role, type User } from "./state.ts"
import { channelOut, guildOut, hiddenOut, memberOut, memberWithUser, messageOut, roleOut, userOut } from "./wire.ts"

export type Whose = "own" | "others" | "all"
/** A message is an app's own when its bot wrote it. */
const concerned = (core: Core, message: Message, whose: Whose): readonly App[] => {
  if (message.ephemeralTo !== null) return message.app === null || whose === "others" ? [] : [message.app]
  return core.world.appsIn(message.channel).filter((a) => whose === "all" || (message.author === a.user) === (whose === "own"))
}
function messageEvent(core: Core, name: string, message: Message, whose: Whose, body: (app: App, content: boolean) => Fields): void {
  const { guild } = message.channel
  // An ephemeral message comes as if it were a direct one: no server in it, and only with the intent for direct messages.
  const direct = guild === null || message.ephemeralTo !== null
  for (const app of concerned(core, message, whose))
    core.gateway.dispatch(app, {
      name,
      guild: direct ? null : guild,
      intents: direct ? intent.DIRECT_MESSAGES : intent.GUILD_MESSAGES,
      body: (intents) => {
        const from = direct ? undefined : guild?.members.get(message.author.id)
        const where = direct ? {} : { guild_id: guild?.id }
        return {
          ...body(app, (intents & intent.MESSAGE_CONTENT) !== 0),
          ...where,
          ...(from === undefined || message.webhook !== null ? {} : { member: memberOut(from) }),
        }
      },
    })
}
/** Mentions come with the members that they name, where there is a server. */
function withMembers(message: Message, out: Fields): Fields {
  const { guild } = message.channel
  if (guild === null || message.ephemeralTo !== null || !Array.isArray(out["mentions"])) return out
  const mentions = out["mentions"].filter(isFields).map((u) => {
    const member = guild.members.get(String(u["id"]))
    return member === undefined ? u : { ...u, member: memberOut(member) }
  })
  return { ...out, mentions }
}
export function messageCreated(core: Core, message: Message, whose: Whose): void {
  messageEvent(core, "MESSAGE_CREATE", message, whose, (app, content) => withMembers(message, messageOut(message, app, content, { nonce: true })))
}
export function messageUpdated(core: Core, message: Message, whose: Whose): void {
  messageEvent(core, "MESSAGE_UPDATE", message, whose, (app, content) => withMembers(message, messageOut(message, app, content)))
}
export function messageDeleted(core: Core, message: Message, whose: Whose): void {
  const { guild } = message.channel
  const direct = guild === null || message.ephemeralTo !== null
  for (const app of concerned(core, message, whose))
    core.gateway.dispatch(app, {
      name: "MESSAGE_DELETE",
      guild: direct ? null : guild,
      intents: direct ? intent.DIRECT_MESSAGES : intent.GUILD_MESSAGES,
      body: () => ({ id: message.id, channel_id: message.channel.id, ...(direct ? {} : { guild_id: guild?.id }) }),
    })
}
export function reacted(core: Core, message: Message, user: User, name: string, how: "ADD" | "REMOVE"): void {
  const { guild } = message.channel
  const member = guild?.members.get(user.id)
  for (const app of core.world.appsIn(message.channel))
    core.gateway.dispatch(app, {
      name: `MESSAGE_REACTION_${how}`,
      guild,
      intents: guild === null ? intent.DIRECT_MESSAGE_REACTIONS : intent.GUILD_MESSAGE_REACTIONS,
      body: () => ({
        user_id: user.id,
        channel_id: message.channel.id,
        message_id: message.id,
        ...(guild === null ? {} : { guild_id: guild.id }),
        ...(how === "ADD" ? { message_author_id: message.author.id } : {}),
        ...(member === undefined || how === "REMOVE" ? {} : { member: memberWithUser(member) }),
        emoji: { id: null, name },
        burst: false,
        type: 0,
      }),
    })
}
const appsOf = (core: Core, guild: Guild): readonly App[] => [...core.world.apps.values()].filter((a) => guild.members.has(a.user.id))

function toGuild(core: Core, guild: Guild, event: Omit<Event, "guild">): void {
  for (const app of appsOf(core, guild)) core.gateway.dispatch(app, { ...event, guild })
}
/** A channel as this app is told of it. */
export const channelFor = (core: Core, channel: Channel, guild: Guild, app: App): Fields =>
  core.world.sees(channel, app.user) ? channelOut(channel) : hiddenOut(channel, guild)
/** CHANNEL_ and THREAD_ events; a thread is told of as a thread, and only to those who see it. */
export function channelEvent(core: Core, channel: Channel, what: "CREATE" | "UPDATE" | "DELETE"): void {
  const { guild, thread } = channel
  if (guild === null) return
  const more = thread !== null && what === "CREATE" ? { newly_created: true } : {}
  const name = `${thread === null ? "CHANNEL" : "THREAD"}_${what}`
  for (const app of thread === null ? appsOf(core, guild) : core.world.appsIn(channel))
    core.gateway.dispatch(app, { name, guild, intents: intent.GUILDS, body: () => ({ ...channelFor(core, channel, guild, app), ...more }) })
}
/** What a bot sees of a server's channels may change with its roles: it is told of each channel that came or went. */
export function whileSeen(core: Core, guild: Guild, change: () => void): void {
  const look = () =>
    appsOf(core, guild).flatMap((app) => core.world.channelsOf(guild).map((channel) => ({ app, channel, seen: core.world.sees(channel, app.user) })))
  const before = look()
  change()
  for (const { app, channel, seen } of look())
    if (before.find((b) => b.app === app && b.channel === channel)?.seen !== seen)
      core.gateway.dispatch(app, { name: "CHANNEL_UPDATE", guild, intents: intent.GUILDS, body: () => channelFor(core, channel, guild, app) })
}
export function guildUpdated(core: Core, guild: Guild): void {
  toGuild(core, guild, { name: "GUILD_UPDATE", intents: intent.GUILDS, body: () => guildOut(guild) })
}
export function roleUpdated(core: Core, guild: Guild, role: Role): void {
  toGuild(core, guild, { name: "GUILD_ROLE_UPDATE", intents: intent.GUILDS, body: () => ({ guild_id: guild.id, role: roleOut(role, guild) }) })
}
/** Only with the privileged intent, except that a bot hears of changes to itself. */
export function memberEvent(core: Core, guild: Guild, user: User, what: "ADD" | "UPDATE" | "REMOVE"): void {
  const member = guild.members.get(user.id)
  const body = { guild_id: guild.id, ...(member === undefined ? { user: userOut(user) } : memberWithUser(member)) }
  for (const app of appsOf(core, guild))
    core.gateway.dispatch(app, {
      name: `GUILD_MEMBER_${what}`,
      guild,
      intents: app.user === user && what === "UPDATE" ? intent.GUILDS | intent.GUILD_MEMBERS : intent.GUILD_MEMBERS,
      body: () => body,
    })
}
/** What a bot gets when it comes into a server, or connects. */
export function guildCreate(core: Core, app: App, guild: Guild): Event {
  const own = guild.members.get(app.user.id)
  const visible = core.world.threadsOf(guild).filter((t) => t.thread?.archived === false && core.world.appsIn(t).includes(app))
  return {
    name: "GUILD_CREATE",
    guild,
    intents: intent.GUILDS,
    body: () => ({
      ...guildOut(guild),
      joined_at: new Date(own?.joinedAt ?? 0).toISOString(),
      large: false,
      unavailable: false,
      member_count: guild.members.size,
      members: own === undefined ? [] : [memberWithUser(own)],
      channels: core.world.channelsOf(guild).map((c) => channelFor(core, c, guild, app)),
      threads: visible.map(channelOut),
      voice_states: [],
      presences: [],
      stage_instances: [],
      guild_scheduled_events: [],
      soundboard_sounds: [],
    }),
  }
}
/** `unavailable`: still in it, but Discord has trouble. Somebody who is thrown out is told without that word. */
export function guildGone(core: Core, app: App, guild: Guild, why: "left" | "unavailable"): void {
  const body = { id: guild.id, ...(why === "unavailable" ? { unavailable: true } : {}) }
  core.gateway.dispatch(app, { name: "GUILD_DELETE", guild, intents: intent.GUILDS, body: () => body })
}
/** The trouble of a server begins or is over, for every bot in it. */
export function outage(core: Core, guild: Guild, how: "begins" | "ends"): void {
  guild.outage = how === "begins"
  for (const app of appsOf(core, guild))
    if (how === "begins") guildGone(core, app, guild, "unavailable")
    else core.gateway.dispatch(app, guildCreate(core, app, guild))
}
