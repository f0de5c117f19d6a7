// Discord: a platform like any other. One bot in any number of servers, heard over the gateway, within this one process.
// Fails closed: without a token that Discord accepts, or with an intent that it does not grant, it does not start.
import { type REST, Routes } from "discord.js"
import type { Kysely } from "kysely"
import { z } from "zod"
import { after } from "../../src/chat/after.ts"
import type { Instant } from "../../src/core/domain.ts"
import { type Clock, type Inbox, type Log, type Platform, PostRefused, type Pseudonyms } from "../../src/core/ports.ts"
import { answers } from "./answering.ts"
import { audienceOf } from "./audience.ts"
import { budget } from "./budget.ts"
import { calledIn } from "./called.ts"
import { closeClients, discordsOwnApi, restClients } from "./clients.ts"
import { register } from "./command-list.ts"
import type { Context } from "./context.ts"
import { nameOfFault } from "./faults.ts"
import { found } from "./found.ts"
import { DiscordCannotOpen, gateway } from "./gateway.ts"
import { guilds } from "./guilds.ts"
import { roomOf } from "./ids.ts"
import { onEvent } from "./inbound.ts"
import type { Db, DiscordTables } from "./migrations.ts"
import { can, outbound } from "./outbound.ts"
import { people } from "./people.ts"
import { forgetting, questions } from "./questions.ts"
import { gone } from "./refused.ts"
import { render } from "./render.ts"
import { rooms } from "./rooms.ts"
import { servers } from "./servers.ts"
import { readThread } from "./thread.ts"
import type { Wire } from "./wire.ts"

export { discordMigrations } from "./migrations.ts"

export interface DiscordOptions {
  readonly token: string
  /** Null: Discord's own. With its path, without a version: `https://discord.com/api`. */
  readonly apiUrl: string | null
  /** `on` needs the privileged intent, and gives the drafter the words around a question. */
  readonly messageContent: "on" | "off"
  readonly db: Kysely<unknown>
  /** Person ids: `discord:<server>/<user>`. */
  readonly admins: readonly string[]
  readonly moderators: readonly string[]
  readonly pseudonyms: Pseudonyms
  readonly clock: Clock
  readonly log: Log
}
export interface Discord extends Platform {
  readonly wire: Wire
  readonly shards: number
  /** Resolves when everything that came in has been seen to and answered. */
  idle(): Promise<void>
}

/** The tables must be there: run {@link discordMigrations} first. Throws {@link DiscordCannotOpen}. */
export async function openDiscord(o: DiscordOptions): Promise<Discord> {
  // Whoever knows that a token is empty could not be told from us.
  if (o.token.trim() === "") throw new DiscordCannotOpen("DISCORD_TOKEN is empty. Set it, or remove all settings of Discord.")
  const { clock, log, messageContent } = o
  const db = o.db.withTables<DiscordTables>() as Db
  const api = o.apiUrl ?? discordsOwnApi
  const spent = budget(clock, log)
  const clients = restClients({ token: o.token, api, budget: spent })
  const wire: Wire = { ...clients, ...(await whoAmI(clients.control)) }
  let heard: Inbox | null = null
  const inbox = () => {
    if (heard === null) throw new Error("Discord was not started: call start(inbox) before it listens")
    return heard
  }
  const botUserId = () => wire.botUserId
  const places = guilds(botUserId)
  const record = servers(db, inbox, log)
  const channels = rooms(clients.control, clock)
  const forgotten = forgetting(db, clock)
  const folk = people({ ...o, rest: clients.control, rooms: channels, botUserId, forgotten: forgotten.has })
  const kept = questions(db, o.pseudonyms, clock)
  const live = answers(clock)
  const called = calledIn({ rest: clients.control, bot: wire.botUserId, roleIn: (guildId) => places.known.get(guildId)?.ownRole ?? null })
  const out = outbound({ wire, clock, log, answers: live, calledIn: called })
  const ending = new AbortController()
  const guildIds = () => [...places.known.keys()]
  const look = found({ rest: clients.control, rooms: channels, clock, botUserId, guilds: guildIds, ending: ending.signal })
  const ctx: Context = {
    ...{ wire, messageContent, rooms: channels, people: folk, questions: kept, answers: live, out, clock, log, inbox },
    ...{ guilds: places.known, after: after() },
  }
  const connection = gateway({
    ...{ token: o.token, api, messageContent, budget: spent, clock, log },
    onEvent(name, data) {
      const { joined, left } = places.hear(name, data)
      if (heard === null || ending.signal.aborted) return
      for (const server of joined) ctx.after.add(record.joined(server))
      for (const server of left) ctx.after.add(record.left(server))
      ctx.after.add(onEvent(ctx, name, data))
    },
    onGap(since) {
      log.warn({}, "Discord lost a session: what stands under our name since then is looked through")
      ctx.after.add(sweepInto(ctx, look.sweep(since), ending.signal))
    },
  })

  return {
    name: "discord",
    can,
    wire,
    get shards() {
      return connection.shards
    },
    async start(given) {
      heard = given
      await connection.start()
      ctx.after.add(record.began(guildIds()))
      const how = await register(clients.control, wire.applicationId, out)
      const content =
        messageContent === "on" ? "with the words around a question" : "without the words around a question (DISCORD_MESSAGE_CONTENT is off)"
      log.info({ servers: places.known.size, shards: connection.shards, commands: how }, `connected to Discord, ${content}`)
    },
    async stop() {
      ending.abort()
      await connection.stop()
      await ctx.after.idle()
      closeClients(clients)
      heard = null
    },
    idle: () => ctx.after.idle(),
    render: (body) => render(body),
    thread: (place, message, limit) => readThread({ rest: clients.control, people: folk, questions: kept, botUserId }, place, message, limit),
    async audience(place) {
      const [guild, room] = await Promise.all([channels.guild(place.workspace, "now"), channels.room(roomOf(place), "now")])
      if (guild === null || room === null || room.guildId !== guild.id || room.channel.id !== place.channel) throw new PostRefused(gone)
      return audienceOf(guild, room)
    },
    mayAct: folk.mayAct,
    publish: out.publish,
    withdraw: out.withdraw,
    show: out.show,
    tell: out.tell,
    findPosted: look.findPosted,
    sweep: (since: Instant) => look.sweep(since),
    forget: (person) => forgotten.add(o.pseudonyms.of(person)),
    resumeBy: (stopped) =>
      stopped.workspace === "*"
        ? "An admin resumes on the console page or on the machine: countersign resume."
        : `An admin resumes with /countersign resume${stopped.channel === null ? " what: everything" : ""}.`,
  }
}

const appShape = z.looseObject({ id: z.string() })
async function whoAmI(rest: REST): Promise<Pick<Wire, "applicationId" | "botUserId">> {
  try {
    const [app, user] = await Promise.all([rest.get(Routes.currentApplication()), rest.get(Routes.user())])
    return { applicationId: appShape.parse(app).id, botUserId: appShape.parse(user).id }
  } catch (cause) {
    throw new DiscordCannotOpen(
      nameOfFault(cause) === "discord-0" || nameOfFault(cause) === "discord-token-dead"
        ? "Discord does not accept DISCORD_TOKEN. Make a new one in the developer portal under Bot, Reset Token, and set it."
        : `Discord could not be reached (${nameOfFault(cause)}). Check the network, and DISCORD_API_URL if it is set.`,
      { cause },
    )
  }
}
async function sweepInto(ctx: Context, messages: AsyncIterable<Parameters<Inbox["seen"]>[0]>, signal: AbortSignal): Promise<void> {
  try {
    for await (const m of messages) {
      if (signal.aborted) return
      await ctx.inbox().seen(m)
    }
  } catch (fault) {
    ctx.log.warn({ fault: nameOfFault(fault) }, "what was missed could not be looked for")
  }
}
