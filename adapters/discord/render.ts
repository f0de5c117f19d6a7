// Markdown of people and of models -> the text of one Discord message, in which nothing is alive but links that show where they
// lead. Pure: made before review, shown on the card, approved and sent unchanged. `visible` is what label/read gets back.
import type { Markdown, Rendered } from "../../src/core/domain.ts"
import { splitLine } from "../../src/label/lines.ts"
import { visibleDiscord } from "../../src/label/read/discord.ts"
import { escaped, plainSource } from "./escape.ts"
import { showsAs } from "./inline.ts"
import { partsOf } from "./parts.ts"

/** Of a message's text, in UTF-16 units: never fewer than Discord counts. */
export const maxMessage = 2_000
// What the label lines need beyond their words: line ends, `-# `, `<>` twice, a backslash in the time, and one for each sign of a name
// of 32, which is Discord's longest.
const labelMarkup = "\n\n-# <><>\\".length + 2 * 32
/** Of body and label lines together, as the core counts them. */
export const maxChars = maxMessage - labelMarkup

export function render(body: Markdown): Rendered {
  const parts = partsOf(body).filter((p) => p.source.trim() !== "")
  const joined = (of: "source" | "plain") => parts.map((p, i) => `${i === 0 ? "" : p.close ? "\n" : "\n\n"}${p[of]}`).join("")
  const [source, plain] = [joined("source"), joined("plain")]
  // What does not read back as its words goes out without any form.
  const payload = showsAs(source, plain) ? source : plainSource(plain)
  return { payload, visible: visibleDiscord(payload), chars: payload.length }
}

/** The text of a post or of a card's preview: the label's lines before and after what was rendered. */
export function withLabel(payload: string, lines: { readonly first: string; readonly last: string }): string {
  return `${labelSource(lines.first)}\n${payload}\n-# ${labelSource(lines.last)}`
}
/** Its words as they are, its address without a preview. */
function labelSource(line: string): string {
  const { words, url } = splitLine(line)
  return url === "" ? escaped(words) : `${escaped(words)}verify: <${url}>`
}
