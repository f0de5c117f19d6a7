// What the inside asks of the outside. Every adapter of a port passes that port's contract in test/contracts.
import type { RequestListener } from "node:http"
import type { Card } from "./card.ts"
import type {
  AttemptId,
  Audience,
  CardRef,
  Digest,
  Instant,
  LabelId,
  Markdown,
  Message,
  Origin,
  PersonId,
  Place,
  PostedRef,
  Proposal,
  Pseudonym,
  Rendered,
  RequestId,
  RetractReason,
  Standing,
  StopScope,
  WorkspaceId,
} from "./domain.ts"
import type { Entry, Fact, StreamKey } from "./facts.ts"
import type { Notice } from "./notices.ts"
import type { PublishPermit } from "./permit.ts"
import type { Refusal } from "./refusals.ts"
import type { Signpost } from "./signposts.ts"

/** Somewhere that people talk. An adapter holds no rule of the product: it carries words in and out. */
export interface Platform {
  readonly name: string
  readonly can: {
    /** Longest rendered body in one message with its label, in the platform's own count. */
    readonly maxChars: number
    /** A message that `findPosted` does not see was not posted. True only where reads follow writes. */
    readonly readsConsistently: boolean
    readonly seesOwnPosts: boolean
  }
  start(inbox: Inbox): Promise<void>
  stop(): Promise<void>
  /** Pure. Made before review; what it gives is what is shown, approved and sent. */
  render(body: Markdown, place: Place): Rendered
  /** Newest last, at most `limit`, the question always among them. Untrusted. Rejects when the place or message is gone. */
  thread(place: Place, message: string, limit: number): Promise<readonly Message[]>
  audience(place: Place): Promise<Audience>
  /** Asked again at each click. */
  mayAct(person: PersonId, place: Place): Promise<Standing>
  /** The only way in which approved text reaches the public. Throws {@link PostRefused} on the platform's definite no; any other error leaves it unclear. */
  publish(permit: PublishPermit, signal: AbortSignal): Promise<PostedRef>
  /** Never sends. `absent` only where `can.readsConsistently`. */
  findPosted(attempt: AttemptId, place: Place): Promise<PostedRef | "absent" | "cannot-tell">
  withdraw(post: PostedRef, words: Signpost): Promise<"withdrawn" | "gone" | "refused">
  /** Shows a card to one person in private; `over` is where it stood before. Same card twice: no change. */
  show(card: Card, to: PersonId, over: CardRef | null): Promise<CardRef | "unreachable">
  tell(person: PersonId, notice: Notice): Promise<"told" | "unreachable">
  /** Forgets what the adapter itself keeps about a person: names, words. Their messages lose text and name. */
  forget(person: PersonId): Promise<void>
  /** Mounted by main on the one port. */
  readonly http?: { readonly prefix: string; readonly listener: RequestListener }
}
/** The platform said no, for certain: nothing was posted and nothing will be. `why` is for the person: no text of the draft. */
export class PostRefused extends Error {
  readonly code = "post-refused"
  constructor(why: string, options?: ErrorOptions) {
    super(why, options)
    this.name = "PostRefused"
  }
}

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
  /** One card as its viewer may see it; null unless it is theirs. Also when it is settled. */
  card(workspace: WorkspaceId, request: RequestId, viewer: PersonId): Promise<Card | null>
  /** The stops that cover a scope, widest first. */
  doors(scope: StopScope): Promise<readonly DoorView[]>
}

export interface DraftAsk {
  readonly request: RequestId
  /** Untrusted. */
  readonly thread: readonly Message[]
  /** Untrusted. Already limited to what the readers of the place may read. */
  readonly passages: readonly Passage[]
  readonly audience: Audience
  /** Room for the answer, in characters. */
  readonly maxChars: number
  readonly hint: string | null
  /** The text to redraft; null the first time. */
  readonly previous: Markdown | null
}
/** Throws {@link DraftingFault}; an abort rejects with the signal's reason. */
export interface Drafter {
  readonly model: { readonly provider: string; readonly name: string }
  readonly origin: Origin
  draft(ask: DraftAsk, how: { readonly signal: AbortSignal; readonly onProgress: (words: string) => void }): Promise<Proposal | "declined">
}
/** The drafter could not. `why` is what the requester is told by; no text, no key. */
export class DraftingFault extends Error {
  readonly why: "unavailable" | "timeout" | "malformed" | "refused" | "no-thread"
  constructor(why: DraftingFault["why"], options?: ErrorOptions) {
    super(`drafting: ${why}`, options)
    this.name = "DraftingFault"
    this.why = why
  }
}

export interface Passage {
  /** `runbooks/vault.md § Rotating`. */
  readonly title: string
  readonly url: string | null
  readonly text: Markdown
  /** Higher is better; comparable within one search only. */
  readonly score: number
}
export interface Knowledge {
  readonly size: number
  search(query: string, how: { readonly limit: number; readonly readableBy: Audience }): Promise<readonly Passage[]>
}

/** A text that is stored beside the log. `ref` is SHA-256(salt ‖ text), base64url. */
export interface Sealed {
  readonly ref: Digest
  readonly salt: Uint8Array
  readonly text: string
}
export interface Append {
  readonly key: StreamKey
  /** Version of the last entry the facts build on; `any` for a workspace's own streams only. */
  readonly after: number | "any"
  readonly actor: Pseudonym
  readonly facts: readonly Fact[]
  /** Stored in the same transaction. */
  readonly bodies?: readonly Sealed[]
  /** People to remember by pseudonym, in the same transaction. */
  readonly people?: readonly { readonly pseudonym: Pseudonym; readonly person: PersonId; readonly name: string }[]
}
/** What the guard of the database said no to. Not a fault of the database: a fault of the caller, or an attack. */
export class GuardRefused extends Error {
  readonly code = "guard-refused"
  constructor(why: string, options?: ErrorOptions) {
    super(why, options)
    this.name = "GuardRefused"
  }
}
/** The database did not say whether it committed: a full disk, a lost connection. What was to be written may stand or not. */
export class LedgerUnavailable extends Error {
  readonly code = "ledger-unavailable"
  constructor(why: string, options?: ErrorOptions) {
    super(why, options)
    this.name = "LedgerUnavailable"
  }
}
/** A row of the derived table `head`. */
export interface Head extends StreamKey {
  readonly version: number
  readonly at: string
  /** When the walk has something to do here; null: never by itself. */
  readonly due: Instant | null
  readonly person: Pseudonym
  readonly place: string
}
export type LookupKind = "question" | "label" | "attempt" | "post"
/** Append-only log of facts, keyed by workspace. An append that returned is durable across kill -9 and power loss. */
export interface Ledger {
  read(key: StreamKey): Promise<readonly Entry[]>
  /** `conflict`: somebody was faster; nothing was written. Throws {@link GuardRefused}. */
  append(a: Append): Promise<readonly Entry[] | "conflict">
  /** Entries of a workspace by `seq`. */
  entries(workspace: WorkspaceId, from: number, limit: number): Promise<readonly LoggedEntry[]>
  /** Workspaces and how many entries each has. */
  sizes(): Promise<readonly { readonly workspace: WorkspaceId; readonly size: number }[]>
  /** Text by its digest; null when erased. Throws when the text does not match its digest. */
  body(workspace: WorkspaceId, ref: Digest): Promise<string | null>
  person(pseudonym: Pseudonym): Promise<{ readonly person: PersonId; readonly name: string } | null>
  /** Removes bodies and the person's row; appends `erased` in the same transaction. */
  erase(e: {
    readonly workspace: WorkspaceId
    readonly bodies: readonly Digest[]
    readonly people: readonly Pseudonym[]
    readonly actor: Pseudonym
  }): Promise<void>
  /** Streams that are due and that nobody else works on; they are `owner`'s for `ttlMs`. */
  claim(c: { readonly now: Instant; readonly owner: string; readonly ttlMs: number; readonly limit: number }): Promise<readonly StreamKey[]>
  /** One stream; false: another owner has it. */
  lease(key: StreamKey, c: { readonly now: Instant; readonly owner: string; readonly ttlMs: number }): Promise<"yours" | "taken">
  release(key: StreamKey, owner: string): Promise<void>
  find(kind: LookupKind, key: string, workspace?: WorkspaceId): Promise<StreamKey | null>
  /** Heads of requests, filtered; newest change last. */
  heads(f: {
    readonly person?: Pseudonym
    readonly workspace?: WorkspaceId
    readonly at?: readonly string[]
    readonly limit?: number
  }): Promise<readonly Head[]>
  /** Streams that changed from now on, by any process, at least once each. Ends with the signal. */
  follow(signal: AbortSignal): AsyncIterable<StreamKey>
  close(): Promise<void>
}
/** An entry with the exact bytes that were hashed. `leaf` is SHA-256(0x00 ‖ fact), hex, as stored. */
export interface LoggedEntry extends StreamKey {
  readonly version: number
  readonly seq: number
  readonly kind: string
  readonly fact: string
  readonly leaf: string
}

export interface Clock {
  now(): Instant
  /** Rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}
/** A key that signs and cannot be read. Implemented by key files now; a KMS fits. */
export interface Signer {
  readonly keyId: string
  readonly alg: "ES256" | "Ed25519"
  readonly publicKey: JsonWebKey
  /** Raw signature: r ‖ s for ES256. */
  sign(bytes: Uint8Array): Promise<Uint8Array>
}
export interface Pseudonyms {
  of(person: PersonId): Pseudonym
}
/** Ids and digests only: never text, never a name, never a secret. */
export interface Log {
  info(what: Record<string, string | number | boolean | null>, message: string): void
  warn(what: Record<string, string | number | boolean | null>, message: string): void
  error(what: Record<string, unknown>, message: string): void
}
