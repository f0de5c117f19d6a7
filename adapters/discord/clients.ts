// The REST clients: one that may wait a little for its turn, and one for posts, which makes each call once and never waits out a limit.
// Both share one budget of refusals and one judgement of the token.
import { DefaultRestOptions, REST, type RESTOptions } from "discord.js"
import type { Budget } from "./budget.ts"

// The permit lives 10 s: a request must have ended before.
const posterTimeoutMs = 8_000
const controlTimeoutMs = 8_000
// A bucket of Discord's is empty for some five seconds; whoever must wait longer is told so instead.
const patienceMs = 6_000
// Discord takes 50 requests a second of a bot. A flood of cards leaves room for posts: they do not wait, so they must not collide.
const aSecond = { control: 35, poster: 15 } as const

export interface RestClients {
  readonly control: REST
  readonly poster: REST
}
/** `api`: with its path, without a version and without a slash at the end. */
export function restClients(o: { readonly token: string; readonly api: string; readonly budget: Budget }): RestClients {
  const base: Partial<RESTOptions> = { api: o.api, version: "10", makeRequest: o.budget.makeRequest, userAgentAppendix: "countersign" }
  const control = new REST({
    ...base,
    globalRequestsPerSecond: aSecond.control,
    retries: 0,
    timeout: controlTimeoutMs,
    // Not every limit is one of a bucket: its own answer says how long it is, and the bucket may be full again long before.
    rejectOnRateLimit: ({ timeToReset, retryAfter }) => Math.max(timeToReset, retryAfter) > patienceMs,
  })
  // Tries of its own would post twice, and waiting for a limit would hold a stop back.
  const poster = new REST({ ...base, globalRequestsPerSecond: aSecond.poster, retries: 0, timeout: posterTimeoutMs, rejectOnRateLimit: () => true })
  for (const rest of [control, poster]) rest.setToken(o.token)
  return { control, poster }
}
/** Their timers would keep the process. */
export function closeClients({ control, poster }: RestClients): void {
  for (const rest of [control, poster]) {
    rest.clearHandlerSweeper()
    rest.clearHashSweeper()
  }
}
export const discordsOwnApi = DefaultRestOptions.api
