// A text in several fields, since one holds 3,000 characters, and whole again afterwards. Slack may trim a field's white space: so
// a text is cut where both sides are visible, and what stood between is kept in the field's id. Nothing is ever cut off.
import type { InputBlock } from "@slack/types"
import { z } from "zod"
import type { Markdown } from "../../src/core/domain.ts"
import { plain } from "./blocks.ts"
import { wholeCharacter } from "./split.ts"

/** Longest text of one field at first: there must be room to write. */
const perField = 2_000
const maxField = 3_000
// A modal takes 250 kB; an answer that fills this many fields is edited elsewhere.
const maxFields = 24

const between = { s: " ", n: "\n", p: "\n\n", x: "" } as const
type Between = keyof typeof between
interface Piece {
  readonly text: string
  /** What stood before it. */
  readonly after: Between
}

/** Null: more than a modal holds. */
export function editFields(text: Markdown, version: string): readonly InputBlock[] | null {
  const pieces = piecesOf(text)
  if (pieces === null || pieces.length > maxFields) return null
  const fields = pieces.map((p, i) => field(p, i, version, pieces.length === 1 ? "The answer, in Markdown" : `Part ${i + 1} of ${pieces.length}`))
  const more: InputBlock = {
    ...field({ text: "", after: "p" }, pieces.length, version, "More text"),
    optional: true,
  }
  return [...fields, more]
}
function field(p: Piece, i: number, version: string, label: string): InputBlock {
  return {
    type: "input",
    block_id: `text:${i}:${p.after}:${version.slice(0, 43)}`,
    label: plain(label),
    optional: i > 0,
    element: {
      type: "plain_text_input",
      action_id: "text",
      multiline: true,
      max_length: maxField,
      ...(p.text === "" ? {} : { initial_value: p.text }),
    },
  }
}
/** Null: there is no place where it could be cut without loss. */
function piecesOf(text: string): readonly Piece[] | null {
  const pieces: Piece[] = []
  let rest = text.trim()
  let after: Between = "x"
  while (rest.length > perField) {
    const found = placeIn(rest)
    if (found === null) return null
    pieces.push({ text: rest.slice(0, found.at), after })
    after = found.between
    rest = rest.slice(found.at + between[found.between].length)
  }
  return [...pieces, { text: rest, after }]
}
function placeIn(text: string): { readonly at: number; readonly between: Between } | null {
  for (const kind of ["p", "n", "s"] as const) {
    for (let at = text.lastIndexOf(between[kind], perField); at > perField / 2; at = text.lastIndexOf(between[kind], at - 1)) {
      if (visible(text[at - 1]) && visible(text[at + between[kind].length])) return { at, between: kind }
    }
  }
  for (let at = wholeCharacter(text, perField); at > 0; at = wholeCharacter(text, at - 1)) {
    if (visible(text[at - 1]) && visible(text[at])) return { at, between: "x" }
  }
  return null
}
const visible = (char: string | undefined) => char !== undefined && !/\s/u.test(char)

const values = z.record(z.string(), z.looseObject({ text: z.looseObject({ value: z.string().max(maxField).nullish() }).optional() }))
const stated = z.looseObject({ state: z.looseObject({ values }) })

/** What stands in the fields of a submitted edit, as one text; null when it is no edit of ours. */
export function readEdit(view: unknown): Markdown | null {
  const read = stated.safeParse(view)
  if (!read.success) return null
  const parts = Object.entries(read.data.state.values).flatMap(([id, actions]) => {
    const [, n, after] = /^text:(\d{1,2}):([snpx]):/.exec(id) ?? []
    return n === undefined || after === undefined ? [] : [{ n: Number(n), after: after as Between, text: actions.text?.value ?? "" }]
  })
  if (parts.length === 0) return null
  parts.sort((a, b) => a.n - b.n)
  // A part that was left out, or is there twice, would change the text unseen.
  if (parts.some((p, i) => p.n !== i)) return null
  return parts.reduce((all, p) => (p.text === "" ? all : all === "" ? p.text : `${all}${between[p.after]}${p.text}`), "")
}
