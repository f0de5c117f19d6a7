// Keeps the citations that hold and strips the others: [n] must name a source that was given, and the sentence before it must
// stand on that source's words. No model is asked; the same text always gives the same citations.
import type { Source } from "../../src/core/domain.ts"
import { wordsOf } from "../../src/knowledge/words.ts"

/** A source as it was given to the model, by the number it was given. */
export interface Citable {
  readonly n: number
  readonly title: string
  readonly url: string | null
  readonly from: Source["from"]
  readonly text: string
}
export interface Cited {
  readonly answer: string
  /** Renumbered 1, 2, 3 … in the order in which the text cites them. */
  readonly sources: readonly Source[]
}

/** Of a claim's words, at least so many must stand in the source. Paraphrase passes, another subject does not. */
const enough = 0.5
/** A claim is one sentence: further back nothing is looked at, so that no text makes this slow. */
const maxClaimChars = 2_000
/** Code is not prose: `rows[1]` is no citation. */
const code = /(```[\s\S]*?(?:```|$)|~~~[\s\S]*?(?:~~~|$)|`[^`\n]*`)/
// [1], [1, 2], and [1](https://…): a citation has no address of the model's choosing.
const marker = /[ \t]?\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\](?:\([^)\n]*\))?/g

/** `listed`: the numbers the model names outside the text; they count only when the text has none at all. */
export function citing(answer: string, listed: readonly number[], citables: readonly Citable[]): Cited {
  const order: Citable[] = []
  const number = (c: Citable) => (order.includes(c) ? order.indexOf(c) : order.push(c) - 1) + 1
  const said = new Map<Citable, ReadonlySet<string>>()
  const supported = (n: number, claim: string) => {
    const source = citables.find((c) => c.n === n)
    if (source === undefined) return undefined
    const words = said.get(source) ?? new Set(wordsOf(source.text))
    said.set(source, words)
    return supports(words, claim) ? source : undefined
  }
  let before = ""
  let markers = 0
  const parts = answer.split(code).map((part, i) => {
    const from = before.length
    before += part
    if (i % 2 === 1) return part
    return part.replace(marker, (_all, numbers: string, at: number) => {
      markers++
      const claim = claimBefore(before.slice(Math.max(0, from + at - maxClaimChars), from + at))
      const kept = new Set(numbers.split(",").map((n) => supported(Number(n), claim)))
      kept.delete(undefined)
      return [...kept].map((c) => (c === undefined ? "" : ` [${number(c)}]`)).join("")
    })
  })
  let text = parts.join("").trim()
  if (markers === 0) {
    const whole = [...new Set(listed)].flatMap((n) => supported(n, answer) ?? []).map((c) => `[${number(c)}]`)
    if (whole.length > 0) text += `${/(```|~~~)$/.test(text) ? "\n\n" : " "}${whole.join(" ")}`
  }
  return { answer: text, sources: order.map(({ title, url, from }, i) => ({ n: i + 1, title, url, from })) }
}

/** The sentence that a marker closes: back to the sentence, list item or paragraph before it, other markers left out. */
function claimBefore(text: string): string {
  const plain = text.replace(marker, "").trimEnd()
  const start = Math.max(
    ...[/\n\s*\n/g, /\n\s*(?:[-*+]|\d+[.)])\s/g, /[.!?:]["')\]]*\s+(?=[\p{Lu}`"'(])/gu].map((border) => lastEnd(plain.slice(0, -1), border)),
  )
  return plain.slice(start)
}
function lastEnd(text: string, border: RegExp): number {
  let end = 0
  for (const m of text.matchAll(border)) end = m.index + m[0].length
  return end
}

function supports(said: ReadonlySet<string>, claim: string): boolean {
  const claimed = [...new Set(wordsOf(claim))]
  // A number that the source does not have is the most expensive thing to get wrong.
  const numbers = claimed.filter((w) => /^\d[\d.,]*$/.test(w))
  if (claimed.length === 0 || !numbers.every((n) => said.has(n))) return false
  return claimed.filter((w) => said.has(w)).length / claimed.length >= enough
}
