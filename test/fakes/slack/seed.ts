// Makes teams, people, conversations, apps and installs. A test says what matters to it; the rest gets a sensible value.
import type { Core } from "./core.ts"
import { knownEvents } from "./events.ts"
import { type App, type Channel, type ChannelKind, type Install, newId, secret, type Team, type Token, type User } from "./state.ts"

export interface TeamSeed {
  readonly id?: string
  readonly name: string
  readonly domain?: string
  readonly enterprise?: { readonly id: string; readonly name: string }
  /** `free` unless told otherwise: no streams, no agent sessions. */
  readonly plan?: Team["plan"]
}
export interface PersonSeed {
  readonly team: Team
  readonly name: string
  readonly id?: string
  readonly realName?: string
  readonly guest?: User["guest"]
  readonly admin?: boolean
  readonly deleted?: boolean
  /** A bot of some other app. */
  readonly bot?: boolean
}
export interface ChannelSeed {
  readonly team: Team
  readonly name: string
  readonly id?: string
  readonly kind?: Exclude<ChannelKind, "im">
  /** User ids, people or installs. */
  readonly members?: readonly (string | { readonly id: string } | Install)[]
  readonly sharedWith?: readonly Team[]
  readonly pendingWith?: readonly Team[]
  /** Teams that have it as private though the host has it as public, or the other way round. */
  readonly flippedFor?: readonly Team[]
  readonly archived?: boolean
  readonly posting?: Channel["posting"]
  /** So many more members whom nobody needs by name. */
  readonly crowd?: number
}
export interface AppSeed {
  readonly name?: string
  readonly socketMode?: boolean
  readonly urls?: Partial<App["urls"]>
  readonly events?: readonly string[]
  readonly commands?: readonly string[]
  readonly shortcuts?: Readonly<Record<string, "message" | "global">>
  readonly rotation?: boolean
  readonly signingSecret?: string
  readonly appTokenScopes?: readonly string[]
}

export function addTeam(core: Core, s: TeamSeed): Team {
  const team: Team = {
    id: s.id ?? newId("T"),
    name: s.name,
    domain: s.domain ?? s.name.toLowerCase().replace(/\W+/g, "-"),
    enterprise: s.enterprise ?? null,
    plan: s.plan ?? "free",
  }
  core.world.teams.set(team.id, team)
  return team
}
export function addUser(core: Core, s: PersonSeed): User {
  const user: User = {
    id: s.id ?? newId("U"),
    team: s.team.id,
    name: s.name,
    realName: s.realName ?? s.name,
    guest: s.guest ?? "none",
    admin: s.admin ?? false,
    deleted: s.deleted ?? false,
    bot: s.bot === true ? { botId: newId("B"), appId: newId("A") } : null,
  }
  core.world.users.set(user.id, user)
  return user
}
export function addChannel(core: Core, s: ChannelSeed): Channel {
  const members = (s.members ?? []).map((m) => (typeof m === "string" ? m : "botUserId" in m ? m.botUserId : m.id))
  for (let i = 0; i < (s.crowd ?? 0); i += 1) members.push(addUser(core, { team: s.team, name: `${s.name}-${i}` }).id)
  const channel = core.world.addChannel({
    kind: s.kind ?? "public",
    team: s.team.id,
    name: s.name,
    members,
    ...(s.id === undefined ? {} : { id: s.id }),
  })
  for (const team of s.sharedWith ?? []) channel.sharedWith.add(team.id)
  for (const team of s.pendingWith ?? []) channel.pendingWith.add(team.id)
  for (const team of s.flippedFor ?? []) channel.flippedFor.add(team.id)
  channel.archived = s.archived ?? false
  channel.posting = s.posting ?? "everyone"
  return channel
}
export function addApp(core: Core, s: AppSeed): App {
  const id = newId("A")
  const app: App = {
    id,
    name: s.name ?? "Bot",
    clientId: `${newId("")}.${newId("")}`,
    clientSecret: secret(),
    signingSecret: s.signingSecret ?? secret(),
    verificationToken: secret(12),
    appToken: `xapp-1-${id}-${secret()}`,
    appTokenScopes: new Set(s.appTokenScopes ?? ["connections:write"]),
    configToken: `xoxe.xoxp-1-${secret()}`,
    socketMode: s.socketMode ?? true,
    urls: { events: null, interactivity: null, commands: null, ...s.urls },
    events: new Set(s.events ?? knownEvents),
    commands: new Set(s.commands ?? []),
    shortcuts: new Map(Object.entries(s.shortcuts ?? {})),
    rotation: s.rotation ?? false,
  }
  core.world.apps.set(id, app)
  return app
}
/** Installs, or installs again with more scopes: the bot stays the same one. */
export function join(core: Core, app: App, team: Team, scopes: readonly string[]): Install {
  const before = core.world.installs.find((i) => i.app === app && i.team === team)
  if (before !== undefined) {
    if (!before.active)
      for (const token of core.world.tokens.values()) if (token.install === before && token.value === before.botToken) token.state = "good"
    before.active = true
    for (const scope of scopes) before.scopes.add(scope)
    return before
  }
  return install(core, app, scopes, { team, enterprise: null, teams: [] })
}
export function joinOrganisation(
  core: Core,
  app: App,
  enterprise: { id: string; name: string },
  teams: readonly Team[],
  scopes: readonly string[],
): Install {
  return install(core, app, scopes, { team: null, enterprise, teams: teams.map((t) => t.id) })
}
function install(
  core: Core,
  app: App,
  scopes: readonly string[],
  on: { team: Team | null; enterprise: Install["enterprise"]; teams: readonly string[] },
): Install {
  const home = on.team?.id ?? on.teams[0] ?? ""
  const botId = newId("B")
  const user: User = {
    id: newId("U"),
    team: home,
    name: app.name.toLowerCase(),
    realName: app.name,
    guest: "none",
    admin: false,
    deleted: false,
    bot: { botId, appId: app.id },
  }
  core.world.users.set(user.id, user)
  const made: Install = {
    app,
    team: on.team,
    enterprise: on.enterprise,
    teams: new Set(on.teams),
    botUserId: user.id,
    botId,
    scopes: new Set(scopes),
    botToken: `xoxb-${newId("")}-${secret()}`,
    active: true,
  }
  core.world.installs.push(made)
  if (!app.rotation) core.world.tokens.set(made.botToken, { value: made.botToken, install: made, refresh: null, expiresAt: null, state: "good" })
  return made
}
export function addToken(core: Core, of: Install, how: { expiresAt: number }): Token {
  const token: Token = { value: `xoxe.xoxb-1-${secret()}`, install: of, refresh: `xoxe-1-${secret()}`, expiresAt: how.expiresAt, state: "good" }
  core.world.tokens.set(token.value, token)
  return token
}
