// Runs the guard's cases against PostgreSQL, each in a transaction that is rolled back, and tries what only several
// connections at once can try.
import { Client } from "pg"
import type { Guards } from "../../adapters/database/schema/guards.ts"
import { postgresLedger } from "../../adapters/database/schema/postgres.ts"
import { anna, approved, asked, begun, door, drafted, request, stopped, system } from "../harness/history.ts"
import { type Case, Rows, type Step } from "./rows.ts"
import { type RunCase, verdict } from "./sqlite.ts"

/** The ledger's tables in a schema of their own, and as many connections to it as one asks for. */
export class Guarded {
  readonly #url: string
  readonly #schema: string
  readonly #clients: Client[] = []
  constructor(url: string, schema: string) {
    this.#url = url
    this.#schema = schema
  }
  async connect(): Promise<Client> {
    const client = new Client({ connectionString: this.#url, types: undefined })
    this.#clients.push(client)
    await client.connect()
    await client.query(`set search_path to ${this.#schema}`)
    return client
  }
  async create(guards: Guards): Promise<Client> {
    const client = await this.connect()
    await client.query(`create schema ${this.#schema}`)
    await client.query("begin")
    for (const statement of postgresLedger(guards)) await client.query(statement)
    await client.query("commit")
    return client
  }
  async close(): Promise<void> {
    await this.#clients[0]?.query(`drop schema if exists ${this.#schema} cascade`).catch(() => undefined)
    await Promise.all(this.#clients.map((c) => c.end()))
  }
}

let schemas = 0
export async function withPostgres<T>(url: string, guards: Guards, use: (run: RunCase, guarded: Guarded) => Promise<T>): Promise<T> {
  schemas += 1
  const guarded = new Guarded(url, `s${schemas}`)
  try {
    const client = await guarded.create(guards)
    return await use((c) => runCase(client, c), guarded)
  } finally {
    await guarded.close()
  }
}

async function insert(client: Client, row: object): Promise<void> {
  const names = Object.keys(row)
  await client.query(`insert into entry (${names.join(", ")}) values (${names.map((_, i) => `$${i + 1}`).join(", ")})`, Object.values(row))
}
async function runCase(client: Client, c: Case): Promise<string | null> {
  const rows = new Rows()
  await client.query("begin")
  try {
    for (const step of c.given) await insert(client, rows.row(step))
    if (c.as === "replica") await client.query("set local session_replication_role = replica")
    const refused = await ("sql" in c.when ? client.query(c.when.sql) : insert(client, rows.row(c.when))).then(
      () => null,
      (fault: Error) => fault.message,
    )
    const wrong = verdict(c, refused)
    return wrong ?? (refused === null ? await gap(client, c) : null)
  } finally {
    await client.query("rollback")
  }
}
async function gap(client: Client, c: Case): Promise<string | null> {
  const { rows } = await client.query("select 1 from entry group by workspace having max(seq) + 1 <> count(*)")
  return rows.length === 0 ? null : `${c.name}: left a gap among the leaves`
}

/** What several connections try at once. Null, or what is wrong. */
export type Probe = (guarded: Guarded) => Promise<string | null>

const r = request("r")
const ready: readonly Step[] = [
  { key: r, fact: asked(), actor: anna },
  { key: r, fact: drafted("d"), actor: system },
  { key: r, fact: approved("d"), actor: anna },
]
const go: Step = { key: r, fact: begun("d", "a1"), actor: system }
const stopOf = (ws: string): Step => ({ key: door(ws), fact: stopped(), actor: anna })

/** A post that is being begun holds a stop back until it is committed, and the stop then stands. */
const stopWaits =
  (ws: string): Probe =>
  async (guarded) => {
    const [poster, stopper, watcher] = [await guarded.connect(), await guarded.connect(), await guarded.connect()]
    const rows = new Rows()
    for (const step of ready) await insert(poster, rows.row(step))
    await poster.query("begin")
    await insert(poster, rows.row(go))
    let stop: "waits" | "committed" | Error = "waits"
    const stopping = insert(stopper, rows.row(stopOf(ws))).then(
      () => {
        stop = "committed"
      },
      (fault: Error) => {
        stop = fault
      },
    )
    await untilWaiting(watcher, () => stop !== "waits")
    const early = stop
    await poster.query("commit")
    await stopping
    if (early !== "waits") return `a stop of ${ws} committed before the post that was open`
    return (stop as unknown) === "committed" ? null : `a stop of ${ws} failed: ${String(stop)}`
  }
/** A stop that is being written holds a post back, which is then refused. */
const postWaits =
  (ws: string): Probe =>
  async (guarded) => {
    const [poster, stopper, watcher] = [await guarded.connect(), await guarded.connect(), await guarded.connect()]
    const rows = new Rows()
    for (const step of ready) await insert(poster, rows.row(step))
    await stopper.query("begin")
    await insert(stopper, rows.row(stopOf(ws)))
    let post: "waits" | "committed" | Error = "waits"
    const posting = insert(poster, rows.row({ ...go })).then(
      () => {
        post = "committed"
      },
      (fault: Error) => {
        post = fault
      },
    )
    await untilWaiting(watcher, () => post !== "waits")
    await stopper.query("commit")
    await posting
    return (post as unknown) instanceof Error && /door is shut/.test(String(post)) ? null : `a post during a stop of ${ws}: ${String(post)}`
  }
const oldSnapshot: Probe = async (guarded) => {
  const [poster, stopper] = [await guarded.connect(), await guarded.connect()]
  const rows = new Rows()
  for (const step of ready) await insert(poster, rows.row(step))
  await poster.query("begin isolation level repeatable read")
  await poster.query("select count(*) from entry")
  await insert(stopper, rows.row(stopOf("*")))
  const posted = await insert(poster, rows.row(go)).then(
    () => "it was let in",
    (fault: Error) => fault.message,
  )
  await poster.query("rollback")
  return /read committed/.test(posted) ? null : `a post with a snapshot from before the stop: ${posted}`
}
const shadow: Probe = async (guarded) => {
  const poster = await guarded.connect()
  const rows = new Rows()
  for (const step of ready) await insert(poster, rows.row(step))
  await insert(poster, rows.row(stopOf("*")))
  // A temporary table of the same name, filled with what one wants the guard to see.
  const schema = (await poster.query<{ name: string }>("select current_schema() as name")).rows[0]?.name
  await poster.query(`create temporary table entry as select * from ${schema}.entry where stream <> 'door'`)
  const row = rows.row(go)
  const names = Object.keys(row)
  const posted = await poster
    .query(`insert into ${schema}.entry (${names.join(", ")}) values (${names.map((_, i) => `$${i + 1}`).join(", ")})`, Object.values(row))
    .then(
      () => "it was let in",
      (fault: Error) => fault.message,
    )
  return /door is shut/.test(posted) ? null : `a post past a temporary table: ${posted}`
}
export const probes: Readonly<Record<string, Probe>> = {
  "a post that is open holds back a stop of its workspace": stopWaits("w"),
  "a post that is open holds back a stop of the installation": stopWaits("*"),
  "a stop of the workspace that is open holds back a post, which is then refused": postWaits("w"),
  "a stop of the installation that is open holds back a post, which is then refused": postWaits("*"),
  "a post with a snapshot from before the stop is refused": oldSnapshot,
  "a temporary table does not deceive the guard": shadow,
}

/** Returns when some connection waits for a lock, or `over`. No time is assumed: the database says who waits. */
async function untilWaiting(watcher: Client, over: () => boolean): Promise<void> {
  for (;;) {
    const { rows } = await watcher.query("select 1 from pg_locks where not granted")
    if (rows.length > 0 || over()) return
  }
}
