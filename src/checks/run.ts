// Runs every check on a draft and gathers what they found. Fails closed: a check that throws, takes too long or answers
// nonsense is itself a finding that blocks, so nothing is ever approved because a check was not there to object.
import type { Draft, Finding, FindingLevel } from "../core/domain.ts"
import type { Check } from "../flow/parts.ts"

const checkTtlMs = 5_000
const weights: Record<FindingLevel, number> = { note: 0, acknowledge: 1, "second-approver": 2, block: 3 }

/** Rejects only with the signal's reason. Findings come in the order of the checks; each id is there once. */
export async function runChecks(
  checks: readonly Check[],
  draft: Omit<Draft, "findings">,
  how: { readonly room: number; readonly signal: AbortSignal; readonly ttlMs?: number },
): Promise<readonly Finding[]> {
  const { room, signal, ttlMs = checkTtlMs } = how
  signal.throwIfAborted()
  const seen = await Promise.all(checks.map((check) => run(check, draft, room, signal, ttlMs)))
  signal.throwIfAborted()
  return oncePerId(seen.flat())
}

async function run(check: Check, draft: Omit<Draft, "findings">, room: number, signal: AbortSignal, ttlMs: number): Promise<readonly Finding[]> {
  const end = new AbortController()
  const within = AbortSignal.any([signal, end.signal])
  const timer = setTimeout(() => end.abort(new Error("out of time")), ttlMs)
  const ended = Promise.withResolvers<never>()
  const abort = () => ended.reject(within.reason)
  within.addEventListener("abort", abort, { once: true })
  try {
    const found = await Promise.race([Promise.resolve().then(() => check.see(draft, { room, signal: within })), ended.promise])
    if (!found.every(isFinding)) throw new TypeError("not a finding")
    return found
  } catch {
    return [
      { id: check.name, level: "block", words: `The check "${check.name}" could not be run, so nothing can be approved. Redraft to try again.` },
    ]
  } finally {
    clearTimeout(timer)
    // A signal made of others lives as long as it has a listener, and with it the draft.
    within.removeEventListener("abort", abort)
  }
}

function isFinding(f: Finding): boolean {
  return typeof f.id === "string" && f.id !== "" && typeof f.words === "string" && Object.hasOwn(weights, f.level)
}

/** An approver acknowledges by id: of two findings with one id, the stricter stays. */
function oncePerId(findings: readonly Finding[]): readonly Finding[] {
  const byId = new Map<string, Finding>()
  for (const f of findings) {
    const other = byId.get(f.id)
    if (other === undefined || weights[f.level] > weights[other.level]) byId.set(f.id, f)
  }
  return [...byId.values()]
}
