// One workspace by a token that the operator set. Who that is comes from Slack at start; a token that may do too much, or too
// little, is refused in words.
import { WebClient, type WebClientOptions } from "@slack/web-api"
import { controlTimeoutMs, once, type Team, type Tokens } from "./clients.ts"
import { nameOfFault } from "./errors.ts"
import { workspaceOf } from "./ids.ts"
import { lives } from "./kept.ts"
import { scopeProblems } from "./scopes.ts"

export class SlackCannotOpen extends Error {
  readonly code = "slack-cannot-open"
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(`Slack cannot be used:\n${problems.map((p) => `  ${p}`).join("\n")}`)
    this.name = "SlackCannotOpen"
    this.problems = problems
  }
}
export interface OneWorkspace extends Tokens {
  readonly team: Team
  /** Slack says that the app was removed, or its token revoked. A token that is dead is not used any more; one that lives was given
   *  after what Slack tells of, minutes late perhaps. Rejects when Slack does not say. */
  ended(): Promise<"ended" | "lives">
}

/** Throws {@link SlackCannotOpen}. */
export async function oneWorkspace(token: string, base: WebClientOptions): Promise<OneWorkspace> {
  const { team, problems } = await whoIs(token, base)
  if (problems.length > 0) throw new SlackCannotOpen(problems)
  let state: "good" | "revoked" = "good"
  return {
    team,
    async ended() {
      if (state === "good" && (await lives(token, base)) === "yes") return "lives"
      state = "revoked"
      return "ended"
    },
    find: async (workspace) => (state === "good" && workspace === team.workspace ? { team, token } : null),
    teams: async () => (state === "good" ? [team] : []),
  }
}

export interface Who {
  readonly team: Team
  readonly scopes: readonly string[]
  /** What it may not do and must, or may and must not; in words. */
  readonly problems: readonly string[]
}
/** Who a token speaks as, and what it may do. Throws {@link SlackCannotOpen} with what to do about it. */
export async function whoIs(token: string, base: WebClientOptions): Promise<Who> {
  const client = new WebClient(token, once(base, controlTimeoutMs))
  const got = await client.auth.test().catch((fault: unknown) => {
    throw new SlackCannotOpen([authWords(nameOfFault(fault))])
  })
  const { team_id, user_id, bot_id } = got
  if (team_id === undefined || user_id === undefined || bot_id === undefined)
    throw new SlackCannotOpen(['SLACK_BOT_TOKEN is not the token of a bot. Take the one that starts with "xoxb-", under OAuth & Permissions.'])
  if (got.is_enterprise_install === true)
    throw new SlackCannotOpen([
      "SLACK_BOT_TOKEN is the token of a whole organisation. Use SLACK_CLIENT_ID and SLACK_CLIENT_SECRET for it, or the token of one workspace.",
    ])
  const bot = got.app_id !== undefined ? null : await client.bots.info({ bot: bot_id }).catch(() => null)
  const scopes = got.response_metadata?.scopes ?? null
  return {
    scopes: scopes ?? [],
    problems: scopes === null ? untold(base) : scopeProblems(scopes),
    team: {
      workspace: workspaceOf(team_id),
      teamId: team_id,
      enterpriseId: got.enterprise_id ?? null,
      botUserId: user_id,
      botId: bot_id,
      appId: got.app_id ?? bot?.bot?.app_id ?? "",
      name: got.team ?? team_id,
    },
  }
}
/** Slack names a token's scopes with every answer. A stand-in of the operator's choice need not have any. */
function untold(base: WebClientOptions): readonly string[] {
  if (base.slackApiUrl !== undefined) return []
  return ["Slack did not say what the token may do, so that it cannot be checked. Something between here and Slack takes headers away."]
}
function authWords(code: string): string {
  switch (code) {
    case "invalid_auth":
    case "not_authed":
    case "token_revoked":
    case "token_expired":
    case "account_inactive":
      return "Slack does not accept SLACK_BOT_TOKEN. Copy it anew from OAuth & Permissions; installing the app again makes a new one."
    default:
      return `Slack does not answer (${code}). Check the network, and SLACK_API_URL if it is set; then start again.`
  }
}
