// Slack messages, as `conversations.history` gives them with all metadata -> the label they carry and what a reader sees.
// `visibleSlack` is used when an answer is rendered and `readSlack` when a post is checked, so that they agree.
// Whatever cannot be read counts as seen, by its name: nothing can be smuggled past the hash in a block that is not understood.
import type { Claims } from "../claims.ts"
import { withEmoji } from "./emoji.ts"
import { visibleMrkdwn } from "./mrkdwn.ts"
import { richText } from "./rich-text.ts"
import { type Fields, fields, list, string } from "./untrusted.ts"

/** `metadata.event_type` of a labelled message. */
export const slackLabelEvent = "ai_label"

/** A message as it stands. All of it is untrusted until the label's signature says otherwise. */
export interface SlackPost {
  /** The signed mini label; null when the message carries none. */
  readonly mini: string | null
  /** All of its visible text, label lines included, one block a line. */
  readonly whole: string
  /** Without the label lines: of the first and the last block, those that read as lines of this very label are left out. */
  readonly between: string
  /** Where it stands, as far as the message says so. */
  readonly ctx: Claims["ctx"] | null
  readonly says: { readonly jti: string | null; readonly url: string | null; readonly attempt: string | null; readonly ws: string | null }
}

/** What a reader sees of blocks: one block a line. */
export function visibleSlack(blocks: readonly unknown[]): string {
  return blocks.map((b) => blockText(fields(b))).join("\n")
}

/** `at`: where the caller found it, if the message itself does not say. */
export function readSlack(message: unknown, at: { readonly workspace?: string; readonly channel?: string } = {}): SlackPost {
  const m = fields(message)
  const metadata = fields(m.metadata)
  const says = string(metadata.event_type) === slackLabelEvent ? fields(metadata.event_payload) : {}
  const url = string(says.url)
  const blocks = list(m.blocks).map(fields)
  const edge = (i: number) => i === 0 || i === blocks.length - 1
  const lines = blocks.map((b, i) => ({ text: edge(i) ? (labelLine(b) ?? blockText(b)) : blockText(b), ours: edge(i) && posesAs(labelLine(b), url) }))
  if (blocks.length === 0) lines.push({ text: visibleMrkdwn(string(m.text) ?? ""), ours: false })
  for (const more of beside(m)) lines.push({ text: more, ours: false })
  return {
    mini: string(says.jws),
    whole: lines.map((l) => l.text).join("\n"),
    between: lines
      .filter((l) => !l.ours)
      .map((l) => l.text)
      .join("\n"),
    ctx: placeOf(m, at),
    says: { jti: string(says.jti), url, attempt: string(says.attempt), ws: string(says.ws) },
  }
}

/** The label's own blocks of a message, for whoever takes the text between them away. */
export function labelBlocks(message: unknown): { readonly first: Fields | null; readonly last: Fields | null } {
  const m = fields(message)
  const url = string(fields(fields(m.metadata).event_payload).url)
  const blocks = list(m.blocks).map(fields)
  const ours = (block: Fields | undefined) => (block !== undefined && posesAs(labelLine(block), url) ? block : null)
  return { first: ours(blocks[0]), last: blocks.length > 1 ? ours(blocks.at(-1)) : null }
}

/** A context block whose last element is the link to the label's page; its address is part of the line. */
function labelLine(block: Fields): string | null {
  if (block.type !== "context") return null
  const elements = list(block.elements).map(fields)
  const url = /^<(https?:\/\/[^<>|\s]+)\|verify>$/.exec(string(elements.at(-1)?.text) ?? "")?.[1]
  if (url === undefined) return null
  return `${elements.slice(0, -1).map(textOf).join(" ")} verify: ${url.replaceAll("&amp;", "&")}`
}
function posesAs(line: string | null, url: string | null): boolean {
  return line !== null && url !== null && line.startsWith("✦ ") && line.endsWith(` verify: ${url}`)
}

function blockText(block: Fields): string {
  switch (block.type) {
    case "section":
      return [block.text, ...list(block.fields)]
        .filter((t) => t !== undefined)
        .map(textOf)
        .join("\n")
    case "header":
      return textOf(block.text)
    case "context":
      return list(block.elements).map(textOf).join(" ")
    case "divider":
      return ""
    case "rich_text":
      return richText(block)
    case "markdown":
      return withEmoji(string(block.text) ?? "")
    case "image":
      return [string(block.alt_text) ?? "", textOf(block.title)].join("\n")
    default:
      return `[${string(block.type) ?? "block"}] ${JSON.stringify(block)}`
  }
}
/** A text object, or an image among them. */
function textOf(object: unknown): string {
  const { type, text, alt_text } = fields(object)
  if (type === "mrkdwn") return visibleMrkdwn(string(text) ?? "")
  return withEmoji(withoutEntities(string(text) ?? string(alt_text) ?? ""))
}
/** Nobody says whether Slack stores the `&` of plain text as an entity: undone until none is left, both readings are one. */
function withoutEntities(text: string): string {
  const undone = text.replace(/&(?:amp|lt|gt);/g, (e) => ({ "&amp;": "&", "&lt;": "<", "&gt;": ">" })[e] ?? e)
  return undone === text ? text : withoutEntities(undone)
}
/** Attachments and files are seen beside the blocks. */
function beside(m: Fields): readonly string[] {
  const attachments = list(m.attachments).map((a) => {
    const { pretext, title, text, fallback, blocks } = fields(a)
    return [pretext, title, text, fallback].map((t) => visibleMrkdwn(string(t) ?? "")).join("\n") + visibleSlack(list(blocks))
  })
  return [...attachments, ...list(m.files).map((f) => string(fields(f).title) ?? "[file]")]
}

function placeOf(m: Fields, at: { readonly workspace?: string; readonly channel?: string }): Claims["ctx"] | null {
  const team = string(m.team)
  const ws = at.workspace ?? (team === null ? null : `slack:${team}`)
  const ch = at.channel ?? string(m.channel)
  if (ws === null || ch === null) return null
  const th = string(m.thread_ts)
  return { p: "slack", ws, ch, ...(th === null || th === string(m.ts) ? {} : { th }) }
}
