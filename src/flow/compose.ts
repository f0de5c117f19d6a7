// What will be read: the answer with the sources it cites, as one text. Made before rendering, so sources are reviewed,
// approved and hashed like every other word.
import { diffWordsWithSpace } from "diff"
import type { EditSize, Markdown, Source } from "../core/domain.ts"
import { normaliseVis } from "../label/vis.ts"

export function compose(answer: Markdown, sources: readonly Source[]): Markdown {
  if (sources.length === 0) return answer.trimEnd()
  const listed = sources.map((s) => `${s.n} ${s.url === null ? unmarked(s.title) : `[${unmarked(s.title)}](${s.url})`}`)
  return `${answer.trimEnd()}\n\nSources: ${listed.join(" · ")}`
}
// A title comes from a file name or a heading: it must not become markup.
const unmarked = (title: string) => title.replace(/[\\`*_[\]<>#~|]/g, "\\$&")

/** How much a person changed: `none` when readers see the same, `minor` up to 15 % of word tokens. */
export function editSize(proposed: string, approved: string): EditSize {
  const before = normaliseVis(proposed)
  const after = normaliseVis(approved)
  if (before === after) return "none"
  const words = (text: string) => text.split(" ").filter((w) => w !== "").length
  let changed = 0
  for (const part of diffWordsWithSpace(before, after)) if (part.added || part.removed) changed += words(part.value)
  return changed / Math.max(1, words(before) + words(after)) <= 0.15 ? "minor" : "substantive"
}
