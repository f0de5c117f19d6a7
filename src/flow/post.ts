// Turns one approved request into at most one post. Asks everything again that the database cannot know (time, standing,
// audience), then begins, then publishes. Never retries: an unclear outcome is reconciled, a refused one is asked anew.
import { wider } from "../core/audience.ts"
import { voided } from "../core/decide.ts"
import type { AttemptId, Audience } from "../core/domain.ts"
import { system } from "../core/facts.ts"
import type { StateAt } from "../core/fold.ts"
import { begin, type PublishPermit } from "../core/permit.ts"
import { GuardRefused, type Platform, PostRefused } from "../core/ports.ts"
import { buildLabel } from "../label/sign.ts"
import { withAbort } from "./abort.ts"
import { freshId } from "./fresh-id.ts"
import { approversOf, claimsOf } from "./label.ts"
import type { Parts } from "./parts.ts"
import { nameOf } from "./people.ts"
import { platformFor } from "./platform.ts"
import { failed, recordPosted } from "./reconcile.ts"
import { readDraft, seal } from "./seal.ts"
import { advance, doorOf, type Stepped } from "./stream.ts"
import { tell } from "./tell.ts"

// A request that is given up must be given up before its permit dies, or a late one could outlive a stop. The permit's life began
// before the database took it, however long that was.
const givenUpBeforeMs = 2_000
const maxReasonChars = 300

export async function post(parts: Parts, state: StateAt<"approved">, signal: AbortSignal): Promise<Stepped> {
  const { ledger, clock } = parts
  const draft = await readDraft(ledger, state.workspace, state.draft.digest)
  const why = draft === null ? "expired" : await lapsed(parts, state, draft.audience).catch(refusedAlready)
  if (draft === null || why !== null)
    return advance(ledger, state, system, [{ kind: "approvalVoided", of: state.draft.digest, why: why ?? "expired" }])

  const approvers = approversOf(state.approvals)
  const names = await Promise.all(approvers.by.map((p) => nameOf(ledger, p)))
  const label = await buildLabel({ claims: await claimsOf(parts, draft, state.draft.digest, approvers), names, signer: parts.labelKey })
  const attempt = freshId(clock.now()) as AttemptId
  const begun = await tryBegin(parts, { state, attempt, rendered: draft.rendered, label, sealedLabel: seal(label.jws), actor: system })
  if (begun === "conflict" || begun === "shut") return "reload"
  const posting = begun.state
  const outcome = await publish(platformFor(parts, state), begun.permit, { signal, leftMs: posting.notAfter - givenUpBeforeMs - clock.now() })
  if ("post" in outcome) {
    parts.onMilestone("post")
    return recordPosted(parts, posting, outcome.post)
  }
  parts.log.warn({ request: state.request, attempt, outcome: outcome.not }, "post did not go through")
  return outcome.not === "refused" ? refused(parts, posting, outcome.why) : advance(ledger, posting, system, [{ kind: "postingUnclear", attempt }])
}

/** The reason may name a place or a person: it stands beside the log, for the requester's eyes. */
async function refused(parts: Parts, state: StateAt<"posting">, why: string): Promise<Stepped> {
  const said = seal([...why].slice(0, maxReasonChars).join(""))
  const next = await advance(parts.ledger, state, system, failed(state, "refused", said.ref), { bodies: [said] })
  if (next !== "reload") await tell(parts, state, state.requester, { kind: "notPosted", why: said.text })
  return next
}

/** A place that is gone was refused before anything was sent. Asked again it would be gone again, and the approver would hear nothing. */
function refusedAlready(fault: unknown): "refused" {
  if (fault instanceof PostRefused) return "refused"
  throw fault
}

/** Why the approvals no longer hold. What needs no platform comes first: one that does not answer keeps no approval alive. */
async function lapsed(parts: Parts, state: StateAt<"approved">, shown: Audience) {
  const { ledger, clock, policy } = parts
  const door = await doorOf(ledger, { workspace: state.workspace, channel: state.place.channel })
  const ours = voided(state, { now: clock.now(), door, standings: [], audienceIs: "as-approved", policy })
  if (ours !== null) return ours
  const platform = platformFor(parts, state)
  const [audience, standings] = await Promise.all([
    platform.audience(state.place),
    Promise.all(
      state.approvals.map(async (a) => {
        const who = await ledger.person(a.by)
        return who === null ? ("stranger" as const) : platform.mayAct(who.person, state.place)
      }),
    ),
  ])
  return voided(state, { now: clock.now(), door, standings, audienceIs: wider(audience, shown) ? "wider" : "as-approved", policy })
}

/** A stop that came between our look at the door and the guard's is no fault: the next look sees it. */
async function tryBegin(parts: Parts, what: Parameters<typeof begin>[2]) {
  try {
    const begun = await begin(parts.ledger, parts.clock, what)
    if (begun === "conflict") return begun
    const { state, attempt, sealedLabel } = what
    const entry = begun.entries[0]
    const notAfter = entry?.fact.kind === "postingBegun" ? entry.fact.notAfter : parts.clock.now()
    const posting: StateAt<"posting"> = { ...state, at: "posting", version: state.version + 1, attempt, notAfter, jws: sealedLabel.ref }
    return { permit: begun.permit, state: posting }
  } catch (fault) {
    if (!(fault instanceof GuardRefused)) throw fault
    const door = await doorOf(parts.ledger, { workspace: what.state.workspace, channel: what.state.place.channel })
    if (door.shut.length === 0 && what.state.approvals.every((a) => a.epoch === door.epoch)) throw fault
    return "shut"
  }
}

async function publish(platform: Platform, permit: PublishPermit, { signal, leftMs }: { readonly signal: AbortSignal; readonly leftMs: number }) {
  if (leftMs <= 0) return { not: "refused" as const, why: "It took too long, so nothing was sent." }
  const either = AbortSignal.any([signal, AbortSignal.timeout(leftMs)])
  try {
    return { post: await withAbort(platform.publish(permit, either), either) }
  } catch (fault) {
    return fault instanceof PostRefused ? { not: "refused" as const, why: fault.message } : { not: "unclear" as const }
  }
}
