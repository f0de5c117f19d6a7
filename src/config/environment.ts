// The variables, one schema each. `.env.example` lists exactly these; a test compares the two.
import { fileURLToPath } from "node:url"
import { z } from "zod"
import { isLoopback } from "./loopback.ts"
import { nearest } from "./problems.ts"
import { isSafeApi } from "./slack.ts"

const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const

const port = z
  .string()
  .default("3000")
  .refine((s) => /^\d{1,5}$/.test(s) && Number(s) <= 65_535, {
    error: (i) => `PORT is ${quoted(i.input)}. Give a number up to 65535; 0 takes any free port.`,
  })
  .transform(Number)
const host = z
  .string()
  .default("127.0.0.1")
  .refine((s) => /^[\w.:-]+$/.test(s), {
    error: (i) => `HOST is ${quoted(i.input)}. Give the address to listen on, without scheme or port: "127.0.0.1".`,
  })
const origin = z
  .string()
  .transform((s) => s.replace(/\/$/, ""))
  .superRefine((s, ctx) => {
    const url = URL.canParse(s) ? new URL(s) : null
    if (url === null || url.origin !== s)
      ctx.addIssue(`COUNTERSIGN_ORIGIN is ${quoted(s)}. Give scheme, host and port in lower case, no path: "https://ask.example.org".`)
    else if (url.protocol !== "https:" && !isLoopback(url.hostname))
      ctx.addIssue(`COUNTERSIGN_ORIGIN is ${quoted(s)}. Beyond this machine it must start with "https://": sessions would travel in the clear.`)
  })
  .optional()
/** Values of these are never repeated: they may hold a password. */
const webAddress = (name: string, example: string) =>
  z
    .string()
    .refine((s) => URL.canParse(s) && /^https?:$/.test(new URL(s).protocol), `${name} is not an address of the web. Give one like "${example}".`)
    .optional()
const databaseAddress = (name: string, cure: string) =>
  z
    .string()
    .refine(
      (s) => URL.canParse(s) && /^postgres(ql)?:$/.test(new URL(s).protocol),
      `${name} is not an address of a PostgreSQL server. It starts with "postgres://"; ${cure}.`,
    )
    .optional()
/** Of the right kind, as far as one sees. Never repeated. */
const secret = (shape: RegExp, words: string) => z.string().regex(shape, words).optional()

export const environment = z.object({
  PORT: port,
  HOST: host,
  COUNTERSIGN_ORIGIN: origin,
  COUNTERSIGN_DATA: z.string().default(".countersign"),
  COUNTERSIGN_CONFIG: z.string().optional(),
  DATABASE_URL: databaseAddress("DATABASE_URL", "remove it to use the embedded database"),
  DATABASE_OWNER_URL: databaseAddress("DATABASE_OWNER_URL", "remove it if one role does everything"),
  KNOWLEDGE_DIR: z.string().default(fileURLToPath(new URL("../../docs", import.meta.url))),
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_BASE_URL: webAddress("OPENAI_BASE_URL", "http://127.0.0.1:11434/v1"),
  OPENAI_MODEL: z.string().optional(),
  OIDC_ISSUER: webAddress("OIDC_ISSUER", "https://login.example.org"),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  SLACK_BOT_TOKEN: secret(/^xoxb-\S+$/, 'SLACK_BOT_TOKEN is not the token of a bot. It starts with "xoxb-"; it stands under OAuth & Permissions.'),
  SLACK_APP_TOKEN: secret(/^xapp-\S+$/, 'SLACK_APP_TOKEN is not an app-level token. It starts with "xapp-"; it stands under Basic Information.'),
  SLACK_SIGNING_SECRET: secret(/^\S+$/, "SLACK_SIGNING_SECRET is empty or has blanks in it. It stands under Basic Information."),
  SLACK_CLIENT_ID: secret(
    /^[\w.-]+$/,
    "SLACK_CLIENT_ID is no client id. It is two numbers with a dot between them; it stands under Basic Information.",
  ),
  SLACK_CLIENT_SECRET: secret(/^\S+$/, "SLACK_CLIENT_SECRET is empty or has blanks in it. It stands under Basic Information."),
  SLACK_CONFIG_TOKEN: secret(
    /^xoxe\.xoxp-\S+$/,
    'SLACK_CONFIG_TOKEN is no app configuration token. It starts with "xoxe.xoxp-"; it stands below the list of your apps.',
  ),
  SLACK_API_URL: z
    .string()
    .refine(isSafeApi, 'SLACK_API_URL is not an address that tokens may travel to. It starts with "https://", or names this machine.')
    .optional(),
  DISCORD_TOKEN: secret(
    /^\S+$/,
    "DISCORD_TOKEN is not the token of a bot: it is empty, or has blanks in it. It stands in the developer portal under Bot.",
  ),
  DISCORD_API_URL: z
    .string()
    .refine(isSafeApi, 'DISCORD_API_URL is not an address that tokens may travel to. It starts with "https://", or names this machine.')
    .optional(),
  DISCORD_MESSAGE_CONTENT: z
    .enum(["on", "off"], { error: (i) => `DISCORD_MESSAGE_CONTENT is ${quoted(i.input)}. Choose on, for the words around a question, or off.` })
    .optional(),
  LOG_LEVEL: z.enum(logLevels, { error: (i) => `LOG_LEVEL is ${quoted(i.input)}. Choose one of ${logLevels.join(", ")}.` }).default("info"),
})
export type Environment = z.infer<typeof environment>
export const variableNames: readonly string[] = Object.keys(environment.shape)

/** Variables that are nearly ours: a typing mistake would else be silently without effect. */
export function misspelt(env: Readonly<Record<string, string>>): string[] {
  return Object.keys(env).flatMap((name) => {
    if (!name.startsWith("COUNTERSIGN_") || variableNames.includes(name)) return []
    const meant = nearest(name, variableNames)
    return meant === null || !meant.startsWith("COUNTERSIGN_") ? [] : [`${name} is no variable of Countersign. Did you mean ${meant}?`]
  })
}
function quoted(value: unknown): string {
  return JSON.stringify(value)
}
