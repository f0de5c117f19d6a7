// The words of the product as types. No functions, no imports: everything else imports this.

declare const brand: unique symbol
type Brand<T, B extends string> = T & { readonly [brand]: B }

/** One Slack workspace, one Discord guild, or the built-in forum. `*` is the installation itself. */
export type WorkspaceId = Brand<string, "WorkspaceId">
/** An account on one platform, `<platform>:<account>`. Never written into a fact. */
export type PersonId = Brand<string, "PersonId">
/** Keyed digest of a {@link PersonId}: what facts and labels say instead of a name. `system` is the program itself. */
export type Pseudonym = Brand<string, "Pseudonym">
/** Names one request; its stream in the ledger. Derived from what was asked, so that asking twice is one request. */
export type RequestId = Brand<string, "RequestId">
/** One try at posting. ULID. */
export type AttemptId = Brand<string, "AttemptId">
/** `jti` of a label. ULID. */
export type LabelId = Brand<string, "LabelId">
/** SHA-256, base64url, of a salt and a text: names a text without giving it away. */
export type Digest = Brand<string, "Digest">
/** Milliseconds since 1970-01-01T00:00Z. */
export type Instant = number
/** CommonMark source, untrusted: a model or a person wrote it. */
export type Markdown = string

/** Where a question stands and where its answer would go. Frozen when the request is made. */
export interface Place {
  readonly platform: string
  readonly workspace: WorkspaceId
  /** Slack channel, Discord channel, forum topic: what a stop of a place names. */
  readonly channel: string
  readonly thread: string | null
}

/** Who can read a place, as the platform says now. */
export interface Audience {
  readonly scope: AudienceScope
  /** Completes "Approve and post to …": `this topic`, `#infra`. */
  readonly where: string
  /** What the place is called, for those who may read it; null where `where` says it already. */
  readonly title: string | null
  /** Completes "Will be read by …": `everyone in this forum`. */
  readonly who: string
  /** How many people that is; null when the platform does not say. */
  readonly people: number | null
  /** Guests and people of other organisations among them; null or left out: not counted, or the platform knows none. */
  readonly outsiders?: number | null
  /** Which other organisations share it, or are invited to, by the platform's ids; left out: the platform names none. */
  readonly organisations?: readonly string[]
  /** Which groups of people are let in, by the platform's ids; left out: people are let in otherwise. */
  readonly groups?: readonly string[]
}
/** Each may be read by more people than the one before it. `group`: people are let in one by one, as into a private channel. */
export type AudienceScope = "people" | "group" | "members" | "shared" | "internet"

/** How much a person may do in a place. Each may do what the one before may. `reader`: may read there and not write. */
export type Standing = "stranger" | "reader" | "guest" | "member" | "moderator" | "admin"

/** A message of a thread. Its text is untrusted. */
export interface Message {
  readonly id: string
  readonly author: string
  /** Whether this is the message that the request is about. */
  readonly role: "question" | "other"
  readonly text: string
  readonly at: Instant
}

/** A body as one platform will show it, made before review by the adapter's pure `render`. Stored, shown and sent unchanged. */
export interface Rendered {
  /** What the adapter sends: HTML, blocks, plain content. Only that adapter reads it. */
  readonly payload: string
  /** What a reader sees, as `label/read` gets it back from the platform's markup. Input of `vis-1`. */
  readonly visible: string
  /** Length as the platform counts it, label lines excluded. Compared with `can.maxChars`. */
  readonly chars: number
}

export interface Source {
  /** The number by which the text cites it: `[1]`. */
  readonly n: number
  readonly title: string
  readonly url: string | null
  readonly from: "knowledge" | "thread"
}

/** Something that a check saw in a draft. */
export interface Finding {
  /** `<check>` or `<check>:<line>`; unique in a draft; what an approver acknowledges by. */
  readonly id: string
  readonly level: FindingLevel
  /** One sentence for the approver. May quote the draft, so it never leaves the draft's body. */
  readonly words: string
}
export type FindingLevel = "note" | "acknowledge" | "second-approver" | "block"

/** Who or what wrote the first version. A quotation is not called AI's. */
export type Origin = "model" | "quotation"
/** How much a person changed: `minor` is up to 15 % of word tokens. */
export type EditSize = "none" | "minor" | "substantive"

/** One revision of an answer, whole. Its canonical JSON is what is stored, and its digest is what people approve. */
export interface Draft {
  readonly v: 1
  readonly request: RequestId
  readonly revision: number
  readonly place: Place
  readonly audience: Audience
  /** What an editor edits: the answer without its source lines. */
  readonly answer: Markdown
  readonly rendered: Rendered
  readonly sources: readonly Source[]
  readonly findings: readonly Finding[]
  readonly label: LabelId
  readonly origin: Origin
  readonly provider: string
  readonly model: string
  readonly edit: EditSize
  /** Names the drafter's own text, before any person's edit. */
  readonly proposal: Digest
  readonly draftedAt: Instant
}

/** What a drafter hands back. Untrusted. */
export interface Proposal {
  readonly answer: Markdown
  readonly sources: readonly Source[]
}

/** A public message of ours, as its platform names it. */
export interface PostedRef {
  readonly workspace: WorkspaceId
  readonly id: string
  readonly url: string | null
}

/** Where a card was shown, so that it can be shown anew in the same spot. Opaque but to its adapter. */
export type CardRef = Brand<string, "CardRef">

/** Why an answer was taken back. Fixed, so that it can stand in public. */
export type RetractReason = "wrong" | "outdated" | "unsafe" | "confidential" | "wrong-place" | "other"
export const retractReasons: readonly RetractReason[] = ["wrong", "outdated", "unsafe", "confidential", "wrong-place", "other"]

/** What a stop covers. `channel` is null for a whole workspace; workspace `*` is the installation. */
export interface StopScope {
  readonly workspace: WorkspaceId
  readonly channel: string | null
}
