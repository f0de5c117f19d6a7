// Every fact that was ever written, as a schema. A fact is only ever added: a shape once written stays readable.
// The ledger stores a fact as canonical JSON (RFC 8785). Facts hold ids, pseudonyms and salted digests; never text, never names.
import { z } from "zod"
import type { AttemptId, CardRef, Digest, Instant, LabelId, Pseudonym, RequestId, WorkspaceId } from "./domain.ts"

/** Ids, digests and addresses hold no blank; a sentence does. So no text gets into a fact by mistake. */
const word = z.string().min(1).max(512).regex(/^\S+$/)
const id = <T extends string>() => word as unknown as z.ZodType<T>
const digest = id<Digest>()
const attempt = id<AttemptId>()
const jti = id<LabelId>()
const instant = z.number().int().nonnegative()
const channel = word

const asked = z.object({
  kind: z.literal("asked"),
  purpose: z.enum(["answer", "canary"]),
  platform: word,
  place: channel,
  thread: word.nullable(),
  /** The message that is to be answered. */
  message: word,
})
const drafted = z.object({
  kind: z.literal("drafted"),
  digest,
  place: channel,
  /** How many different people must approve. A column: the guard counts against it. */
  needs: z.number().int().min(1),
  jti,
  revision: z.number().int().min(1),
  proposal: digest,
  origin: z.enum(["model", "quotation"]),
  /** Findings that block, by id. */
  blocks: z.array(word),
  /** Findings that an approver must acknowledge, by id. */
  acknowledge: z.array(word),
  /** When the draft expires. */
  until: instant,
  /** When its requester is reminded. */
  remindAt: instant,
})
export const draftingFailures = ["unavailable", "timeout", "malformed", "refused", "no-thread", "no-place", "no-knowledge"] as const
const draftingFailed = z.object({ kind: z.literal("draftingFailed"), why: z.enum(draftingFailures) })
const drafterDeclined = z.object({ kind: z.literal("drafterDeclined") })
const cancelled = z.object({ kind: z.literal("cancelled") })
/** The card as of `version` of this stream reached `person` at `ref`; ref null: they could not be reached. */
const cardShown = z.object({
  kind: z.literal("cardShown"),
  person: id<Pseudonym>(),
  ref: id<CardRef>().nullable(),
  of: z.number().int(),
  /** Whose stop the card told of; left out when it told of none. */
  stoppedBy: id<Pseudonym>().optional(),
})
const reminded = z.object({ kind: z.literal("reminded"), digest })
const edited = z.object({ kind: z.literal("edited"), of: digest, text: digest })
const redraftAsked = z.object({ kind: z.literal("redraftAsked"), of: digest, hint: digest.nullable() })
const approved = z.object({
  kind: z.literal("approved"),
  digest,
  place: channel,
  epoch: z.number().int().nonnegative(),
  until: instant,
  /** How the approver was known: goes onto the label. */ auth: z.enum(["picked", "oidc", "slack", "discord", "cli"]),
})
/** `refused`, `absent`: the attempt that they were given for ended without a post. */
export const voidReasons = ["expired", "stopped", "wider", "standing", "refused", "absent"] as const
/** Approvals of the last draft no longer hold: the same text is asked again, as a new revision. */
const approvalVoided = z.object({ kind: z.literal("approvalVoided"), of: digest, why: z.enum(voidReasons) })
const declined = z.object({ kind: z.literal("declined"), of: digest })
const expired = z.object({ kind: z.literal("expired") })
const postingBegun = z.object({
  kind: z.literal("postingBegun"),
  attempt,
  digest,
  place: channel,
  jti,
  /** Names the signed label, which is stored before anything is sent. */
  label: digest,
  /** After this no permit of the attempt is honoured anywhere. */
  notAfter: instant,
})
const posted = z.object({ kind: z.literal("posted"), attempt, post: word, url: word.nullable() })
const postingUnclear = z.object({ kind: z.literal("postingUnclear"), attempt })
const postingFailed = z.object({
  kind: z.literal("postingFailed"),
  attempt,
  why: z.enum(["refused", "absent"]),
  /** Names what the platform's no was, in a sentence for the requester; left out where none is known. */
  said: digest.optional(),
})
const unclearResolved = z.object({ kind: z.literal("unclearResolved"), attempt, as: z.enum(["posted", "never-seen"]) })
const reported = z.object({ kind: z.literal("reported"), why: digest.nullable() })
const actedOn = z.object({ kind: z.literal("actedOn") })
const vanished = z.object({ kind: z.literal("vanished") })
const retractionBegun = z.object({
  kind: z.literal("retractionBegun"),
  why: z.enum(["wrong", "outdated", "unsafe", "confidential", "wrong-place", "other"]),
  words: digest.nullable(),
})
const retracted = z.object({ kind: z.literal("retracted") })
const retractionFailed = z.object({ kind: z.literal("retractionFailed") })

const stopped = z.object({ kind: z.literal("stopped"), place: channel.nullable(), why: digest.nullable() })
const resumed = z.object({ kind: z.literal("resumed"), place: channel.nullable() })
const keyAdded = z.object({ kind: z.literal("keyAdded"), kid: word, alg: word })
const keyRetired = z.object({ kind: z.literal("keyRetired"), kid: word })
const erased = z.object({ kind: z.literal("erased"), bodies: z.number().int(), people: z.number().int() })

/** A public message under our name that no entry covers, or that is no longer what was approved. */
const rogueSeen = z.object({ kind: z.literal("rogueSeen"), post: word, place: channel, why: z.enum(["unknown", "changed"]) })
const installed = z.object({ kind: z.literal("installed"), platform: word })
const uninstalled = z.object({ kind: z.literal("uninstalled"), platform: word })

export const payload = z.discriminatedUnion("kind", [
  asked,
  drafted,
  draftingFailed,
  drafterDeclined,
  cancelled,
  cardShown,
  reminded,
  edited,
  redraftAsked,
  approved,
  approvalVoided,
  declined,
  expired,
  postingBegun,
  posted,
  postingUnclear,
  postingFailed,
  unclearResolved,
  reported,
  actedOn,
  vanished,
  retractionBegun,
  retracted,
  retractionFailed,
  stopped,
  resumed,
  keyAdded,
  keyRetired,
  erased,
  rogueSeen,
  installed,
  uninstalled,
])
/** What happened, without where in the ledger it stands. */
export type Fact = z.infer<typeof payload>
export type FactKind = Fact["kind"]
export type FactOf<K extends FactKind> = Extract<Fact, { kind: K }>

/** The streams of a workspace that are not requests. They take facts without a compare-and-swap. */
export const ownStreams = ["door", "monitor", "keys", "install", "bodies", "signposts"] as const
export type OwnStream = (typeof ownStreams)[number]
export type StreamId = RequestId | OwnStream

/** A stream of the ledger. */
export interface StreamKey {
  readonly workspace: WorkspaceId
  readonly stream: StreamId
}

/** A row of the ledger: a fact with its place in the log. */
export interface Entry extends StreamKey {
  /** 1, 2, 3 … in its stream. */
  readonly version: number
  /** 0, 1, 2 … in its workspace: the index of its leaf in the Merkle tree. */
  readonly seq: number
  readonly actor: Pseudonym
  readonly at: Instant
  readonly fact: Fact
}

/** What the canonical JSON of an entry holds: the fact, and the columns that the guard reads. */
export const stored = z.intersection(
  payload,
  z.object({ workspace: id<WorkspaceId>(), stream: id<StreamId>(), version: z.number().int(), actor: id<Pseudonym>(), at: instant }),
)
export const system = "system" as Pseudonym
