// Tells one person in private what became of an answer. What they are told of is on record already: one who cannot be told now
// undoes nothing, and keeps nobody else from being told.
import type { Pseudonym } from "../core/domain.ts"
import type { Live } from "../core/fold.ts"
import type { Notice } from "../core/notices.ts"
import type { Parts } from "./parts.ts"
import { platformFor } from "./platform.ts"

export async function tell(parts: Parts, state: Live, to: Pseudonym, notice: Notice): Promise<void> {
  const who = await parts.ledger.person(to)
  if (who === null) return
  await platformFor(parts, state)
    .tell(who.person, notice)
    .catch((fault: unknown) =>
      parts.log.warn({ request: state.request, fault: fault instanceof Error ? fault.name : typeof fault }, "somebody could not be told of a post"),
    )
}
