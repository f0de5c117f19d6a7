// The two lines of every post that people read, and how a reader finds them again: `labelLines` writes them, and
// `withoutLabelLines` takes exactly those two off, so that the rest is what was approved. Names are not in the claims:
// a line is recognised by everything but the names (docs/decisions/label-lines.md).
import { type Claims, digitalSourceTypes } from "./claims.ts"
import { normaliseVis } from "./vis.ts"

/** What the lines say; claims have it, and so has a card before there are claims. */
export interface LineClaims {
  readonly iss: string
  readonly dst: Claims["dst"]
  readonly rev: Pick<Claims["rev"], "at" | "edit">
  readonly url: string
}
export const maxNameChars = 80
const joiner = " and "

/** The lines before and after an answer, as plain text. `names`: of the approvers, in the order of `rev.by`. */
export function labelLines(claims: LineClaims, names: readonly string[]): { readonly first: string; readonly last: string } {
  const who = join(names.length === 0 ? [""] : names)
  const { first, last } = around(claims)
  return { first: first.before + who + first.after, last: last.before + who + last.after }
}
/** A line in two: its words, and the address behind its last word, for adapters that make a link of it. */
export function splitLine(line: string): { readonly words: string; readonly url: string } {
  const at = line.lastIndexOf(verify)
  return at < 0 ? { words: line, url: "" } : { words: line.slice(0, at), url: line.slice(at + verify.length) }
}
const verify = "verify: "

/** A name that fits the place for it: one line, visible characters only, no separator, no address, at most 80 characters. */
export function safeName(name: string): string {
  const plain = normaliseVis(name)
    .replace(/[\p{Cc}·✦]|:\/\//gu, " ")
    .replace(/ +/g, " ")
    .trim()
  return [...plain].slice(0, maxNameChars).join("").trim() || "someone"
}
function join(names: readonly string[]): string {
  const safe = names.map(safeName)
  return safe.length === 1 ? (safe[0] ?? "") : `${safe.slice(0, -1).join(", ")}${joiner}${safe.at(-1)}`
}

interface Around {
  readonly before: string
  readonly after: string
}
/** Each line without the names. */
function around(claims: LineClaims): { readonly first: Around; readonly last: Around } {
  const before = `✦ ${claims.dst === digitalSourceTypes.quotation ? "Quoted automatically" : "AI-generated"} · approved by `
  const edited = claims.rev.edit === "none" ? "not edited" : "edited by a person"
  const test = isLoopback(claims.iss) ? " · test label: verifies only on this machine" : ""
  const after = ` · ${edited}${test} · ${verify}${claims.url}`
  return { first: { before, after }, last: { before, after: ` · ${utc(claims.rev.at)}${after}` } }
}
/** `2026-11-21 10:09 UTC`: readers' zones differ, and the line must come out the same for all. */
function utc(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC`
}
/** Whether an issuer is an address that means another machine elsewhere. */
export function isLoopback(iss: string): boolean {
  const host = URL.parse(iss)?.hostname ?? ""
  return host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host)
}

export interface Stripped {
  /** The text without its label lines: input of `vis-1`. */
  readonly answer: string
  readonly missing: readonly ("first" | "last")[]
  /** Lines of the answer that pose as label lines. */
  readonly imitations: readonly string[]
}
/** Takes the label's own two lines off, once each, and only from the first and the last position. `whole`: one block of text a line. */
export function withoutLabelLines(whole: string, claims: LineClaims & { readonly rev: { readonly by: readonly string[] } }): Stripped {
  const lines = whole.split(lineBreak).filter((line) => normaliseVis(line) !== "")
  const expected = around(claims)
  const room = claims.rev.by.length * (maxNameChars + joiner.length)
  const missing: ("first" | "last")[] = []
  if (isLine(lines[0], expected.first, room)) lines.shift()
  else missing.push("first")
  if (isLine(lines.at(-1), expected.last, room)) lines.pop()
  else missing.push("last")
  return { answer: lines.join("\n"), missing, imitations: lines.filter(imitates) }
}
const lineBreak = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/

function isLine(line: string | undefined, { before, after }: Around, room: number): boolean {
  if (line === undefined) return false
  const text = normaliseVis(line)
  const [head, tail] = [normaliseVis(before), normaliseVis(after)]
  if (!text.startsWith(`${head} `) || !text.endsWith(` ${tail}`)) return false
  const names = text.slice(head.length + 1, text.length - tail.length - 1)
  return names !== "" && [...names].length <= room && !names.includes("·")
}

/** Lines of a text that pose as label lines. A draft that has one is refused before review. */
export function imitations(text: string): readonly string[] {
  return text.split(lineBreak).filter(imitates)
}
// Anchored at the start of a line: there it can be taken for the label. Any ornament counts as the spark, any mark as the dot.
const opening = /^[^\p{L}\p{N}]*(?:ai[\p{Pd} ]?generated|quoted automatically)\b/iu
const claimsApproval = /\bapproved by\b|\bverif(?:y|ied)\b/iu
// A number makes a list of it, and no other line.
const numbered = /^[^\p{L}\p{N}]*(?:\d{1,9}|\p{L})[.)]\s*/u
function imitates(line: string): boolean {
  const text = normaliseVis(line).replace(numbered, "")
  return text.startsWith("✦") || (opening.test(text) && claimsApproval.test(text))
}
