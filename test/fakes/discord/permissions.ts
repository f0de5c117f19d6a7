// Who may do what where: the algorithm of Discord's page on permissions, with the implicit ones, for channels and threads.
import type { Channel, Guild, User } from "./state.ts"

export const permission = {
  KICK_MEMBERS: 1n << 1n,
  ADMINISTRATOR: 1n << 3n,
  MANAGE_CHANNELS: 1n << 4n,
  MANAGE_GUILD: 1n << 5n,
  ADD_REACTIONS: 1n << 6n,
  VIEW_CHANNEL: 1n << 10n,
  SEND_MESSAGES: 1n << 11n,
  MANAGE_MESSAGES: 1n << 13n,
  EMBED_LINKS: 1n << 14n,
  ATTACH_FILES: 1n << 15n,
  READ_MESSAGE_HISTORY: 1n << 16n,
  MENTION_EVERYONE: 1n << 17n,
  CONNECT: 1n << 20n,
  MANAGE_ROLES: 1n << 28n,
  MANAGE_WEBHOOKS: 1n << 29n,
  USE_APPLICATION_COMMANDS: 1n << 31n,
  MANAGE_THREADS: 1n << 34n,
  CREATE_PUBLIC_THREADS: 1n << 35n,
  CREATE_PRIVATE_THREADS: 1n << 36n,
  SEND_MESSAGES_IN_THREADS: 1n << 38n,
  USE_EXTERNAL_APPS: 1n << 50n,
} as const
export type Permission = keyof typeof permission
export const bits = (names: readonly Permission[]): bigint => names.reduce((sum, name) => sum | permission[name], 0n)

const everything = (1n << 53n) - 1n
/** What a fresh server gives everyone. */
export const usual = bits([
  ...(["VIEW_CHANNEL", "SEND_MESSAGES", "EMBED_LINKS", "ATTACH_FILES", "READ_MESSAGE_HISTORY", "ADD_REACTIONS"] as const),
  ...([
    "CONNECT",
    "USE_APPLICATION_COMMANDS",
    "CREATE_PUBLIC_THREADS",
    "CREATE_PRIVATE_THREADS",
    "SEND_MESSAGES_IN_THREADS",
    "USE_EXTERNAL_APPS",
  ] as const),
])
/** In a direct conversation there are no roles. */
const inDirect = bits(["VIEW_CHANNEL", "SEND_MESSAGES", "EMBED_LINKS", "ATTACH_FILES", "READ_MESSAGE_HISTORY", "ADD_REACTIONS"])

export function inGuild(guild: Guild, user: User): bigint {
  const member = guild.members.get(user.id)
  if (member === undefined) return 0n
  if (guild.owner === user.id) return everything
  let held = guild.roles.get(guild.id)?.permissions ?? 0n
  for (const role of member.roles) held |= guild.roles.get(role)?.permissions ?? 0n
  return (held & permission.ADMINISTRATOR) === 0n ? held : everything
}
export function permissionsIn(channel: Channel, user: User): bigint {
  const { guild } = channel
  if (guild === null) return channel.recipients.includes(user) ? inDirect : 0n
  const base = inGuild(guild, user)
  const member = guild.members.get(user.id)
  if (member === undefined || base === everything) return base
  const held = overwritten(base, channel.thread === null ? channel : (channel.parent ?? channel), guild, user, member.roles)
  if ((held & permission.VIEW_CHANNEL) === 0n) return 0n
  const { thread } = channel
  if (thread === null) return held & permission.SEND_MESSAGES ? held : held & ~bits(["MENTION_EVERYONE", "ATTACH_FILES", "EMBED_LINKS"])
  const invited = thread.members.has(user.id) || (held & permission.MANAGE_THREADS) !== 0n
  return channel.kind === "privateThread" && !invited ? 0n : held
}
function overwritten(base: bigint, channel: Channel, guild: Guild, user: User, roles: ReadonlySet<string>): bigint {
  const everyone = channel.overwrites.get(guild.id)
  let held = everyone === undefined ? base : (base & ~everyone.deny) | everyone.allow
  let [allow, deny] = [0n, 0n]
  for (const role of roles) {
    allow |= channel.overwrites.get(role)?.allow ?? 0n
    deny |= channel.overwrites.get(role)?.deny ?? 0n
  }
  held = (held & ~deny) | allow
  const own = channel.overwrites.get(user.id)
  return own === undefined ? held : (held & ~own.deny) | own.allow
}
export const may = (channel: Channel, user: User, name: Permission): boolean => (permissionsIn(channel, user) & permission[name]) !== 0n
export const maySee = (channel: Channel, user: User): boolean => may(channel, user, "VIEW_CHANNEL")
