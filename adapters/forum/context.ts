// What every page of the forum works with. Made once in index.ts.
import type { RequestId, WorkspaceId } from "../../src/core/domain.ts"
import type { Clock, Inbox, Log, Pseudonyms } from "../../src/core/ports.ts"
import type { inbound } from "./inbound.ts"
import type { Keys } from "./keys.ts"
import type { Live } from "./live.ts"
import type { Notes } from "./notes.ts"
import type { Oidc } from "./oidc.ts"
import type { People } from "./people.ts"
import type { ForumSessions } from "./sessions.ts"
import type { Topics } from "./topics.ts"

export interface Context {
  readonly origin: string
  readonly workspace: WorkspaceId
  readonly clock: Clock
  readonly log: Log
  readonly pseudonyms: Pseudonyms
  readonly people: People
  readonly keys: Keys
  readonly sessions: ForumSessions
  readonly topics: Topics
  readonly notes: Notes
  readonly live: Live
  /** Null: sign-in by one-time addresses. */
  readonly oidc: Oidc | null
  /** The sentence for a database that cannot be used; null for any other fault. */
  readonly cureOf: (fault: unknown) => string | null
  /** What a drafter is doing, by request, while it does. Lost at a restart, like the drafting. */
  readonly progress: Map<RequestId, string>
  /** Throws before `start`. */
  readonly inbox: () => Inbox
  readonly hear: ReturnType<typeof inbound>["hear"]
}
