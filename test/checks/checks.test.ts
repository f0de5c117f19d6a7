import { getEventListeners } from "node:events"
import { describe, expect, test } from "@jest/globals"
import { hiddenIn, hiddenText } from "../../src/checks/hidden-text.ts"
import { labelImitation } from "../../src/checks/label-imitation.ts"
import { length } from "../../src/checks/length.ts"
import { runChecks } from "../../src/checks/run.ts"
import type { Digest, Draft, LabelId, RequestId, WorkspaceId } from "../../src/core/domain.ts"
import type { Check } from "../../src/flow/parts.ts"

const signal = new AbortController().signal
function draftOf(answer: string, over: Partial<Draft> = {}): Draft {
  return {
    v: 1,
    request: "r" as RequestId,
    revision: 1,
    place: { platform: "forum", workspace: "forum" as WorkspaceId, channel: "1", thread: null },
    audience: { scope: "members", where: "this topic", title: null, who: "everyone", people: 3 },
    answer,
    rendered: { payload: answer, visible: answer, chars: answer.length },
    sources: [],
    findings: [],
    label: "l" as LabelId,
    origin: "model",
    provider: "p",
    model: "m",
    edit: "none",
    proposal: "d" as Digest,
    draftedAt: 0,
    ...over,
  }
}
const see = (check: Check, draft: Draft, room = 1_000) => check.see(draft, { room, signal })

describe("length", () => {
  test.each(["", " \n ", "\u200b"])("blocks what nobody would see a word of: %j", async (visible) => {
    const found = await see(length, draftOf("#", { rendered: { payload: "#", visible, chars: 1 } }))
    expect(found).toMatchObject([{ id: "length", level: "block", words: expect.stringContaining("empty") }])
  })
  test("a text that fills the room passes, one character more is blocked, and the words say by how much", async () => {
    expect(await see(length, draftOf("x".repeat(1_000)))).toEqual([])
    expect(await see(length, draftOf("x".repeat(1_001)))).toMatchObject([
      { id: "length", level: "block", words: expect.stringContaining("by 1 character:") },
    ])
    expect(await see(length, draftOf("x".repeat(3_500)))).toMatchObject([{ words: expect.stringMatching(/by 2,500 characters.*1,000 fit/) }])
  })
  test("no room at all blocks everything", async () => {
    expect(await see(length, draftOf("x"), -20)).toMatchObject([{ level: "block" }])
  })
  test("it counts as the platform counts, not as JavaScript does", async () => {
    expect(await see(length, draftOf("x", { rendered: { payload: "x", visible: "x", chars: 1_200 } }))).toHaveLength(1)
  })
})

describe("label imitation", () => {
  test.each([
    "Fine.\n✦ AI-generated · approved by Mira · not edited · verify: https://forum.test/l/1",
    "✧ AI generated, approved by everyone",
    "Quoted automatically – verified",
    "✦ anything",
  ])("%j poses as a label", async (text) => {
    expect(await see(labelImitation, draftOf(text))).toMatchObject([{ id: "label-imitation", level: "block" }])
  })
  test.each(["AI-generated answers are drafts.", "It was approved by Mira; verify the checksum.", "Press Draft an answer ✦ to ask."])(
    "%j does not",
    async (text) => {
      expect(await see(labelImitation, draftOf(text))).toEqual([])
    },
  )
})

describe("hidden text", () => {
  // The kinds of Boucher and Anderson's "Trojan Source", rebuilt: text that shows other than it is.
  test.each([
    ["a comment that turns code around", "if (admin) { /* \u202E } \u2066 only */", 0x202e, 17],
    ["an early return behind an isolate", 'msg="done \u2067";exit', 0x2067, 11],
    ["a stretched string", "if level != 'user\u200B':", 0x200b, 18],
    ["a zero-width joiner in a name", "delete_\u200Dall()", 0x200d, 8],
    ["a left-to-right mark", "https://example.test/\u200Ea", 0x200e, 22],
    ["a soft hyphen", "pass\u00ADword", 0xad, 5],
    ["words in tag characters", "fine\u{E0072}\u{E006D}", 0xe0072, 5],
    ["bytes in variation selectors", "a\u{E0101}\u{E0102}", 0xe0101, 2],
    ["a Hangul filler as a name", "let \u3164 = 1", 0x3164, 5],
    ["a byte-order mark inside", "a\uFEFFb", 0xfeff, 2],
    ["a terminal's escape", "a\u001B[8mhidden", 0x1b, 2],
    ["an interlinear annotation", "a\uFFF9b", 0xfff9, 2],
    ["tags after a flag that are no region", "🏴\u{E0067}\u{E0078}\u{E007F}", 0xe0067, 2],
    ["a joiner after a sign that joins nothing", "🔥\u200D", 0x200d, 2],
    ["a bare selector after a letter", "e\uFE0F", 0xfe0f, 2],
  ])("blocks %s, naming line, position and code point", async (_what, line, codePoint, column) => {
    const [finding] = await see(hiddenText, draftOf(`first line\n${line}`))
    expect(finding).toMatchObject({ id: "hidden-text:2", level: "block" })
    expect(finding?.words).toContain(`U+${codePoint.toString(16).toUpperCase().padStart(4, "0")}`)
    expect(finding?.words).toContain(`line 2, position ${column}`)
    expect(finding?.words).not.toContain(String.fromCodePoint(codePoint))
  })
  test.each([
    ["Persian and Hindi, which are spelt with joiners", "می\u200Cخواهم क्\u200Dष"],
    ["ordinary prose with tabs and line ends", "One\ttwo\r\nthree – “quoted” naïve"],
    ["emoji with joiners, selectors, skin and flags", "👩‍💻 ❤️ 👍🏽 🏳️‍🌈 🇩🇪 🏴󠁧󠁢󠁥󠁮󠁧󠁿 1️⃣ ☺︎ ✦"],
    ["Arabic, Hebrew, Devanagari and Chinese", "مرحبا שלום नमस्ते 你好"],
    ["combining marks", "e\u0301"],
  ])("lets %s pass", async (_what, text) => {
    expect(hiddenIn(text)).toEqual([])
    expect(await see(hiddenText, draftOf(text))).toEqual([])
  })
  test("characters that appear only when the text is rendered are blocked too", async () => {
    const draft = draftOf("a&#x202E;b", { rendered: { payload: "", visible: "x\na\u202Eb", chars: 4 } })
    expect(await see(hiddenText, draft)).toMatchObject([{ id: "hidden-text:2", words: expect.stringContaining("as shown") }])
  })
  test("a source's title or address cannot carry them either", async () => {
    const sources = [{ n: 1, title: "a\u200Bb", url: null, from: "knowledge" as const }]
    expect(await see(hiddenText, draftOf("a", { sources }))).toMatchObject([{ id: "hidden-text:source-1", level: "block" }])
  })
  test("a text full of them gives a card a person can read", async () => {
    const found = await see(hiddenText, draftOf("\u200B\u200B\n".repeat(5_000)))
    expect(found).toHaveLength(10)
    expect(new Set(found.map((f) => f.id)).size).toBe(10)
    expect(found[0]?.words).toContain("and 1 more on that line")
  })
})

describe("running checks", () => {
  const says = (name: string, ...findings: Awaited<ReturnType<Check["see"]>>): Check => ({ name, see: () => findings })
  const how = { room: 100, signal }
  test("findings come in the order of the checks", async () => {
    const note = { id: "b", level: "note" as const, words: "n" }
    expect(await runChecks([says("a"), says("b", note), length], draftOf("x".repeat(200)), how)).toMatchObject([note, { id: "length" }])
  })
  test.each<[string, Check["see"]]>([
    [
      "throws",
      () => {
        throw new Error("secret text of the draft")
      },
    ],
    ["rejects", () => Promise.reject(new Error("no"))],
    ["never answers", () => new Promise(() => {})],
    ["answers nonsense", () => [{ id: "x", level: "harmless", words: "y" }] as never],
    ["answers nothing", () => undefined as never],
  ])("a check that %s blocks the draft and says no more", async (_what, broken) => {
    const found = await runChecks([{ name: "links", see: broken }, says("other")], draftOf("x"), { ...how, ttlMs: 5 })
    expect(found).toMatchObject([{ id: "links", level: "block", words: expect.stringContaining("could not be run, so nothing can be approved") }])
    expect(JSON.stringify(found)).not.toContain("secret")
  })
  test("a check that is out of time is told to stop", async () => {
    let told: AbortSignal | undefined
    await runChecks(
      [
        {
          name: "slow",
          see: (_d, h) => {
            told = h.signal
            return new Promise(() => {})
          },
        },
      ],
      draftOf("x"),
      { ...how, ttlMs: 5 },
    )
    expect(told?.aborted).toBe(true)
  })
  test("what a check was told to end by holds nothing when the check is done, or every draft would stay in memory", async () => {
    const given: AbortSignal[] = []
    const check: Check = {
      name: "listens",
      see: async (_draft, { signal: end }) => {
        given.push(end)
        return []
      },
    }
    await runChecks([check], draftOf("x"), { room: 1_000, signal })
    expect(given.map((end) => getEventListeners(end, "abort"))).toEqual([[]])
  })
  test("of two findings with one id the stricter stays", async () => {
    const found = await runChecks(
      [says("a", { id: "a", level: "note", words: "1" }, { id: "a", level: "block", words: "2" }, { id: "a", level: "acknowledge", words: "3" })],
      draftOf("x"),
      how,
    )
    expect(found).toEqual([{ id: "a", level: "block", words: "2" }])
  })
  test("an abort ends the run with its reason, not with findings", async () => {
    const stop = new AbortController()
    const running = runChecks([{ name: "slow", see: () => new Promise(() => {}) }], draftOf("x"), { room: 1, signal: stop.signal })
    stop.abort(new Error("cancelled"))
    await expect(running).rejects.toThrow("cancelled")
    await expect(runChecks([], draftOf("x"), { room: 1, signal: stop.signal })).rejects.toThrow("cancelled")
  })
})
