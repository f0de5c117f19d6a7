// The tables and the questions that every method asks: who is in, who may see, which install serves.
import type { App, Channel, Install, Message, Session, Team, Token, User } from "./state.ts"
import { newId } from "./state.ts"

export class World {
  readonly teams = new Map<string, Team>()
  readonly users = new Map<string, User>()
  readonly channels = new Map<string, Channel>()
  readonly apps = new Map<string, App>()
  readonly installs: Install[] = []
  readonly tokens = new Map<string, Token>()
  /** By `<channel> <thread>`. */
  readonly sessions = new Map<string, Session>()
  readonly #direct = new Map<string, Channel>()

  team(id: string): Team {
    const found = this.teams.get(id)
    if (found === undefined) throw new Error(`no team ${id} in the local Slack`)
    return found
  }
  user(id: string): User {
    const found = this.users.get(id)
    if (found === undefined) throw new Error(`no user ${id} in the local Slack`)
    return found
  }
  channel(id: string): Channel {
    const found = this.channels.get(id)
    if (found === undefined) throw new Error(`no channel ${id} in the local Slack`)
    return found
  }
  message(channel: string, ts: string): Message | undefined {
    return this.channels.get(channel)?.byTs.get(ts)
  }
  /** Teams that have the channel: its own and those it is shared with. A pending invitation gives nothing yet. */
  teamsOf(channel: Channel): readonly string[] {
    return [channel.team, ...channel.sharedWith]
  }
  isPrivate(channel: Channel, viewer: string): boolean {
    if (channel.kind === "im" || channel.kind === "mpim") return channel.kind === "mpim"
    return (channel.kind === "private") !== channel.flippedFor.has(viewer)
  }
  serves(install: Install, team: string): boolean {
    return install.active && (install.team?.id === team || install.teams.has(team))
  }
  /** May people of this install's bot know that the conversation exists? */
  canSee(install: Install, channel: Channel): boolean {
    const team = this.teamsOf(channel).find((t) => this.serves(install, t))
    if (team === undefined) return false
    return channel.members.has(install.botUserId) || (channel.kind !== "im" && !this.isPrivate(channel, team))
  }
  /** The direct conversation of exactly these people, made when missing. */
  im(team: string, ...people: readonly string[]): Channel {
    const wanted = [...new Set(people)].sort()
    const key = wanted.join("+")
    const found = this.#direct.get(key)
    if (found !== undefined) return found
    const made = this.addChannel({ kind: wanted.length > 2 ? "mpim" : "im", team, name: "", members: wanted })
    this.#direct.set(key, made)
    return made
  }
  addChannel(of: { kind: Channel["kind"]; team: string; name: string; members: readonly string[]; id?: string }): Channel {
    const id = of.id ?? newId(of.kind === "im" ? "D" : "C")
    const name = of.name === "" && of.kind === "mpim" ? `mpdm-${id.toLowerCase()}` : of.name
    const channel: Channel = {
      id,
      kind: of.kind,
      name,
      team: of.team,
      sharedWith: new Set(),
      pendingWith: new Set(),
      flippedFor: new Set(),
      members: new Set(of.members),
      archived: false,
      posting: "everyone",
      created: Math.floor(Date.now() / 1_000),
      messages: [],
      byTs: new Map(),
      threads: new Map(),
      ephemerals: [],
    }
    this.channels.set(id, channel)
    return channel
  }
  /** Do these two share a channel, so that the one may look at the other across organisations? */
  share(team: string, user: string): boolean {
    for (const channel of this.channels.values()) if (channel.members.has(user) && this.teamsOf(channel).includes(team)) return true
    return false
  }
}
