// A whole Slack for one test: the local Slack, the real Bolt and the real adapter, the real walk and ledger behind them, and a
// drafter that a test steers. Rin and Bo are members of #infra, Mira is an admin, Gus a guest; Eve's organisation shares #shared.
import { createServer, type RequestListener } from "node:http"
import type { AddressInfo } from "node:net"
import { openLedger } from "../../adapters/database/ledger.ts"
import { type Database, openDatabase, type Where } from "../../adapters/database/open.ts"
import { openSlack, type Slack, type SlackOptions, slackMigrations } from "../../adapters/slack/index.ts"
import { neededScopes, scopesOfEvents } from "../../adapters/slack/scopes.ts"
import type { PersonId, Place, WorkspaceId } from "../../src/core/domain.ts"
import { defaultPolicy, type Policy } from "../../src/core/policy.ts"
import type { Clock, Inbox, Ledger, Log } from "../../src/core/ports.ts"
import { createFlow } from "../../src/flow/flow.ts"
import type { Flow, Parts } from "../../src/flow/parts.ts"
import { FakeDrafter } from "../fakes/drafter.ts"
import type { Person } from "../fakes/slack/person.ts"
import { type Slack as LocalSlack, startSlack } from "../fakes/slack/slack.ts"
import type { App, Channel, Install, Message, Team } from "../fakes/slack/state.ts"
import { testPseudonyms, testSigner } from "../harness/signers.ts"
import { silentLog } from "../harness/walk.ts"

export type By = "socket" | "http"
export interface HouseOptions {
  readonly by?: By
  readonly clock?: Clock
  readonly where?: Where
  readonly policy?: Partial<Policy>
  readonly checks?: Parts["checks"]
  readonly options?: Partial<SlackOptions>
  readonly log?: Log
  /** Stands between Slack and the inside. */
  readonly between?: (inbox: Inbox) => Inbox
  /** A local Slack that outlives one process. */
  readonly town?: Town
}
export interface House extends Town {
  readonly platform: Slack
  readonly flow: Flow
  readonly ledger: Ledger
  readonly database: Database
  readonly drafter: FakeDrafter
  readonly clock: Clock
  readonly place: (channel: Channel, message: Message) => Place
  /** Until Slack has nothing more to tell and nothing is at work. */
  settled(): Promise<void>
  /** The process ends; Slack stays. */
  leave(): Promise<void>
  close(): Promise<void>
}
export interface Town {
  readonly slack: LocalSlack
  readonly team: Team
  readonly partner: Team
  readonly app: App
  readonly install: Install
  readonly rin: Person
  readonly bo: Person
  readonly mira: Person
  readonly gus: Person
  readonly eve: Person
  readonly infra: Channel
  readonly shared: Channel
  readonly workspace: WorkspaceId
  personId(of: Person): PersonId
}

export const wallClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const timer = setTimeout(resolve, ms)
      const end = () => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      signal?.addEventListener("abort", end, { once: true })
    }),
}
const eventNames = Object.keys(scopesOfEvents)

export async function openTown(o: { readonly by: By; readonly now: () => number; readonly rotation?: boolean }): Promise<Town> {
  const slack = await startSlack({ now: o.now })
  const team = slack.team({ id: "T0ACME", name: "Acme" })
  const partner = slack.team({ id: "T0PART", name: "Partner" })
  const app = slack.app({
    name: "Countersign",
    socketMode: o.by === "socket",
    events: eventNames,
    commands: ["/countersign"],
    rotation: o.rotation ?? false,
    shortcuts: { draft_answer: "message", report_answer: "message", acted_on: "message" },
  })
  const install = slack.install(app, team, neededScopes)
  const [rin, bo, mira] = ["Rin", "Bo", "Mira"].map((name) => slack.person({ team, name })) as [Person, Person, Person]
  const gus = slack.person({ team, name: "Gus", guest: "single" })
  const eve = slack.person({ team: partner, name: "Eve" })
  const infra = slack.channel({ team, name: "infra", members: [rin, bo, mira, gus, install] })
  const shared = slack.channel({ team, name: "shared", members: [rin, eve, install], sharedWith: [partner] })
  return {
    ...{ slack, team, partner, app, install, rin, bo, mira, gus, eve, infra, shared },
    workspace: `slack:${team.id}` as WorkspaceId,
    personId: (of) => `slack:${team.id}/${of.id}` as PersonId,
  }
}

export async function openHouse(o: HouseOptions = {}): Promise<House> {
  const by = o.by ?? "socket"
  const clock = o.clock ?? wallClock
  const town = o.town ?? (await openTown({ by, now: () => clock.now() }))
  const { slack, app, install } = town
  const database = await openDatabase(o.where ?? { kind: "memory" }, { migrations: () => slackMigrations() })
  const ledger = await openLedger(database, clock)
  let listener: RequestListener | null = null
  const server = createServer((req, res) => listener?.(req, res))
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const events = `${origin}/slack/events`
  Object.assign(app.urls, { events, interactivity: events, commands: events })
  const undone = async (fault: unknown): Promise<never> => {
    await new Promise((resolve) => server.close(resolve))
    await ledger.close()
    throw fault
  }
  const drafter = new FakeDrafter()
  const log = o.log ?? silentLog
  const platform = await openSlack({
    as: { one: { botToken: install.botToken } },
    hears: by === "socket" ? { by, appToken: app.appToken } : { by, signingSecret: app.signingSecret },
    apiUrl: slack.url,
    ...{ db: database.db, origin, clock, log, pseudonyms: testPseudonyms },
    derive: (purpose) => new Uint8Array(32).fill(purpose.length),
    admins: [town.personId(town.mira)],
    moderators: [],
    ...o.options,
  }).catch(undone)
  listener = platform.http?.listener ?? null
  const flow = createFlow({
    ...{ ledger, clock, log, drafter, labelKey: testSigner(), pseudonyms: testPseudonyms, issuer: origin, program: "countersign/test" },
    platforms: new Map([[platform.name, platform]]),
    knowledge: { size: 0, search: async () => [] },
    policy: { ...defaultPolicy, ...o.policy },
    checks: o.checks ?? [],
    onMilestone: () => undefined,
  })
  await platform.start(o.between?.(flow.inbox) ?? flow.inbox).catch(undone)
  let open = true
  const leave = async () => {
    if (!open) return
    open = false
    await platform.stop()
    await flow.stop()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await ledger.close()
  }
  return {
    ...town,
    ...{ platform, flow, ledger, database, drafter, clock, leave },
    place: (channel, message) => ({ platform: "slack", workspace: town.workspace, channel: channel.id, thread: message.threadTs ?? message.ts }),
    async settled() {
      // What one gives the other to do is done when both are quiet twice over.
      for (let i = 0; i < 3; i += 1) {
        await slack.quiet()
        await platform.idle()
        await flow.idle()
      }
    },
    leave,
    async close() {
      await leave()
      await slack.close()
    },
  }
}
/** What stands in public as an answer of ours. */
export const posts = (town: Pick<Town, "slack">): readonly Message[] =>
  town.slack.messages.filter((m) => m.bot !== null && (m.metadata as { event_type?: string } | null)?.event_type === "ai_label")
