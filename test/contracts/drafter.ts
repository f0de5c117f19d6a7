// What every drafter does, whatever it is made of. `make` gives a drafter that can answer `question` from `passages`
// and has nothing to say to `offTopic`.
import { expect, test } from "@jest/globals"
import type { Message, RequestId } from "../../src/core/domain.ts"
import type { DraftAsk, Drafter, Passage } from "../../src/core/ports.ts"

export const question = "How do I rotate the reporting database password?"
export const offTopic = "Which pizza place is good around here?"
export const passages: readonly Passage[] = [
  {
    title: "runbooks/vault.md § Rotating",
    url: "https://docs.example.test/vault",
    text: "Rotate the reporting database password with `vault rotate reporting`. You need the role `rotator`.",
    score: 0.9,
  },
  { title: "runbooks/roles.md § Rotator", url: null, text: "The role `rotator` is granted by the database team for one hour.", score: 0.3 },
]

export function askOf(text: string, over: Partial<DraftAsk> = {}): DraftAsk {
  const thread: Message[] = [{ id: "m1", author: "Bo", role: "question", text, at: 0 }]
  return {
    request: "r1" as RequestId,
    thread,
    passages: text === offTopic ? [] : passages,
    audience: { scope: "members", where: "this topic", title: null, who: "everyone in this forum", people: 3 },
    maxChars: 2_000,
    hint: null,
    previous: null,
    ...over,
  }
}
export const calmly = () => ({ signal: new AbortController().signal, onProgress: () => {} })

export function drafterContract(name: string, make: () => Promise<Drafter>): void {
  test(`${name}: says what it is`, async () => {
    const drafter = await make()
    expect(drafter.model.name).not.toBe("")
    expect(drafter.model.provider).not.toBe("")
    expect(["model", "quotation"]).toContain(drafter.origin)
  })
  test(`${name}: answers from the passages, and lists exactly the sources that its text cites`, async () => {
    const proposal = await (await make()).draft(askOf(question), calmly())
    if (proposal === "declined") throw new Error("declined")
    expect(proposal.answer).toContain("vault rotate reporting")
    const cited = new Set([...proposal.answer.matchAll(/\[(\d+)\]/g)].map((m) => Number(m[1])))
    expect(new Set(proposal.sources.map((s) => s.n))).toEqual(cited)
    expect(proposal.sources).toContainEqual({ n: expect.any(Number), title: passages[0]?.title, url: passages[0]?.url, from: "knowledge" })
  })
  test(`${name}: declines what it has nothing to say to`, async () => {
    expect(await (await make()).draft(askOf(offTopic), calmly())).toBe("declined")
  })
  test(`${name}: an abort before the start rejects with its reason`, async () => {
    const signal = AbortSignal.abort(new Error("cancelled by a person"))
    await expect((await make()).draft(askOf(question), { signal, onProgress: () => {} })).rejects.toThrow("cancelled by a person")
  })
  test(`${name}: progress says what is happening and holds none of the answer`, async () => {
    const said: string[] = []
    await (await make()).draft(askOf(question), { signal: new AbortController().signal, onProgress: (words) => said.push(words) })
    expect(said.length).toBeGreaterThan(0)
    expect(said.join(" ")).not.toMatch(/vault|rotate|password/)
  })
  test(`${name}: several drafts at once do not mix`, async () => {
    const drafter = await make()
    const [a, b, c] = await Promise.all([question, offTopic, question].map((q) => drafter.draft(askOf(q), calmly())))
    expect(b).toBe("declined")
    expect(a).toEqual(c)
    expect(a).not.toBe("declined")
  })
}
