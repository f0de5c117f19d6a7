// Markdown -> parts of a Slack message, in order: pieces of mrkdwn, or plain text where mrkdwn would lose a character.
// Every part fits into one text object. Nothing is dropped; what Slack has no form for is said in words or as code.
import MarkdownIt, { type Token } from "markdown-it"
import { type Inline, inlineOf } from "../../src/chat/inline.ts"
import { tableText } from "../../src/chat/table.ts"
import type { Markdown } from "../../src/core/domain.ts"
import { escaped, linkSeen } from "./escape.ts"
import { mrkdwnOf, plainOf, showsAs } from "./inline.ts"
import { cut, splitCode } from "./split.ts"

export interface Part {
  readonly is: "mrkdwn" | "plain"
  readonly text: string
  /** Whether it follows closely on the part before it, as items of a list do. */
  readonly close: boolean
}
/** Longest text of one part: text objects hold 3,000. */
export const maxPart = 2_900

const markdown = new MarkdownIt("default", { html: false, linkify: true, typographer: false, breaks: false })
// Only whole addresses become links: "example.com" in a sentence may be a file name.
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false })

/** Where a paragraph stands. */
interface Around {
  readonly quote: boolean
  readonly indent: string
  /** Number or bullet of the item that begins here; taken by its first paragraph. */
  marker: string
  readonly tight: boolean
}

export function partsOf(body: Markdown): readonly Part[] {
  const out: Part[] = []
  blocks(markdown.parse(body.toWellFormed(), {}), { quote: false, indent: "", marker: "", tight: false }, out)
  return out
}

function blocks(tokens: readonly Token[], around: Around, out: Part[]): void {
  for (let i = 0; i < tokens.length; i++) {
    const t = tokens[i] as Token
    const end = t.nesting === 1 ? closing(tokens, i) : i
    const inner = tokens.slice(i + 1, end)
    switch (t.type) {
      case "heading_open":
        paragraph([{ is: "styled", style: "strong", of: inlineOf(inner[0]?.children ?? []) }], around, out)
        break
      case "paragraph_open":
        paragraph(inlineOf(inner[0]?.children ?? []), around, out)
        break
      case "bullet_list_open":
      case "ordered_list_open":
        items(t, inner, around, out)
        break
      case "blockquote_open":
        blocks(inner, { ...around, quote: true }, out)
        break
      case "table_open":
        code(tableText(inner, linkSeen), out)
        break
      case "fence":
      case "code_block":
        code(t.content.replace(/\n$/, ""), out)
        break
      case "hr":
        out.push({ is: "mrkdwn", text: "———", close: false })
        break
      default:
        if (t.content.trim() !== "") paragraph([{ is: "text", text: t.content }], around, out)
    }
    i = end
  }
}
function closing(tokens: readonly Token[], open: number): number {
  let depth = 0
  for (let i = open; i < tokens.length; i++) {
    depth += tokens[i]?.nesting ?? 0
    if (depth === 0) return i
  }
  return tokens.length
}

function items(list: Token, tokens: readonly Token[], around: Around, out: Part[]): void {
  let n = Number(list.attrGet("start") ?? 1)
  for (let i = 0; i < tokens.length; i++) {
    const end = closing(tokens, i)
    const marker = list.type === "ordered_list_open" ? `${n++}. ` : around.indent === "" ? "• " : "◦ "
    const item: Around = { ...around, indent: `${around.indent}    `, marker: `${around.indent}${marker}`, tight: i > 0 || around.indent !== "" }
    blocks(tokens.slice(i + 1, end), item, out)
    // An item with nothing to say still counts.
    if (item.marker !== "") paragraph([], item, out)
    i = end
  }
}

function paragraph(nodes: readonly Inline[], around: Around, out: Part[]): void {
  const lead = around.marker !== "" ? around.marker : around.indent
  const close = around.tight
  around.marker = ""
  for (const [i, group] of groups(nodes).entries()) {
    const before = i === 0 ? lead : ""
    const plain = before + plainOf(group)
    const text = mrkdwnOf(group)
    const quoted = (around.quote ? "> " : "") + (before + (text ?? "")).replaceAll("\n", around.quote ? "\n> " : "\n")
    if (text !== null && quoted.length <= maxPart && showsAs(quoted, plain)) out.push({ is: "mrkdwn", text: quoted, close })
    else for (const piece of cut(plain, maxPart)) out.push({ is: "plain", text: piece, close })
  }
}
// Signs that must be shown as code grow a text further: what is gathered stays below what one object holds.
const maxGroup = 2_300
/** A long paragraph in several, cut between words. */
function groups(nodes: readonly Inline[]): readonly (readonly Inline[])[] {
  if (nodes.reduce((sum, n) => sum + sizeOf(n), 0) <= maxGroup) return [nodes]
  const words = nodes.flatMap((n): readonly Inline[] => (n.is === "text" ? n.text.split(/(?<=\s)/u).map((text) => ({ is: "text", text })) : [n]))
  const all: Inline[][] = [[]]
  let size = 0
  for (const word of words) {
    const more = sizeOf(word)
    if (size > 0 && size + more > maxGroup) {
      all.push([])
      size = 0
    }
    all.at(-1)?.push(word)
    size += more
  }
  return all
}
/** Length as mrkdwn, about. */
function sizeOf(n: Inline): number {
  switch (n.is) {
    case "text":
    case "code":
      return escaped(n.text).length + 2
    case "break":
      return 3
    case "styled":
      return n.of.reduce((sum, inner) => sum + sizeOf(inner), 2)
    case "link":
      return n.of.reduce((sum, inner) => sum + sizeOf(inner), escaped(n.url).length + 5)
  }
}

function code(text: string, out: Part[]): void {
  if (text.trim() === "") return
  // A fence within cannot be told from the end of the block.
  if (text.includes("```")) {
    for (const piece of cut(text, maxPart)) out.push({ is: "plain", text: piece, close: false })
    return
  }
  for (const piece of splitCode(escaped(text), maxPart)) out.push({ is: "mrkdwn", text: `\`\`\`\n${piece}\n\`\`\``, close: false })
}
