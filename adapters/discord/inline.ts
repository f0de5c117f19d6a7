// One paragraph of Markdown -> Discord's Markdown that says the same. Styles are used where they are certain to be read as such;
// every paragraph is read back, and one that would not show exactly its words is written without any.
import { type Inline, type Style, plainOf as wordsOf } from "../../src/chat/inline.ts"
import { visibleDiscord } from "../../src/label/read/discord.ts"
import { normaliseVis } from "../../src/label/vis.ts"
import { escaped, lineSafe, link, linkSeen } from "./escape.ts"

const signs: Record<Style, "**" | "*" | "~~"> = { strong: "**", em: "*", strike: "~~" }

export const plainOf = (nodes: readonly Inline[]): string => wordsOf(nodes, linkSeen)

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
        if (may) all.push({ is: "source", text: `${signs[n.style]}${within}${signs[n.style]}` })
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
