// The settings of Slack, judged together: which workspace or workspaces, and how Slack's words come in.
import { isLoopback } from "./loopback.ts"

/** Null: Slack is off. */
export type SlackConfig = null | {
  readonly apiUrl: string | null
  readonly as:
    | { readonly one: { readonly botToken: string } }
    | { readonly many: { readonly clientId: string; readonly clientSecret: string; readonly workspaces: readonly string[] | "any" } }
  readonly hears: { readonly by: "socket"; readonly appToken: string } | { readonly by: "http"; readonly signingSecret: string }
  /** For `slack check` only. */
  readonly configToken: string | null
}
export interface SlackVariables {
  readonly SLACK_BOT_TOKEN?: string | undefined
  readonly SLACK_APP_TOKEN?: string | undefined
  readonly SLACK_SIGNING_SECRET?: string | undefined
  readonly SLACK_CLIENT_ID?: string | undefined
  readonly SLACK_CLIENT_SECRET?: string | undefined
  readonly SLACK_API_URL?: string | undefined
  readonly SLACK_CONFIG_TOKEN?: string | undefined
  readonly COUNTERSIGN_ORIGIN?: string | undefined
}

/** `workspaces`: who may install the app, as countersign.yml says. */
export function slackOf(e: SlackVariables, workspaces: readonly string[] | "any" | null): SlackConfig {
  const apiUrl = e.SLACK_API_URL === undefined ? null : `${e.SLACK_API_URL.replace(/\/+$/, "")}/`
  const as =
    e.SLACK_BOT_TOKEN !== undefined
      ? { one: { botToken: e.SLACK_BOT_TOKEN } }
      : e.SLACK_CLIENT_ID !== undefined && e.SLACK_CLIENT_SECRET !== undefined
        ? { many: { clientId: e.SLACK_CLIENT_ID, clientSecret: e.SLACK_CLIENT_SECRET, workspaces: workspaces ?? [] } }
        : null
  // With both, Socket Mode: it needs no address that Slack can reach.
  const hears =
    e.SLACK_APP_TOKEN !== undefined
      ? { by: "socket" as const, appToken: e.SLACK_APP_TOKEN }
      : e.SLACK_SIGNING_SECRET !== undefined
        ? { by: "http" as const, signingSecret: e.SLACK_SIGNING_SECRET }
        : null
  return as === null || hears === null ? null : { apiUrl, as, hears, configToken: e.SLACK_CONFIG_TOKEN ?? null }
}

/** Problems of variables that are fine one by one. */
export function slackProblems(e: SlackVariables): string[] {
  const problems: string[] = []
  const oauth = [e.SLACK_CLIENT_ID, e.SLACK_CLIENT_SECRET].filter((v) => v !== undefined).length
  const hears = e.SLACK_APP_TOKEN !== undefined || e.SLACK_SIGNING_SECRET !== undefined
  if (oauth === 1) problems.push("SLACK_CLIENT_ID and SLACK_CLIENT_SECRET belong together: set both, or neither.")
  if (oauth > 0 && e.SLACK_BOT_TOKEN !== undefined)
    problems.push(
      "SLACK_BOT_TOKEN is set beside SLACK_CLIENT_ID. A token serves one workspace, a client id several: remove the token, or the id and its secret.",
    )
  if (oauth === 0 && e.SLACK_BOT_TOKEN === undefined && hears)
    problems.push('SLACK_BOT_TOKEN is missing. It says as whom the app speaks, and starts with "xoxb-".')
  if ((oauth > 0 || e.SLACK_BOT_TOKEN !== undefined) && !hears)
    problems.push('SLACK_APP_TOKEN is missing. Socket Mode needs it; it starts with "xapp-". Over HTTP set SLACK_SIGNING_SECRET in its place.')
  if (oauth === 2 && e.COUNTERSIGN_ORIGIN === undefined)
    problems.push("COUNTERSIGN_ORIGIN is missing. With SLACK_CLIENT_ID Slack sends people back to it when they have installed the app.")
  if (e.SLACK_API_URL !== undefined && oauth === 0 && e.SLACK_BOT_TOKEN === undefined && !hears)
    problems.push("SLACK_API_URL is set while Slack is off. Set SLACK_BOT_TOKEN and SLACK_APP_TOKEN too, or remove it.")
  // Another server's may be shorter.
  if (e.SLACK_API_URL === undefined)
    for (const name of ["SLACK_SIGNING_SECRET", "SLACK_CLIENT_SECRET"] as const)
      if ((e[name]?.length ?? 32) < 16) problems.push(`${name} is too short. It has 32 characters; it stands under Basic Information.`)
  return problems
}
/** Whoever has the app's address can install it in a workspace of their own, and ask what the documents here say. */
export function workspacesProblems(e: SlackVariables, workspaces: readonly string[] | "any" | null): string[] {
  if (e.SLACK_CLIENT_ID === undefined || workspaces !== null) return []
  return [
    'slack.workspaces is missing in countersign.yml. With SLACK_CLIENT_ID anybody on Slack could install the app and ask what your documents say: list the ids of the workspaces or organisations that may, ["T0123"], or say any.',
  ]
}
/** Tokens travel there. */
export function isSafeApi(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname } = new URL(url)
  return protocol === "https:" || (protocol === "http:" && isLoopback(hostname))
}
