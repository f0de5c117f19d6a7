// Searches sections. The score is how much of what was asked a section covers, rare words counting most: 0.5 when its text
// has it all, 1 when its heading does. Unlike a bare BM25 score it can be compared with a threshold, so that a drafter can say "nothing here answers that".
import { setImmediate } from "node:timers/promises"
import MiniSearch from "minisearch"
import type { Section } from "./passages.ts"
import { wordsOf } from "./words.ts"

export interface Hit {
  readonly section: Section
  readonly score: number
}
/** Below this a section shares a stray word with the question, no more. */
const floor = 0.08
/** A word matched by its beginning, or but for a typo, is worth less than the word itself. */
const inexact = 0.7
/** A long question tells a story; no passage repeats all of it. Words beyond so many count less and less. */
const storyWords = 8
const sliceSize = 50

export type Search = (query: string, limit: number) => readonly Hit[]

/** In slices: the rest of the program, a stop above all, does not wait for documentation. */
export async function indexOf(sections: readonly Section[]): Promise<Search> {
  const engine = new MiniSearch<{ id: number; heading: string; above: string; body: string }>({
    fields: ["heading", "above", "body"],
    tokenize: wordsOf,
    processTerm: (term) => term,
    // Boost of the heading and fuzziness as measured on 500 known-item queries over 5,000 passages.
    // What is searched for was cut into words already; a second time would take off a second ending.
    searchOptions: {
      tokenize: (words) => words.split(" "),
      boost: { heading: 3, above: 1.2 },
      fuzzy: (t) => (t.length > 4 ? 0.2 : false),
      prefix: (t) => t.length > 3,
    },
  })
  const frequency = new Map<string, number>()
  for (const [id, s] of sections.entries()) {
    if (id % sliceSize === 0) await setImmediate()
    const above = [s.path.replace(/\.\w+$/, ""), ...s.above].join(" ")
    for (const word of new Set(wordsOf(`${s.heading} ${above} ${s.text}`))) frequency.set(word, (frequency.get(word) ?? 0) + 1)
    engine.add({ id, heading: s.heading, above, body: s.text })
  }
  const weight = (word: string) => Math.log(1 + sections.length / (1 + (frequency.get(word) ?? 0)))

  return (query, limit) => {
    const asked = [...new Set(wordsOf(query.slice(0, 20_000)))]
    if (asked.length === 0) return []
    const heaviest = asked.map(weight).sort((a, b) => b - a)
    const whole = heaviest.reduce((sum, w, i) => sum + (i < storyWords ? w : (w * storyWords) / (i + 1) / 2), 0)
    const found = engine.search(mostTelling(asked, weight).join(" "))
    const best = found[0]?.score ?? 1
    return found
      .slice(0, 50)
      .flatMap(({ id, score, terms, queryTerms, match }) => {
        const section = sections[Number(id)]
        if (section === undefined) return []
        const worth = (w: string) => weight(w) * (terms.includes(w) ? 1 : inexact)
        const covered = [...new Set(queryTerms)].reduce((sum, w) => sum + worth(w), 0) / whole
        const headed = asked.filter((w) => Object.hasOwn(match, w) && match[w]?.includes("heading")).reduce((sum, w) => sum + worth(w), 0) / whole
        return [{ section, score: Math.min(1, (covered * (0.5 + (0.5 * score) / best) * (1 + headed)) / 2) }]
      })
      .filter((hit) => hit.score >= floor)
      .sort((a, b) => b.score - a.score)
      .slice(0, limit)
  }
}

/** A pasted log can have thousands of words: the cost of a search is bounded by taking the rarest. */
function mostTelling(words: readonly string[], weight: (w: string) => number): readonly string[] {
  return words.length <= 60 ? words : [...words].sort((a, b) => weight(b) - weight(a)).slice(0, 60)
}
