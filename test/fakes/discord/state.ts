// What Discord knows: people, servers, channels, messages, apps. Live objects; only this folder changes them.
import type { Modal } from "./modals.ts"

/** A JSON object from outside. */
export type Fields = { [key: string]: unknown }
export const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value)

export interface User {
  readonly id: string
  readonly name: string
  readonly bot: boolean
  /** Whether people and bots of shared servers may write to them. */
  dms: "open" | "closed"
  /** The modal on their screen. */
  modal: Modal | null
}
export type Privileged = "content" | "members" | "presences"
export interface App {
  readonly id: string
  readonly name: string
  readonly user: User
  /** A reset makes a new one; the old one is dead. */
  token: string
  /** What is switched on in the developer portal. */
  readonly privileged: Set<Privileged>
  /** By server id; global ones under "". */
  readonly commands: Map<string, readonly Command[]>
  /** IDENTIFY left today. */
  identifies: number
}
export interface Command {
  readonly id: string
  readonly type: 1 | 2 | 3
  readonly name: string
  readonly version: string
  readonly definition: Fields
}
export interface Role {
  readonly id: string
  readonly name: string
  permissions: bigint
  readonly mentionable: boolean
  /** The bot that a managed role belongs to. */
  readonly botId: string | null
}
export interface Member {
  readonly user: User
  readonly roles: Set<string>
  readonly joinedAt: number
  /** Has not passed the screening of the server yet. */
  pending?: boolean
  timedOutUntil?: number
}
export interface Guild {
  readonly id: string
  readonly name: string
  readonly owner: string
  readonly features: Set<string>
  /** The role of everyone has the id of the server. */
  readonly roles: Map<string, Role>
  readonly members: Map<string, Member>
  /** Discord has trouble with it: the gateway says that it is unavailable, and nothing else of it. */
  outage?: boolean
}
export const channelTypes = {
  text: 0,
  dm: 1,
  voice: 2,
  category: 4,
  announcement: 5,
  announcementThread: 10,
  publicThread: 11,
  privateThread: 12,
  forum: 15,
  media: 16,
} as const
export type ChannelKind = keyof typeof channelTypes
export interface Overwrite {
  readonly id: string
  readonly kind: "role" | "member"
  readonly allow: bigint
  readonly deny: bigint
}
export interface Tag {
  readonly id: string
  readonly name: string
  readonly moderated: boolean
}
export interface Thread {
  readonly owner: string
  readonly members: Set<string>
  archived: boolean
  locked: boolean
  tags: readonly string[]
  readonly createdAt: number
}
export interface Channel {
  readonly id: string
  readonly kind: ChannelKind
  readonly guild: Guild | null
  name: string
  /** The category of a channel, the channel of a thread. */
  readonly parent: Channel | null
  readonly overwrites: Map<string, Overwrite>
  readonly tags: readonly Tag[]
  readonly requireTag: boolean
  readonly thread: Thread | null
  /** Of a direct conversation. */
  readonly recipients: readonly User[]
  /** Oldest first. Nothing ephemeral is ever among them. */
  readonly messages: Message[]
  readonly byId: Map<string, Message>
  /** What only one person sees, and only until they reload. */
  readonly ephemerals: Message[]
}
/** Whom a message called, as it was when it was sent. */
export interface Pings {
  readonly users: readonly string[]
  readonly roles: readonly string[]
  readonly everyone: boolean
}
export interface Message {
  readonly id: string
  readonly channel: Channel
  readonly author: User
  readonly webhook: { readonly id: string; readonly name: string } | null
  readonly app: App | null
  type: number
  content: string
  embeds: readonly Fields[]
  components: readonly Fields[]
  readonly attachments: readonly Fields[]
  flags: number
  mentions: readonly string[]
  mentionRoles: readonly string[]
  mentionEveryone: boolean
  /** Whom it called on the way out. An edit calls nobody. */
  readonly pings: Pings
  readonly nonce: string | number | null
  readonly sentAt: number
  editedAt: number | null
  readonly replyTo: Message | null
  /** Where a reply points, even when what it points to is gone. */
  readonly reference: Fields | null
  readonly interaction: Fields | null
  readonly ephemeralTo: User | null
  readonly reactions: Map<string, Set<string>>
  /** How it came here. Follow-ups and webhooks have no nonce: tests look for them. */
  readonly via: "person" | "rest" | "interaction" | "webhook"
  /** A link in it made Discord fetch and show what is behind. */
  unfurled: boolean
  deleted: boolean
}
export const flag = {
  crossposted: 1,
  suppressEmbeds: 4,
  hasThread: 32,
  ephemeral: 64,
  loading: 128,
  suppressNotifications: 4096,
  componentsV2: 32768,
} as const
