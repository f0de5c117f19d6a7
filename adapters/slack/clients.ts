// Which token and which clients serve a workspace. Two queues that never wait for each other: one for posts, where a call is made
// once and given up in time, and one for everything else. Callers: every file here that talks to Slack.
import { WebClient, type WebClientOptions } from "@slack/web-api"
import type { WorkspaceId } from "../../src/core/domain.ts"

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
  /** One call, no retry, rejects rate limits, times out: for publish only. Rejects with {@link NotInstalled}. */
  poster(workspace: WorkspaceId): Promise<WebClient>
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

/** Slack's own retries would post twice, and its own waiting for a rate limit would hold a stop back: both are switched off. */
export function once(base: WebClientOptions, timeout: number): WebClientOptions {
  return { ...base, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, timeout }
}

export function clientsOf(tokens: Tokens, base: WebClientOptions): Clients {
  const pools = { control: new Map<string, Pooled>(), poster: new Map<string, Pooled>() }
  const client = async (kind: "control" | "poster", workspace: WorkspaceId): Promise<WebClient> => {
    const found = await tokens.find(workspace)
    if (found === null) throw new NotInstalled(workspace)
    const pooled = pools[kind].get(found.team.teamId)
    if (pooled?.token === found.token) return pooled.client
    // Org-wide tokens serve many workspaces: each has a client of its own, which says which one it means.
    const forTeam = found.team.enterpriseId === null ? base : { ...base, teamId: found.team.teamId }
    const made = new WebClient(found.token, once(forTeam, kind === "poster" ? posterTimeoutMs : controlTimeoutMs))
    pools[kind].set(found.team.teamId, { token: found.token, client: made })
    return made
  }
  return {
    team: async (workspace) => (await tokens.find(workspace))?.team ?? null,
    control: (workspace) => client("control", workspace),
    poster: (workspace) => client("poster", workspace),
  }
}
interface Pooled {
  readonly token: string
  readonly client: WebClient
}
