// Blocks characters that a reader does not see, or that make text look other than it is: what an approver cannot see
// must not be sent. Looks at the source, at what the platform will show of it, and at the sources' titles.
import type { Finding } from "../core/domain.ts"
import type { Check } from "../flow/parts.ts"
import { hiddenCharacters } from "../label/vis.ts"

export interface Hidden {
  /** 1-based. */
  readonly line: number
  /** 1-based, in code points. */
  readonly column: number
  readonly codePoint: number
}

/** What the label's hash does keep, and a terminal or an editor hides or obeys all the same. */
const control = /[\u{FFF9}-\u{FFFB}[\p{Cc}--[\t\n\r]]]/gv
const maxFindings = 10

/** In order: everything that the label's hash ignores outside ordinary writing, and control characters. */
export function hiddenIn(text: string): readonly Hidden[] {
  const offsets = [...hiddenCharacters(text).map((h) => h.at), ...Array.from(text.matchAll(control), (m) => m.index)].sort((a, b) => a - b)
  let [from, line, column] = [0, 1, 1]
  return offsets.map((at) => {
    for (const char of text.slice(from, at)) {
      column = char === "\n" ? 1 : column + 1
      if (char === "\n") line++
    }
    from = at
    return { line, column, codePoint: text.codePointAt(at) ?? 0 }
  })
}

export const hiddenText: Check = {
  name: "hidden-text",
  see({ answer, rendered, sources }) {
    const inAnswer = perLine(hiddenIn(answer), (line) => `line ${line}`)
    // Entities such as `&#x202E;` become characters only when rendered.
    const inPlace = inAnswer.length > 0 ? [] : perLine(hiddenIn(rendered.visible), (line) => `line ${line} of the text as shown`)
    const titles = sources.flatMap((s) =>
      hiddenIn(`${s.title} ${s.url ?? ""}`)
        .slice(0, 1)
        .map((h) => block(`source-${s.n}`, h, `source ${s.n}`)),
    )
    return [...inAnswer, ...inPlace, ...titles].slice(0, maxFindings)
  },
}

function perLine(all: readonly Hidden[], where: (line: number) => string): readonly Finding[] {
  return [...Map.groupBy(all, (h) => h.line)].flatMap(([line, [first, ...more]]) =>
    first === undefined ? [] : [block(String(line), first, `${where(line)}, position ${first.column}`, more.length)],
  )
}
function block(at: string, h: Hidden, where: string, more = 0): Finding {
  const code = `U+${h.codePoint.toString(16).toUpperCase().padStart(4, "0")}`
  const others = more === 0 ? "" : ` and ${more} more on that line`
  return {
    id: `hidden-text:${at}`,
    level: "block",
    words: `Hidden character ${code}${nameOf(h.codePoint)} in ${where}${others}. Remove it: readers would not see it, or would see another text.`,
  }
}
function nameOf(codePoint: number): string {
  const char = String.fromCodePoint(codePoint)
  if (/\p{Bidi_Control}/v.test(char)) return " (turns the direction of text)"
  if (codePoint >= 0xe0000 && codePoint <= 0xe007f) return " (invisible tag)"
  if (/\p{Cc}/v.test(char)) return " (control character)"
  return " (invisible)"
}
