// What a route of the API is: whose token it wants, and what it does.
import type { Core } from "../core.ts"
import { may as mayDo, maySee, type Permission } from "../permissions.ts"
import { refuse } from "../refusal.ts"
import type { App, Channel, Fields, Guild, Message } from "../state.ts"

export interface OpenCall {
  readonly core: Core
  /** From the path: `channel`, `message`, `token`. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly body: Fields
  /** Arrays come for bulk commands. */
  readonly raw: unknown
  /** Runs when the reply is out, or lost. */
  readonly afterReply: (run: () => void) => void
}
export interface BotCall extends OpenCall {
  readonly app: App
}
/** Null is 204 No Content. */
export type Reply = Fields | readonly Fields[] | null
export type Route =
  | { readonly auth: "bot"; readonly run: (call: BotCall) => Reply | Promise<Reply> }
  | { readonly auth: "none"; readonly run: (call: OpenCall) => Reply | Promise<Reply> }
export type Routes = Readonly<Record<string, Route>>

export const bot = (run: (call: BotCall) => Reply | Promise<Reply>): Route => ({ auth: "bot", run })
export const open = (run: (call: OpenCall) => Reply | Promise<Reply>): Route => ({ auth: "none", run })
export const param = (call: OpenCall, name: string): string => call.params[name] ?? ""

/** The channel, if the bot may know of it: unknown, or known and closed to it. */
export function visibleChannel(call: BotCall): Channel {
  const channel = call.core.world.channels.get(param(call, "channel")) ?? refuse(10003)
  if (channel.guild !== null && !channel.guild.members.has(call.app.user.id)) refuse(50001)
  return maySee(channel, call.app.user) ? channel : refuse(50001)
}
export function need(call: BotCall, channel: Channel, ...names: readonly Permission[]): void {
  if (!names.every((name) => mayDo(channel, call.app.user, name))) refuse(50013)
}
/** The words of a voice channel are for those who may enter it (discord-api-docs#5111). */
export function enters(call: BotCall, channel: Channel): void {
  if (channel.kind === "voice" && !mayDo(channel, call.app.user, "CONNECT")) refuse(50001)
}
export const knownMessage = (call: BotCall, channel: Channel): Message => channel.byId.get(param(call, "message")) ?? refuse(10008)

/** A server that the bot is not in does not exist for it. */
export function ownGuild(call: BotCall): Guild {
  const guild = call.core.world.guilds.get(param(call, "guild"))
  return guild?.members.has(call.app.user.id) === true ? guild : refuse(10004)
}
