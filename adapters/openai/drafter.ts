// A drafter that asks a language model: OpenAI's, or any server that speaks its API. The model gives an answer and the numbers
// of sources, nothing else: no place, person, mention or command is ever read from it. What it gives is untrusted: parsed,
// citations checked, and left to the checks and a person.
import type { Proposal } from "../../src/core/domain.ts"
import { type DraftAsk, type Drafter, DraftingFault } from "../../src/core/ports.ts"
import { type Citable, citing } from "./citations.ts"
import { keeperOf } from "./keeper.ts"
import { promptFor, threadNumber } from "./prompt.ts"
import { answerShape } from "./wire.ts"

export interface ModelOptions {
  readonly key: string | null
  /** Null: OpenAI's own. */
  readonly baseUrl: string | null
  readonly name: string
  /** All tries of one draft together. */
  readonly budgetMs?: number
  readonly graceMs?: number
  /** Of the room's code; another one in tests. */
  readonly room?: URL
}

export function openaiDrafter(options: ModelOptions): Drafter & { close(): void } {
  const { key, baseUrl, name, budgetMs = 110_000, graceMs = 2_000, room } = options
  const environment = {
    OPENAI_MODEL: name,
    ...(key === null ? {} : { OPENAI_API_KEY: key }),
    ...(baseUrl === null ? {} : { OPENAI_BASE_URL: baseUrl }),
  }
  const keeper = keeperOf({ environment, graceMs, ...(room === undefined ? {} : { entry: room }) })
  return {
    // The address of a company's own server is nobody else's business, and this goes into a public label.
    model: { provider: baseUrl === null || new URL(baseUrl).hostname === "api.openai.com" ? "openai" : "openai-compatible", name },
    origin: "model",
    async draft(ask, how) {
      const text = await keeper.ask({ ...promptFor(ask), budgetMs, maxOutputChars: maxOutputChars(ask) }, how)
      return proposalOf(text, ask)
    },
    close: () => keeper.close(),
  }
}

/** JSON escapes may double a text; more than that is a model that does not stop. */
const maxOutputChars = (ask: DraftAsk) => Math.min(400_000, 10_000 + 4 * ask.maxChars)

function proposalOf(text: string, ask: DraftAsk): Proposal | "declined" {
  const parsed = answerShape.safeParse(jsonIn(text))
  if (!parsed.success) throw new DraftingFault("malformed", { because: "the answer has another shape than asked for" })
  const { answer, citations, declined } = parsed.data
  if (declined) return "declined"
  const { answer: cited, sources } = citing(cleaned(answer), citations, citablesOf(ask))
  return cited === "" ? "declined" : { answer: cited, sources }
}

/** Small models like to wrap JSON into a fence. */
function jsonIn(text: string): unknown {
  const bare = text.trim().replace(/^```(?:json)?\s*\n([\s\S]*?)\n```$/, "$1")
  try {
    return JSON.parse(bare)
  } catch {
    return null
  }
}

/** Lone surrogates break canonical JSON; a line posing as our label would not survive verification. Hidden characters stay:
 *  a check shows and blocks them, which tells the approver more than their silent removal. */
function cleaned(answer: string): string {
  const lines = answer.toWellFormed().replace(/\r\n?/g, "\n").split("\n")
  return lines
    .filter((line) => !/^[\s>*_#-]*✦/u.test(line))
    .join("\n")
    .trim()
}

function citablesOf(ask: DraftAsk): readonly Citable[] {
  const passages = ask.passages.map((p, i) => ({ n: i + 1, title: p.title, url: p.url, from: "knowledge" as const, text: `${p.title}\n${p.text}` }))
  return [...passages, { n: threadNumber(ask), title: "this thread", url: null, from: "thread", text: ask.thread.map((m) => m.text).join("\n") }]
}
