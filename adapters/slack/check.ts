// Looks at Slack as the server would, and says in words what is missing. Opens no database and posts nothing.
import { WebClient, type WebClientOptions } from "@slack/web-api"
import type { Log } from "../../src/core/ports.ts"
import { manifestProblems, whatToLookFor } from "./app-page.ts"
import { boltLogger } from "./bolt-log.ts"
import { controlTimeoutMs, once } from "./clients.ts"
import { nameOfFault } from "./errors.ts"
import type { SlackOptions } from "./index.ts"
import { SlackCannotOpen, whoIs } from "./one-workspace.ts"
import { scopesOfAgents } from "./scopes.ts"

export interface Checked {
  /** What was found to be well. */
  readonly seen: readonly string[]
  /** What is missing, with its cure. */
  readonly problems: readonly string[]
}

export interface ToCheck extends Pick<SlackOptions, "as" | "hears" | "apiUrl"> {
  /** Of a person, good for twelve hours: reads how the app is set up. Null: that is left to the one who looks at the app's page. */
  readonly configToken: string | null
}
export async function check(o: ToCheck, log: Log): Promise<Checked> {
  const client: WebClientOptions = { logger: boltLogger(log), ...(o.apiUrl === null ? {} : { slackApiUrl: o.apiUrl }) }
  const seen: string[] = []
  const problems: string[] = []
  const appOfToken = o.hears.by === "socket" ? (/^xapp-\d+-(A[A-Z0-9]+)-/.exec(o.hears.appToken)?.[1] ?? null) : null
  let appId = appOfToken
  if ("one" in o.as) appId = (await checkToken(o.as.one.botToken, client, seen, problems)) ?? appOfToken
  else seen.push("Several workspaces: each shows what it granted when the app is installed there, at /slack/install.")
  if (o.hears.by === "socket") await checkSocket(o.hears.appToken, client, seen, problems)
  else
    seen.push("HTTP: Slack must reach /slack/events at your address, for events, interactivity and the command. It tries when you save that address.")
  // Events of the one app would never reach a bot of the other, and nothing else would tell.
  if (appId !== null && appOfToken !== null && appId !== appOfToken)
    problems.push(`SLACK_APP_TOKEN is of another app (${appOfToken}) than SLACK_BOT_TOKEN (${appId}). Take both from the same app.`)
  if (o.configToken === null || appId === null) seen.push(...whatToLookFor(appId ?? ""))
  else await checkManifest(o.configToken, appId, o.hears.by, client, seen, problems)
  return { seen, problems }
}

async function checkManifest(
  token: string,
  appId: string,
  by: "socket" | "http",
  base: WebClientOptions,
  seen: string[],
  problems: string[],
): Promise<void> {
  const web = new WebClient(token, once(base, controlTimeoutMs))
  try {
    const { manifest } = await web.apps.manifest.export({ app_id: appId })
    const wrong = manifestProblems(manifest, by)
    problems.push(...wrong)
    if (wrong.length === 0) seen.push("Events, interactivity, shortcuts and the command are set up as manifest.yml has them.")
  } catch (fault) {
    problems.push(
      `Slack does not show the app's manifest (${nameOfFault(fault)}). SLACK_CONFIG_TOKEN is good for twelve hours, and must be of somebody who may change the app.`,
    )
    seen.push(...whatToLookFor(appId))
  }
}

/** The app's id; null when the token is no good. */
async function checkToken(token: string, base: WebClientOptions, seen: string[], problems: string[]): Promise<string | null> {
  const who = await whoIs(token, base).catch((fault: unknown) => {
    if (!(fault instanceof SlackCannotOpen)) throw fault
    problems.push(...fault.problems)
    return null
  })
  if (who === null) return null
  const appId = who.team.appId === "" ? null : who.team.appId
  seen.push(`SLACK_BOT_TOKEN speaks for the workspace ${who.team.name} (${who.team.workspace}).`)
  problems.push(...who.problems)
  if (who.problems.length > 0) return appId
  seen.push(who.scopes.length > 0 ? "Its scopes are those of manifest.yml." : "SLACK_API_URL does not say what scopes it has.")
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
  return appId
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
