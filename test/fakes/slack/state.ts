// What Slack knows: teams, people, conversations, messages, apps. Live objects; only this folder changes them.
import { randomBytes } from "node:crypto"

/** A JSON object from outside. */
export type Fields = { [key: string]: unknown }

export interface Team {
  readonly id: string
  readonly name: string
  readonly domain: string
  readonly enterprise: { readonly id: string; readonly name: string } | null
  /** Streams and agent sessions are for paid plans alone. */
  plan: "free" | "paid"
}
export interface User {
  readonly id: string
  readonly team: string
  readonly name: string
  readonly realName: string
  /** Guests: `multi` may be in several channels, `single` in one. */
  guest: "none" | "multi" | "single"
  admin: boolean
  deleted: boolean
  readonly bot: { readonly botId: string; readonly appId: string } | null
}
export type ChannelKind = "public" | "private" | "mpim" | "im"
export interface Channel {
  readonly id: string
  kind: ChannelKind
  name: string
  readonly team: string
  /** Other organisations, by Slack Connect. */
  readonly sharedWith: Set<string>
  readonly pendingWith: Set<string>
  /** Teams for whom a public channel of another organisation is private, or the other way round. */
  readonly flippedFor: Set<string>
  readonly members: Set<string>
  archived: boolean
  /** Who may write: all, nobody but admins, or all but only in threads. */
  posting: "everyone" | "admins" | "threads"
  readonly created: number
  /** Oldest first. Nothing ephemeral is ever among them. */
  readonly messages: Message[]
  readonly byTs: Map<string, Message>
  /** Replies by the ts of their root, oldest first, without it. */
  readonly threads: Map<string, Message[]>
  readonly ephemerals: Ephemeral[]
}
export interface Message {
  readonly ts: string
  readonly channel: string
  readonly user: string
  readonly team: string
  readonly bot: { readonly botId: string; readonly appId: string; readonly name: string } | null
  readonly threadTs: string | null
  readonly broadcast: boolean
  text: string
  blocks: Fields[] | null
  readonly files: Fields[] | null
  attachments: Fields[] | null
  metadata: Fields | null
  subtype: string | null
  edited: { readonly user: string; readonly ts: string } | null
  /** How it came here. A post through a `response_url` passes by membership and scopes: tests look for it. */
  readonly via: "person" | "web-api" | "response_url"
  readonly unfurl: { readonly links: boolean; readonly media: boolean }
  /** {@link Time.elapsed} from when on `conversations.history` has it. */
  readonly readableFrom: number
  /** Null: it came as a whole. */
  stream: Stream | null
}
export interface Stream {
  state: "in_progress" | "completed"
  /** By its first words, for life; null as long as it has none. */
  mode: "text" | "chunks" | null
  /** What it is made of, in the order in which it shows. */
  parts: Fields[]
}
/** What an agent does in one thread, as its conversation shows it. */
export interface Session {
  readonly appId: string
  readonly title: string | null
  status: "active" | "processing" | "suspended" | "closed"
}
export interface Ephemeral {
  readonly ts: string
  readonly channel: string
  readonly to: string
  readonly appId: string
  readonly threadTs: string | null
  text: string
  blocks: Fields[] | null
}
export interface App {
  readonly id: string
  readonly name: string
  readonly clientId: string
  readonly clientSecret: string
  readonly signingSecret: string
  readonly verificationToken: string
  readonly appToken: string
  readonly appTokenScopes: ReadonlySet<string>
  /** Of somebody who may change the app. */
  readonly configToken: string
  /** Socket Mode, or the three request URLs. */
  socketMode: boolean
  urls: { events: string | null; interactivity: string | null; commands: string | null }
  /** Subscriptions as the manifest names them: `app_mention`, `message.channels`. */
  readonly events: Set<string>
  readonly commands: ReadonlySet<string>
  readonly shortcuts: ReadonlyMap<string, "message" | "global">
  readonly rotation: boolean
}
export interface Install {
  readonly app: App
  /** Null for an install on a whole organisation. */
  readonly team: Team | null
  readonly enterprise: { readonly id: string; readonly name: string } | null
  readonly teams: ReadonlySet<string>
  readonly botUserId: string
  readonly botId: string
  readonly scopes: Set<string>
  readonly botToken: string
  active: boolean
}
export interface Token {
  readonly value: string
  readonly install: Install
  readonly refresh: string | null
  expiresAt: number | null
  state: "good" | "revoked"
}

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
let counter = 0
/** `U00000000A`: unique in the process, readable in a failure. */
export function newId(prefix: string): string {
  counter += 1
  let [left, digits] = [counter, ""]
  while (left > 0) {
    digits = alphabet[left % 32] + digits
    left = Math.floor(left / 32)
  }
  return prefix + digits.padStart(9, "0")
}
export const secret = (bytes = 16): string => randomBytes(bytes).toString("hex")
