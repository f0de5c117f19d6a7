// One paragraph of Markdown -> one piece of mrkdwn that says the same, or null. mrkdwn has no escape for `*`, `_`, `~` and
// backticks, so every piece is read back: only one that shows exactly the paragraph's words is used.
import { type Inline, type Style, plainOf as wordsOf } from "../../src/chat/inline.ts"
import { withEmoji } from "../../src/label/read/emoji.ts"
import { visibleMrkdwn } from "../../src/label/read/mrkdwn.ts"
import { normaliseVis } from "../../src/label/vis.ts"
import { escaped, link, linkSeen } from "./escape.ts"

const signs: Record<Style, "*" | "_" | "~"> = { strong: "*", em: "_", strike: "~" }

export const plainOf = (nodes: readonly Inline[]): string => wordsOf(nodes, linkSeen)

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
      const sign = signs[n.style]
      const words = plainOf(n.of)
      const may = way !== "unstyled" && !active.includes(sign) && words.trim() !== "" && words.trim() === words && !words.includes("\n")
      if (!may || isWord(before) || isWord(after)) return write(n.of, before, after, way, active)
      const within = write(n.of, "", "", way, active + sign)
      return within === null ? null : `${sign}${within}${sign}`
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
