// Slack: a platform like any other. One workspace by a token, or several that installed the app; heard by Socket Mode or over HTTP.
// Fails closed: with a token that may do too much or too little, or without a secret, it does not open.
import type { RequestListener } from "node:http"
import { App } from "@slack/bolt"
import type { WebClientOptions } from "@slack/web-api"
import type { Kysely } from "kysely"
import { after } from "../../src/chat/after.ts"
import type { Instant } from "../../src/core/domain.ts"
import type { Clock, Inbox, Log, Platform, Pseudonyms } from "../../src/core/ports.ts"
import { addressed } from "./addressed.ts"
import { boltLogger } from "./bolt-log.ts"
import { channels } from "./channels.ts"
import { type Clients, clientsOf, NotInstalled } from "./clients.ts"
import { type Context, echo } from "./context.ts"
import { nameOfFault } from "./errors.ts"
import { forgetting } from "./forgetting.ts"
import { found } from "./found.ts"
import { mayConcern } from "./happenings.ts"
import { workspaceOf } from "./ids.ts"
import { listen } from "./inbound.ts"
import { installing } from "./installing.ts"
import { type Installs, installs } from "./installs.ts"
import { intake } from "./intake.ts"
import type { Db, SlackTables } from "./migrations.ts"
import { type OneWorkspace, oneWorkspace, SlackCannotOpen } from "./one-workspace.ts"
import { can, outbound } from "./outbound.ts"
import { people } from "./people.ts"
import { openReceiver } from "./receivers.ts"
import { render } from "./render.ts"
import { readThread } from "./thread.ts"
import { users } from "./users.ts"
import { vault } from "./vault.ts"
import { whence } from "./whence.ts"
import { resumeWords } from "./words.ts"

export { slackMigrations } from "./migrations.ts"
export { SlackCannotOpen } from "./one-workspace.ts"

export interface SlackOptions {
  /** One workspace by its token, or several that install the app themselves. */
  readonly as: { readonly one: { readonly botToken: string } } | { readonly many: SlackApp }
  readonly hears: { readonly by: "socket"; readonly appToken: string } | { readonly by: "http"; readonly signingSecret: string }
  /** Null: Slack's own. Ends with a slash. */
  readonly apiUrl: string | null
  readonly db: Kysely<unknown>
  /** Where browsers find this server, without a slash at the end. */
  readonly origin: string
  /** 32 bytes for a purpose, the same at each start. */
  readonly derive: (purpose: string) => Uint8Array
  /** Person ids: `slack:T0123/U0123`. */
  readonly admins: readonly string[]
  readonly moderators: readonly string[]
  readonly pseudonyms: Pseudonyms
  readonly clock: Clock
  readonly log: Log
  /** How long Slack waits for an answer: 3 s, or what a test says that is not about time. */
  readonly waitsMs?: number
}
export interface SlackApp {
  readonly clientId: string
  readonly clientSecret: string
  /** Ids of the workspaces and organisations that may install it. */
  readonly workspaces: readonly string[] | "any"
}
export interface Slack extends Platform {
  readonly clients: Clients
  /** Resolves when everything that came in has been seen to and answered. */
  idle(): Promise<void>
}
const eventsPath = "/slack/events"
const slackWaitsMs = 3_000
// An event that was not acknowledged comes again at once, after one minute, and after five more.
const toldAgainMs = 5 * 60_000
const dayMs = 24 * 3_600_000
// Clocks differ.
const slackMs = 60_000

/** The tables must be there: run {@link slackMigrations} first. Throws {@link SlackCannotOpen}. */
export async function openSlack(o: SlackOptions): Promise<Slack> {
  checkSecrets(o)
  const { clock, log, waitsMs = slackWaitsMs } = o
  const db = o.db.withTables<SlackTables>() as Db
  const client: WebClientOptions = { logger: boltLogger(log), ...(o.apiUrl === null ? {} : { slackApiUrl: o.apiUrl }) }
  let heard: Inbox | null = null
  const inbox = () => {
    if (heard === null) throw new Error("Slack was not started: call start(inbox) before it listens")
    return heard
  }
  const many = "many" in o.as ? severalOf(o, o.as.many, db, client, inbox) : null
  const one = "one" in o.as ? await oneWorkspace(o.as.one.botToken, client) : null
  const tokens = (many ?? one) as Installs | OneWorkspace
  const clients = clientsOf(tokens, client)
  const known = users(clients, clock)
  const rooms = channels(clients, known, clock)
  const forgotten = forgetting(db, clock)
  const folk = people({ ...o, teamOf: (place) => clients.team(place.workspace), users: known, channels: rooms, forgotten: forgotten.has })
  const out = outbound(clients, clock, log)
  const ending = new AbortController()
  const look = found(clients, () => tokens.teams(), { clock, log }, ending.signal)
  const ctx: Context = {
    clients,
    people: folk,
    channels: rooms,
    out,
    clock,
    log,
    waitsMs,
    inbox,
    intake: intake(),
    echo: echo(clock),
    after: after(),
  }

  /** What appeared under our name while Slack could not tell us: it tells of the rest again, for some minutes. */
  async function missed(began: Instant): Promise<void> {
    const back = clock.now() - began < toldAgainMs ? began - slackMs : began - dayMs
    try {
      for await (const message of look.sweep(back)) {
        if (ending.signal.aborted) return
        await heard?.seen(message)
      }
    } catch (fault) {
      log.warn({ fault: nameOfFault(fault) }, "what was missed in Slack could not be looked for")
    }
  }
  const incoming = openReceiver(
    o.hears.by === "socket"
      ? { by: "socket", appToken: o.hears.appToken, apiUrl: o.apiUrl, clock, onGap: (began) => ctx.after.add(missed(began)) }
      : { by: "http", signingSecret: o.hears.signingSecret, path: eventsPath, now: () => clock.now() },
    { ours: mayConcern, waitsMs },
    log,
  )
  const app = new App({
    receiver: incoming.receiver,
    // Events under our own name are how posts that nobody approved are seen.
    ignoreSelf: false,
    convoStore: false,
    attachFunctionToken: false,
    logger: boltLogger(log),
    clientOptions: { ...client, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true },
    authorize: async (_source, body) => {
      const says = whence(body)
      if (says === null) throw new NotInstalled(workspaceOf("unknown"))
      if (says.organisation !== null) await many?.learn(says.teamId, says.organisation)
      const from = many === null ? says : await addressed(many, says, body)
      const workspace = workspaceOf(from.teamId)
      const has = await tokens.find(workspace)
      if (has === null) throw new NotInstalled(workspace)
      return { botToken: has.token, botId: has.team.botId, botUserId: has.team.botUserId, teamId: from.teamId }
    },
  })
  listen(app, ctx, {
    async ended(body) {
      const from = whence(body)
      if (from === null) return
      if ((await one?.ended()) === "lives") return
      const ended = many === null ? [workspaceOf(from.teamId)] : await many.ended(from.teamId, from.organisation, saidAt(body))
      for (const workspace of ended) await inbox().uninstalled(workspace, "slack")
      if (ended.length > 0) log.warn({ workspaces: ended.length }, "the app was removed from a workspace in Slack")
    },
  })
  const pages =
    many === null || !("many" in o.as)
      ? null
      : installing({ ...o.as.many, stateSecret: stateSecret(o), origin: o.origin, store: many.store, client, log })

  const idle = async () => {
    await incoming.idle()
    await ctx.after.idle()
    await out.idle()
  }
  return {
    name: "slack",
    can,
    clients,
    async start(given) {
      heard = given
      if (one !== null) await given.installed(one.team.workspace, "slack")
      // Not a reason not to start: installing again, which cures it, needs this server.
      for (const words of (await many?.sealedOff()) ?? []) log.error({}, words)
      await app.start()
    },
    async stop() {
      ending.abort()
      await app.stop()
      await out.close()
      await idle()
      heard = null
    },
    idle,
    render: (body) => render(body),
    async thread(place, message, limit) {
      const team = await clients.team(place.workspace)
      if (team === null) throw new NotInstalled(place.workspace)
      return readThread({ client: await clients.control(place.workspace), team, name: (user) => folk.name(team, user) }, place, message, limit)
    },
    async audience(place) {
      const team = await clients.team(place.workspace)
      if (team === null) throw new NotInstalled(place.workspace)
      return rooms.audience(team, place.channel)
    },
    mayAct: folk.mayAct,
    publish: out.publish,
    withdraw: out.withdraw,
    show: out.show,
    tell: out.tell,
    findPosted: look.findPosted,
    sweep: (since: Instant) => look.sweep(since),
    forget: (person) => forgotten.add(o.pseudonyms.of(person)),
    resumeBy: resumeWords,
    ...http(incoming.listener, pages),
  }
}

function severalOf(o: SlackOptions, app: SlackApp, db: Db, client: WebClientOptions, inbox: () => Inbox): Installs {
  const sealed = vault(o.derive("slack: tokens at rest"))
  const lets = (id: string) => app.workspaces === "any" || app.workspaces.includes(id)
  return installs({ db, vault: sealed, clock: o.clock, app, client, lets, onInstalled: (workspace) => inbox().installed(workspace, "slack") })
}
/** When it happened, by Slack's clock; now, when it does not say. */
function saidAt(body: unknown): Instant {
  const seconds = (body as { readonly event_time?: unknown } | null)?.event_time
  return typeof seconds === "number" ? (seconds + 1) * 1000 : Number.POSITIVE_INFINITY
}
const stateSecret = (o: SlackOptions) => Buffer.from(o.derive("slack: state of an installation")).toString("base64url")

function http(events: RequestListener | null, pages: ReturnType<typeof installing> | null): Pick<Platform, "http"> {
  if (events === null && pages === null) return {}
  const listener: RequestListener = (request, response) => {
    const path = (request.url ?? "/").split("?", 1)[0] ?? "/"
    const page = pages?.(path, request.method ?? "") ?? null
    const answers = page ?? (path === eventsPath && request.method === "POST" ? events : null)
    if (answers !== null) return answers(request, response)
    response.writeHead(404, { "content-type": "text/plain; charset=utf-8" })
    response.end("There is nothing here.\n")
  }
  return { http: { prefix: "/slack", listener } }
}
function checkSecrets({ as, hears }: SlackOptions): void {
  const empty = [
    ...("one" in as
      ? [["SLACK_BOT_TOKEN", as.one.botToken]]
      : [
          ["SLACK_CLIENT_ID", as.many.clientId],
          ["SLACK_CLIENT_SECRET", as.many.clientSecret],
        ]),
    hears.by === "socket" ? ["SLACK_APP_TOKEN", hears.appToken] : ["SLACK_SIGNING_SECRET", hears.signingSecret],
  ].filter(([, value]) => value?.trim() === "")
  // Whoever knows that a secret is empty could sign with it.
  if (empty.length > 0) throw new SlackCannotOpen(empty.map(([name]) => `${name} is empty. Set it, or remove all settings of Slack.`))
}
