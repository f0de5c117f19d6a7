// Discord messages, as the API gives them -> the label they carry and what a reader sees. `visibleDiscord` is used when an answer
// is rendered and `readDiscord` when a post is checked, so that they agree. Whatever cannot be read counts as seen, by its name:
// nothing can be smuggled past the hash beside the text.
import type { Claims } from "../claims.ts"
import { visibleDiscord } from "./discord-markdown.ts"
import { type Fields, fields, list, string } from "./untrusted.ts"

export { visibleDiscord } from "./discord-markdown.ts"

/** The words of a post's buttons: the link to the label's page, and what readers may say of it. */
export const discordButtons = { verify: "Verify", report: "Report a problem", acted: "I acted on this" } as const

/** A message as it stands. All of it is untrusted until the label's signature says otherwise. */
export interface DiscordPost {
  /** The signed mini label, behind `#` in the address of the button; null when the message carries none. */
  readonly mini: string | null
  /** All of its visible text, label lines included. */
  readonly whole: string
  /** Without the label lines: the first and the last line of the text, where they read as lines of this very label. */
  readonly between: string
  /** Where it stands, as far as the message or the caller says so. */
  readonly ctx: Claims["ctx"] | null
  readonly says: { readonly jti: string | null; readonly url: string | null }
}
export interface DiscordPlace {
  readonly workspace: string
  readonly channel: string
  readonly thread: string | null
}

/** `at`: where the caller found it. A message from a thread does not say whose thread that is. */
export function readDiscord(message: unknown, at: DiscordPlace | null = null): DiscordPost {
  const m = fields(message)
  const link = labelLink(m)
  const frame = discordFrame(message)
  const sources = linesOf(m)
  const isFrame = (i: number) => (i === 0 && frame.first !== null) || (i === sources.length - 1 && frame.last !== null)
  const lines = sources.map((source, i) => ({ text: seenOf(source).replace(/\n$/, ""), ours: isFrame(i) }))
  // The label closes the post, whatever stands beside its text.
  const before = frame.last === null ? lines.length : lines.length - 1
  const all = [...lines.slice(0, before), ...beside(m, link).map((text) => ({ text, ours: false })), ...lines.slice(before)]
  const textOf = (some: typeof all) => some.map((l) => l.text).join("\n")
  return {
    mini: link?.mini ?? null,
    whole: textOf(all),
    between: textOf(all.filter((l) => !l.ours)),
    ctx: at === null ? placeOf(m) : { p: "discord", ws: at.workspace, ch: at.channel, ...(at.thread === null ? {} : { th: at.thread }) },
    says: { jti: link?.jti ?? null, url: link?.url ?? null },
  }
}

// No message has more, and marks without end take long.
const maxParsed = 4_000
const seenOf = (source: string) => (source.length > maxParsed ? source : visibleDiscord(source))

/** The label's own two lines as they are written, and its row of buttons, for whoever takes away what is between and beside them. */
export function discordFrame(message: unknown): { readonly first: string | null; readonly last: string | null; readonly row: unknown } {
  const m = fields(message)
  const link = labelLink(m)
  const url = link?.url ?? null
  const lines = linesOf(m)
  const ours = (line: string | undefined) => (line !== undefined && posesAs(seenOf(line).trimEnd(), url) ? line : null)
  const last = lines.length > 1 ? lines.at(-1) : undefined
  const row = list(m.components).find((one) => isOurRow(fields(one), link)) ?? null
  return { first: ours(lines[0]), last: last?.startsWith("-# ") ? ours(last) : null, row }
}
function posesAs(line: string, url: string | null): boolean {
  return url !== null && line.startsWith("✦ ") && line.endsWith(` verify: ${url}`)
}
/** The first line, what stands between, the last line. */
function linesOf(m: Fields): readonly string[] {
  const content = string(m.content) ?? ""
  const [first, last] = [content.indexOf("\n"), content.lastIndexOf("\n")]
  if (first < 0) return [content]
  const between = first === last ? [] : [content.slice(first + 1, last)]
  return [content.slice(0, first), ...between, content.slice(last + 1)]
}

interface Link {
  readonly url: string
  readonly jti: string
  readonly mini: string | null
}
/** Of the first link button that leads to a label's page. */
function labelLink(m: Fields): Link | null {
  for (const button of list(m.components).flatMap((row) => list(fields(row).components))) {
    const found = /^(https?:\/\/[^\s/#?]+\/l\/([0-7][0-9A-HJKMNP-TV-Z]{25}))(?:#([\w-]+\.[\w-]+\.[\w-]+))?$/.exec(string(fields(button).url) ?? "")
    if (found?.[1] !== undefined && found[2] !== undefined) return { url: found[1], jti: found[2], mini: found[3] ?? null }
  }
  return null
}

/** What is seen beside the text. Previews that Discord makes of links by itself are its own words, and nobody's to sign. */
function beside(m: Fields, link: Link | null): readonly string[] {
  const raw = (kind: string, all: unknown) => list(all).map((one) => `[${kind}] ${JSON.stringify(one)}`)
  const all = list(m.components)
  const ours = all.findIndex((row) => isOurRow(fields(row), link))
  const rows = all.filter((_, i) => i !== ours)
  const embeds = list(m.embeds).filter((e) => (string(fields(e).type) ?? "rich") === "rich")
  const poll = m.poll === undefined || m.poll === null ? [] : [m.poll]
  const files = list(m.attachments).map((a) => `[file] ${string(fields(a).filename) ?? ""}`)
  return [
    ...raw("embed", embeds),
    ...raw("component", rows),
    ...raw("sticker", m.sticker_items),
    ...raw("forwarded", m.message_snapshots),
    ...raw("poll", poll),
    ...files,
  ]
}
/** The row that every post has: the link, and the two buttons for this very label. */
function isOurRow(row: Fields, link: Link | null): boolean {
  const all = list(row.components).map(fields)
  const known = (b: Fields) => {
    if (b.type !== 2 || (b.emoji ?? null) !== null || link === null) return false
    if (b.style === 5) return b.label === discordButtons.verify && (b.url === link.url || b.url === `${link.url}#${link.mini}`)
    return (["report", "acted"] as const).some((act) => b.label === discordButtons[act] && b.custom_id === `${act}:${link.jti}`)
  }
  return row.type === 1 && all.every(known) && new Set(all.map((b) => b.label)).size === all.length
}

/** Only the gateway says which server, and only in a thread has a message a position; whose thread that is, nobody says. */
function placeOf(m: Fields): Claims["ctx"] | null {
  const [guild, channel] = [string(m.guild_id), string(m.channel_id)]
  if (guild === null || channel === null || m.position !== undefined) return null
  return { p: "discord", ws: `discord:${guild}`, ch: channel }
}
