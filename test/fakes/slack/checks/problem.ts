// Where something is wrong and what, in Slack's own form: "must be less than 3001 characters [json-pointer:/blocks/0/text/text]".
import type { Fields } from "../state.ts"

export class Problems {
  readonly found: string[] = []
  add(at: string, what: string): void {
    this.found.push(`${what} [json-pointer:${at}]`)
  }
}
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
/** A string of `min` to `max` characters; absent is fine unless `must`. */
export function text(p: Problems, at: string, value: unknown, limits: { min?: number; max: number }, must: "must" | "may" = "may"): void {
  if (value === undefined) {
    if (must === "must") p.add(at, `missing required field: ${at.split("/").at(-1)}`)
    return
  }
  if (typeof value !== "string") {
    p.add(at, "must be a string")
    return
  }
  const min = limits.min ?? 0
  // Slack counts UTF-16 units, as JavaScript does.
  if (value.length < min) p.add(at, `must be more than ${min - 1} characters`)
  if (value.length > limits.max) p.add(at, `must be less than ${limits.max + 1} characters`)
}
/** Says "unsupported field" for every key that Slack's schema does not know there. */
export function only(p: Problems, at: string, value: Fields, known: readonly string[]): void {
  for (const key of Object.keys(value)) if (!known.includes(key)) p.add(at, `no more than the known properties are allowed: ${key}`)
}
