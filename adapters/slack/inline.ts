// One paragraph of Markdown -> one piece of mrkdwn that says the same, or null. mrkdwn has no escape for `*`, `_`, `~` and
// backticks, so every piece is read back: only one that shows exactly the paragraph's words is used.
import type { Token } from "markdown-it"
import { withEmoji } from "../../src/label/read/emoji.ts"
import { visibleMrkdwn } from "../../src/label/read/mrkdwn.ts"
import { normaliseVis } from "../../src/label/vis.ts"
import { escaped, link, linkSeen } from "./escape.ts"

export type Mark = "*" | "_" | "~"
export type Inline =
  | { readonly is: "text" | "code"; readonly text: string }
  | { readonly is: "break" }
  | { readonly is: "styled"; readonly mark: Mark; readonly of: readonly Inline[] }
  | { readonly is: "link"; readonly url: string; readonly of: readonly Inline[] }

const marks: Record<string, Mark> = { strong: "*", em: "_", s: "~" }

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

/** Null: mrkdwn cannot say this without losing a character. */
export function mrkdwnOf(nodes: readonly Inline[]): string | null {
  const plain = plainOf(nodes)
  if (plain.includes("```")) return null
  return ways.map((way) => write(nodes, "", "", way, "")).find((text) => text !== null && showsAs(text, plain)) ?? null
}
/** As it is; with the words that could be taken for markup as code; the same without styles. */
const ways = ["styled", "coded", "unstyled"] as const
type Way = (typeof ways)[number]

export function showsAs(mrkdwn: string, plain: string): boolean {
  return normaliseVis(visibleMrkdwn(mrkdwn)) === normaliseVis(withEmoji(plain))
}

/** `before`, `after`: the characters around, since marks count at the edges of words only. */
function write(nodes: readonly Inline[], before: string, after: string, way: Way, active: string): string | null {
  let out = ""
  let last = before
  for (const [i, n] of nodes.entries()) {
    const next = firstAfter(nodes, i) ?? after
    const piece = one(n, last, next, way, active)
    if (piece === null) return null
    out += piece
    last = [...plainOf([n])].at(-1) ?? last
  }
  return out
}
function one(n: Inline, before: string, after: string, way: Way, active: string): string | null {
  switch (n.is) {
    case "text":
      return way === "styled" ? escaped(n.text) : n.text.split(/(\s+)/u).map(coded).join("")
    case "code":
      return /[`\n]/.test(n.text) || n.text.trim() === "" ? null : `\`${escaped(n.text)}\``
    case "break":
      return "\n"
    case "link":
      return link(plainOf(n.of), n.url)
    case "styled": {
      const words = plainOf(n.of)
      const may = way !== "unstyled" && !active.includes(n.mark) && words.trim() !== "" && words.trim() === words && !words.includes("\n")
      if (!may || isWord(before) || isWord(after)) return write(n.of, before, after, way, active)
      const within = write(n.of, "", "", way, active + n.mark)
      return within === null ? null : `${n.mark}${within}${n.mark}`
    }
  }
}
function coded(word: string): string {
  return /[*_~]|^>/.test(word) && !word.includes("`") ? `\`${escaped(word)}\`` : escaped(word)
}
/** Looks no further than it must: a paragraph has thousands of nodes. */
function firstAfter(nodes: readonly Inline[], i: number): string | undefined {
  for (let next = i + 1; next < nodes.length; next += 1) {
    const node = nodes[next]
    const first = node === undefined ? undefined : [...plainOf([node])].at(0)
    if (first !== undefined) return first
  }
  return undefined
}
const isWord = (char: string) => /^[\p{L}\p{N}]$/u.test(char)
