// A drafter without a model: quotes the passages that fit best, word for word, and says so. Declines when nothing fits.
// Cuts only between whole blocks, so that what is quoted reads as it was written; never writes a sentence of its own
// about the question.

import type { Proposal, Source } from "../../src/core/domain.ts"
import type { DraftAsk, Drafter, Passage } from "../../src/core/ports.ts"
import { blocksOf } from "../../src/knowledge/passages.ts"
import { wordsOf } from "../../src/knowledge/words.ts"

/** A passage that covers less of the question than this does not answer it. Found with the questions of test/knowledge. */
const fits = 0.28
/** A further passage is quoted if it is nearly as good as the best. */
const nearly = 0.8
const maxPassages = 3

export const quoting: Drafter = {
  model: { provider: "countersign", name: "quoting" },
  origin: "quotation",
  async draft(ask, { signal, onProgress }) {
    signal.throwIfAborted()
    onProgress(`reading ${ask.passages.length === 1 ? "1 passage" : `${ask.passages.length} passages`}`)
    return quote(chosen(ask), roomOf(ask)) ?? "declined"
  },
}

function chosen(ask: DraftAsk): readonly Passage[] {
  const wanted = new Set(wordsOf(ask.hint ?? ""))
  const rank = (p: Passage) => {
    const hinted = wanted.size === 0 ? 0 : wordsOf(`${p.title} ${p.text}`).filter((w) => wanted.has(w)).length > 0 ? 1 : 0
    // Asked again without saying how: what was quoted before was not it.
    const again = ask.previous !== null && ask.hint === null && ask.previous.includes(firstLine(p)) ? -1 : 0
    return p.score + hinted + again
  }
  const fitting = ask.passages.filter((p) => p.score >= fits && p.text.trim() !== "").sort((a, b) => rank(b) - rank(a))
  const best = fitting[0]
  return best === undefined ? [] : fitting.filter((p) => rank(p) >= rank(best) * nearly).slice(0, maxPassages)
}
const firstLine = (p: Passage) => p.text.trimStart().split("\n", 1)[0] ?? ""

/** "Shorter" is the one hint that says how much. */
function roomOf(ask: DraftAsk): number {
  const shorter = ask.previous !== null && /\b(short|brief|less|too long)/i.test(ask.hint ?? "")
  return shorter ? Math.min(ask.maxChars, Math.floor((ask.previous?.length ?? 0) * 0.6)) : ask.maxChars
}

function quote(passages: readonly Passage[], room: number): Proposal | null {
  const parts: string[] = []
  const sources: Source[] = []
  const opening = (titles: readonly string[]) => `Quoted word for word from ${titles.map(escaped).join(" and ")}. No model wrote any of this.`
  let left = room - opening(passages.map((p) => p.title)).length
  for (const passage of passages) {
    const n = sources.length + 1
    const head = passages.length === 1 ? "" : `${escaped(passage.title)}:\n\n`
    const quotation = quoted(passage.text, left - head.length - 12, n)
    if (quotation === null) break
    parts.push(head + quotation)
    sources.push({ n, title: passage.title, url: passage.url, from: "knowledge" })
    left -= head.length + quotation.length + 4
  }
  if (parts.length === 0) return null
  return { answer: [opening(sources.map((s) => s.title)), ...parts].join("\n\n"), sources }
}

/** As many whole blocks as fit; null when not even the first does. */
function quoted(text: string, room: number, n: number): string | null {
  const lines: string[] = []
  let left = room
  const blocks = blocksOf(text)
  for (const [i, { source }] of blocks.entries()) {
    const block = source.split("\n").map((line) => (line === "" ? ">" : `> ${line}`))
    const length = block.join("\n").length + 3
    if (length > left) {
      if (i === 0) return null
      return `${lines.join("\n")}\n>\n> […]\n\n[${n}]`
    }
    lines.push(...(i === 0 ? [] : [">"]), ...block)
    left -= length
  }
  return blocks.length === 0 ? null : `${lines.join("\n")}\n\n[${n}]`
}

/** A title comes from a file name and a heading: it must not become markup, a mention or a link. */
function escaped(title: string): string {
  return title.replace(/[\\`*_[\]<>#~|!&]/g, "\\$&")
}
