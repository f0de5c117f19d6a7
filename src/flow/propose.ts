// Asks the drafter: reads the thread, searches the knowledge, limits the time. All that comes back is untrusted.
import type { Instant, Message, Proposal } from "../core/domain.ts"
import type { Live } from "../core/fold.ts"
import { DraftingFault } from "../core/ports.ts"
import { withAbort } from "./abort.ts"
import type { Parts } from "./parts.ts"
import { platformFor } from "./platform.ts"

/** Told what is happening, for the requester's eyes only: "reading the thread · searching 41 passages". */
export type Progress = (words: string) => void
const passageLimit = 6
// The lines of the label, at their longest, and some air.
const labelRoom = 400

export async function propose(
  parts: Parts,
  state: Live,
  how: { readonly hint: string | null; readonly previous: string | null; readonly signal: AbortSignal; readonly onProgress: Progress },
): Promise<Proposal | "declined"> {
  const { drafter, knowledge, policy } = parts
  const platform = platformFor(parts, state)
  how.onProgress("reading the thread")
  const [thread, audience] = await Promise.all([
    platform.thread(state.place, state.message, policy.threadLimit).catch((cause) => {
      throw new DraftingFault("no-thread", { cause })
    }),
    platform.audience(state.place),
  ])
  how.onProgress(`searching ${knowledge.size} passages`)
  const passages = await knowledge.search(queryOf(thread, how.hint), { limit: passageLimit, readableBy: audience }).catch((cause) => {
    throw new DraftingFault("no-knowledge", { cause })
  })
  how.onProgress("writing")
  // A timer of the runtime's own: a stopped clock must not let a model run on for ever.
  const timeout = AbortSignal.timeout(policy.draftingTtlMs)
  const signal = AbortSignal.any([how.signal, timeout])
  const ask = {
    request: state.request,
    thread,
    passages,
    audience,
    maxChars: Math.max(500, platform.can.maxChars - labelRoom),
    hint: how.hint,
    previous: how.previous,
  }
  try {
    return await withAbort(drafter.draft(ask, { signal, onProgress: how.onProgress }), signal)
  } catch (fault) {
    if (how.signal.aborted) throw how.signal.reason
    if (timeout.aborted) throw new DraftingFault("timeout", { cause: fault })
    throw fault instanceof DraftingFault ? fault : new DraftingFault("unavailable", { cause: fault })
  }
}
function queryOf(thread: readonly Message[], hint: string | null): string {
  const question = thread.find((m) => m.role === "question")?.text ?? ""
  const opening = oldest(thread)
  // "@bot, please help" says nothing by itself: the opening of the thread says what it is about.
  const words = question.split(/\s+/u).length < 8 && opening !== undefined ? `${opening.text} ${question}` : question
  return `${words} ${hint ?? ""}`.slice(0, 4_000)
}
const oldest = (thread: readonly Message[]) =>
  thread.reduce<Message | undefined>((a, m) => (a === undefined || m.at < (a.at as Instant) ? m : a), undefined)
