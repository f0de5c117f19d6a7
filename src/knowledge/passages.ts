// Splits a Markdown page into passages, one per heading and no longer than a reader takes in at once.
// Splits only between whole blocks, so no code fence, list or table is ever cut. Knows nothing of files or searching.
import MarkdownIt from "markdown-it"
import type { Markdown } from "../core/domain.ts"
import type { Page } from "./pages.ts"

export interface Section {
  readonly path: string
  /** Plain text; empty before the first heading. */
  readonly heading: string
  /** Headings above it, outermost first. */
  readonly above: readonly string[]
  readonly text: Markdown
}

const maxSectionChars = 2_000
const parser = new MarkdownIt("commonmark", { html: true }).enable("table")

/** Top-level blocks of a Markdown text, each as its own source lines. Also how a quotation is cut to fit. */
export function blocksOf(
  text: Markdown,
): readonly { readonly kind: string; readonly level: number; readonly title: string; readonly source: string }[] {
  const lines = text.split(/\r\n?|\n/)
  const tokens = parser.parse(lines.join("\n"), {})
  const blocks = []
  for (const [i, token] of tokens.entries()) {
    if (token.level !== 0 || token.map === null || token.nesting < 0) continue
    const source = lines.slice(token.map[0], token.map[1]).join("\n").trimEnd()
    const inline = token.type === "heading_open" ? tokens[i + 1]?.children : null
    const title = (inline ?? [])
      .map((t) => (t.type === "softbreak" ? " " : t.content))
      .join("")
      .trim()
    blocks.push({ kind: token.type.replace(/_open$/, ""), level: Number(token.tag.slice(1)), title, source })
  }
  return blocks
}

export function sectionsOf(page: Page): readonly Section[] {
  const sections: Section[] = []
  const above: { readonly level: number; readonly title: string }[] = []
  let heading = ""
  let blocks: string[] = []
  const flush = () => {
    for (const text of packed(blocks)) sections.push({ path: page.path, heading, above: above.slice(0, -1).map((h) => h.title), text })
    blocks = []
  }
  for (const block of blocksOf(withoutFrontMatter(page.text))) {
    if (block.kind === "heading") {
      flush()
      while ((above.at(-1)?.level ?? 0) >= block.level) above.pop()
      above.push(block)
      heading = block.title
    } else if (block.kind !== "hr" && !(block.kind === "html_block" && block.source.trimStart().startsWith("<!--")))
      blocks.push(block.kind === "fence" || block.kind === "code_block" ? block.source : withoutLocalLinks(block.source))
  }
  flush()
  return sections
}

function packed(blocks: readonly string[]): string[] {
  const texts: string[] = []
  let now = ""
  for (const block of blocks) {
    if (now !== "" && now.length + block.length > maxSectionChars) {
      texts.push(now)
      now = block
    } else now = now === "" ? block : `${now}\n\n${block}`
  }
  if (now.trim() !== "") texts.push(now)
  return texts
}

/** A link that leads nowhere outside the folder keeps its words and loses its target; a picture from there is left out. */
function withoutLocalLinks(source: string): string {
  return source.replace(/(`+)[^`][\s\S]*?\1|(!?)\[([^\]]*)\]\((?!https?:\/\/)[^)\s]*(?:\s+"[^"]*")?\)/g, (all, code, picture, words) =>
    code !== undefined ? all : picture === "!" ? "" : words,
  )
}

function withoutFrontMatter(text: string): string {
  return text.replace(/^\uFEFF/, "").replace(/^---\r?\n[\s\S]*?\r?\n---[ \t]*(?:\r?\n|$)/, "")
}
