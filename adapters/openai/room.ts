// The room: a process of its own in which the model is talked to, started by keeper.ts under Node's permission model.
// Has the model's key and address and nothing else: no file beyond its own code, no other variable, no other process.

import { setTimeout as sleep } from "node:timers/promises"
import OpenAI from "openai"
import { asker } from "./ask.ts"
import { againAfterMs, NoAnswer, noAnswer } from "./faults.ts"
import { type DraftOrder, type FromRoom, toRoom } from "./wire.ts"

/** Besides the first: so a question is sent three times at most, and only after definite failures. */
const retries = 2
const attemptTtlMs = 90_000
const progressEveryWords = 8

const client = new OpenAI({
  apiKey: process.env.OPENAI_API_KEY ?? "none",
  baseURL: process.env.OPENAI_BASE_URL ?? "https://api.openai.com/v1",
  organization: null,
  project: null,
  maxRetries: 0,
  timeout: attemptTtlMs,
  logLevel: "off",
  // A server that sends us elsewhere must not take the prompt along.
  fetchOptions: { redirect: "manual" },
})
const askModel = asker(client, process.env.OPENAI_MODEL ?? "")
const atWork = new Map<number, AbortController>()

process.on("message", (raw) => {
  const order = toRoom.safeParse(raw)
  if (!order.success) process.exit(1)
  if (order.data.do === "abort") atWork.get(order.data.id)?.abort()
  else void work(order.data)
})
process.on("disconnect", () => process.exit(0))

async function work(order: DraftOrder): Promise<void> {
  const { id } = order
  const aborted = new AbortController()
  atWork.set(id, aborted)
  const budget = AbortSignal.timeout(order.budgetMs)
  const end = performance.now() + order.budgetMs
  try {
    say({ say: "answer", id, text: await withRetries(order, AbortSignal.any([aborted.signal, budget]), end) })
  } catch (error) {
    if (aborted.signal.aborted) say({ say: "aborted", id })
    else if (budget.aborted) say({ say: "fault", id, why: "timeout", detail: "out of time" })
    else {
      const { why, detail } = noAnswer(error)
      say({ say: "fault", id, why, detail })
    }
  } finally {
    atWork.delete(id)
  }
}

async function withRetries(order: DraftOrder, signal: AbortSignal, end: number): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    const late = AbortSignal.timeout(attemptTtlMs)
    let words = 0
    let said = 0
    let begun = false
    const onWritten = (piece: string) => {
      begun = true
      words += piece.match(/\s+|\\n/g)?.length ?? 0
      if (words < said + progressEveryWords) return
      said = words
      say({ say: "writing", id: order.id, words })
    }
    try {
      return await askModel(order, { signal: AbortSignal.any([signal, late]), onWritten })
    } catch (error) {
      if (late.aborted && !signal.aborted) throw new NoAnswer("timeout", "no answer in time", { cause: error })
      const waitMs = begun || attempt >= retries ? null : againAfterMs(error, attempt)
      if (waitMs === null || signal.aborted || performance.now() + waitMs >= end) throw error
      say({ say: "waiting", id: order.id })
      await sleep(waitMs, undefined, { signal })
    }
  }
}

function say(message: FromRoom): void {
  process.send?.(message)
}
