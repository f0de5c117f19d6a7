// Facts of requests as a walk would write them, short enough to read in a test. Times are small numbers on purpose.
import { createHash } from "node:crypto"
import type { AttemptId, CardRef, Digest, LabelId, Pseudonym, RequestId, WorkspaceId } from "../../src/core/domain.ts"
import { type Fact, type FactOf, type StreamKey, system } from "../../src/core/facts.ts"
import type { Append, Ledger } from "../../src/core/ports.ts"
import { seal } from "../../src/flow/seal.ts"

export const workspace = (name: string) => name as WorkspaceId
export const digest = (of: string) => createHash("sha256").update(of).digest("base64url") as Digest
export const anna = "p_anna" as Pseudonym
export const bela = "p_bela" as Pseudonym
export { system }

export const asked = (o: Partial<FactOf<"asked">> = {}): Fact => ({
  kind: "asked",
  purpose: "answer",
  platform: "board",
  place: "t1",
  thread: null,
  message: "m1",
  ...o,
})
export const drafted = (of: string, o: Partial<FactOf<"drafted">> = {}): FactOf<"drafted"> => ({
  kind: "drafted",
  digest: digest(of),
  place: "t1",
  needs: 1,
  jti: `jti-${of}` as LabelId,
  revision: 1,
  proposal: digest(`p ${of}`),
  origin: "model",
  blocks: [],
  acknowledge: [],
  until: 9_000,
  remindAt: 8_000,
  ...o,
})
export const approved = (of: string, o: Partial<FactOf<"approved">> = {}): Fact => ({
  kind: "approved",
  auth: "picked",
  digest: digest(of),
  place: "t1",
  epoch: 0,
  until: 9_000,
  ...o,
})
export const begun = (of: string, attempt: string, o: Partial<FactOf<"postingBegun">> = {}): Fact => ({
  kind: "postingBegun",
  attempt: attempt as AttemptId,
  digest: digest(of),
  place: "t1",
  jti: `jti-${of}` as LabelId,
  label: digest(`l ${of}`),
  notAfter: 5_000,
  ...o,
})
export const cardShown = (person: Pseudonym, o: Partial<FactOf<"cardShown">> = {}): Fact => ({
  kind: "cardShown",
  person,
  ref: "c1" as CardRef,
  of: 2,
  ...o,
})
export const reminded = (of: string): Fact => ({ kind: "reminded", digest: digest(of) })
export const edited = (of: string): Fact => ({ kind: "edited", of: digest(of), text: digest(`edit of ${of}`) })
export const posted = (attempt: string): Fact => ({ kind: "posted", attempt: attempt as AttemptId, post: `post-of-${attempt}`, url: null })
export const unclear = (attempt: string): Fact => ({ kind: "postingUnclear", attempt: attempt as AttemptId })
export const failed = (attempt: string): Fact => ({ kind: "postingFailed", attempt: attempt as AttemptId, why: "refused" })
export const stopped = (place: string | null = null): Fact => ({ kind: "stopped", place, why: null })
export const resumed = (place: string | null = null): Fact => ({ kind: "resumed", place })

export function request(stream: string, ws = "w"): StreamKey {
  return { workspace: workspace(ws), stream: stream as RequestId }
}
export const door = (ws = "w"): StreamKey => ({ workspace: workspace(ws), stream: "door" })

/** Appends one fact after another, each by whom it is by nature. Throws when one is refused or too late. */
export async function write(ledger: Ledger, key: StreamKey, ...facts: readonly (Fact | readonly [Fact, Pseudonym])[]): Promise<void> {
  let after = (await ledger.read(key)).length
  for (const f of facts) {
    const [fact, actor] = Array.isArray(f) ? (f as [Fact, Pseudonym]) : [f as Fact, by(f as Fact)]
    const entries = await ledger.append({ key, after: key.stream === "door" ? "any" : after, actor, facts: [fact] })
    if (entries === "conflict") throw new Error(`conflict at ${fact.kind}`)
    after += 1
  }
}
function by(fact: Fact): Pseudonym {
  return ["asked", "approved", "edited", "redraftAsked", "declined", "cancelled", "stopped", "resumed"].includes(fact.kind) ? anna : system
}
export const append = (key: StreamKey, after: Append["after"], fact: Fact, actor = by(fact)): Append => ({ key, after, actor, facts: [fact] })
export { seal }
