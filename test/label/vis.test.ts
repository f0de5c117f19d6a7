// `vis-1` against the shared vectors, and its laws on random text.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "@jest/globals"
import { hiddenCharacters, normaliseVis, visHash } from "../../src/label/vis.ts"
import { fc } from "../harness/property.ts"

const vectors: { cases: { what: string; text: string; normalised: string; hash: string; hidden: string[] }[] } = JSON.parse(
  readFileSync(join(import.meta.dirname, "../vectors/vis-1.json"), "utf8"),
)
describe("shared vectors", () => {
  test.each(vectors.cases.map((c) => [c.what, c] as const))("%s", async (_what, c) => {
    expect(normaliseVis(c.text)).toBe(c.normalised)
    expect(await visHash(c.text)).toBe(c.hash)
    expect(hiddenCharacters(c.text).map((h) => h.code)).toEqual(c.hidden)
  })
})

// Where the trouble is: marks, ignorables, white space, Hangul parts, selectors; and everything else.
const troubles = ["e", "q", " ", "\n", "\u0085", "\u00a0", "\u0301", "\u0307", "\u0323", "\u034f", "\u200b", "\u200d", "\u115f", "\u1100", "\u1161", "\u11a8", "\u180b", "\ufe0f", "\ufeff", "\u{e0041}", "\u212b", "👩", "\ud800"] // biome-ignore format: a list
const unit = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...troubles) }, { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 1 }) })
const text = fc.array(unit, { maxLength: 30 }).map((units) => units.join(""))
const runs = { numRuns: 20_000 }

describe("laws", () => {
  test("normalising twice changes nothing", () => {
    fc.assert(
      fc.property(text, (t) => normaliseVis(normaliseVis(t)) === normaliseVis(t)),
      runs,
    )
  })
  test("composed and decomposed text come out the same", () => {
    fc.assert(
      fc.property(text, (t) => normaliseVis(t.normalize("NFD")) === normaliseVis(t) && normaliseVis(t.normalize("NFC")) === normaliseVis(t)),
      runs,
    )
  })
  test("white space may come and go at the ends, and grow anywhere it stands", () => {
    fc.assert(
      fc.property(text, (t) => normaliseVis(` \n${t.replaceAll(" ", " \u2003\t")}\u3000`) === normaliseVis(t)),
      runs,
    )
  })
  test("what is hashed holds no ignorable character, so none can be reported in it", () => {
    fc.assert(
      fc.property(text, (t) => hiddenCharacters(normaliseVis(t)).length === 0),
      runs,
    )
  })
  test("a zero-width space is found wherever it stands, with its line", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const line = before.split("\n").length
        return hiddenCharacters(`${before}\u200b${after}`).some((h) => h.code === "U+200B" && h.at === before.length && h.line === line)
      }),
      runs,
    )
  })
})
test("a megabyte of hidden characters is counted in well under the test's time", () => {
  expect(hiddenCharacters("\u200b\n".repeat(500_000))).toHaveLength(500_000)
})
