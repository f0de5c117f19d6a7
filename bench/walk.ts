// `npm run bench`: how long people wait, what a walk costs and what the server holds, beside a bare handler in the same run.
// docs/bench.md says what each figure means. Judges nothing: a shared machine is too noisy for a verdict.
import { mkdtemp, rm } from "node:fs/promises"
import { cpus, loadavg, tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { startPostgres } from "../test/harness/postgres.ts"
import { draftingMs, writeKnowledge } from "./drafting.ts"
import { ratio, rounded, spread, table } from "./figures.ts"
import { program, Server, startArguments } from "./process.ts"
import { startUps } from "./start-up.ts"
import { bareWalks, question, realWalks, type Walks } from "./walks.ts"

const { values: flags } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    postgres: { type: "boolean", default: false },
    walks: { type: "string", default: "1000" },
    starts: { type: "string", default: "5" },
    /** Writes a CPU profile of the measured server into this folder. */
    profile: { type: "string" },
  },
})
const [walks, starts] = [Number(flags.walks), Number(flags.starts)]
const warmUp = Math.min(200, walks)
const turn = 20

/** A server with what was measured of it so far. */
class Measured {
  readonly server: Server
  readonly #run: Walks
  readonly #mention: number[] = []
  readonly #click: number[] = []
  #cpuMs = 0

  constructor(server: Server, run: Walks) {
    this.server = server
    this.#run = run
  }
  /** The first walks pay for compilers and caches, and are not counted. */
  async warmUp(): Promise<void> {
    await this.#run(warmUp)
  }
  async walk(count: number): Promise<void> {
    const before = this.server.cpuMs()
    const { mention, click } = await this.#run(count)
    this.#cpuMs += this.server.cpuMs() - before
    this.#mention.push(...mention)
    this.#click.push(...click)
  }
  figures() {
    const cpuMsPerWalk = rounded(this.#cpuMs / this.#click.length)
    return { mentionMs: spread(this.#mention), clickMs: spread(this.#click), cpuMsPerWalk, ...this.server.memory() }
  }
}
async function openReal(open: AsyncDisposableStack, folder: string, knowledge: string, databaseUrl: string | null): Promise<Measured> {
  const env = {
    ...{ PORT: "0", LOG_LEVEL: "warn", KNOWLEDGE_DIR: knowledge },
    ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }),
  }
  const profiling = flags.profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${flags.profile}`]
  const server = open.adopt(new Server([...profiling, ...startArguments()], env, folder), (s) => s.stop())
  const { walks: run, leave } = await realWalks(await server.said)
  open.defer(leave)
  return new Measured(server, run)
}
async function openBare(open: AsyncDisposableStack, folder: string, databaseUrl: string | null): Promise<Measured> {
  const args = databaseUrl === null ? ["sqlite", join(folder, "bare")] : ["postgres", databaseUrl]
  const server = open.adopt(new Server([program("./bare.ts"), ...args], {}, folder), (s) => s.stop())
  const { walks: run, leave } = bareWalks((await server.said).origin ?? "")
  open.defer(leave)
  return new Measured(server, run)
}

async function bench() {
  await using open = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), "countersign-bench-"))
  open.defer(() => rm(folder, { recursive: true, force: true }))
  const postgres = flags.postgres ? open.adopt(await startPostgres(), (p) => p.stop()) : null
  const loadBefore = rounded(loadavg()[0] ?? 0)
  const up = await startUps(starts)
  const knowledge = await writeKnowledge(folder)
  const real = await openReal(open, folder, knowledge, (await postgres?.database()) ?? null)
  const bare = await openBare(open, folder, (await postgres?.database()) ?? null)
  for (const measured of [real, bare]) await measured.warmUp()
  // In turns, so that whatever else the machine does falls on both alike.
  for (let left = walks; left > 0; left -= turn) for (const measured of [real, bare]) await measured.walk(Math.min(turn, left))
  const drafting = await draftingMs(knowledge, question)
  return {
    at: new Date().toISOString(),
    node: process.version,
    database: postgres === null ? "SQLite" : "PostgreSQL",
    machine: { cores: cpus().length, model: cpus()[0]?.model ?? "unknown", loadBefore, loadAfter: rounded(loadavg()[0] ?? 0) },
    walks,
    ...(starts === 0 ? {} : { startMs: { first: spread(up.first).p50, later: spread(up.later).p50 } }),
    real: { ...real.figures(), draftingMs: drafting },
    bare: bare.figures(),
  }
}

function words(r: Awaited<ReturnType<typeof bench>>): string {
  const { real, bare } = r
  const wait = (name: string, a: typeof real.mentionMs, b: typeof real.mentionMs) => [
    [`${name}, p50`, `${a.p50} ms`, `${b.p50} ms`, ratio(a.p50, b.p50)],
    [`${name}, p99`, `${a.p99} ms`, `${b.p99} ms`, ratio(a.p99, b.p99)],
  ]
  const rows = [
    [r.database, "countersign", "bare handler", "ratio"],
    ...wait("mention → card", real.mentionMs, bare.mentionMs),
    ["  of it search and quotation, p50", `${real.draftingMs} ms`, "", ""],
    ...wait("click → post", real.clickMs, bare.clickMs),
    ["processor time a walk", `${real.cpuMsPerWalk} ms`, `${bare.cpuMsPerWalk} ms`, ratio(real.cpuMsPerWalk, bare.cpuMsPerWalk)],
    ["resident memory after the walks", `${real.residentMb} MB`, `${bare.residentMb} MB`, ratio(real.residentMb, bare.residentMb)],
    ["most resident memory", `${real.peakMb} MB`, `${bare.peakMb} MB`, ratio(real.peakMb, bare.peakMb)],
    ...(r.startMs === undefined
      ? []
      : [
          ["start, empty folder", `${Math.round(r.startMs.first)} ms`, "", ""],
          ["start, later", `${Math.round(r.startMs.later)} ms`, "", ""],
        ]),
  ]
  const { machine } = r
  return `${table(rows)}\n\n${r.walks} walks after ${warmUp} that are not counted; ${machine.cores} cores (${machine.model}), load ${machine.loadBefore} before and ${machine.loadAfter} after; Node ${r.node}; ${r.at}`
}

const result = await bench()
process.stdout.write(`${flags.json ? JSON.stringify(result) : words(result)}\n`)
