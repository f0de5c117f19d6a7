// What will be read: the answer with the sources it cites, as one text. Made before rendering, so sources are reviewed,
// approved and hashed like every other word.
import { diffArrays } from "diff"
import type { EditSize, Markdown, Source } from "../core/domain.ts"
import { normaliseVis } from "../label/vis.ts"

export function compose(answer: Markdown, sources: readonly Source[]): Markdown {
  if (sources.length === 0) return answer.trimEnd()
  const listed = sources.map((s) => `${s.n} ${s.url === null ? unmarked(s.title) : `[${unmarked(s.title)}](${s.url})`}`)
  return `${answer.trimEnd()}\n\nSources: ${listed.join(" · ")}`
}
// A title comes from a file name or a heading: it must not become markup.
const unmarked = (title: string) => title.replace(/[\\`*_[\]<>#~|]/g, "\\$&")

// Comparing takes time that grows with the square of the changes, while nothing else runs, no stop either. So many words are
// substantive in a text of any length.
const mostMinor = 1_000

/** How much a person changed: `none` when readers see the same, `minor` up to 15 % of word tokens, added and removed together. */
export function editSize(proposed: string, approved: string): EditSize {
  const before = normaliseVis(proposed)
  const after = normaliseVis(approved)
  if (before === after) return "none"
  const words = (text: string) => (text === "" ? [] : text.split(" "))
  const [was, is] = [words(before), words(after)]
  const minor = Math.min(mostMinor, Math.floor(0.15 * Math.max(1, was.length + is.length)))
  return diffArrays(was, is, { maxEditLength: minor }) === undefined ? "substantive" : "minor"
}
