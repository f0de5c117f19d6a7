// Slack's mrkdwn -> what a reader sees: links as their text, entities as their characters, `*`, `_`, `~` and backticks taken off
// where they are markup. `adapters/slack` renders by the same grammar, so that what was shown and what is read back agree.
import { withEmoji } from "./emoji.ts"

/** Ends of lines are kept; white space does not matter to the hash. */
export function visibleMrkdwn(text: string): string {
  // Odd parts stand between fences. A fence without an end is text.
  const parts = text.split("```")
  const open = parts.length % 2 === 0 ? parts.length - 1 : -1
  const seen = parts.map((part, i) => {
    if (i === open) return `\`\`\`${prose(part)}`
    return i % 2 === 1 ? literal(part) : prose(part)
  })
  return withEmoji(seen.join(""))
}

function prose(text: string): string {
  return text.split("\n").map(line).join("\n")
}
/** Code: links and entities are Slack's even there. */
function literal(text: string): string {
  return text.replace(/<([^<>\n]*)>/g, (_, inner: string) => linkText(inner)).replace(entity, (_, name: string) => entities[name] ?? "")
}
const entity = /&(amp|lt|gt);/g
const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">" }

interface Atom {
  readonly text: string
  /** Raw characters may be markup; what came from code, links and entities may not. */
  readonly raw: boolean
}
function line(text: string): string {
  // Slack writes a quote's sign either way.
  const atoms = atomsOf(text.replace(/^(?:>|&gt;) ?/, ""))
  const off = new Set<number>()
  for (const mark of ["*", "_", "~"]) pairs(atoms, mark, off)
  return atoms
    .filter((_, i) => !off.has(i))
    .map((a) => a.text)
    .join("")
}
function atomsOf(text: string): readonly Atom[] {
  return [...text.matchAll(/`([^`]+)`|<([^<>]*)>|&(amp|lt|gt);|./gsu)].map(([whole, code, link, name]) => {
    if (code !== undefined) return { text: literal(code), raw: false }
    if (link !== undefined) return { text: linkText(link), raw: false }
    if (name !== undefined) return { text: entities[name] ?? "", raw: false }
    return { text: whole, raw: true }
  })
}
/** Marks stand at the edges of words, outside of them. */
function pairs(atoms: readonly Atom[], mark: string, off: Set<number>): void {
  const is = (i: number) => atoms[i]?.raw === true && atoms[i]?.text === mark
  const outside = (i: number) => {
    const a = atoms[i]
    return a === undefined || !a.raw || !/^[\p{L}\p{N}]$/u.test(a.text)
  }
  const inside = (i: number) => {
    const a = atoms[i]
    return a !== undefined && !is(i) && !(a.raw && /^\s$/u.test(a.text))
  }
  for (let i = 0; i < atoms.length; i++) {
    if (!is(i) || !outside(i - 1) || is(i - 1) || !inside(i + 1)) continue
    let end = i + 2
    while (end < atoms.length && !(is(end) && inside(end - 1) && outside(end + 1) && !is(end + 1))) end++
    // No end for this one: none for a later one on this line either.
    if (end >= atoms.length) return
    off.add(i).add(end)
    i = end
  }
}

/** `url|text`, `url`, `@U1|name`, `#C1|name`, `!here`, `!date^…|text`. */
function linkText(inner: string): string {
  const bar = inner.indexOf("|")
  const [target, label] = bar < 0 ? [inner, null] : [inner.slice(0, bar), inner.slice(bar + 1)]
  const undo = (text: string) => text.replace(entity, (_, name: string) => entities[name] ?? "")
  const sigil = target.startsWith("#") ? "#" : target.startsWith("@") || (target.startsWith("!") && !target.startsWith("!date")) ? "@" : ""
  if (sigil !== "") return `${sigil}${undo(label ?? target.slice(1)).replace(/^[@#]/, "")}`
  return undo(label ?? target)
}
