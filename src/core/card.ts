// What a private card says, the same on every platform. Made in flow/card.ts; adapters only lay it out.
import type { AttemptId, Audience, Digest, Finding, Instant, Markdown, Place, PostedRef, Rendered, RequestId, Source, WorkspaceId } from "./domain.ts"

export interface Card {
  readonly workspace: WorkspaceId
  readonly request: RequestId
  readonly place: Place
  /** The message that is to be answered. */
  readonly message: string
  /** `settled` cards have no buttons. */
  readonly phase: "drafting" | "review" | "unclear" | "settled"
  /** "Draft for you · quoting · revision 1". */
  readonly title: string
  /** What is happening, or what happened, and what comes next. One or two sentences. */
  readonly note: string | null
  /** Which tone the note has. */
  readonly tone: "plain" | "good" | "warning" | "stopped"
  readonly deadline: Instant | null
  /** Whether it ended without a post, and its requester did nothing for it just now. */
  readonly endedByItself: boolean
  /** When it was settled; null as long as it is not. */
  readonly settledAt: Instant | null
  /** Whole, as it will be posted. Null while there is no draft. */
  readonly draft: CardDraft | null
  /** The attempt to resolve, in phase `unclear`. */
  readonly attempt: AttemptId | null
  readonly post: PostedRef | null
  readonly actions: readonly CardAction[]
}
export interface CardDraft {
  readonly digest: Digest
  readonly revision: number
  readonly audience: Audience
  /** What an editor edits. */
  readonly answer: Markdown
  readonly rendered: Rendered
  /** The two label lines, filled in for this viewer as the approver. */
  readonly labelLines: { readonly first: string; readonly last: string }
  readonly sources: readonly Source[]
  readonly findings: readonly Finding[]
}
export type CardAct = "approve" | "edit" | "redraft" | "decline" | "cancel" | "resolve-posted" | "resolve-never-seen"
export interface CardAction {
  readonly act: CardAct
  /** "Approve and post to this topic (37 people)". */
  readonly words: string
  readonly weight: "primary" | "plain"
}
