// What people and models write, as Slack shows it: nothing alive but links that show where they lead, nothing lost, nothing too big.
import { describe, expect, test } from "@jest/globals"
import { link as linkTo } from "../../adapters/slack/escape.ts"
import { maxChars, payloadOf, render } from "../../adapters/slack/render.ts"
import { visibleSlack } from "../../src/label/read/slack.ts"
import { normaliseVis } from "../../src/label/vis.ts"
import { checkBlocks } from "../fakes/slack/checks/blocks.ts"
import { markup, mentions } from "../fakes/slack/normalise.ts"
import { fc } from "../harness/property.ts"
import { hostile, markdown } from "./markdown.ts"

const textsOf = (body: string) => markup(payloadOf(render(body)).blocks)
const visible = (body: string) => render(body).visible
/** What stands between `<` and `>` in mrkdwn: the only place where something can be alive. */
const alive = (body: string) =>
  [...textsOf(body), payloadOf(render(body)).text].flatMap((text) => [...text.matchAll(/<([^>]*)>?/g)].map((m) => m[1] ?? ""))
const link = /^(?:https?:\/\/|mailto:)[^\s<>|`]+(?:\|[^<>]*)?$/i

function expectHarmless(body: string) {
  for (const form of alive(body)) expect(form).toMatch(link)
  for (const text of [...textsOf(body), payloadOf(render(body)).text]) expect(mentions(text, "markup")).toEqual([])
  for (const form of alive(body)) {
    const [url = "", label] = form.split("|")
    expect(new URL(url.replaceAll("&amp;", "&")).username).toBe("")
    // A label that looks like an address is not a label.
    if (label !== undefined) expect(normaliseVis(label).normalize("NFKC")).not.toMatch(/[.。｡]\p{L}{2}|:\/\/|@/u)
  }
}

test.each(hostile)("%j calls nobody and leads nowhere unseen", (body) => {
  expectHarmless(body)
})
test("nor does any mixture", () => {
  fc.assert(fc.property(markdown, expectHarmless), { numRuns: 1_500 })
})
test("Slack's limits hold for any text", () => {
  const long = fc.tuple(markdown, fc.integer({ min: 1, max: 60 })).map(([text, times]) => Array(times).fill(text).join("\n\n"))
  fc.assert(
    fc.property(long, (body) => {
      const { blocks } = payloadOf(render(body))
      expect(checkBlocks(blocks.slice(0, 48), "message")).toEqual([])
    }),
    { numRuns: 300 },
  )
})
test("what does not fit into one message counts as more than one message holds", () => {
  expect(render("a ".repeat(6_000)).chars).toBeGreaterThan(maxChars)
  // Many blocks: each of these needs one of its own.
  expect(render("````\n```\n````\n\nx\n\n".repeat(30)).chars).toBeGreaterThan(maxChars)
  expect(render("a ".repeat(2_000)).chars).toBeLessThan(maxChars)
})
test("no word is lost: what is seen is the text without its markup", () => {
  // "www" as a link's words has its address beside it, see linkForm().
  const word = fc.stringMatching(/^[a-z]{1,8}$/).filter((w) => w !== "www")
  const words = fc.array(word, { minLength: 1, maxLength: 60 })
  const around = fc.constantFrom(
    (w: string) => w,
    (w: string) => `**${w}**`,
    (w: string) => `*${w}*`,
    (w: string) => `~~${w}~~`,
    (w: string) => `\`${w}\``,
    (w: string) => `[${w}](https://a.example/${w})`,
    (w: string) => `\\*${w}\\*`,
    (w: string) => `\\_${w}\\_`,
    (w: string) => `\\~${w}\\~`,
    (w: string) => `${w} \\< & \\>`,
    (w: string) => `\`\`${w}\`${w}\`\``,
  )
  fc.assert(
    fc.property(words, fc.array(around, { minLength: 60, maxLength: 60 }), (texts, how) => {
      const written = texts.map((w, i) => how[i]?.(w) ?? w).join(" ")
      const plain = texts.map((w, i) => (how[i]?.(w) ?? w).replace(/^\[(\w+)\].*$/, "$1").replace(/^``(\w+`\w+)``$/, "$1$1")).join(" ")
      const letters = (text: string) => text.replace(/[^a-z]/g, "")
      expect(letters(visible(written))).toBe(letters(plain.replace(/(\w+)`\1\1`?\w*/g, "$1$1")))
    }),
    { numRuns: 500 },
  )
})
describe("a link made of a title and an address from somewhere", () => {
  test.each([
    ["stays one link", "x", "https://a.example/|fake> <!channel>", "<https://a.example/%7Cfake%3E%20%3C!channel%3E|x>"],
    ["keeps its parameters", "x", "https://a.example/?a=1&b=2", "<https://a.example/?a=1&amp;b=2|x>"],
    ["is its address when it has no other words", " ", "https://a.example/", "<https://a.example/>"],
    ["is no link when it is not for the web", "x <b>", "javascript:alert(1)", "x &lt;b&gt; (javascript:alert(1))"],
    ["is no link when it is too long to be read", "x", `https://a.example/${"y".repeat(3_000)}`, `x (https://a.example/${"y".repeat(3_000)})`],
  ])("%s", (_what, label, url, expected) => {
    expect(linkTo(label, url)).toBe(expected)
  })
})
describe("mrkdwn", () => {
  test.each([
    ["headings are bold", "# Title **x**", "*Title x*"],
    ["styles", "**b** *i* ~~s~~ ***bi***", "*b* _i_ ~s~ _*bi*_"],
    ["styles within words are left out: Slack has none there", "un**believ**able", "unbelievable"],
    ["links keep their label", "[the docs](https://a.example/?a=1&b=2)", "<https://a.example/?a=1&amp;b=2|the docs>"],
    ["addresses stand for themselves", "see https://a.example/x.", "see <https://a.example/x>."],
    ["a label that is an address is shown beside the real one", "[good.example](https://evil.example)", "good.example (<https://evil.example>)"],
    ["pictures are links", "![a map](https://a.example/m.png)", "<https://a.example/m.png|a map>"],
    ["lists", "- a\n- b\n  1. c\n  2. d", "• a\n• b\n    1. c\n    2. d"],
    ["numbers go on from where they start", "3. a\n4. b", "3. a\n4. b"],
    ["quotes", "> a\n> b\n>\n> c", "> a b\n\n> c"],
    ["code is kept as it is", "```sh\nls *.log | grep '_a_' <x>\n```", "```\nls *.log | grep '_a_' &lt;x&gt;\n```"],
    ["tables are code, in columns", "| a | bb |\n|---|---|\n| ccc | **d** |", "```\na    bb\nccc  d\n```"],
    ["signs that would be markup are code", "use \\*args and \\*kwargs\\* here", "use `*args` and `*kwargs*` here"],
    ["signs that are none stay", "rm \\*.log and 2\\*3 and a_b_c", "rm *.log and 2*3 and a_b_c"],
    ["entities are characters", "&lt;!channel&gt; &copy;", "&lt;!channel&gt; ©"],
    ["line breaks", "a  \nb\nc", "a\nb c"],
    ["rules", "a\n\n---\n\nb", "a\n\n———\n\nb"],
  ])("%s", (_what, body, expected) => {
    expect(textsOf(body)).toEqual([expected])
  })
  test("what mrkdwn cannot say is plain text, character for character", () => {
    expect(payloadOf(render("``a`b``")).blocks).toMatchObject([{ text: { type: "plain_text", text: "a`b", emoji: false } }])
    expect(payloadOf(render("````\n```\nx\n```\n````")).blocks).toMatchObject([{ text: { type: "plain_text", text: "```\nx\n```" } }])
  })
  test("three backticks that open no code are shown, wherever they stand", () => {
    expect(visible("\\`\\`\\`\n\nuse **b** and \\`\\`\\`\n\nend")).toBe("```\nuse b and ```\nend")
  })
  test("a style within a word costs the others nothing", () => {
    expect(textsOf("un**believ**able and **bold**")).toEqual(["unbelievable and *bold*"])
  })
  test("Slack adds no links of its own and folds nothing away", () => {
    expect(payloadOf(render("see evil.example")).blocks).toMatchObject([{ type: "section", expand: true, text: { verbatim: true } }])
  })
})
describe("long texts", () => {
  test("are cut between paragraphs into sections", () => {
    const paragraphs = Array.from({ length: 12 }, (_, i) => `${i} ${"word ".repeat(150)}`.trim())
    const texts = textsOf(paragraphs.join("\n\n"))
    expect(texts.length).toBeGreaterThan(2)
    expect(texts.flatMap((t) => t.split("\n\n"))).toEqual(paragraphs)
  })
  test("a long paragraph is cut between words and keeps its links and styles", () => {
    const body = `${"many **bold** words and [a link](https://a.example) here ".repeat(150)}`.trim()
    expect(textsOf(body).join(" ")).toContain("<https://a.example|a link>")
    expect(normaliseVis(visible(body))).toBe("many bold words and a link here ".repeat(150).trim())
  })
  test("a code block that fits is whole; a longer one is cut between its lines", () => {
    const code = (lines: number) => `before\n\n\`\`\`\n${Array.from({ length: lines }, (_, i) => `  line ${i} <x>`).join("\n")}\n\`\`\``
    expect(textsOf(`${"word ".repeat(400)}\n\n${code(60)}`)).toHaveLength(2)
    const texts = textsOf(code(400))
    for (const text of texts.slice(1)) expect(text).toMatch(/^```\n {2}line \d+ &lt;x&gt;\n[\s\S]*\n```$/)
    expect(normaliseVis(visible(code(400)))).toContain("line 399 <x>")
  })
  test("a word without end is cut between characters, never within one", () => {
    for (const body of ["😀".repeat(4_000), `a${"😀".repeat(4_000)}`]) {
      for (const text of [body, `\`\`\`\n${body}\n\`\`\``]) {
        expect(visible(text).replace(/\s/g, "")).toBe(body)
        for (const block of payloadOf(render(text)).blocks) expect((block as { text: { text: string } }).text.text.isWellFormed()).toBe(true)
      }
    }
    for (const lead of ["", "a", "ab", "abc"])
      expect(visible(`\`\`\`\n${lead}${"&".repeat(4_000)}\n\`\`\``).replace(/\s/g, "")).toBe(lead + "&".repeat(4_000))
  })
  test.each([
    ["code", (w: string) => `\`${w}\``],
    ["bold", (w: string) => `**${w}**`],
    ["a link", (w: string) => `[${w}](https://a.example)`],
    ["quoted", (w: string) => `> - **${w}**`],
  ])("%s that is too long for one section is plain", (_what, around) => {
    const long = "word ".repeat(900).trim()
    const { blocks } = payloadOf(render(around(long)))
    expect(checkBlocks(blocks, "message")).toEqual([])
    expect(normaliseVis(visibleSlack(blocks))).toContain(long)
  })
  test("signs that grow as code still fit", () => {
    const { blocks } = payloadOf(render("\\*a\\* ".repeat(1_500)))
    expect(checkBlocks(blocks, "message")).toEqual([])
    expect(visibleSlack(blocks)).toContain("*a*")
  })
})
test("rendering is pure, and reads back as what it says", () => {
  fc.assert(
    fc.property(markdown, (body) => {
      expect(render(body)).toEqual(render(body))
      expect(visible(body)).toBe(visibleSlack(payloadOf(render(body)).blocks))
    }),
    { numRuns: 300 },
  )
})
test("nothing to say is no block", () => {
  expect(payloadOf(render(" \n\n ")).blocks).toEqual([])
})
test("a deep nest or a wall of signs ends soon", () => {
  for (const wall of [
    "*a ".repeat(20_000),
    "`a ".repeat(20_000),
    "> ".repeat(5_000),
    "[".repeat(20_000),
    "<".repeat(20_000),
    "- ".repeat(3_000),
    ":".repeat(20_000),
  ]) {
    expect(typeof render(wall).visible).toBe("string")
  }
})
