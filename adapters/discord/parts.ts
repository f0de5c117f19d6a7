// Markdown -> parts of a Discord message, in order, each with the words that it should show. Nothing is dropped; what Discord has no
// form for is said in words or as code. Numbers of lists are words, since Discord would count anew.
import MarkdownIt, { type Token } from "markdown-it"
import { type Inline, inlineOf } from "../../src/chat/inline.ts"
import { tableText } from "../../src/chat/table.ts"
import type { Markdown } from "../../src/core/domain.ts"
import { lineSafe, linkSeen } from "./escape.ts"
import { plainOf, sourceOf } from "./inline.ts"

export interface Part {
  readonly source: string
  readonly plain: string
  /** Whether it follows closely on the part before it, as items of a list do. */
  readonly close: boolean
}

const markdown = new MarkdownIt("default", { html: false, linkify: true, typographer: false, breaks: false })
// Only whole addresses become links: "example.com" in a sentence may be a file name.
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false })

/** Where a paragraph stands. */
interface Around {
  /** Discord has one level of quotes. */
  readonly quote: boolean
  readonly indent: string
  /** Number or bullet of the item that begins here; taken by its first paragraph. */
  marker: { readonly source: string; readonly plain: string } | null
  readonly tight: boolean
}

export function partsOf(body: Markdown): readonly Part[] {
  const out: Part[] = []
  blocks(markdown.parse(body.toWellFormed(), {}), { quote: false, indent: "", marker: null, tight: false }, out)
  return out
}

function blocks(tokens: readonly Token[], around: Around, out: Part[]): void {
  for (let i = 0; i < tokens.length; i++) {
    const t = tokens[i] as Token
    const end = t.nesting === 1 ? closing(tokens, i) : i
    const inner = tokens.slice(i + 1, end)
    switch (t.type) {
      case "heading_open":
        headline(inlineOf(inner[0]?.children ?? []), around, out)
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
        code(tableText(inner, linkSeen), "", around, out)
        break
      case "fence":
      case "code_block":
        code(t.content.replace(/\n$/, ""), t.info, around, out)
        break
      case "hr":
        out.push(quoted({ source: "———", plain: "———", close: false }, around))
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
    const marker = list.type === "ordered_list_open" ? { source: `${n}\\. `, plain: `${n}. ` } : { source: "- ", plain: "• " }
    n += 1
    const item: Around = { ...around, indent: `${around.indent}  `, marker, tight: i > 0 || around.indent !== "" }
    blocks(tokens.slice(i + 1, end), item, out)
    // An item with nothing to say still counts.
    if (item.marker !== null) paragraph([], item, out)
    i = end
  }
}

/** The smallest heading: nothing stands out more than the label. */
function headline(nodes: readonly Inline[], around: Around, out: Part[]): void {
  const source = lineSafe(sourceOf(nodes, "bare").replaceAll("\n", " "))
  if (around.indent !== "" || source.trim() === "") {
    paragraph([{ is: "styled", style: "strong", of: nodes }], around, out)
    return
  }
  // Signs at the end of a heading are taken for its frame.
  const whole = source.replace(/#+$/, (signs) => signs.replaceAll("#", "\\#"))
  out.push(quoted({ source: `### ${whole}`, plain: plainOf(nodes).replaceAll("\n", " "), close: around.tight }, around))
}
function paragraph(nodes: readonly Inline[], around: Around, out: Part[]): void {
  const { indent, marker } = around
  const [first, more] = marker === null ? [{ source: indent, plain: indent }, indent] : [indented(marker, indent.slice(2)), indent]
  around.marker = null
  const lines = (text: string) => text.split("\n").map((line, i) => (i === 0 ? line : `${more}${line}`))
  const safe = sourceOf(nodes, "styled").split("\n").map(lineSafe).join("\n")
  // A bullet needs words behind it.
  const lead = safe.trim() === "" && first.plain.endsWith("• ") ? first.plain : first.source
  out.push(
    quoted(
      { source: lead + lines(safe).join("\n"), plain: first.plain + lines(plainOf(nodes)).join("\n"), close: marker !== null && around.tight },
      around,
    ),
  )
}
function indented(marker: { readonly source: string; readonly plain: string }, by: string) {
  return { source: by + marker.source, plain: by + marker.plain }
}

function code(text: string, info: string, around: Around, out: Part[]): void {
  if (text.trim() === "") return
  // A fence within cannot be told from the end of the block.
  if (text.includes("```")) {
    const nodes = text
      .split("\n")
      .flatMap((line, i): readonly Inline[] => [...(i === 0 ? [] : [{ is: "break" as const }]), { is: "text", text: line }])
    paragraph(nodes, { ...around, marker: null, tight: false }, out)
    return
  }
  const language = /^[a-z0-9_+#.-]{1,20}$/i.exec(info.trim())?.[0] ?? ""
  out.push(quoted({ source: `\`\`\`${language}\n${text}\n\`\`\``, plain: text, close: false }, around))
}
function quoted(part: Part, around: Around): Part {
  return around.quote ? { ...part, source: part.source.replace(/^/gm, "> ") } : part
}
