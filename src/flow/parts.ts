// What the walk is made of. main.ts puts it together; the steps take what they need from it.
import type { Draft, Finding } from "../core/domain.ts"
import type { Policy } from "../core/policy.ts"
import type { Clock, Drafter, Inbox, Knowledge, Ledger, Log, Platform, Pseudonyms, Signer } from "../core/ports.ts"

/** A check sees a draft and says what it found. A check that throws or takes too long is a finding that blocks. */
export interface Check {
  readonly name: string
  see(draft: Omit<Draft, "findings">, how: { readonly room: number; readonly signal: AbortSignal }): Promise<readonly Finding[]> | readonly Finding[]
}
export interface Parts {
  readonly ledger: Ledger
  readonly platforms: ReadonlyMap<string, Platform>
  readonly drafter: Drafter
  readonly knowledge: Knowledge
  readonly clock: Clock
  /** Signs labels: ES256. */
  readonly labelKey: Signer
  readonly pseudonyms: Pseudonyms
  readonly policy: Policy
  readonly checks: readonly Check[]
  readonly log: Log
  /** Origin under which labels are published, without a slash at the end. */
  readonly issuer: string
  /** `countersign/0.1.0`: goes into the label. */
  readonly program: string
  /** Told after every post and stop, so that a checkpoint follows. Never awaited by the walk. */
  readonly onMilestone: (why: "post" | "stop") => void
}
export interface Flow {
  readonly inbox: Inbox
  /** Picks up what an earlier process left, then looks for due work until stopped. */
  start(): Promise<void>
  /** Takes no new work, aborts drafting, waits for open attempts. */
  stop(): Promise<void>
  /** Resolves when nothing is at work in this process. For tests and the demo. */
  idle(): Promise<void>
}
