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
  Standing,
  StopScope,
  WorkspaceId,
} from "./domain.ts"
import type { Entry, Fact, StreamKey } from "./facts.ts"
import type { Inbox, OwnMessage } from "./inbox.ts"
import type { Notice } from "./notices.ts"
import type { PublishPermit } from "./permit.ts"
import type { Signpost } from "./signposts.ts"

export type * from "./inbox.ts"

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
  /** Throws {@link PostRefused} where the platform lets us post no more. */
  audience(place: Place): Promise<Audience>
  /** Asked again at each click, and answered by what the platform says then; throws {@link PlatformBusy} when it does not. Only for
   *  `asks` may the answer be some moments old, since nothing comes of an ask that is not judged again. Left out: `decides`. */
  mayAct(person: PersonId, place: Place, what?: "asks" | "decides"): Promise<Standing>
  /** The only way in which approved text reaches the public. Throws {@link PostRefused} on the platform's definite no; any other error leaves it unclear. */
  publish(permit: PublishPermit, signal: AbortSignal): Promise<PostedRef>
  /** Never sends. `absent` only where `can.readsConsistently`. `label`: of what was sent, where a platform keeps no attempt. */
  findPosted(attempt: AttemptId, place: Place, label: LabelId): Promise<PostedRef | "absent" | "cannot-tell">
  withdraw(post: PostedRef, words: Signpost): Promise<"withdrawn" | "gone" | "refused">
  /** Public messages under our name since then, as they stand now: what was missed while nobody listened. */
  sweep(since: Instant): AsyncIterable<OwnMessage>
  /** Shows a card to one person in private; `over` is where it stood before. Same card twice: no change. Throws {@link PlatformBusy} when it is to come again later. */
  show(card: Card, to: PersonId, over: CardRef | null): Promise<CardRef | "unreachable">
  tell(person: PersonId, notice: Notice): Promise<"told" | "unreachable">
  /** Forgets what the adapter itself keeps about a person: names, words. Their messages lose text and name. */
  forget(person: PersonId): Promise<void>
  /** How an admin here opens the door that this stop shut, in one sentence; without it nobody is told how. */
  readonly resumeBy?: (stopped: StopScope) => string
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

/** The platform takes nothing more for so long. Not about a post: that is {@link PostRefused}. */
export class PlatformBusy extends Error {
  readonly code = "platform-busy"
  readonly retryAfterMs: number
  constructor(retryAfterMs: number, options?: ErrorOptions) {
    super("the platform takes nothing more for now", options)
    this.name = "PlatformBusy"
    this.retryAfterMs = retryAfterMs
  }
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
  readonly why: "unavailable" | "timeout" | "malformed" | "refused" | "no-thread" | "no-knowledge"
  /** For the operator's log: words of the drafter's own, with a status and a code at most. Null: nothing more is known. */
  readonly because: string | null
  constructor(why: DraftingFault["why"], options: ErrorOptions & { readonly because?: string } = {}) {
    super(`drafting: ${why}`, options)
    this.name = "DraftingFault"
    this.why = why
    this.because = options.because ?? null
  }
}

export interface Passage {
  /** `runbooks/vault.md § Rotating`. */
  readonly title: string
  readonly url: string | null
  readonly text: Markdown
  /** 0 to 1, comparable between searches: 0.5 has every word that was asked for in its text, 1 in its heading. */
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
  /** What the guard reads beside the fact. Each repeats a part of it, or is null. */
  readonly columns: Readonly<Record<"actor" | "place" | "digest" | "needs" | "epoch" | "attempt", string | number | null>>
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
