// Discord's own Markdown -> what a reader sees: marks taken off where they are markup, escapes undone, code as it stands.
// `adapters/discord` renders by the same grammar, so that what was shown and what is read back agree. Whatever is alive in a way
// that our posts never are (a mention, a spoiler, a link with other words) reads as its kind and its source: never as plain words.
import { withEmoji } from "./emoji.ts"

interface At {
  readonly start: "of-line" | "in-line"
  readonly quoted: "quoted" | "unquoted"
}
/** Takes time that grows with the square of marks without end: somebody else's text is at most as long as a message. */
export function visibleDiscord(content: string): string {
  return read(content, { start: "of-line", quoted: "unquoted" })
}

function read(source: string, at: At): string {
  let [seen, pos, fresh] = ["", 0, at.start === "of-line"]
  while (pos < source.length) {
    const found = (fresh ? beginning(source, pos, at) : null) ?? inside(source, pos, at)
    seen += found.seen
    pos += found.taken
    fresh = source[pos - 1] === "\n" || (fresh && found.mark === "bullet")
  }
  return seen
}
interface Found {
  readonly seen: string
  readonly taken: number
  readonly mark?: "bullet"
}
function match(pattern: RegExp, source: string, pos: number): RegExpExecArray | null {
  pattern.lastIndex = pos
  return pattern.exec(source)
}

const rest = / *>>> ([\s\S]*)/y
const quote = /(?: *> [^\n]*(?:\n|$))+/y
const heading = / *#{1,3}[^\S\n]+((?:\\[\s\S]|[^\n\\])+?)#*[^\S\n]*(?:\n|$)/y
const subtext = / *-#[^\S\n]+([^\n]+?)[^\S\n]*(?:\n|$)/y
const bullet = /( *)[-*] +(?=\S)/y
/** What counts at the beginning of a line only. */
function beginning(source: string, pos: number, at: At): Found | null {
  if (at.quoted === "unquoted") {
    const all = match(rest, source, pos)
    if (all !== null) return { seen: read(all[1] ?? "", { start: "of-line", quoted: "quoted" }), taken: all[0].length }
    const lines = match(quote, source, pos)
    const words = lines?.[0].replace(/^ *> /gm, "") ?? ""
    if (lines !== null) return { seen: read(words, { start: "of-line", quoted: "quoted" }), taken: lines[0].length }
  }
  const line = match(heading, source, pos) ?? match(subtext, source, pos)
  if (line !== null) return { seen: `${read(line[1] ?? "", { ...at, start: "in-line" })}\n`, taken: line[0].length }
  const item = match(bullet, source, pos)
  return item === null ? null : { seen: `${item[1] ?? ""}• `, taken: item[0].length, mark: "bullet" }
}

const shrug = /¯\\_\(ツ\)_\/¯/y
const escapes = /\\([^0-9A-Za-z\s])/uy
const block = /```(?:[a-z0-9_+\-.#]+?\n)?\n*([^\n][\s\S]*?)\n*```/iy
const code = /(`+)([\s\S]*?[^`])\1(?!`)/y
const address = /<([^: >]+:\/[^ >]+)>/y
/** Mentions, channels, roles, commands, emoji of a server, times, places of a server, ways to call or write to somebody. */
const alive = /<(?:@[!&]?|#|\/|a?:|t:|id:|mailto:|tel:|sms:|\+)[^<>\n]*>|@(?:everyone|here)/y
const spoiler = /\|\|([\s\S]+?)\|\|/y
const name = /:[a-z0-9_+'-]+:/y
/** Styles, which change no word. */
const styles = [
  /\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/y,
  /__((?:\\[\s\S]|[^\\])+?)__(?!_)/y,
  /\*(?=\S)((?:\*\*|\s+(?:[^*\s]|\*\*)|[^\s*])+?)\*(?!\*)/y,
  /\b_((?:__|\\[\s\S]|[^\\_])+?)_\b/y,
  /~~([\s\S]+?)~~(?!_)/y,
]
function inside(source: string, pos: number, at: At): Found {
  const plain = String.fromCodePoint(source.codePointAt(pos) ?? 0)
  const taken = (m: RegExpExecArray | null, seen: (of: RegExpExecArray) => string) => (m === null ? null : { seen: seen(m), taken: m[0].length })
  const one = (): Found | null => {
    switch (plain) {
      case "¯":
        return taken(match(shrug, source, pos), (m) => m[0])
      case "\\":
        return taken(match(escapes, source, pos), (m) => m[1] ?? "")
      case "`":
        return taken(match(block, source, pos), (m) => m[1] ?? "") ?? taken(match(code, source, pos), (m) => m[2] ?? "")
      case "<":
      case "@":
        return taken(match(address, source, pos), (m) => m[1] ?? "") ?? taken(match(alive, source, pos), (m) => `[alive] ${m[0]}`)
      case "[":
        return masked(source, pos)
      case "|":
        return taken(match(spoiler, source, pos), (m) => `[spoiler] ${m[0]}`)
      case ":":
        return taken(match(name, source, pos), (m) => withEmoji(m[0]))
      case "*":
      case "_":
      case "~": {
        const found = styles.map((style) => match(style, source, pos)).find((m) => m !== null) ?? null
        return taken(found, (m) => read(m[1] ?? "", { ...at, start: "in-line" }))
      }
      default:
        return null
    }
  }
  return one() ?? { seen: plain, taken: plain.length }
}
/** Wider than Discord's own rule: whatever may be a link with other words. Our posts escape every `[`. */
function masked(source: string, pos: number): Found | null {
  const between = source.indexOf("](", pos)
  const end = between < 0 ? -1 : source.indexOf(")", between)
  return end < 0 ? null : { seen: `[link] ${source.slice(pos, end + 1)}`, taken: end + 1 - pos }
}
