// What the pages outside the platforms work with. main.ts puts it together.
import type { Place } from "../core/domain.ts"
import type { Clock, Inbox, Ledger, Log } from "../core/ports.ts"
import type { PublishedKeys } from "../label/jws.ts"
import type { Sessions } from "../page/session.ts"

export interface WebParts {
  readonly origin: string
  readonly version: string
  readonly ledger: Ledger
  readonly inbox: Pick<Inbox, "stop" | "resume" | "waiting" | "doors">
  readonly sessions: Sessions
  readonly jwks: () => PublishedKeys
  readonly clock: Clock
  readonly log: Log
  /** Where those who sign in here are known: their standing is asked for here. */
  readonly home: Place
  readonly about: About
}
/** Said on the console and by /healthz. */
export interface About {
  readonly platforms: readonly string[]
  readonly drafter: string
  readonly passages: () => number
  /** `SQLite` or `PostgreSQL`. */
  readonly database: string
}
