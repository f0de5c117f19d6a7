// Countersign in a chat platform beside bare bots, in one run and in turns, so that whatever else the machine does falls on all alike.
// Each bot is a process of its own, in a town of its own. docs/bench.md says what each figure means.
import { mkdtemp, rm } from "node:fs/promises"
import { cpus, loadavg, tmpdir } from "node:os"
import { join } from "node:path"
import { Bot, type Town } from "./bot.ts"
import { writeKnowledge } from "./drafting.ts"
import { rounded } from "./figures.ts"
import { Server, startArguments } from "./process.ts"

/** What every such bench takes, for parseArgs. */
export const flagsOfAll = {
  json: { type: "boolean", default: false },
  walks: { type: "string", default: "400" },
  /** Messages that concern no bot. */
  chatter: { type: "string", default: "2000" },
  /** Countersign alone, for a look at its memory. */
  alone: { type: "boolean", default: false },
  /** Writes a CPU profile of Countersign's process into this folder. */
  profile: { type: "string" },
} as const
interface Flags {
  readonly walks: string
  readonly chatter: string
  readonly alone: boolean
  readonly profile?: string | undefined
}
export interface Beside<T extends Town> {
  readonly flags: Flags
  /** Walks in a row before it is another bot's turn. */
  readonly turn: number
  /** In how many turns there is one with chatter. */
  readonly chatterEvery: number
  openTown(): Promise<T>
  /** What tells Countersign of the platform. */
  settings(town: T): Record<string, string>
  /** `folder`: for what it keeps. */
  readonly bare: Readonly<Record<string, (town: T, folder: string) => readonly string[]>>
  /** It listens there. Resolves when the town has heard of it. */
  met(town: T, origin: string): Promise<void>
}
const looks = 4

export async function beside<T extends Town>(o: Beside<T>) {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), "countersign-bench-"))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const knowledge = await writeKnowledge(folder)
  const profiling = o.flags.profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${o.flags.profile}`]
  async function open(name: string, start: (town: T) => Server): Promise<Bot> {
    const town = await o.openTown()
    stack.defer(() => town.close())
    const server = stack.adopt(start(town), (s) => s.stop())
    await o.met(town, (await server.said).origin ?? "")
    return new Bot(name, town, server)
  }
  const loadBefore = rounded(loadavg()[0] ?? 0)
  const env = { PORT: "0", LOG_LEVEL: "warn", KNOWLEDGE_DIR: knowledge }
  const bots = [await open("countersign", (town) => new Server([...profiling, ...startArguments()], { ...env, ...o.settings(town) }, folder))]
  for (const [name, args] of o.flags.alone ? [] : Object.entries(o.bare))
    bots.push(await open(name, (town) => new Server(args(town, join(folder, name)), {}, folder)))

  const [walks, chatter] = [Number(o.flags.walks), Number(o.flags.chatter)]
  await Promise.all(bots.map((bot) => bot.warmUp(Math.min(100, walks))))
  const turns = Math.ceil(walks / o.turn)
  const lots = Math.max(1, Math.floor(turns / o.chatterEvery))
  for (let i = 1; i <= turns; i += 1) {
    for (const bot of bots) {
      await bot.walk(o.turn)
      if (i % o.chatterEvery === 0) await bot.chatter(Math.ceil(chatter / lots))
      if (i % Math.max(1, Math.floor(turns / looks)) === 0) bot.look()
    }
  }
  return {
    at: new Date().toISOString(),
    node: process.version,
    machine: { cores: cpus().length, model: cpus()[0]?.model ?? "unknown", loadBefore, loadAfter: rounded(loadavg()[0] ?? 0) },
    walks: turns * o.turn,
    chatter: lots * Math.ceil(chatter / lots),
    bots: bots.map((bot) => bot.figures()),
  }
}
export type Result = Awaited<ReturnType<typeof beside>>
