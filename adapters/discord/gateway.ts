// The connection by which Discord tells of things: discord.js with the least intents and nearly nothing kept in memory. It reconnects
// and resumes by itself, and takes as many shards as Discord asks for, within this process (docs/decisions/discord-shards.md). When a
// session could not be resumed, what was missed is named, so that somebody looks for it.
import { Client, Events, GatewayCloseCodes, GatewayDispatchEvents, GatewayIntentBits, Options, Partials } from "discord.js"
import { z } from "zod"
import type { Instant } from "../../src/core/domain.ts"
import type { Clock, Log } from "../../src/core/ports.ts"
import type { Budget } from "./budget.ts"
import { nameOfFault } from "./faults.ts"

export interface GatewayOptions {
  readonly token: string
  readonly api: string
  readonly messageContent: "on" | "off"
  readonly budget: Budget
  readonly clock: Pick<Clock, "now">
  readonly log: Log
  /** Everything of {@link listened}, as it came. Never waited for. */
  onEvent(name: string, data: unknown): void
  /** A session was lost: what happened since then was not told. */
  onGap(since: Instant): void
}
export interface Gateway {
  /** Resolves when Discord has told of every server. Rejects with {@link DiscordCannotOpen}. */
  start(): Promise<void>
  stop(): Promise<void>
  readonly shards: number
}
/** Why it does not start: sentences for whoever runs it. No token. */
export class DiscordCannotOpen extends Error {
  readonly code = "discord-cannot-open"
  constructor(words: string, options?: ErrorOptions) {
    super(words, options)
    this.name = "DiscordCannotOpen"
  }
}

export const listened = [
  ...[GatewayDispatchEvents.Ready, GatewayDispatchEvents.InteractionCreate],
  ...[GatewayDispatchEvents.MessageCreate, GatewayDispatchEvents.MessageUpdate],
  ...[GatewayDispatchEvents.MessageDelete, GatewayDispatchEvents.MessageDeleteBulk],
  ...[GatewayDispatchEvents.GuildCreate, GatewayDispatchEvents.GuildUpdate, GatewayDispatchEvents.GuildDelete],
  ...[GatewayDispatchEvents.GuildRoleCreate, GatewayDispatchEvents.GuildRoleUpdate, GatewayDispatchEvents.GuildRoleDelete],
  ...[GatewayDispatchEvents.ChannelUpdate, GatewayDispatchEvents.ChannelDelete],
  ...[GatewayDispatchEvents.ThreadUpdate, GatewayDispatchEvents.ThreadDelete],
] as const

// What was said just before a session was lost may not have arrived either.
const beforeGapMs = 60_000

export function gateway(o: GatewayOptions): Gateway {
  let client: Client | null = null
  let ended = false

  function open(): Client {
    const made = clientFor(o)
    const heard = new Map<number, Instant>()
    for (const name of listened)
      made.ws.on(name, (data: unknown, shard: number) => {
        const before = heard.get(shard)
        heard.set(shard, o.clock.now())
        if (name === GatewayDispatchEvents.Ready && before !== undefined) o.onGap(before - beforeGapMs)
        o.onEvent(name, data)
      })
    made.on(Events.Error, (fault) => o.log.warn({ fault: nameOfFault(fault) }, "the connection to Discord has a fault"))
    made.on(Events.ShardError, (fault, shard) => {
      if (!ended) o.log.warn({ shard, fault: nameOfFault(fault) }, "a connection to Discord broke")
    })
    made.on(Events.ShardDisconnect, ({ code }, shard) => {
      if (ended || client !== made || !made.isReady()) return
      if (code === GatewayCloseCodes.ShardingRequired) return void reopen()
      o.log.error({ shard, code }, `${wordsOfClose(code)} Nothing is heard from Discord until then.`)
    })
    return made
  }
  /** There are too many servers for the shards that there were. */
  async function reopen(): Promise<void> {
    const since = o.clock.now()
    o.log.info({}, "Discord wants more shards; connecting anew")
    await client?.destroy()
    if (ended) return
    client = open()
    await ready(client, o.token).then(
      () => o.onGap(since - beforeGapMs),
      (fault: unknown) => o.log.error({ fault: nameOfFault(fault) }, "Discord could not be connected to again. Start the server again."),
    )
  }
  return {
    get shards() {
      return client?.ws.shards.size ?? 0
    },
    async start() {
      client = open()
      await ready(client, o.token).catch((fault: unknown) => {
        ended = true
        throw fault
      })
    },
    async stop() {
      ended = true
      await client?.destroy()
    },
  }
}

function clientFor({ api, messageContent, budget }: GatewayOptions): Client {
  const { Guilds, GuildMessages, DirectMessages, MessageContent } = GatewayIntentBits
  return new Client({
    intents: [Guilds, GuildMessages, DirectMessages, ...(messageContent === "on" ? [MessageContent] : [])],
    partials: [Partials.Channel],
    shards: "auto",
    allowedMentions: { parse: [], repliedUser: false },
    // What is needed is asked of Discord when it is needed, and not kept: memory is bounded by servers and channels alone.
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      ...{ MessageManager: 0, UserManager: 0, PresenceManager: 0, ReactionManager: 0, ReactionUserManager: 0, DMMessageManager: 0 },
      ...{ GuildMessageManager: 0, ThreadManager: 0, GuildForumThreadManager: 0, GuildTextThreadManager: 0, ThreadMemberManager: 0 },
      ...{ GuildEmojiManager: 0, GuildStickerManager: 0, GuildBanManager: 0, GuildInviteManager: 0, GuildScheduledEventManager: 0 },
      ...{ VoiceStateManager: 0, StageInstanceManager: 0, AutoModerationRuleManager: 0, ApplicationCommandManager: 0, BaseGuildEmojiManager: 0 },
      GuildMemberManager: { maxSize: 0, keepOverLimit: (member) => member.id === member.client.user.id },
    }),
    rest: { api, version: "10", makeRequest: budget.makeRequest },
  })
}

async function ready(client: Client, token: string): Promise<void> {
  const came = new Promise<void>((resolve) => client.once(Events.ClientReady, () => resolve()))
  try {
    await client.login(token)
    await came
  } catch (fault) {
    await client.destroy().catch(() => undefined)
    throw new DiscordCannotOpen(wordsOfStart(fault), { cause: fault })
  }
}
const faultShape = z.looseObject({ code: z.union([z.string(), z.number()]).optional(), message: z.string() })
function wordsOfStart(fault: unknown): string {
  const read = faultShape.safeParse(fault)
  const said = read.success ? `${read.data.code ?? ""} ${read.data.message}` : ""
  if (/TokenInvalid|discord-token-dead|Authentication failed/.test(said)) return wordsOfClose(GatewayCloseCodes.AuthenticationFailed)
  if (/disallowed intents/i.test(said)) return wordsOfClose(GatewayCloseCodes.DisallowedIntents)
  if (/sessions? remaining/i.test(said))
    return "Discord lets a bot connect anew 1,000 times a day, and those are used up. Find what starts it so often, and start again tomorrow."
  const name = nameOfFault(fault)
  return `Discord could not be reached${name === "Error" ? "" : ` (${name})`}. Check the network, and DISCORD_API_URL if it is set.`
}
function wordsOfClose(code: number): string {
  switch (code) {
    case GatewayCloseCodes.AuthenticationFailed:
      return "Discord does not accept DISCORD_TOKEN. Make a new one in the developer portal under Bot, Reset Token, and set it."
    case GatewayCloseCodes.DisallowedIntents:
      return "DISCORD_MESSAGE_CONTENT is on, but the app may not read messages. Switch on Message Content Intent in the developer portal under Bot, or remove the variable."
    default:
      return `Discord ended the connection for good (${code}). Start the server again.`
  }
}
