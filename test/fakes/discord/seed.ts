// How a test furnishes the local Discord. Names and sensible defaults; whatever is left out is as Discord makes it.

import { randomBytes } from "node:crypto"
import type { Core } from "./core.ts"
import { bits, type Permission, usual } from "./permissions.ts"
import { snowflake } from "./snowflake.ts"
import type { App, Channel, ChannelKind, Guild, Overwrite, Privileged, Role, Tag, User } from "./state.ts"

export interface GuildSeed {
  readonly name: string
  readonly id?: string
  readonly owner?: User
  /** `DISCOVERABLE`, `COMMUNITY`. */
  readonly features?: readonly string[]
  /** What everyone may do; the usual when left out. */
  readonly everyone?: readonly Permission[]
}
export interface RoleSeed {
  readonly name: string
  readonly permissions?: readonly Permission[]
  readonly mentionable?: boolean
}
export interface AppSeed {
  readonly name?: string
  readonly token?: string
  readonly privileged?: readonly Privileged[]
}
export interface ChannelSeed {
  readonly name: string
  readonly kind?: Exclude<ChannelKind, "dm" | "publicThread" | "privateThread" | "announcementThread">
  readonly id?: string
  readonly parent?: Channel
  readonly overwrites?: readonly OverwriteSeed[]
  readonly tags?: readonly (string | { readonly name: string; readonly moderated: boolean })[]
  readonly requireTag?: boolean
}
export interface OverwriteSeed {
  /** A role, the server itself for everyone, or somebody. */
  readonly for: Role | Guild | User
  readonly allow?: readonly Permission[]
  readonly deny?: readonly Permission[]
}
export function addUser(core: Core, of: { name: string; bot?: "bot"; dms?: User["dms"] }): User {
  const user: User = { id: snowflake(core.time.now()), name: of.name, bot: of.bot === "bot", dms: of.dms ?? "open", modal: null }
  core.world.users.set(user.id, user)
  return user
}
export function addGuild(core: Core, of: GuildSeed): Guild {
  const id = of.id ?? snowflake(core.time.now())
  const owner = of.owner ?? addUser(core, { name: `owner of ${of.name}` })
  const guild: Guild = { id, name: of.name, owner: owner.id, features: new Set(of.features), roles: new Map(), members: new Map() }
  const permissions = of.everyone === undefined ? usual : bits(of.everyone)
  guild.roles.set(id, { id, name: "@everyone", permissions, mentionable: false, botId: null })
  core.world.guilds.set(id, guild)
  addMember(core, guild, owner)
  return guild
}
export function addMember(core: Core, guild: Guild, user: User): void {
  guild.members.set(user.id, { user, roles: new Set(), joinedAt: core.time.now() })
}
export function addRole(core: Core, guild: Guild, of: RoleSeed, botId: string | null = null): Role {
  const id = snowflake(core.time.now())
  const role: Role = { id, name: of.name, permissions: bits(of.permissions ?? []), mentionable: of.mentionable ?? false, botId }
  guild.roles.set(id, role)
  return role
}
export function addApp(core: Core, of: AppSeed): App {
  const name = of.name ?? "Bot"
  const user = addUser(core, { name, bot: "bot" })
  const id = snowflake(core.time.now())
  const token = of.token ?? `${Buffer.from(id).toString("base64url")}.${random(5)}.${random(20)}`
  const app: App = { id, name, user, token, privileged: new Set(of.privileged), commands: new Map(), identifies: core.settings.identifiesPerDay }
  core.world.apps.set(id, app)
  return app
}
/** The bot joins, with a managed role of its own that holds what the invite link asked for. */
export function install(core: Core, app: App, guild: Guild, permissions: readonly Permission[]): Role {
  addMember(core, guild, app.user)
  const role = addRole(core, guild, { name: app.name, permissions }, app.user.id)
  guild.members.get(app.user.id)?.roles.add(role.id)
  return role
}
export const overwriteOf = (of: OverwriteSeed): Overwrite => ({
  id: of.for.id,
  kind: "dms" in of.for ? "member" : "role",
  allow: bits(of.allow ?? []),
  deny: bits(of.deny ?? []),
})
export function addChannel(core: Core, guild: Guild, of: ChannelSeed): Channel {
  const now = core.time.now()
  const tags = (of.tags ?? []).map((t): Tag => ({ id: snowflake(now), ...(typeof t === "string" ? { name: t, moderated: false } : t) }))
  const own = (of.overwrites ?? []).map(overwriteOf)
  // A channel that says nothing of its own is as its category.
  const overwrites = of.overwrites === undefined && of.parent !== undefined ? of.parent.overwrites : new Map(own.map((o) => [o.id, o]))
  const { id, parent, requireTag = false } = of
  return core.world.addChannel(
    {
      kind: of.kind ?? "text",
      guild,
      name: of.name,
      overwrites: new Map(overwrites),
      tags,
      requireTag,
      ...(id === undefined ? {} : { id }),
      ...(parent === undefined ? {} : { parent }),
    },
    now,
  )
}

const random = (bytes: number): string => randomBytes(bytes).toString("base64url")
