// The stop, also known as the kill switch. It commits first, then aborts what this process has under way, then waits until no
// attempt in its scope is open in any process or the last permit has died. It never passes through the model or the queue.

import type { RequestId, StopScope } from "../core/domain.ts"
import { covers, installation } from "../core/door.ts"
import { permitLifeMs } from "../core/permit.ts"
import { atLeast, mayTakePart } from "../core/policy.ts"
import type { Head, Ledger, StopOrder, StopOutcome } from "../core/ports.ts"
import { type Refusal, refuse } from "../core/refusals.ts"
import type { Parts } from "./parts.ts"
import { known } from "./people.ts"
import { seal } from "./seal.ts"
import { doorOf, load } from "./stream.ts"

const lookEveryMs = 20

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
  const standing = await standingOf(parts, order)
  if (standing === null || !atLeast(standing, "admin")) return refuse("only-admins-resume")
  const { actor, people } = known(parts, order.by)
  const door = await doorOf(parts.ledger, order.scope)
  const stands = door.shut.some((s) => s.scope.workspace === order.scope.workspace && s.scope.channel === order.scope.channel)
  if (!stands) return refuse("not-stopped")
  await parts.ledger.append({
    key: { workspace: order.scope.workspace, stream: "door" },
    after: "any",
    actor,
    people,
    facts: [{ kind: "resumed", place: order.scope.channel }],
  })
  return "resumed"
}

/** Waits for the attempts that were open when the stop committed. Those that may still appear afterwards are named. */
async function settle(parts: Parts, scope: StopScope): Promise<readonly RequestId[]> {
  const { clock, ledger } = parts
  const deadline = clock.now() + permitLifeMs
  let waiting = await openAttempts(ledger, scope)
  while (waiting.length > 0 && clock.now() < deadline) {
    await clock.sleep(lookEveryMs)
    const still = new Set((await openAttempts(ledger, scope)).map((h) => h.stream))
    waiting = waiting.filter((h) => still.has(h.stream))
  }
  const states = await Promise.all(waiting.map((h) => load(ledger, h)))
  return states.flatMap((s) => (s.at === "posting" || s.at === "unclear" ? [s.request] : []))
}
async function openAttempts(ledger: Ledger, scope: StopScope): Promise<readonly Head[]> {
  const heads = await ledger.heads({ at: ["posting"], ...(scope.workspace === installation ? {} : { workspace: scope.workspace }) })
  return heads.filter((h) => covers(scope, { workspace: h.workspace, channel: h.place }))
}

async function mayStop(parts: Parts, order: StopOrder): Promise<Refusal | null> {
  const standing = await standingOf(parts, order)
  if (standing === null) return refuse("not-a-member")
  const part = mayTakePart(standing, parts.policy)
  return part === "yes" ? null : refuse(part === "guest" ? "guests-cannot" : "not-a-member")
}
/** The command line is the operator's: whoever can write the ledger's file may say stop and go. */
async function standingOf(parts: Parts, order: StopOrder) {
  if (order.from === null) return order.by.auth === "cli" ? ("admin" as const) : null
  return (await parts.platforms.get(order.from.platform)?.mayAct(order.by.person, order.from)) ?? null
}
