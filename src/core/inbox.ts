// What adapters may say to the inside: asks, decisions on cards, words about posts, stops. Every method answers with a value.
import type { Card } from "./card.ts"
import type {
  AttemptId,
  Digest,
  Instant,
  LabelId,
  Markdown,
  PersonId,
  Place,
  PostedRef,
  Pseudonym,
  RequestId,
  RetractReason,
  StopScope,
  WorkspaceId,
} from "./domain.ts"
import type { Refusal } from "./refusals.ts"

/** Somebody who acted, as their platform authenticated them just now. */
export interface Actor {
  readonly person: PersonId
  /** What others see. Goes into table `person` and onto label lines; never into a fact. */
  readonly name: string
  /** How they were known: goes onto the label. */
  readonly auth: "picked" | "oidc" | "slack" | "discord" | "cli"
}
export interface Ask {
  readonly by: Actor
  readonly place: Place
  /** The message to answer. */
  readonly message: string
  /** For a mention the message; for a button, shortcut or command the platform's interaction id. */
  readonly gesture: string
}
interface OnCard {
  readonly by: Actor
  readonly workspace: WorkspaceId
  readonly request: RequestId
}
/** A click on a card. `digest` is the one that was on the card. */
export type Decision = OnCard & { readonly digest: Digest } & (
    | { readonly act: "approve"; readonly acknowledged: readonly string[] }
    | { readonly act: "edit"; readonly text: Markdown }
    | { readonly act: "redraft"; readonly hint: string | null }
    | { readonly act: "decline" }
  )
export type Cancel = OnCard
export type Resolution = OnCard & { readonly attempt: AttemptId; readonly as: "posted" | "never-seen" }
/** What readers and approvers say of a post. */
export interface OnPost {
  readonly by: Actor
  readonly workspace: WorkspaceId
  /** The post's own id on its platform, or its label. */
  readonly post: { readonly id: string } | { readonly label: LabelId }
}
export interface StopOrder {
  readonly by: Actor
  readonly scope: StopScope
  readonly why: string | null
  /** Where they asked from, to ask for their standing. Null on the command line, which is the operator's. */
  readonly from: Place | null
}
export interface StopOutcome {
  readonly scope: StopScope
  readonly at: Instant
  readonly epoch: number
  /** `sure`: nothing in scope can still appear. `unsure` names the requests whose attempt may. */
  readonly outcome: "sure" | { readonly unsure: readonly RequestId[] }
}
/** What stands at a door now; null: it is open. */
export interface DoorView {
  readonly scope: StopScope
  readonly by: Pseudonym
  readonly byName: string | null
  readonly at: Instant
  readonly why: string | null
}

/** A public message under our name, as its platform shows it now. Cards and other private words are not among them. */
export interface OwnMessage {
  readonly what: "created" | "changed" | "deleted"
  readonly place: Place
  readonly post: PostedRef
  /** What the message itself says it is; untrusted. Null when it carries nothing of the kind. */
  readonly attempt: AttemptId | null
  readonly label: LabelId | null
  /** What a reader sees between the label lines; null when it cannot be read back. */
  readonly visible: string | null
  /** All that a reader sees, label lines included, one block a line; null when it cannot be read back. */
  readonly whole: string | null
}

/** What adapters may say to the inside. Every method answers with a value; a Refusal carries the sentence for the person. */
export interface Inbox {
  ask(a: Ask): Promise<{ readonly request: RequestId; readonly was: "new" | "open-already" } | Refusal>
  decide(d: Decision): Promise<Card | Refusal>
  cancel(c: Cancel): Promise<Card | Refusal>
  resolve(r: Resolution): Promise<Card | Refusal>
  report(r: OnPost & { readonly why: string | null }): Promise<"noted" | Refusal>
  actedOn(a: OnPost): Promise<"noted" | Refusal>
  retract(r: OnPost & { readonly reason: RetractReason; readonly words: string | null }): Promise<"retracting" | Refusal>
  stop(s: StopOrder): Promise<StopOutcome | Refusal>
  resume(s: StopOrder): Promise<"resumed" | Refusal>
  /** A person's cards that still wait for something, oldest first. */
  queue(person: PersonId): Promise<readonly Card[]>
  /** What a person asked for and is posted, newest first, at most `limit`. */
  posts(person: PersonId, limit: number): Promise<readonly Card[]>
  /** How many cards wait for them: cheaper than the cards. */
  waiting(person: PersonId): Promise<number>
  /** One card as its viewer may see it; null unless it is theirs. Also when it is settled. */
  card(workspace: WorkspaceId, request: RequestId, viewer: PersonId): Promise<Card | null>
  /** The stops that cover a scope, widest first. */
  doors(scope: StopScope): Promise<readonly DoorView[]>
  /** Every public message under our name that the platform tells of, however it came there. */
  seen(m: OwnMessage): Promise<void>
  installed(workspace: WorkspaceId, platform: string): Promise<void>
  uninstalled(workspace: WorkspaceId, platform: string): Promise<void>
}
