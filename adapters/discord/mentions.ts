// Words that are addressed to the bot: a mention in a channel or thread, or a direct message. They ask for a draft, or they stop it. A
// reply that only pings is no mention: the name must stand in the words. One message is one ask, however often Discord tells of it.
import type { Place } from "../../src/core/domain.ts"
import { saysStop } from "../../src/core/orders.ts"
import { isRefusal } from "../../src/core/refusals.ts"
import { calls } from "./called.ts"
import { type Context, tell } from "./context.ts"
import { notNow } from "./faults.ts"
import { busyRefusal, busyWords } from "./gesture.ts"
import { messageIdOf, personOf, placeOf } from "./ids.ts"
import { isSpoken, type Message } from "./messages.ts"
import { inPrivate } from "./people.ts"
import { stopNow } from "./stops.ts"
import { helpWords, onlyMentioned, roleMentioned } from "./words.ts"

/** When this resolves, what it asked for is durable. */
export async function hear(ctx: Context, m: Message): Promise<void> {
  if (!isSpoken(m)) return
  return m.guild_id === undefined ? direct(ctx, m) : inServer(ctx, m, m.guild_id)
}

async function inServer(ctx: Context, m: Message, guildId: string): Promise<void> {
  const me = `<@!?${ctx.wire.botUserId}>`
  const role = ctx.guilds.get(guildId)?.ownRole ?? null
  const to = personOf(guildId, m.author.id)
  if (!calls(m, ctx.wire.botUserId, role)) {
    if (role !== null && m.mention_roles.includes(role) && m.content === "") tell(ctx, to, roleMentioned)
    return
  }
  const words = m.content.replaceAll(new RegExp(`${me}|<@&${role ?? "-"}>`, "g"), " ").trim()
  const stops = saysStop(words)
  const what = stops ? "stops" : "asks"
  if (m.member !== undefined) ctx.people.heard(guildId, { ...m.member, user: m.author }, what)
  const by = await ctx.people.actor(guildId, m.author.id, what).catch(busyWords)
  if (by === null) return
  if (typeof by === "string") return tell(ctx, to, by)
  const place = await placeOfMessage(ctx, guildId, m.channel_id).catch((fault: unknown) => busyRefusal(notNow(fault) ?? fault))
  if (stops) {
    // Where Discord does not say now whose thread that is, everything stops: an unneeded stop costs a click, a missed one a leak.
    const from = place === null || isRefusal(place) ? placeOf(guildId, inPrivate, null) : place
    const scope = { workspace: from.workspace, channel: from.channel === inPrivate ? null : from.channel }
    await stopNow(ctx, { by, scope, from, why: null, tell: (said) => tell(ctx, to, said) })
    return
  }
  if (place === null) return
  if (isRefusal(place)) return tell(ctx, to, place.words)
  if (/^help[.!?]?$/i.test(words)) return tell(ctx, to, helpWords(to))
  // A name below somebody's question means that question, which Discord keeps from us.
  if (words === "" && ctx.messageContent === "off") return tell(ctx, to, onlyMentioned)
  const message = messageIdOf({ channel: m.channel_id, message: m.id })
  const asked = await ctx.inbox().ask({ by, place, message, gesture: message }).catch(busyRefusal)
  if (isRefusal(asked)) tell(ctx, to, asked.words)
}
async function placeOfMessage(ctx: Context, guildId: string, channel: string): Promise<Place | null> {
  const room = await ctx.rooms.room(channel, "lately")
  return room === null ? null : placeOf(guildId, room.channel.id, room.thread?.id ?? null)
}

/** There is no server here: "stop" can only mean everything, wherever this person is a member. */
async function direct(ctx: Context, m: Message): Promise<void> {
  const all = [...ctx.guilds.keys()]
  if (saysStop(m.content.replaceAll(`<@${ctx.wire.botUserId}>`, " "))) {
    await Promise.all(all.map((guildId) => stopFromDirect(ctx, guildId, m.author.id)))
    return
  }
  for (const guildId of all) {
    const by = await ctx.people.actor(guildId, m.author.id, "asks").catch(() => null)
    if (by !== null) return tell(ctx, by.person, helpWords(by.person))
  }
}
/** Where Discord does not say whether they are a member, they are taken for one. */
async function stopFromDirect(ctx: Context, guildId: string, userId: string): Promise<void> {
  const by = await ctx.people.actor(guildId, userId, "stops")
  if (by === null) return
  const from = placeOf(guildId, inPrivate, null)
  await stopNow(ctx, { by, scope: { workspace: from.workspace, channel: null }, from, why: null, tell: (said) => tell(ctx, by.person, said) })
}
