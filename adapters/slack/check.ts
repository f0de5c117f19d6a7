// Looks at Slack as the server would, and says in words what is missing. Opens no database and posts nothing.
import { WebClient, type WebClientOptions } from "@slack/web-api"
import type { Log } from "../../src/core/ports.ts"
import { boltLogger } from "./bolt-log.ts"
import { controlTimeoutMs, once } from "./clients.ts"
import { nameOfFault } from "./errors.ts"
import type { SlackOptions } from "./index.ts"
import { SlackCannotOpen, whoIs } from "./one-workspace.ts"
import { scopeProblems, scopesOfAgents, scopesOfEvents } from "./scopes.ts"

export interface Checked {
  /** What was found to be well. */
  readonly seen: readonly string[]
  /** What is missing, with its cure. */
  readonly problems: readonly string[]
}

export async function check(o: Pick<SlackOptions, "as" | "hears" | "apiUrl">, log: Log): Promise<Checked> {
  const client: WebClientOptions = { logger: boltLogger(log), ...(o.apiUrl === null ? {} : { slackApiUrl: o.apiUrl }) }
  const seen: string[] = []
  const problems: string[] = []
  if ("one" in o.as) await checkToken(o.as.one.botToken, client, seen, problems)
  else seen.push("Several workspaces: each shows what it granted when the app is installed there, at /slack/install.")
  if (o.hears.by === "socket") await checkSocket(o.hears.appToken, client, seen, problems)
  else
    seen.push(
      "HTTP: Slack must reach https://<your address>/slack/events, for events, interactivity and the command. It tries when you save that address.",
    )
  // Slack tells no app what it is subscribed to, unless by a token of a person.
  seen.push(`Events to be subscribed to, which only the app's page shows: ${Object.keys(scopesOfEvents).join(", ")}.`)
  return { seen, problems }
}

async function checkToken(token: string, base: WebClientOptions, seen: string[], problems: string[]): Promise<void> {
  const who = await whoIs(token, base).catch((fault: unknown) => {
    if (!(fault instanceof SlackCannotOpen)) throw fault
    problems.push(...fault.problems)
    return null
  })
  if (who === null) return
  seen.push(`SLACK_BOT_TOKEN speaks for the workspace ${who.team.name} (${who.team.workspace}).`)
  const scopes = scopeProblems(who.scopes)
  problems.push(...scopes)
  if (scopes.length > 0) return
  seen.push("Its scopes are those of manifest.yml.")
  for (const [event, needed] of Object.entries(scopesOfAgents))
    if (needed.every((scope) => who.scopes.includes(scope)))
      seen.push(`It is set up as an agent: for Slack's Stop button subscribe it to ${event}, too.`)
  const web = new WebClient(token, once(base, controlTimeoutMs))
  const got = await web.users.conversations({ types: "public_channel,private_channel", exclude_archived: true, limit: 200 })
  const channels = (got.channels ?? []).map((c) => `#${c.name ?? c.id}`)
  if (channels.length === 0)
    problems.push("The app is in no channel, so nobody can ask it anything but in direct messages. In a channel type: /invite @Countersign")
  else
    seen.push(
      `It is in ${channels.length === 1 ? "one channel" : `${channels.length} channels`}: ${channels.slice(0, 10).join(", ")}${channels.length > 10 ? ", …" : ""}.`,
    )
}

async function checkSocket(appToken: string, base: WebClientOptions, seen: string[], problems: string[]): Promise<void> {
  const web = new WebClient(appToken, once(base, controlTimeoutMs))
  const opened = await web.apps.connections.open().then(
    () => null,
    (fault: unknown) => nameOfFault(fault),
  )
  if (opened !== null) {
    problems.push(socketWords(opened))
    return
  }
  seen.push("Socket Mode is on, and SLACK_APP_TOKEN opens a connection.")
}
function socketWords(code: string): string {
  switch (code) {
    case "missing_scope":
    case "not_allowed_token_type":
      return "SLACK_APP_TOKEN lacks the scope connections:write. Generate one that has it, under Basic Information, App-Level Tokens."
    case "invalid_auth":
    case "not_authed":
    case "token_revoked":
      return "Slack does not accept SLACK_APP_TOKEN. Generate a new one under Basic Information, App-Level Tokens."
    case "socket_mode_disabled":
    case "forbidden_for_app":
      return "Socket Mode is off. Switch it on under Socket Mode, or use HTTP with SLACK_SIGNING_SECRET."
    default:
      return `Slack opens no connection (${code}). Check that Socket Mode is on, and the network.`
  }
}
