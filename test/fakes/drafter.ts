// A drafter that answers what a test lays before it, in the order laid; "declined" and faults included.
import type { Proposal } from "../../src/core/domain.ts"
import type { DraftAsk, Drafter } from "../../src/core/ports.ts"

/** A function takes its time, and may tell of its progress. */
export type Answer = Proposal | "declined" | Error | "never" | ((how: Parameters<Drafter["draft"]>[1]) => Promise<Proposal>)
export class FakeDrafter implements Drafter {
  readonly model = { provider: "test", name: "parrot-1" }
  readonly origin = "model" as const
  readonly asked: DraftAsk[] = []
  readonly #answers: Answer[]
  constructor(...answers: Answer[]) {
    this.#answers = answers
  }
  next(...answers: Answer[]): void {
    this.#answers.push(...answers)
  }
  async draft(ask: DraftAsk, how: Parameters<Drafter["draft"]>[1]): Promise<Proposal | "declined"> {
    this.asked.push(ask)
    how.onProgress("thinking")
    const answer = this.#answers.shift() ?? { answer: `Answer ${this.asked.length}${ask.hint === null ? "" : ` (${ask.hint})`}.`, sources: [] }
    if (answer === "never") return new Promise((_, reject) => how.signal.addEventListener("abort", () => reject(how.signal.reason), { once: true }))
    if (answer instanceof Error) throw answer
    if (typeof answer === "function") return answer(how)
    return answer
  }
}
