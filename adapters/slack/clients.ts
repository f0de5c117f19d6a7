// Which token and which clients serve a workspace. Two queues that never wait for each other: one for posts, where a call is made
// once and given up in time, and one for everything else. Callers: every file here that talks to Slack.
import { WebClient, type WebClientOptions } from "@slack/web-api"
import type { WorkspaceId } from "../../src/core/domain.ts"
import { sender } from "./sender.ts"

export interface Team {
  /** `slack:T0123`. */
  readonly workspace: WorkspaceId
  readonly teamId: string
  readonly enterpriseId: string | null
  readonly botUserId: string
  readonly botId: string
  readonly appId: string
  readonly name: string
}
export interface Clients {
  /** Null: the app is not installed there, or not any more. */
  team(workspace: WorkspaceId): Promise<Team | null>
  /** Reads, cards, withdrawals, stops: never waits behind posts. Rejects with {@link NotInstalled}. */
  control(workspace: WorkspaceId): Promise<WebClient>
  /** One call, no retry, rejects rate limits, times out, and ends with the signal: for publish only. Rejects with {@link NotInstalled}. */
  poster(workspace: WorkspaceId, signal: AbortSignal): Promise<WebClient>
}
export class NotInstalled extends Error {
  readonly code = "slack-not-installed"
  constructor(workspace: WorkspaceId) {
    super(`the app is not installed in ${workspace}: install it again`)
    this.name = "NotInstalled"
  }
}

/** Who the app is in a workspace, and by which token. */
export interface Tokens {
  /** The token is fresh: one that was about to expire has been renewed. */
  find(workspace: WorkspaceId): Promise<{ readonly team: Team; readonly token: string } | null>
  teams(): Promise<readonly Team[]>
}

// The permit lives 10 s: a request must have ended before.
export const posterTimeoutMs = 8_000
export const controlTimeoutMs = 8_000

/** Slack's own retries would post twice, its own waiting for a rate limit would hold a stop back, and its own time limit leaves a timer
 *  behind that goes off long after the answer: all three are switched off. */
export function once(base: WebClientOptions, timeoutMs: number, signal?: AbortSignal): WebClientOptions {
  return { ...base, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, timeout: 0, fetch: base.fetch ?? sender(timeoutMs, signal) }
}

export function clientsOf(tokens: Tokens, base: WebClientOptions): Clients {
  const pool = new Map<string, Pooled>()
  const tokenOf = async (workspace: WorkspaceId) => {
    const found = await tokens.find(workspace)
    if (found === null) throw new NotInstalled(workspace)
    // Org-wide tokens serve many workspaces: each has a client of its own, which says which one it means.
    return { ...found, options: found.team.enterpriseId === null ? base : { ...base, teamId: found.team.teamId } }
  }
  return {
    team: async (workspace) => (await tokens.find(workspace))?.team ?? null,
    async control(workspace) {
      const { team, token, options } = await tokenOf(workspace)
      const pooled = pool.get(team.teamId)
      if (pooled?.token === token) return pooled.client
      const made = new WebClient(token, once(options, controlTimeoutMs))
      pool.set(team.teamId, { token, client: made })
      return made
    },
    // One for each call: the signal is the call's own, and no post waits behind another in a client's queue.
    async poster(workspace, signal) {
      const { token, options } = await tokenOf(workspace)
      return new WebClient(token, once(options, posterTimeoutMs, signal))
    },
  }
}
interface Pooled {
  readonly token: string
  readonly client: WebClient
}
