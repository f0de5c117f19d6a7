// Puts a message into a conversation, whoever wrote it, and rings whom it mentions.
import type { Core } from "./core.ts"
import { markup, mentions } from "./normalise.ts"
import type { Channel, Fields, Message } from "./state.ts"

export interface Posting {
  readonly user: string
  readonly team: string
  readonly bot: Message["bot"]
  readonly text: string
  readonly blocks: Fields[] | null
  readonly attachments?: Fields[] | null
  readonly files?: Fields[] | null
  readonly metadata?: Fields | null
  readonly threadTs: string | null
  readonly broadcast?: boolean
  /** Of what Slack itself says. */
  readonly subtype?: string
  readonly via: Message["via"]
  readonly unfurl?: Message["unfurl"]
  readonly looks?: "names" | "markup"
}
export function put(core: Core, channel: Channel, p: Posting): Message {
  const message: Message = {
    ts: core.time.ts(),
    channel: channel.id,
    user: p.user,
    team: p.team,
    bot: p.bot,
    threadTs: p.threadTs,
    broadcast: p.broadcast ?? false,
    text: p.text,
    blocks: p.blocks,
    attachments: p.attachments ?? null,
    files: p.files ?? null,
    metadata: p.metadata ?? null,
    subtype: p.subtype !== undefined ? p.subtype : p.broadcast === true ? "thread_broadcast" : (p.files ?? null) === null ? null : "file_share",
    edited: null,
    via: p.via,
    unfurl: p.unfurl ?? { links: true, media: true },
    readableFrom: core.time.elapsed() + core.settings.historyLagMs,
    stream: null,
  }
  channel.messages.push(message)
  channel.byTs.set(message.ts, message)
  if (message.threadTs !== null) {
    const thread = channel.threads.get(message.threadTs)
    if (thread === undefined) channel.threads.set(message.threadTs, [message])
    else thread.push(message)
  }
  ring(core, message, p.looks ?? "markup")
  return message
}
export function takeOut(channel: Channel, message: Message): void {
  const without = (list: readonly Message[]) => list.filter((m) => m !== message)
  channel.messages.splice(channel.messages.indexOf(message), 1)
  channel.byTs.delete(message.ts)
  if (message.threadTs !== null) channel.threads.set(message.threadTs, without(channel.threads.get(message.threadTs) ?? []))
}
/** Slack notifies for what stands in blocks and for what stands in the fallback text: either is heard. */
export function ring(core: Core, message: Message, looks: "names" | "markup"): void {
  for (const one of mentions(message.text, looks)) core.rung.push({ ...one, message, where: "text" })
  for (const piece of markup(message.blocks ?? [])) for (const one of mentions(piece, "markup")) core.rung.push({ ...one, message, where: "blocks" })
}
/** `ts` of the thread that a reply joins: a reply's own ts leads to its parent. */
export function threadOf(channel: Channel, ts: string): string | null {
  const found = channel.byTs.get(ts)
  return found === undefined ? null : (found.threadTs ?? found.ts)
}
