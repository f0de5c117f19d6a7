// What a Web API method is: which token it wants, which scopes, what it does.
import type { Core } from "../core.ts"
import { refuse } from "../refusal.ts"
import type { App, Channel, Fields, Install, Token } from "../state.ts"
import type { Args } from "./args.ts"

export interface Caller {
  readonly token: Token
  readonly install: Install
  /** The team that the call speaks for: the install's, or `team_id` with a token of a whole organisation. */
  readonly team: string
}
export interface MethodCall {
  readonly core: Core
  readonly name: string
  readonly args: Args
  /** Runs when the reply is out, or lost. */
  readonly afterReply: (run: () => void) => void
}
export interface BotCall extends MethodCall {
  readonly caller: Caller
}
export interface AppCall extends MethodCall {
  readonly app: App
}
export type Method =
  | {
      readonly token: "bot"
      /** Any one of them suffices to come in; some methods look closer. */
      readonly scopes: readonly string[]
      /** Calls a minute. */
      readonly tier: number
      readonly run: (call: BotCall) => Fields | Promise<Fields>
    }
  | { readonly token: "config"; readonly tier: number; readonly run: (call: AppCall) => Fields | Promise<Fields> }
  | { readonly token: "app"; readonly scopes: readonly string[]; readonly tier: number; readonly run: (call: AppCall) => Fields | Promise<Fields> }
  | {
      readonly token: "none"
      readonly tier: number
      readonly run: (call: MethodCall & { readonly basic: readonly [string, string] | null }) => Fields | Promise<Fields>
    }

export const tiers = { one: 1, two: 20, three: 50, four: 100, posting: 300 }

export function needScope(call: BotCall, ...anyOf: readonly string[]): void {
  const { scopes } = call.caller.install
  if (anyOf.length > 0 && !anyOf.some((s) => scopes.has(s))) refuse("missing_scope", { needed: anyOf.join(","), provided: [...scopes].join(",") })
}
const family = { public: "channels", private: "groups", mpim: "mpim", im: "im" } as const
export function needScopeFor(call: BotCall, channel: Channel, what: "read" | "history"): void {
  const kind =
    channel.kind === "im" || channel.kind === "mpim" ? channel.kind : call.core.world.isPrivate(channel, call.caller.team) ? "private" : "public"
  needScope(call, `${family[kind]}:${what}`)
}
/** The conversation, if the bot may know of it. */
export function visibleChannel(call: BotCall, id: string): Channel {
  const channel = call.core.world.channels.get(id)
  if (channel === undefined || !call.core.world.canSee(call.caller.install, channel)) return refuse("channel_not_found")
  return channel
}
export const isMember = (call: BotCall, channel: Channel): boolean => channel.members.has(call.caller.install.botUserId)

/** One page and the cursor of the next; a cursor that we never gave is refused. */
export function page<T>(items: readonly T[], args: Args, limit: number): { items: readonly T[]; cursor: string } {
  const given = args.text("cursor")
  let from = 0
  if (given !== null && given !== "") {
    from = Number(/^next:(\d+)$/.exec(Buffer.from(given, "base64").toString("utf8"))?.[1] ?? Number.NaN)
    if (Number.isNaN(from)) return refuse("invalid_cursor")
  }
  const to = from + limit
  return { items: items.slice(from, to), cursor: to < items.length ? Buffer.from(`next:${to}`).toString("base64") : "" }
}
