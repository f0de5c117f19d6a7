// The stop, also known as the kill switch. It commits first, then aborts what this process has under way, then waits until no
// attempt in its scope is open in any process or the last permit has died. It never passes through the model or the queue.

import type { RequestId, StopScope } from "../core/domain.ts"
import { covers, installation } from "../core/door.ts"
import type { StateAt } from "../core/fold.ts"
import { permitLifeMs } from "../core/permit.ts"
import { atLeast, mayTakePart } from "../core/policy.ts"
import type { Ledger, StopOrder, StopOutcome } from "../core/ports.ts"
import { isRefusal, type Refusal, refuse, refuseNarrower } from "../core/refusals.ts"
import { withAbort } from "./abort.ts"
import type { Parts } from "./parts.ts"
import { known } from "./people.ts"
import { seal } from "./seal.ts"
import { standingOf } from "./standing.ts"
import { doorOf, keyOf, load } from "./stream.ts"

// A platform gets this long to say who asks for a stop.
const standingMs = 1_500
const lookEveryMs = 20
// After the last permit is dead, the pump of whichever process asks the platform once more, within a second or so.
const settleMs = permitLifeMs + 2_000

export async function stop(parts: Parts, order: StopOrder, abortLocal: (scope: StopScope) => void): Promise<StopOutcome | Refusal> {
  const no = await mayStop(parts, order)
  if (no !== null) return no
  const { actor, people } = known(parts, order.by)
  const why = order.why === null || order.why.trim() === "" ? null : seal(order.why.trim().slice(0, 1_000))
  await parts.ledger.append({
    key: { workspace: order.scope.workspace, stream: "door" },
    after: "any",
    actor,
    people,
    facts: [{ kind: "stopped", place: order.scope.channel, why: why?.ref ?? null }],
    bodies: why === null ? [] : [why],
  })
  abortLocal(order.scope)
  parts.onMilestone("stop")
  const unsure = await settle(parts, order.scope)
  const door = await doorOf(parts.ledger, order.scope)
  return { scope: order.scope, at: parts.clock.now(), epoch: door.epoch, outcome: unsure.length === 0 ? "sure" : { unsure } }
}

export async function resume(parts: Parts, order: StopOrder): Promise<"resumed" | Refusal> {
  const standing = await standingFrom(parts, order)
  if (isRefusal(standing)) return standing
  if (standing === null || !atLeast(standing, "admin")) return refuse("only-admins-resume")
  const { actor, people } = known(parts, order.by)
  const door = await doorOf(parts.ledger, order.scope)
  const stands = door.shut.some((s) => s.scope.workspace === order.scope.workspace && s.scope.channel === order.scope.channel)
  if (!stands) return door.shut.length === 0 ? refuse("not-stopped") : refuseNarrower()
  await parts.ledger.append({
    key: { workspace: order.scope.workspace, stream: "door" },
    after: "any",
    actor,
    people,
    facts: [{ kind: "resumed", place: order.scope.channel }],
  })
  return "resumed"
}

/**
 * Waits for the attempts that were open when the stop committed: being sent, or given up so lately that the platform may yet
 * take what it was sent. Those of which nobody knows afterwards whether they appeared are named.
 */
async function settle(parts: Parts, scope: StopScope): Promise<readonly RequestId[]> {
  const { clock, ledger } = parts
  const deadline = clock.now() + settleMs
  let waiting = await openAttempts(parts, scope)
  while (waiting.length > 0 && clock.now() < deadline) {
    await clock.sleep(lookEveryMs)
    waiting = await stillOpen(ledger, waiting)
  }
  return waiting.map((s) => s.request)
}
type Attempted = StateAt<"posting"> | StateAt<"unclear">
async function openAttempts({ clock, ledger }: Parts, scope: StopScope): Promise<readonly Attempted[]> {
  const where = scope.workspace === installation ? {} : { workspace: scope.workspace }
  const heads = await ledger.heads({ at: ["posting", "unclear"], ...where })
  const covered = heads.filter((h) => covers(scope, { workspace: h.workspace, channel: h.place }))
  const states = await Promise.all(covered.map((h) => load(ledger, h)))
  return states.filter((s): s is Attempted => s.at === "posting" || (s.at === "unclear" && clock.now() < s.notAfter))
}
async function stillOpen(ledger: Ledger, waiting: readonly Attempted[]): Promise<readonly Attempted[]> {
  const states = await Promise.all(waiting.map((s) => load(ledger, keyOf(s))))
  return states.filter((s): s is Attempted => s.at === "posting" || s.at === "unclear")
}

/** A platform that cannot say who somebody is keeps nobody from stopping: an unneeded stop costs a click, a missed one a leak. */
async function mayStop(parts: Parts, order: StopOrder): Promise<Refusal | null> {
  const late = AbortSignal.timeout(standingMs)
  const standing = await withAbort(standingFrom(parts, order), late).catch((fault: unknown) => {
    parts.log.warn({ fault: fault instanceof Error ? fault.name : typeof fault }, "who asked for a stop could not be looked up; it stops")
    return "member" as const
  })
  if (isRefusal(standing)) return null
  if (standing === null) return refuse("not-a-member")
  const part = mayTakePart(standing, parts.policy)
  return part === "yes" ? null : refuse(part)
}
/** The command line is the operator's: whoever can write the ledger's file may say stop and go. */
async function standingFrom(parts: Parts, order: StopOrder) {
  if (order.from === null) return order.by.auth === "cli" ? ("admin" as const) : null
  const platform = parts.platforms.get(order.from.platform)
  return platform === undefined ? null : standingOf(platform, order.by.person, order.from)
}
