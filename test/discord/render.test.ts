// What people and models write, as Discord shows it: nothing alive but links that show where they lead, nothing lost.
import { describe, expect, test } from "@jest/globals"
import { escaped, lineSafe, plainSource } from "../../adapters/discord/escape.ts"
import { maxChars, maxMessage, render, withLabel } from "../../adapters/discord/render.ts"
import { labelLines } from "../../src/label/lines.ts"
import { visibleDiscord } from "../../src/label/read/discord.ts"
import { normaliseVis } from "../../src/label/vis.ts"
import { fc } from "../harness/property.ts"
import { sampleClaims } from "../label/sample.ts"
import { hostile, markdown } from "./markdown.ts"
import { secondReading } from "./second-reader.ts"

const payload = (body: string) => render(body).payload
const visible = (body: string) => render(body).visible
/** Bullets are ours to name; the other reader keeps their source. */
const letters = (text: string) => normaliseVis(text).replace(/[•\s]/gu, "").replace(/-/g, "")

/** Without what is shown as it stands: escapes, code, addresses. */
function bare(source: string): string {
  return source
    .replace(/\\[^0-9A-Za-z\s]|```[\s\S]*?```|`[^`]+`/gu, "x")
    .replace(/<https?:\/\/[^\s<>]+>/g, "x")
    .replaceAll("~~", "")
}
function expectHarmless(body: string) {
  const left = bare(payload(body))
  expect(left).not.toMatch(/[<@[`|\\]|https?:\/\/|:\S|~|_/)
  expect(left).not.toMatch(/^\s*(?:-#|>>>|#{1,2} |\d+[.)])/m)
  expect(left).not.toMatch(/discord(?:app)?\.(?:gg|com|gift)/i)
  for (const [, url = ""] of payload(body).matchAll(/<(https?:[^>]*)>/g)) expect(new URL(url).username).toBe("")
  expect(secondReading(payload(body)).alive).toEqual([])
}

test.each(hostile)("%j calls nobody and leads nowhere unseen", (body) => {
  expectHarmless(body)
})
test("nor does any mixture", () => {
  fc.assert(fc.property(markdown, expectHarmless), { numRuns: 1_500 })
})
test("another reader of Discord's Markdown sees the same words", () => {
  const same = (body: string) => expect(letters(secondReading(payload(body)).text)).toBe(letters(visible(body)))
  hostile.forEach(same)
  fc.assert(fc.property(markdown, same), { numRuns: 1_500 })
})
test("rendering is pure, and reads back as what it says", () => {
  fc.assert(
    fc.property(markdown, (body) => {
      expect(render(body)).toEqual(render(body))
      expect(visible(body)).toBe(visibleDiscord(payload(body)))
      expect(payload(body).isWellFormed()).toBe(true)
    }),
    { numRuns: 500 },
  )
})
test("no text is changed by being shown as it is", () => {
  const any = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: fc.constantFrom(..."\\*_~`|<>@[]#-+:./ab1 \n".split("")) }))
  fc.assert(
    fc.property(any, (words) => {
      expect(normaliseVis(visibleDiscord(plainSource(words.toWellFormed())))).toBe(normaliseVis(words.replace(/[\v\f\u0085\u2028\u2029]/g, " ")))
    }),
    { numRuns: 3_000 },
  )
})
test("no word is lost: what is seen is the text without its markup", () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 60 })
  const around = fc.constantFrom(
    (w: string) => w,
    (w: string) => `**${w}**`,
    (w: string) => `*${w}*`,
    (w: string) => `~~${w}~~`,
    (w: string) => `\`${w}\``,
    (w: string) => `\\*${w}\\* \\_${w}\\_ \\~${w} \\|${w}\\|`,
    (w: string) => `@${w} <${w} [${w}] (${w}):${w}:`,
  )
  fc.assert(
    fc.property(words, fc.array(around, { minLength: 60, maxLength: 60 }), (texts, how) => {
      const plain = texts.map((w, i) => (how[i]?.(w) ?? w).replace(/^(\*\*|\*|~~|`)(\w+)\1$/, "$2").replace(/\\(.)/g, "$1")).join(" ")
      expect(visible(texts.map((w, i) => how[i]?.(w) ?? w).join(" "))).toBe(plain)
    }),
    { numRuns: 500 },
  )
})

describe("Markdown in Discord's form", () => {
  test.each<[string, string, string]>([
    ["styles", "**a** *b* ~~c~~ `d`", "**a** *b* ~~c~~ `d`"],
    ["styles within styles, the outer ones", "**a *b* c** ***d***", "**a b c** *d*"],
    ["styles beside each other, the first", "**a***b*", "**a**b"],
    ["a style whose words would begin a line, without it", "*# a*", "\\# a"],
    ["code beside code, the first", "*`a`*`b`", "`a`b"],
    ["a heading, in the smallest size", "# Rotate C#", "### Rotate C\\#"],
    ["bullets", "- a\n- b\n  - c", "- a\n- b\n  - c"],
    ["numbers, as words", "3. a\n4. b", "3\\. a\n4\\. b"],
    ["a quote, in one level", "> a\n> > b", "> a\n\n> b"],
    ["code with its language", "```sh\nls -l\n```", "```sh\nls -l\n```"],
    ["code that holds a fence, as words", "````\n```\na\n````", "\\`\\`\\`\na"],
    ["code that holds a backtick, as words", "``a`b``", "a\\`b"],
    ["a table, as code", "| a | b |\n|---|---|\n| long | c |", "```\na     b\nlong  c\n```"],
    ["a rule", "a\n\n---\n\nb", "a\n\n———\n\nb"],
    ["a link with its address", "[the runbook](https://a.example/x)", "the runbook (<https://a.example/x>)"],
    ["a bare link", "See https://a.example/x_y_z.", "See <https://a.example/x_y_z>."],
    ["a picture, as a link", "![the graph](https://a.example/g.png)", "the graph (<https://a.example/g.png>)"],
    ["an invitation, as words", "[join](https://discord.gg/abc)", "join (https\\://discord\\.gg/abc)"],
    ["the link of a message", "https://discord.com/channels/1/2/3", "<https://discord.com/channels/1/2/3>"],
    ["file names, as words", "see example.com and a.md", "see example.com and a.md"],
    ["a hard break", "a  \n2. b", "a\n2\\. b"],
  ])("%s", (_what, body, shown) => {
    expect(payload(body)).toBe(shown)
  })
  test("nothing to say is nothing", () => {
    expect(render(" \n\n ")).toEqual({ payload: "", visible: "", chars: 0 })
  })
})

describe("room", () => {
  test("is counted in UTF-16 units, of what is sent", () => {
    expect(render("😀_").chars).toBe(4)
  })
  test("a text that fits by the core's count fits with the longest name's label", () => {
    const name = "_".repeat(32)
    const lines = labelLines({ ...sampleClaims, rev: { ...sampleClaims.rev, edit: "substantive" } }, [name])
    const room = maxChars - lines.first.length - lines.last.length
    expect(withLabel("x".repeat(room), lines).length).toBeLessThanOrEqual(maxMessage)
  })
  test("leaves a good part of the message to the answer", () => {
    const lines = labelLines(sampleClaims, ["Rin"])
    expect(maxChars - lines.first.length - lines.last.length).toBeGreaterThan(1_650)
  })
})
test("a line is safe at its beginning, and only there", () => {
  expect(["# a", "- b", "> c", "-# d", "1. e", "12) f", "  - g", "a # b - c > d 1. e"].map(lineSafe)).toEqual([
    ...["\\# a", "\\- b", "\\> c", "\\-# d", "1\\. e", "12\\) f", "  \\- g", "a # b - c > d 1. e"],
  ])
  expect(escaped("a:b c: d:")).toBe("a\\:b c: d\\:")
})
test("a deep nest or a wall of signs ends soon", () => {
  const walls = ["*a ".repeat(5_000), "`a ".repeat(5_000), "> ".repeat(5_000), "[".repeat(5_000), "<".repeat(5_000), "- ".repeat(3_000)]
  for (const wall of [...walls, ":".repeat(5_000), "**a** ".repeat(2_000), "||".repeat(5_000)]) expect(typeof render(wall).visible).toBe("string")
  for (const wall of [
    "*".repeat(4_000),
    "[](".repeat(1_300),
    "`".repeat(4_000),
    "> ".repeat(2_000),
    "# ".repeat(2_000),
    "||".repeat(2_000),
    "[".repeat(400_000),
  ])
    expect(typeof visibleDiscord(wall)).toBe("string")
})
