// A small server on the local Discord with the real discord.js to meet it. Everything closes after each test.
import { afterEach } from "@jest/globals"
import { Client, type ClientOptions, DiscordAPIError, GatewayIntentBits, HTTPError, Partials, REST } from "discord.js"
import { type Discord, type DiscordOptions, startDiscord } from "../fakes/discord/discord.ts"
import type { Permission } from "../fakes/discord/permissions.ts"
import type { App, Privileged } from "../fakes/discord/state.ts"

const opened: (() => unknown)[] = []
/** Closed after the test, last opened first. */
export const whenDone = (close: () => unknown): void => void opened.push(close)
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

const asked: readonly Permission[] = ["VIEW_CHANNEL", "SEND_MESSAGES", "SEND_MESSAGES_IN_THREADS", "READ_MESSAGE_HISTORY"]
export const plainIntents = [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages]
export const commands = [
  { type: 3, name: "Draft an answer", contexts: [0] },
  {
    name: "countersign",
    description: "Drafts that wait for you",
    options: [
      { type: 1, name: "queue", description: "What waits for you" },
      {
        type: 1,
        name: "draft",
        description: "Draft an answer",
        options: [{ type: 3, name: "question", description: "What is asked", required: true }],
      },
    ],
  },
]

/** Time stands still here: deadlines are passed with `tick`, never waited for. */
export async function world(how: { discord?: DiscordOptions; privileged?: readonly Privileged[]; permissions?: readonly Permission[] } = {}) {
  const start = Date.now()
  const discord = await startDiscord({ now: () => start, ...how.discord })
  whenDone(() => discord.close())
  const app = discord.app({ name: "Countersign", privileged: how.privileged ?? [] })
  const mo = discord.person({ name: "mo" })
  const acme = discord.guild({ name: "Acme", owner: mo })
  discord.install(app, acme, how.permissions ?? asked)
  const ann = discord.person({ name: "ann", guilds: [acme] })
  const bo = discord.person({ name: "bo", guilds: [acme] })
  const infra = discord.channel(acme, { name: "infra" })
  return { discord, app, acme, mo, ann, bo, infra, rest: rest(discord, app.token) }
}
/** Without retries: one call is one request. */
export const rest = (discord: Discord, token: string): REST =>
  new REST({ api: discord.url, version: "10", retries: 0, timeout: 60_000 }).setToken(token)

/** A discord.js client that is ready. */
export async function client(discord: Discord, app: App, how: Partial<ClientOptions> = {}): Promise<Client<true>> {
  const made = unready(discord, how)
  const ready = new Promise<void>((resolve) => made.once("clientReady", () => resolve()))
  await made.login(app.token)
  await ready
  return made as Client<true>
}
export function unready(discord: Discord, how: Partial<ClientOptions> = {}): Client {
  const made = new Client({ intents: plainIntents, partials: [Partials.Channel], rest: { api: discord.url, version: "10", retries: 0 }, ...how })
  made.on("error", () => {})
  whenDone(() => made.destroy())
  return made
}
/** "ok", or Discord's code as the real client names it. */
export async function said(call: Promise<unknown>): Promise<string | number> {
  try {
    await call
    return "ok"
  } catch (error) {
    if (error instanceof DiscordAPIError) return error.code === 0 ? `HTTP ${error.status}` : error.code
    return error instanceof HTTPError ? `HTTP ${error.status}` : (error as Error).name
  }
}
/** What is wrong with a form, by path: `content: BASE_TYPE_MAX_LENGTH`. */
export async function wrongWith(call: Promise<unknown>): Promise<readonly string[]> {
  try {
    await call
    return []
  } catch (error) {
    if (!(error instanceof DiscordAPIError)) throw error
    return paths((error.rawError as { errors?: unknown }).errors, "")
  }
}
function paths(at: unknown, path: string): readonly string[] {
  if (typeof at !== "object" || at === null) return []
  return Object.entries(at).flatMap(([key, value]) =>
    key === "_errors" ? (value as { code: string }[]).map((e) => `${path}: ${e.code}`) : paths(value, path === "" ? key : `${path}.${key}`),
  )
}
