// Intents: what a connection asked to hear of, and which of them the developer portal must have switched on.
import type { App, Fields, Guild, Privileged } from "../state.ts"

export const intent = {
  GUILDS: 1 << 0,
  GUILD_MEMBERS: 1 << 1,
  GUILD_PRESENCES: 1 << 8,
  GUILD_MESSAGES: 1 << 9,
  GUILD_MESSAGE_REACTIONS: 1 << 10,
  DIRECT_MESSAGES: 1 << 12,
  DIRECT_MESSAGE_REACTIONS: 1 << 13,
  MESSAGE_CONTENT: 1 << 15,
} as const
/** Bits 0 to 16, 20, 21, 24 and 25. */
export const allIntents = ((1 << 17) - 1) | (1 << 20) | (1 << 21) | (1 << 24) | (1 << 25)

const privileged: Readonly<Record<Privileged, number>> = {
  members: intent.GUILD_MEMBERS,
  presences: intent.GUILD_PRESENCES,
  content: intent.MESSAGE_CONTENT,
}
/** A privileged intent that is not switched on closes the connection with 4014. */
export const disallowed = (app: App, intents: number): boolean =>
  Object.entries(privileged).some(([name, bit]) => (intents & bit) !== 0 && !app.privileged.has(name as Privileged))

export interface Event {
  readonly name: string
  /** Null for what has no server: it goes to shard 0. */
  readonly guild: Guild | null
  /** Any one of them suffices; 0 is for everyone. */
  readonly intents: number
  readonly body: (intents: number) => Fields
}
