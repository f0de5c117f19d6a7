import { describe, expect, test } from "@jest/globals"
import { quoting } from "../../adapters/quoting/drafter.ts"
import { compose } from "../../src/flow/compose.ts"
import { openKnowledge } from "../../src/knowledge/open.ts"
import { askOf, calmly, drafterContract, question } from "../contracts/drafter.ts"

drafterContract("quoting", async () => quoting)

const passage = (text: string, over = {}) => ({ title: "a.md § A", url: null, text, score: 0.9, ...over })
async function quoted(ask: Parameters<typeof askOf>[1]): Promise<string> {
  const proposal = await quoting.draft(askOf(question, ask), calmly())
  if (proposal === "declined") throw new Error("declined")
  return proposal.answer
}

describe("a quotation", () => {
  test("says in its first sentence that it quotes, and from where", async () => {
    expect(quoting.origin).toBe("quotation")
    expect(await quoted({})).toMatch(/^Quoted word for word from runbooks\/vault\.md § Rotating \[1\]\. No model wrote any of this\.\n\n>/)
  })
  test("holds the passage word for word, code and lists and all", async () => {
    const text = "Do this:\n\n1. one\n2. two\n\n```sh\nvault rotate\n\n  # indented\n```"
    const answer = await quoted({ passages: [passage(text)] })
    const body = answer
      .split("\n")
      .filter((l) => l.startsWith(">"))
      .map((l) => l.replace(/^> ?/, ""))
      .join("\n")
    expect(body).toBe(text)
  })
  test("of a passage that does not fit quotes whole blocks, and shows that it left some out", async () => {
    const fence = `\`\`\`sh\n${"echo line\n".repeat(40)}\`\`\``
    const answer = await quoted({ passages: [passage(`First paragraph.\n\n${fence}\n\nLast.`)], maxChars: 300 })
    expect(answer).toContain("> First paragraph.\n>\n> […]")
    expect(answer).not.toContain("```")
    expect(answer.length).toBeLessThanOrEqual(300)
  })
  test.each([100, 200, 300, 500, 900])("never takes more than its room: %d characters", async (maxChars) => {
    const long = (n: number) => passage(`${"word ".repeat(30)}\n\n`.repeat(n), { title: `p${n}.md § P` })
    const proposal = await quoting.draft(askOf(question, { passages: [long(1), long(5), long(9)], maxChars }), calmly())
    if (proposal !== "declined") expect(proposal.answer.length).toBeLessThanOrEqual(maxChars)
  })
  test.each([1_000, 1_100, 1_200, 1_300])("leaves room for the list of its sources: %d characters", async (maxChars) => {
    const long = (n: number) => passage("Two words.\n\n".repeat(n), { title: `decisions/a-file.md § ${`${n} long title `.repeat(7)}`.trim() })
    const proposal = await quoting.draft(askOf(question, { passages: [long(3), long(90)], maxChars }), calmly())
    if (proposal === "declined") throw new Error("declined")
    expect(compose(proposal.answer, proposal.sources).length).toBeLessThanOrEqual(maxChars)
  })
  test("declines rather than cut the only block", async () => {
    expect(await quoting.draft(askOf(question, { passages: [passage("x".repeat(5_000))] }), calmly())).toBe("declined")
  })
  test("declines when the best passage only shares a stray word", async () => {
    expect(await quoting.draft(askOf(question, { passages: [passage("password", { score: 0.1 })] }), calmly())).toBe("declined")
  })
  test("names each passage when there are several, and numbers them", async () => {
    const answer = await quoted({ passages: [passage("One."), passage("Two.", { title: "b.md § B", score: 0.85 })] })
    expect(answer).toMatch(/^Quoted word for word from a\.md § A \[1\] and b\.md § B \[2\]\. .*\n\na\.md § A:\n\n> One\.\n\nb\.md § B:\n\n> Two\.$/)
  })
  test("a title is words, never markup, a link or a mention", async () => {
    const answer = await quoted({ passages: [passage("One.", { title: "a.md § [x](https://evil.test) <b> `c`" })] })
    expect(answer).toContain("\\[x\\](https://evil.test) \\<b\\> \\`c\\`")
  })
  test("asked again without a hint, it quotes something else", async () => {
    const both = [passage("One."), passage("Two.", { score: 0.5 })]
    const previous = await quoted({ passages: both })
    expect(previous).toContain("> One.")
    expect(await quoted({ passages: both, previous })).toContain("> Two.")
  })
  test('a hint chooses among the passages that fit, and "shorter" is shorter', async () => {
    const both = [passage("One about vault."), passage("Two about consul.", { score: 0.5 })]
    expect(await quoted({ passages: both, previous: "x", hint: "use the consul one" })).toContain("> Two")
    const long = [passage("A paragraph of some words.\n\n".repeat(20))]
    const previous = await quoted({ passages: long })
    expect((await quoted({ passages: long, previous, hint: "shorter please" })).length).toBeLessThan(previous.length * 0.7)
  })
})

describe("with the project's own documentation", () => {
  const readableBy = { scope: "members", where: "", title: null, who: "", people: 2 } as const
  async function answer(text: string) {
    const knowledge = await openKnowledge(new URL("../../docs", import.meta.url).pathname)
    return quoting.draft(askOf(text, { passages: await knowledge.search(text, { limit: 6, readableBy }), maxChars: 20_000 }), calmly())
  }
  test("the question of the welcome topic gets the steps from asking to posting, and nothing else", async () => {
    const proposal = await answer("What happens between asking Countersign and its answer appearing for everyone?")
    if (proposal === "declined") throw new Error("declined")
    expect(proposal.sources.map((s) => s.title)).toEqual(["using.md § From asking Countersign to an answer that everyone sees"])
    expect(proposal.answer).toContain("5. **Only after you approve does the answer appear for everyone.**")
  })
  test.each([
    ["How do I stop Countersign?", "Stopping Countersign"],
    ["who can resume after a stop?", "Stopping Countersign"],
    ["How do I retract a wrong answer?", "When an answer is wrong"],
    ["How long until a draft expires?", "Letting a draft go"],
    ["Does aproving twice post twice?", "Reviewing and approving a draft"],
    ["what does AI-generated on a post mean?", "What the label on a post means"],
    ["can I edit a draft before posting it", "Editing a draft"],
  ])("%s", async (text, section) => {
    const proposal = await answer(text)
    expect(proposal === "declined" ? [] : proposal.sources.map((s) => s.title)).toContain(`using.md § ${section}`)
  })
  test.each([
    "What is the capital of Mongolia?",
    "How do I rotate the reporting database password?",
    "Why is my kubernetes pod stuck in CrashLoopBackOff?",
    "How do I configure nginx as a reverse proxy?",
    "Can you write me a poem about the sea?",
    "How do I reset my laptop password?",
    "@countersign which pizza place is good around here?",
    "hello",
    "constructor __proto__ toString",
    "",
  ])("declines: %s", async (text) => {
    expect(await answer(text)).toBe("declined")
  })
})
