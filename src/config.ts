// Everything that an operator may set: the environment, `.env` beside it, and the policy in countersign.yml.
// The only reader of process.env. Gives a whole Config or throws ConfigurationProblems, which lists every problem with its
// cure at once. No message repeats the value of a variable that may hold a secret.
import { existsSync, readFileSync, statSync } from "node:fs"
import { resolve } from "node:path"
import { parse as parseDotenv } from "dotenv"
import { type DiscordConfig, discordOf, discordProblems } from "./config/discord.ts"
import { type Environment, environment, misspelt } from "./config/environment.ts"
import { isLoopback } from "./config/loopback.ts"
import { readPolicyFile } from "./config/policy-file.ts"
import type { PolicyFile } from "./config/policy-schema.ts"
import { ConfigurationProblems, wordsOf } from "./config/problems.ts"
import { type SlackConfig, slackOf, slackProblems, workspacesProblems } from "./config/slack.ts"
import type { Policy } from "./core/policy.ts"

export interface Config extends Store {
  readonly listen: { readonly host: string; readonly port: number }
  /** As people type it; null: made of the port that was given when `PORT` is 0. */
  readonly origin: string | null
  readonly knowledge: string
  /** Null: no model; the drafter quotes. */
  readonly model: { readonly key: string | null; readonly baseUrl: string | null; readonly name: string } | null
  readonly oidc: { readonly issuer: string; readonly clientId: string; readonly clientSecret: string } | null
  /** Null: Slack is off. */
  readonly slack: SlackConfig
  /** Null: Discord is off. */
  readonly discord: DiscordConfig
  readonly logLevel: LogLevel
  readonly policy: Policy
  readonly admins: readonly string[]
  readonly forum: PolicyFile["forum"]
  readonly slackModerators: PolicyFile["slackModerators"]
  readonly discordModerators: PolicyFile["discordModerators"]
}
/** Where the ledger is: all that `stop`, `status` and `audit` need, so that nothing else can keep anybody from stopping. */
export interface Store {
  /** Absolute. Keys, checkpoints, and the database unless `DATABASE_URL` names a server. */
  readonly data: string
  readonly database:
    | { readonly kind: "sqlite"; readonly folder: string }
    | { readonly kind: "postgres"; readonly url: string; readonly ownerUrl: string | null }
}
export type LogLevel = Environment["LOG_LEVEL"]
type Variables = Readonly<Record<string, string | undefined>>

/** Throws {@link ConfigurationProblems}. `folder`: where `.env` and countersign.yml are looked for, and what paths start from. */
export async function loadConfig(variables: Variables = process.env, folder: string = process.cwd()): Promise<Config> {
  const env = withDotenv(variables, folder)
  const problems: string[] = misspelt(env)
  const read = environment.safeParse(env)
  if (!read.success) problems.push(...wordsOf(read.error))
  const path = env.COUNTERSIGN_CONFIG ?? "countersign.yml"
  const { file, problems: inFile } = await readPolicyFile(resolve(folder, path), env.COUNTERSIGN_CONFIG === undefined ? "optional" : "named")
  problems.push(...inFile)
  const unsound = read.success ? [] : read.error.issues.map((i) => String(i.path[0]))
  const judged = read.success ? read.data : asFarAsSound(env, unsound)
  const among = [...together(judged, folder), ...(file === null ? [] : workspacesProblems(judged, file.slackWorkspaces))]
  // Each begins with the variable it is about; what is wrong by itself was said already.
  problems.push(...among.filter((words) => !unsound.some((name) => words.startsWith(`${name} `))))
  if (!read.success || file === null || problems.length > 0) throw new ConfigurationProblems(problems)

  const e = read.data
  return {
    ...storeOf(e, folder),
    listen: { host: e.HOST, port: e.PORT },
    origin: e.COUNTERSIGN_ORIGIN ?? (e.PORT === 0 ? null : defaultOrigin(e.HOST, e.PORT)),
    knowledge: resolve(folder, e.KNOWLEDGE_DIR),
    model: usesModel(e) ? { key: e.OPENAI_API_KEY ?? null, baseUrl: e.OPENAI_BASE_URL ?? null, name: e.OPENAI_MODEL ?? "gpt-5.2" } : null,
    oidc: oidcOf(e),
    slack: slackOf(e, file.slackWorkspaces),
    discord: discordOf(e),
    logLevel: e.LOG_LEVEL,
    ...file,
  }
}

/** Throws {@link ConfigurationProblems}, about the ledger's place only. */
export function loadStore(variables: Variables = process.env, folder: string = process.cwd()): Store {
  const env = withDotenv(variables, folder)
  const read = environment.pick({ COUNTERSIGN_DATA: true, DATABASE_URL: true, DATABASE_OWNER_URL: true }).safeParse(env)
  if (!read.success) throw new ConfigurationProblems(wordsOf(read.error))
  return storeOf(read.data, folder)
}

/** What a child process is given of our environment: enough to run, nothing that configures or unlocks anything. */
export function bareEnvironment(variables: Variables = process.env): Record<string, string> {
  const kept = ["PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "TZ", "SystemRoot"]
  return Object.fromEntries(kept.flatMap((name) => (variables[name] === undefined ? [] : [[name, variables[name]]])))
}

export function defaultOrigin(host: string, port: number): string {
  return host.includes(":") ? `http://[${host}]:${port}` : `http://127.0.0.1:${port}`
}

function storeOf(e: Pick<Environment, "COUNTERSIGN_DATA" | "DATABASE_URL" | "DATABASE_OWNER_URL">, folder: string): Store {
  const data = resolve(folder, e.COUNTERSIGN_DATA)
  return {
    data,
    database:
      e.DATABASE_URL === undefined
        ? { kind: "sqlite", folder: data }
        : { kind: "postgres", url: e.DATABASE_URL, ownerUrl: e.DATABASE_OWNER_URL ?? null },
  }
}
const usesModel = (e: Environment) => e.OPENAI_API_KEY !== undefined || e.OPENAI_BASE_URL !== undefined
function oidcOf(e: Environment): Config["oidc"] {
  const [issuer, clientId, clientSecret] = [e.OIDC_ISSUER, e.OIDC_CLIENT_ID, e.OIDC_CLIENT_SECRET]
  return issuer !== undefined && clientId !== undefined && clientSecret !== undefined ? { issuer, clientId, clientSecret } : null
}

/** What is wrong by itself counts as set, so that what else is wrong is told at once and nothing is called missing that is there. */
function asFarAsSound(env: Record<string, string>, unsound: readonly string[]): Environment {
  const sound = environment.parse(Object.fromEntries(Object.entries(env).filter(([name]) => !unsound.includes(name))))
  const without = unsound.filter((name) => !(name in sound))
  return {
    ...sound,
    ...Object.fromEntries(without.map((name) => [name, name === "COUNTERSIGN_ORIGIN" ? defaultOrigin(sound.HOST, sound.PORT) : env[name]])),
  }
}
/** Problems of variables that are fine one by one. */
function together(e: Environment, folder: string): string[] {
  const problems: string[] = [...slackProblems(e), ...discordProblems(e)]
  const oidc = ["OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"] as const
  const missing = oidc.filter((name) => e[name] === undefined)
  if (missing.length > 0 && missing.length < oidc.length)
    problems.push(`${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} missing. Sign-in needs ${oidc.join(", ")} together.`)
  const open = !isLoopback(e.HOST)
    ? `HOST is "${e.HOST}"`
    : e.COUNTERSIGN_ORIGIN !== undefined && !isLoopback(new URL(e.COUNTERSIGN_ORIGIN).hostname)
      ? `COUNTERSIGN_ORIGIN is "${e.COUNTERSIGN_ORIGIN}"`
      : null
  if (open !== null && missing.length === oidc.length)
    problems.push(
      `${open}, which other machines can reach, and nobody's identity would be checked. Set ${oidc.join(", ")} so that people sign in, or use 127.0.0.1.`,
    )
  if (open !== null && e.COUNTERSIGN_ORIGIN === undefined)
    problems.push(`COUNTERSIGN_ORIGIN is missing. ${open}, so say under which address people reach it, for example "https://ask.example.org".`)
  if (e.DATABASE_OWNER_URL !== undefined && e.DATABASE_URL === undefined)
    problems.push("DATABASE_OWNER_URL is set without DATABASE_URL. Set both, or neither to use the embedded database.")
  if (e.OPENAI_MODEL !== undefined && !usesModel(e))
    problems.push("OPENAI_MODEL is set without a server. Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own, or remove OPENAI_MODEL.")
  const knowledge = resolve(folder, e.KNOWLEDGE_DIR)
  if (!existsSync(knowledge) || !statSync(knowledge).isDirectory())
    problems.push(`KNOWLEDGE_DIR is "${e.KNOWLEDGE_DIR}", which is not a folder. Name a folder of Markdown files, or remove the variable.`)
  return problems
}

/** The environment wins over `.env`; an empty variable is no variable. */
function withDotenv(variables: Variables, folder: string): Record<string, string> {
  const path = resolve(folder, ".env")
  const file = existsSync(path) ? parseDotenv(readFileSync(path)) : {}
  const both = { ...file, ...variables }
  return Object.fromEntries(Object.entries(both).flatMap(([k, v]) => (v === undefined || v.trim() === "" ? [] : [[k, v.trim()]])))
}
