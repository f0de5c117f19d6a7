// Which message `/countersign draft` means: one by its link, or the newest of a person here that can be read.
import { Routes } from "discord.js"
import { z } from "zod"
import type { Place } from "../../src/core/domain.ts"
import type { Context } from "./context.ts"
import { noMessage, unless } from "./faults.ts"
import { placeOf, roomOf } from "./ids.ts"
import { isSpoken, type Message, messageShape } from "./messages.ts"
import { notHere } from "./words.ts"

const lookBack = 20
export interface Target {
  readonly place: Place
  readonly message: Message
}

/** A sentence when there is none. One that cannot be read is not passed over: it would be the answer to another question. */
export async function newest(ctx: Context, here: Place): Promise<Target | string> {
  const query = new URLSearchParams({ limit: String(lookBack) })
  const raw = await unless(noMessage, ctx.wire.control.get(Routes.channelMessages(roomOf(here)), { query }))
  if (raw === null) return notHere
  const said = z.array(messageShape).parse(raw).find(isSpoken)
  if (said === undefined) return "There is no message of a person here that I can read. Give the link of one after “message”."
  return { place: here, message: said }
}
/** `https://discord.com/channels/<server>/<channel>/<message>` */
export async function pointedAt(ctx: Context, guildId: string, link: string): Promise<Target | string> {
  const url = URL.parse(link.trim().replace(/^<|>$/g, ""))
  const path = /^\/channels\/(\d+)\/(\d+)\/(\d+)$/.exec(url?.pathname ?? "")
  const ofDiscord = url !== null && /(^|\.)discord(app)?\.com$/.test(url.hostname)
  if (path === null || !ofDiscord || path[1] !== guildId)
    return "Give the link of a message of this server: its menu has “Copy Message Link”. To ask something new, write it here and mention me."
  const room = await ctx.rooms.room(path[2] ?? "", "lately")
  if (room === null || room.guildId !== guildId) return notHere
  const raw = await unless(noMessage, ctx.wire.control.get(Routes.channelMessage(path[2] ?? "", path[3] ?? "")))
  if (raw === null) return notHere
  return { place: placeOf(guildId, room.channel.id, room.thread?.id ?? null), message: messageShape.parse(raw) }
}
