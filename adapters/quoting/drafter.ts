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
  let left = room - opening(passages).length - listed(passages)
  for (const passage of passages) {
    const head = passages.length === 1 ? "" : `${escaped(passage.title)}:\n\n`
    const quotation = quoted(passage.text, left - head.length)
    if (quotation === null) break
    parts.push(head + quotation)
    sources.push({ n: sources.length + 1, title: passage.title, url: passage.url, from: "knowledge" })
    left -= head.length + quotation.length
  }
  return parts.length === 0 ? null : { answer: opening(sources) + parts.join("\n\n"), sources }
}

function opening(of: readonly { readonly title: string }[]): string {
  const from = of.map((p, i) => `${escaped(p.title)} [${i + 1}]`).join(" and ")
  return `Quoted word for word from ${from}. No model wrote any of this.\n\n`
}

/** What the list of sources below the answer takes, which is made of its titles later. */
const listed = (of: readonly { readonly title: string }[]) =>
  of.reduce((sum, p, i) => sum + ` · ${i + 1} ${escaped(p.title)}`.length, "\n\nSources:".length)

const leftOut = "\n>\n> […]"
/** As many whole blocks as fit, with what separates them from the next; null when not even the first does. */
function quoted(text: string, room: number): string | null {
  let quotation = ""
  for (const { source } of blocksOf(text)) {
    const block = source.replace(/^/gm, "> ").replace(/^> $/gm, ">")
    const longer = quotation === "" ? block : `${quotation}\n>\n${block}`
    if (longer.length + leftOut.length + 2 > room) return quotation === "" ? null : quotation + leftOut
    quotation = longer
  }
  return quotation === "" ? null : quotation
}

/** A title comes from a file name and a heading: it must not become markup, a mention or a link. */
function escaped(title: string): string {
  return title.replace(/[\\`*_[\]<>#~|!&]/g, "\\$&")
}
