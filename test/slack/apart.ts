// The app in a process of its own, for tests that measure it: `node test/slack/apart.ts '<settings>'` with an IPC channel. Says where
// it is, then answers "report" with what it has and needs.
import { createServer, type RequestListener } from "node:http"
import type { AddressInfo } from "node:net"
import { openLedger } from "../../adapters/database/ledger.ts"
import { openDatabase } from "../../adapters/database/open.ts"
import { openSlack, slackMigrations } from "../../adapters/slack/index.ts"
import type { WorkspaceId } from "../../src/core/domain.ts"
import { defaultPolicy } from "../../src/core/policy.ts"
import type { Clock } from "../../src/core/ports.ts"
import { createFlow } from "../../src/flow/flow.ts"
import { FakeDrafter } from "../fakes/drafter.ts"
import { testPseudonyms, testSigner } from "../harness/signers.ts"
import { silentLog } from "../harness/walk.ts"

export interface Apart {
  readonly by: "socket" | "http"
  readonly apiUrl: string
  readonly botToken: string
  readonly appToken: string
  readonly signingSecret: string
  readonly folder: string
  readonly workspace: string
  /** How long Slack waits. */
  readonly waitsMs: number
}
export interface Report {
  readonly asked: number
  readonly stopped: number
  readonly rss: number
  readonly cpuMs: number
}
const clock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, ms)
      signal?.addEventListener("abort", () => {
        clearTimeout(timer)
        reject(signal.reason)
      })
    }),
}

const o = JSON.parse(process.argv[2] ?? "{}") as Apart
const database = await openDatabase({ kind: "sqlite", folder: o.folder }, { migrations: () => slackMigrations(), working: "alone" })
const ledger = await openLedger(database, clock)
let listener: RequestListener | null = null
const server = createServer((req, res) => listener?.(req, res))
// A flood opens its connections at once: one that finds the queue full would knock again after a second only.
await new Promise<void>((resolve) => server.listen({ port: 0, host: "127.0.0.1", backlog: 4_096 }, resolve))
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
const platform = await openSlack({
  as: { one: { botToken: o.botToken } },
  hears: o.by === "socket" ? { by: "socket", appToken: o.appToken } : { by: "http", signingSecret: o.signingSecret },
  ...{ apiUrl: o.apiUrl, db: database.db, origin, clock, log: silentLog, pseudonyms: testPseudonyms },
  waitsMs: o.waitsMs,
  derive: () => new Uint8Array(32),
  admins: [],
  moderators: [],
})
listener = platform.http?.listener ?? null
const flow = createFlow({
  ...{ ledger, clock, log: silentLog, drafter: new FakeDrafter(), labelKey: testSigner(), pseudonyms: testPseudonyms, issuer: origin },
  program: "countersign/test",
  platforms: new Map([[platform.name, platform]]),
  knowledge: { size: 0, search: async () => [] },
  policy: defaultPolicy,
  checks: [],
  onMilestone: () => undefined,
})
await platform.start(flow.inbox)
process.on("message", (what) => {
  if (what === "report") void report().then((r) => process.send?.(r))
  if (what === "end") process.exit(0)
})
process.on("disconnect", () => process.exit(0))
process.send?.(origin)

async function report(): Promise<Report> {
  const [workspace] = [o.workspace as WorkspaceId]
  const [heads, doors] = await Promise.all([ledger.heads({}), flow.inbox.doors({ workspace, channel: null })])
  const cpu = process.cpuUsage()
  return { asked: heads.length, stopped: doors.length, rss: process.memoryUsage().rss, cpuMs: Math.round((cpu.user + cpu.system) / 1_000) }
}
