// The tables, and the questions that every route asks: who is in, who sees, which app has this token.
import { maySee } from "./permissions.ts"
import { snowflake } from "./snowflake.ts"
import type { App, Channel, Guild, Message, User } from "./state.ts"

export class World {
  readonly users = new Map<string, User>()
  readonly apps = new Map<string, App>()
  readonly guilds = new Map<string, Guild>()
  readonly channels = new Map<string, Channel>()
  /** Messages by author and nonce, deleted ones too: a retry must not bring back what was taken away. */
  readonly nonces = new Map<string, Message>()

  user(id: string): User {
    const found = this.users.get(id)
    if (found === undefined) throw new Error(`no user ${id} in the local Discord`)
    return found
  }
  appWithToken(token: string): App | undefined {
    return [...this.apps.values()].find((a) => a.token === token)
  }
  guildsOf(user: User): readonly Guild[] {
    return [...this.guilds.values()].filter((g) => g.members.has(user.id))
  }
  /** Apps whose bots can see the channel. */
  appsIn(channel: Channel): readonly App[] {
    return [...this.apps.values()].filter((a) => maySee(channel, a.user))
  }
  /** A category is seen by whoever sees anything in it. */
  sees(channel: Channel, user: User): boolean {
    if (maySee(channel, user)) return true
    return channel.kind === "category" && [...this.channels.values()].some((c) => c.parent === channel && maySee(c, user))
  }
  channelsOf(guild: Guild): readonly Channel[] {
    return [...this.channels.values()].filter((c) => c.guild === guild && c.thread === null)
  }
  threadsOf(guild: Guild): readonly Channel[] {
    return [...this.channels.values()].filter((c) => c.guild === guild && c.thread !== null)
  }
  /** The direct conversation of these two, made when missing. */
  dm(a: User, b: User, now: number): Channel {
    const found = [...this.channels.values()].find((c) => c.kind === "dm" && c.recipients.includes(a) && c.recipients.includes(b))
    return found ?? this.addChannel({ kind: "dm", recipients: [a, b] }, now)
  }
  addChannel(of: Partial<Channel> & Pick<Channel, "kind">, now: number): Channel {
    const channel: Channel = {
      id: of.id ?? snowflake(now),
      kind: of.kind,
      guild: of.guild ?? null,
      name: of.name ?? "",
      parent: of.parent ?? null,
      overwrites: of.overwrites ?? new Map(),
      tags: of.tags ?? [],
      requireTag: of.requireTag ?? false,
      thread: of.thread ?? null,
      recipients: of.recipients ?? [],
      messages: [],
      byId: new Map(),
      ephemerals: [],
    }
    this.channels.set(channel.id, channel)
    return channel
  }
  /** Do these two share a server? Without one a bot may not write to a person. */
  share(a: User, b: User): boolean {
    return this.guildsOf(a).some((g) => g.members.has(b.id))
  }
  message(id: string): Message | undefined {
    for (const channel of this.channels.values()) {
      const found = channel.byId.get(id)
      if (found !== undefined) return found
    }
    return undefined
  }
}
