// All problems of a configuration at once, each one sentence or two with its cure.
import type { z } from "zod"

/** Shown to the operator as it is, without a stack. */
export class ConfigurationProblems extends Error {
  readonly code = "configuration"
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`
    super(`Configuration has ${count}:\n${problems.map((p) => `  ${p}`).join("\n")}`)
    this.name = "ConfigurationProblems"
    this.problems = problems
  }
}

/** Every schema of the configuration brings its own sentences. */
export function wordsOf(error: z.ZodError): string[] {
  return error.issues.map((i) => i.message)
}

/** ` Did you mean "ttl"?`, or nothing when no known word is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = nearest(word, known)
  return near === null ? "" : ` Did you mean "${near}"?`
}
export function nearest(word: string, known: readonly string[]): string | null {
  const ranked = known.map((k) => ({ k, d: distance(word.toLowerCase(), k.toLowerCase()) })).sort((a, b) => a.d - b.d)
  const best = ranked[0]
  return best !== undefined && best.d <= Math.max(1, Math.floor(best.k.length / 3)) ? best.k : null
}
/** Levenshtein's. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length] ?? 0
}
