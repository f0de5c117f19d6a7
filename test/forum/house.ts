// A whole forum for one test: the real pages over real HTTP, the real walk and ledger behind them, a drafter that a test steers.
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { cureOf } from "../../adapters/database/faults.ts"
import { openLedger } from "../../adapters/database/ledger.ts"
import { type Database, openDatabase, type Where } from "../../adapters/database/open.ts"
import { type Forum, type ForumOptions, forumMigrations, openForum } from "../../adapters/forum/index.ts"
import { defaultPolicy, type Policy } from "../../src/core/policy.ts"
import type { Clock, Drafter, Inbox, Ledger, Signer } from "../../src/core/ports.ts"
import { createFlow } from "../../src/flow/flow.ts"
import type { Flow, Parts } from "../../src/flow/parts.ts"
import { FakeDrafter } from "../fakes/drafter.ts"
import { testPseudonyms, testSigner } from "../harness/signers.ts"
import { silentLog } from "../harness/walk.ts"
import { Browser } from "./browser.ts"

export interface House {
  readonly origin: string
  readonly forum: Forum
  readonly flow: Flow
  readonly ledger: Ledger
  readonly database: Database
  readonly drafter: FakeDrafter
  readonly labelKey: Signer
  visitor(): Browser
  /** Enters by the entry key the first time, by invitations then. */
  enter(name: string): Promise<Browser>
  close(): Promise<void>
}
export interface HouseOptions {
  readonly where?: Where
  readonly clock?: Clock
  readonly drafter?: Drafter
  readonly policy?: Partial<Policy>
  readonly checks?: Parts["checks"]
  readonly knowledge?: Parts["knowledge"]
  readonly forum?: Partial<ForumOptions>
  /** Stands between the forum and the inside. */
  readonly between?: (inbox: Inbox) => Inbox
}
const wallClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const timer = setTimeout(resolve, ms)
      signal?.addEventListener("abort", () => {
        clearTimeout(timer)
        reject(signal.reason)
      })
    }),
}

export async function openHouse(o: HouseOptions = {}): Promise<House> {
  const clock = o.clock ?? wallClock
  const database = await openDatabase(o.where ?? { kind: "memory" }, { migrations: forumMigrations })
  const ledger = await openLedger(database, clock)
  let listener: NonNullable<Forum["http"]>["listener"] | null = null
  const server = createServer((req, res) => listener?.(req, res))
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const drafter = new FakeDrafter()
  const labelKey = testSigner()
  const options: ForumOptions = {
    ...{ db: database.db, dialect: database.dialect, origin, host: "127.0.0.1", moderators: [], admins: [], oidc: null },
    ...{ pseudonyms: testPseudonyms, cureOf, clock, log: silentLog },
    ...o.forum,
  }
  const forum = await openForum(options).catch(async (e: unknown) => {
    await end(server)
    await ledger.close()
    throw e
  })
  const flow = createFlow({
    ...{ ledger, clock, labelKey, pseudonyms: testPseudonyms, log: silentLog, issuer: origin, program: "countersign/test" },
    platforms: new Map([[forum.name, forum]]),
    drafter: o.drafter ?? drafter,
    knowledge: o.knowledge ?? { size: 0, search: async () => [] },
    policy: { ...defaultPolicy, ...o.policy },
    checks: o.checks ?? [],
    onMilestone: () => undefined,
  })
  listener = forum.http.listener
  await forum.start(o.between?.(flow.inbox) ?? flow.inbox)
  let isFirst = true
  return {
    ...{ origin, forum, flow, ledger, database, drafter, labelKey },
    visitor: () => new Browser(origin),
    async enter(name) {
      const browser = new Browser(origin)
      const link = isFirst ? await forum.entryLink() : await forum.invitation()
      isFirst = false
      const page = await browser.open(link.replace(origin, ""))
      await browser.submit(page, "/enter", { name })
      return browser
    },
    async close() {
      await forum.stop()
      await flow.stop()
      await end(server)
      await ledger.close()
    },
  }
}
function end(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
