// One paragraph of Markdown as a tree: words, code, ends of lines, links, and three styles. How a platform writes them, it says itself.
import type { Token } from "markdown-it"

export type Style = "strong" | "em" | "strike"
export type Inline =
  | { readonly is: "text" | "code"; readonly text: string }
  | { readonly is: "break" }
  | { readonly is: "styled"; readonly style: Style; readonly of: readonly Inline[] }
  | { readonly is: "link"; readonly url: string; readonly of: readonly Inline[] }

const styles: Record<string, Style> = { strong: "strong", em: "em", s: "strike" }

/** Of markdown-it's tokens of one `inline`. */
export function inlineOf(tokens: readonly Token[]): readonly Inline[] {
  const open: { of: Inline[]; close: (of: readonly Inline[]) => Inline }[] = []
  let here: Inline[] = []
  for (const t of tokens) {
    if (t.nesting === 1) {
      const url = String(t.attrGet("href") ?? "")
      const style = styles[t.tag]
      open.push({ of: here, close: (of) => (style === undefined ? { is: "link", url, of } : { is: "styled", style, of }) })
      here = []
    } else if (t.nesting === -1) {
      const outer = open.pop()
      if (outer === undefined) continue
      outer.of.push(outer.close(here))
      here = outer.of
    } else here.push(leaf(t))
  }
  return here
}
function leaf(t: Token): Inline {
  switch (t.type) {
    case "code_inline":
      return { is: "code", text: t.content }
    case "softbreak":
      return { is: "text", text: " " }
    case "hardbreak":
      return { is: "break" }
    // A picture would tell its server who reads: its description stays, as a link.
    case "image":
      return { is: "link", url: String(t.attrGet("src") ?? ""), of: [{ is: "text", text: t.content }] }
    default:
      return { is: "text", text: t.content }
  }
}

/** How a platform shows a link. */
export type LinkSeen = (label: string, url: string) => string

/** The words alone, as they should be read. */
export function plainOf(nodes: readonly Inline[], linkSeen: LinkSeen): string {
  return nodes
    .map((n) => {
      if (n.is === "break") return "\n"
      if (n.is === "styled") return plainOf(n.of, linkSeen)
      return n.is === "link" ? linkSeen(plainOf(n.of, linkSeen), n.url) : n.text
    })
    .join("")
}
