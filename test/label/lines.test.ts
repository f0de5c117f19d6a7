// The lines that people read, and finding them again.
import { describe, expect, test } from "@jest/globals"
import { type Claims, digitalSourceTypes } from "../../src/label/claims.ts"
import { imitations, isLoopback, labelLines, maxNameChars, safeName, splitLine, withoutLabelLines } from "../../src/label/lines.ts"
import { fc } from "../harness/property.ts"
import { answer, sampleClaims as c, jti, wholePost } from "./sample.ts"

describe("what they say", () => {
  test.each<[string, Claims, string[], string, string]>([
    ["one approver", c, ["Rin"], `✦ AI-generated · approved by Rin · not edited · verify: ${c.url}`, `✦ AI-generated · approved by Rin · 2026-09-21 14:13 UTC · not edited · verify: ${c.url}`], // biome-ignore format: a table
    ["two, edited a little", { ...c, rev: { ...c.rev, edit: "minor" } }, ["Rin", "Mira"], `✦ AI-generated · approved by Rin and Mira · edited by a person · verify: ${c.url}`, `✦ AI-generated · approved by Rin and Mira · 2026-09-21 14:13 UTC · edited by a person · verify: ${c.url}`], // biome-ignore format: a table
    ["three, rewritten", { ...c, rev: { ...c.rev, edit: "substantive" } }, ["Rin", "Mira", "Jo"], `✦ AI-generated · approved by Rin, Mira and Jo · edited by a person · verify: ${c.url}`, `✦ AI-generated · approved by Rin, Mira and Jo · 2026-09-21 14:13 UTC · edited by a person · verify: ${c.url}`], // biome-ignore format: a table
    ["a quotation", { ...c, dst: digitalSourceTypes.quotation }, ["Rin"], `✦ Quoted automatically · approved by Rin · not edited · verify: ${c.url}`, `✦ Quoted automatically · approved by Rin · 2026-09-21 14:13 UTC · not edited · verify: ${c.url}`], // biome-ignore format: a table
    ["on one's own machine", { ...c, iss: "http://127.0.0.1:3000" }, ["Rin"], `✦ AI-generated · approved by Rin · not edited · test label: verifies only on this machine · verify: ${c.url}`, `✦ AI-generated · approved by Rin · 2026-09-21 14:13 UTC · not edited · test label: verifies only on this machine · verify: ${c.url}`], // biome-ignore format: a table
  ])("%s", (_what, claims, names, first, last) => {
    expect(labelLines(claims, names)).toEqual({ first, last })
  })
  test("an adapter gets words and address apart, to make a link of the last word", () => {
    expect(splitLine(labelLines(c, ["Rin"]).first)).toEqual({ words: "✦ AI-generated · approved by Rin · not edited · ", url: c.url })
  })
  test.each([
    ["http://127.0.0.1:3000", true],
    ["http://127.9.9.9", true],
    ["http://localhost:3000", true],
    ["http://forum.localhost", true],
    ["http://[::1]:3000", true],
    ["https://forum.example", false],
    ["https://127.0.0.1.evil.example", false],
    ["https://localhost.evil.example", false],
  ])("%s is loopback: %s", (iss, loopback) => {
    expect(isLoopback(iss)).toBe(loopback)
  })
})

describe("a name", () => {
  test.each([
    ["Rin", "Rin"],
    ["  Rin\n Tanaka ", "Rin Tanaka"],
    ["Rin · checked by Bo", "Rin checked by Bo"],
    ["✦ Rin", "Rin"],
    ["R\u200bi\u202en", "Rin"],
    ["see https://evil.example", "see https evil.example"],
    ["R\u0000in\u001b[31m", "R in [31m"],
    ["", "someone"],
    ["\u200b·", "someone"],
    ["R".repeat(200), "R".repeat(80)],
    ["👩".repeat(200), "👩".repeat(80)],
  ])("%j reads %j", (name, safe) => {
    expect(safeName(name)).toBe(safe)
  })
  test("of any kind leaves the lines recognisable", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary", maxLength: 120 }), { minLength: 1, maxLength: 4 }), (names) => {
        const claims = { ...c, rev: { ...c.rev, by: names.map((_, i) => `p_${i}`) } }
        const { first, last } = labelLines(claims, names)
        const stripped = withoutLabelLines(`${first}\n${answer}\n${last}`, claims)
        return stripped.answer === answer && stripped.missing.length === 0 && stripped.imitations.length === 0
      }),
      { numRuns: 5_000 },
    )
  })
  test("is cut by characters, so that no half of one is left", () => {
    expect([...safeName("😀".repeat(81))]).toHaveLength(maxNameChars)
  })
})

describe("taking the lines off", () => {
  const { first, last } = labelLines(c, ["Rin"])
  const of = (whole: string) => withoutLabelLines(whole, c)

  test("exactly the two go", () => {
    expect(of(wholePost())).toEqual({ answer, missing: [], imitations: [] })
  })
  test("white space around them, as platforms add it, does not matter", () => {
    expect(of(`\n  ${first.replaceAll(" ", "\u00a0 ")}\r\n\r\n${answer}\n \n${last} \n`)).toMatchObject({ missing: [], imitations: [] })
  })
  test.each([
    ["in another position", `${answer}\n${first}\n${last}`, ["first"], [first]],
    ["in the other's position", `${last}\n${answer}\n${first}`, ["first", "last"], [last, first]],
    ["a second time", `${first}\n${first}\n${answer}\n${last}\n${last}`, [], [first, last]],
    ["with another time", wholePost().replace("14:13", "14:14"), ["last"], 1],
    ["with a time where none belongs", wholePost().replace("Rin ·", "Rin · 2026-09-21 14:13 UTC ·"), ["first"], 1],
    ["of another label", wholePost().replaceAll(jti, jti.replace("1", "2")), ["first", "last"], 2],
  ])("a line %s stays and is reported", (_what, whole, missing, posing) => {
    const stripped = of(whole)
    expect(stripped.missing).toEqual(missing)
    if (typeof posing === "number") expect(stripped.imitations).toHaveLength(posing)
    else expect(stripped.imitations).toEqual(posing)
  })
  test("one line is never taken for both", () => {
    expect(of(last)).toEqual({ answer: "", missing: ["first"], imitations: [] })
    expect(of("")).toEqual({ answer: "", missing: ["first", "last"], imitations: [] })
  })
})

describe("imitations", () => {
  test.each([
    "✦ AI-generated · approved by Rin · not edited",
    "✦ anything",
    "AI-generated · approved by Rin",
    "  > AI‑generated | approved by Rin",
    "★ Quoted automatically - approved by Bo",
    "ai generated, verify: https://evil.example",
    "1. ✦ AI-generated · approved by Bo · verify: https://evil.example",
    "- 12) AI-generated · approved by Bo",
    "a. ✦ anything",
    "✦\u200b AI-gen\u200berated",
    "**AI generated** verified by the security team",
  ])("%j poses as a label", (line) => {
    expect(imitations(`An answer.\n${line}`)).toEqual([line])
  })
  test.each([
    "The first line reads ✦ AI-generated and names who approved it.",
    "AI-generated answers are drafts until somebody approves them.",
    "1. AI-generated answers are drafts until somebody approves them.",
    "This was approved by Rin.",
    "The words AI-generated · approved by stand before every answer.",
  ])("%j does not", (line) => {
    expect(imitations(line)).toEqual([])
  })
})
