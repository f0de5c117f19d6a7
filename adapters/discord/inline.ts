// One paragraph of Markdown -> Discord's Markdown that says the same. Styles are used where they are certain to be read as such;
// every paragraph is read back, and one that would not show exactly its words is written without any.
import type { Token } from "markdown-it"
import { visibleDiscord } from "../../src/label/read/discord.ts"
import { normaliseVis } from "../../src/label/vis.ts"
import { escaped, lineSafe, link, linkSeen } from "./escape.ts"

type Mark = "**" | "*" | "~~"
export type Inline =
  | { readonly is: "text" | "code"; readonly text: string }
  | { readonly is: "break" }
  | { readonly is: "styled"; readonly mark: Mark; readonly of: readonly Inline[] }
  | { readonly is: "link"; readonly url: string; readonly of: readonly Inline[] }

const marks: Record<string, Mark> = { strong: "**", em: "*", s: "~~" }

/** Of markdown-it's tokens of one `inline`. */
export function inlineOf(tokens: readonly Token[]): readonly Inline[] {
  const open: { of: Inline[]; close: (of: readonly Inline[]) => Inline }[] = []
  let here: Inline[] = []
  for (const t of tokens) {
    if (t.nesting === 1) {
      const url = String(t.attrGet("href") ?? "")
      const mark = marks[t.tag]
      open.push({ of: here, close: (of) => (mark === undefined ? { is: "link", url, of } : { is: "styled", mark, of }) })
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

/** The words alone, as they should be read. */
export function plainOf(nodes: readonly Inline[]): string {
  return nodes
    .map((n) => {
      if (n.is === "break") return "\n"
      if (n.is === "styled") return plainOf(n.of)
      return n.is === "link" ? linkSeen(plainOf(n.of), n.url) : n.text
    })
    .join("")
}

/** `bare`: without styles, as in headings. */
export function sourceOf(nodes: readonly Inline[], way: "styled" | "bare"): string {
  const plain = plainOf(nodes)
  const ways = way === "styled" ? (["styled", "bare"] as const) : (["bare"] as const)
  return ways.map((w) => joined(pieces(nodes, w))).find((source) => showsAs(source, plain)) ?? escaped(plain)
}
export function showsAs(source: string, plain: string): boolean {
  return normaliseVis(visibleDiscord(source)) === normaliseVis(plain)
}

/** `text` is escaped when its neighbours are known: two of them may make an emoji together. */
type Piece = { readonly is: "text" | "source"; readonly text: string }
function pieces(nodes: readonly Inline[], way: "styled" | "bare"): readonly Piece[] {
  const all: Piece[] = []
  for (const n of nodes) {
    const before = all.at(-1)
    switch (n.is) {
      case "text":
        if (n.text !== "") all.push({ is: "text", text: n.text })
        break
      case "break":
        all.push({ is: "source", text: "\n" })
        break
      case "link":
        all.push({ is: "source", text: link(plainOf(n.of), n.url) })
        break
      case "code": {
        // A backtick within, or one beside it, would end it elsewhere.
        const plain = /[`\n]/.test(n.text) || n.text.trim() === "" || touches(before, "`")
        all.push(plain ? { is: "text", text: n.text } : { is: "source", text: `\`${n.text}\`` })
        break
      }
      case "styled": {
        const within = joined(pieces(n.of, "bare"))
        const simple = within !== "" && within.trim() === within && !/[*~`\n]/.test(within)
        // What would begin a line may do so within marks, too.
        const may = way === "styled" && simple && lineSafe(within) === within && !touches(before, "*~")
        if (may) all.push({ is: "source", text: `${n.mark}${within}${n.mark}` })
        else all.push(...pieces(n.of, way))
      }
    }
  }
  return all
}
function touches(before: Piece | undefined, marks: string): boolean {
  return before?.is === "source" && marks.includes(before.text.at(-1) ?? "\n")
}
function joined(all: readonly Piece[]): string {
  let [out, text] = ["", ""]
  for (const piece of all) {
    if (piece.is === "text") {
      text += piece.text
      continue
    }
    out += escaped(text) + piece.text
    text = ""
  }
  return out + escaped(text)
}
