// The capability to post one approved draft, once, soon. `begin` is the only way to get one, and it writes `postingBegun`
// first, so a permit is the proof that the ledger's guard let it through. Callers: `begin` flow/post only, `spend`
// adapters/*/outbound only.
import type { Label } from "../label/claims.ts"
import type { AttemptId, Digest, Instant, Place, Pseudonym, Rendered, RequestId } from "./domain.ts"
import type { Entry } from "./facts.ts"
import type { StateAt } from "./fold.ts"
import type { Clock, Ledger, Sealed } from "./ports.ts"

declare const permitBrand: unique symbol
/** Cannot be made, copied or read: it is worth something only as a key of the map below. */
export interface PublishPermit {
  readonly [permitBrand]: "PublishPermit"
}
/** What one permit lets out, byte for byte. */
export interface Release {
  readonly attempt: AttemptId
  readonly request: RequestId
  readonly approvers: readonly Pseudonym[]
  readonly place: Place
  /** The message that is answered. */
  readonly message: string
  readonly rendered: Rendered
  readonly label: Label
  readonly notAfter: Instant
}

/** How long a permit lives after `postingBegun`. Every request to a platform must give up before. */
export const permitLifeMs = 10_000

const live = new WeakMap<PublishPermit, { release: Release; clock: Clock }>()

/** Intent before effect: if we die after this append, start-up finds `posting` and asks the platform. */
export async function begin(
  ledger: Ledger,
  clock: Clock,
  what: {
    readonly state: StateAt<"approved">
    readonly attempt: AttemptId
    readonly rendered: Rendered
    readonly label: Label
    readonly sealedLabel: Sealed
    readonly actor: Pseudonym
  },
): Promise<{ readonly permit: PublishPermit; readonly entries: readonly Entry[] } | "conflict"> {
  const { state, attempt, rendered, label, sealedLabel, actor } = what
  const notAfter = clock.now() + permitLifeMs
  const entries = await ledger.append({
    key: { workspace: state.workspace, stream: state.request },
    after: state.version,
    actor,
    facts: [
      {
        kind: "postingBegun",
        attempt,
        digest: state.draft.digest as Digest,
        place: state.place.channel,
        jti: state.draft.label,
        label: sealedLabel.ref,
        notAfter,
      },
    ],
    bodies: [sealedLabel],
  })
  if (entries === "conflict") return "conflict"
  const permit = Object.freeze(Object.create(null)) as PublishPermit
  const approvers = state.approvals.map((a) => a.by)
  live.set(permit, {
    release: { attempt, request: state.request, approvers, place: state.place, message: state.message, rendered, label, notAfter },
    clock,
  })
  return { permit, entries }
}

/** What the permit lets out. The second time, or after `notAfter`, or for anything else: throws {@link PermitDead}. */
export function spend(permit: PublishPermit): Release {
  const found = live.get(permit)
  if (found === undefined) throw new PermitDead("this permit was spent before, or never given")
  live.delete(permit)
  if (found.clock.now() >= found.release.notAfter) throw new PermitDead("this permit has died of age")
  return found.release
}
export class PermitDead extends Error {
  readonly code = "permit-dead"
  constructor(why: string) {
    super(`${why}: nothing was posted`)
    this.name = "PermitDead"
  }
}
