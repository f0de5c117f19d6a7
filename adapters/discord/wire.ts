// The clients that talk to Discord: one for everything that may wait and be tried again, and one for
// posts, which does neither. Made once in index.ts; whoever sends gets this and nothing wider.
import type { REST } from "discord.js"

export interface Wire {
  readonly applicationId: string
  readonly botUserId: string
  /** Reads, cards, withdrawals, signposts: never waits behind posts. */
  readonly control: REST
  /** One call, no retry (`retries: 0`), rate limits rejected (`rejectOnRateLimit: () => true`), timeout. For publish only. */
  readonly poster: REST
}
