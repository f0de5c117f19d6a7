// Who can read a place, by roles and overwrites. What is open to people who are not there yet counts as the internet.
import { ChannelType, PermissionFlagsBits } from "discord.js"
import type { Audience } from "../../src/core/domain.ts"
import { has, type Overwrite, permissionsOf, type Role } from "./permissions.ts"
import type { Channel, Guild, Room } from "./rooms.ts"

const view = PermissionFlagsBits.ViewChannel

export function audienceOf(guild: Guild, room: Room): Audience {
  const name = `#${room.channel.name ?? room.channel.id}`
  const where = room.thread === null ? name : `this thread in ${name}`
  const title = room.thread?.name ?? null
  if (room.thread?.type === ChannelType.PrivateThread)
    return {
      scope: "group",
      where: `${where} (private)`,
      title,
      who: "the people in this private thread, and those who manage threads",
      people: null,
    }
  const base = { guild: { id: guild.id, owner: guild.owner_id, roles: guild.roles }, overwrites: room.channel.permission_overwrites }
  const people = guild.approximate_member_count ?? null
  if (!has(permissionsOf(base, { userId: "", roles: [] }), view)) {
    const overwrites = room.channel.permission_overwrites
    const roles = rolesIn(guild, overwrites)
    const who = some(guild, overwrites, roles.length)
    return { scope: "group", where: `${where} (${who})`, title, who, people: null, groups: roles.map((r) => r.id) }
  }
  // A server that anybody can look at or join is read by more people than are in it now.
  if (isOpen(guild)) return { scope: "internet", where, title, who: "everyone, also outside this server: anybody can join it", people: null }
  if (announces(room.channel))
    return {
      scope: "shared",
      where,
      title,
      who: "everyone in this server, and other servers that follow this channel if somebody publishes it",
      people,
    }
  return { scope: "members", where, title, who: "everyone in this server", people }
}
const announces = (c: Channel) => c.type === ChannelType.GuildAnnouncement

function isOpen(guild: Guild): boolean {
  const vanity = (guild.vanity_url_code ?? "") !== ""
  const widget = guild.widget_enabled === true && (guild.widget_channel_id ?? "") !== ""
  return vanity || widget || guild.features.includes("DISCOVERABLE") || guild.features.includes("PREVIEW_ENABLED")
}
/** The roles whose members see it; not those of bots. */
function rolesIn(guild: Guild, overwrites: readonly Overwrite[]): readonly Role[] {
  const base = { guild: { id: guild.id, owner: guild.owner_id, roles: guild.roles }, overwrites }
  return guild.roles.filter(
    (role) => role.id !== guild.id && role.tags?.bot_id === undefined && has(permissionsOf(base, { userId: "", roles: [role.id] }), view),
  )
}
/** "members of 3 roles and 2 people". */
function some(guild: Guild, overwrites: readonly Overwrite[], roles: number): string {
  const bots = guild.roles.flatMap((r) => r.tags?.bot_id ?? [])
  const people = overwrites.filter((o) => o.type === 1 && has(o.allow, view) && !bots.includes(o.id)).length
  const parts = [...(roles === 0 ? [] : [`members of ${counted(roles, "role")}`]), ...(people === 0 ? [] : [counted(people, "person", "people")])]
  return parts.length === 0 ? "the owner of this server" : parts.join(" and ")
}
const counted = (n: number, one: string, many = `${one}s`) => `${n.toLocaleString("en-US")} ${n === 1 ? one : many}`
