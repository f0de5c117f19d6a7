// A request at one moment, as a union tagged `at`. What a state does not have, its type does not offer.
import type {
  AttemptId,
  CardRef,
  Digest,
  Instant,
  LabelId,
  Origin,
  Place,
  PostedRef,
  Pseudonym,
  RequestId,
  RetractReason,
  WorkspaceId,
} from "./domain.ts"
import type { FactOf } from "./facts.ts"

export interface RequestFrame {
  readonly request: RequestId
  readonly workspace: WorkspaceId
  readonly place: Place
  readonly message: string
  readonly purpose: "answer" | "canary"
  readonly requester: Pseudonym
  readonly askedAt: Instant
  /** Version of the last fact of the stream: what the next append expects. */
  readonly version: number
  /** Version of the last fact that changes what a card says. */
  readonly cardVersion: number
  /** When the last fact was written. */
  readonly changedAt: Instant
  readonly cards: readonly ShownCard[]
}
export interface ShownCard {
  readonly person: Pseudonym
  readonly ref: CardRef | null
  readonly of: number
  /** Whose stop the card told of. */
  readonly stoppedBy: Pseudonym | null
}
export interface DraftHead {
  readonly digest: Digest
  readonly needs: number
  readonly label: LabelId
  readonly revision: number
  readonly proposal: Digest
  readonly origin: Origin
  readonly blocks: readonly string[]
  readonly acknowledge: readonly string[]
  readonly until: Instant
  readonly remindAt: Instant
}
export interface Approval {
  readonly by: Pseudonym
  readonly at: Instant
  readonly epoch: number
  readonly until: Instant
  readonly auth: FactOf<"approved">["auth"]
}
/** Why a draft is made anew: each leads to a new revision. `said` names the platform's reason, where it refused the post. */
export type Rework =
  | { readonly why: "edited"; readonly by: Pseudonym; readonly text: Digest }
  | { readonly why: "redraft"; readonly by: Pseudonym; readonly hint: Digest | null }
  | { readonly why: "cancelled" }
  | { readonly why: "voided"; readonly reason: FactOf<"approvalVoided">["why"]; readonly said: Digest | null }

export interface WithDraft {
  readonly draft: DraftHead
}
export interface WithApprovals extends WithDraft {
  readonly approvals: readonly Approval[]
}
export interface WithAttempt extends WithApprovals {
  readonly attempt: AttemptId
  readonly notAfter: Instant
  readonly jws: Digest
}
export interface WithPost extends WithAttempt {
  readonly post: PostedRef
  readonly postedAt: Instant
  readonly reports: readonly { readonly by: Pseudonym; readonly at: Instant; readonly why: Digest | null }[]
  readonly actedOn: readonly Pseudonym[]
  readonly vanishedAt: Instant | null
}

export interface WithReason {
  readonly reason: RetractReason
  readonly by: Pseudonym
  readonly words: Digest | null
}

/** A request at one moment. Only states from `approved` on have an approval that counts. */
export type State =
  | { readonly at: "none" }
  | (RequestFrame &
      (
        | { readonly at: "asked" }
        | ({ readonly at: "reworking"; readonly rework: Rework } & WithDraft)
        | ({ readonly at: "drafted"; readonly reminded: "reminded" | "not-yet"; readonly because: Rework | null } & WithApprovals)
        | ({ readonly at: "approved" } & WithApprovals)
        | ({ readonly at: "posting" } & WithAttempt)
        | ({ readonly at: "unclear" } & WithAttempt)
        | ({ readonly at: "refused"; readonly why: FactOf<"postingFailed">["why"]; readonly said: Digest | null } & WithAttempt)
        | ({ readonly at: "posted" } & WithPost)
        | ({ readonly at: "retracting" } & WithPost & WithReason)
        | ({ readonly at: "retractionFailed" } & WithPost & WithReason)
        | ({ readonly at: "retracted" } & WithPost & WithReason)
        | { readonly at: "draftingFailed"; readonly why: FactOf<"draftingFailed">["why"] }
        | { readonly at: "drafterDeclined" }
        | { readonly at: "cancelled" }
        | ({ readonly at: "declined" } & WithDraft)
        | { readonly at: "expired" }
        | ({ readonly at: "neverSeen" } & WithAttempt)
      ))
export type StateAt<A extends State["at"]> = Extract<State, { at: A }>
export type Live = Exclude<State, { at: "none" }>
/** A state whose attempt is not known to be posted, and may turn out to be. */
export type Attempted = StateAt<"posting"> | StateAt<"unclear"> | StateAt<"neverSeen"> | StateAt<"refused">
/** A state with a post: what a label page can speak of. */
export type Published = StateAt<"posted"> | StateAt<"retracting"> | StateAt<"retractionFailed"> | StateAt<"retracted">
