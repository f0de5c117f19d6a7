// `npm run bench -- slack`: what Countersign costs in Slack beside bots on plain Bolt, in one run and in turns. docs/bench.md says what
// each figure means. Judges nothing: a shared machine is too noisy for a verdict.
import { mkdtemp, rm } from "node:fs/promises"
import { cpus, loadavg, tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { writeKnowledge } from "./drafting.ts"
import { rounded } from "./figures.ts"
import { program, Server, startArguments } from "./process.ts"
import { Bot } from "./slack-bot.ts"
import { type By, type Door, openTown } from "./slack-town.ts"
import { wordsOf } from "./slack-words.ts"

const { values: flags } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    /** Events as signed requests; without it by Socket Mode. */
    http: { type: "boolean", default: false },
    walks: { type: "string", default: "400" },
    /** Messages that concern no bot. */
    chatter: { type: "string", default: "2000" },
    /** Countersign alone, for a look at its memory. */
    alone: { type: "boolean", default: false },
    /** Writes a CPU profile of Countersign's process into this folder. */
    profile: { type: "string" },
  },
})
const [walks, chatter] = [Number(flags.walks), Number(flags.chatter)]
const by: By = flags.http ? "http" : "socket"
const [warmUp, turn] = [Math.min(100, walks), 10]
const looks = 4

async function open(stack: AsyncDisposableStack, name: string, start: (door: Door) => Server): Promise<Bot> {
  const town = await openTown(by)
  stack.defer(() => town.close())
  const server = stack.adopt(start(town.door), (s) => s.stop())
  town.at((await server.said).origin ?? "")
  return new Bot(name, town, server)
}
function countersign(folder: string, knowledge: string) {
  return (door: Door) => {
    const hears = by === "socket" ? { SLACK_APP_TOKEN: door.appToken } : { SLACK_SIGNING_SECRET: door.signingSecret }
    const profiling = flags.profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${flags.profile}`]
    const slack = { SLACK_BOT_TOKEN: door.botToken, SLACK_API_URL: door.apiUrl, ...hears }
    return new Server([...profiling, ...startArguments()], { PORT: "0", LOG_LEVEL: "warn", KNOWLEDGE_DIR: knowledge, ...slack }, folder)
  }
}
function bare(folder: string, asks: "asks" | "does not ask", durable: string | null) {
  return (door: Door) => new Server([program("./bare-slack.ts"), JSON.stringify({ ...door, durable, asks: asks === "asks" })], {}, folder)
}

async function bench() {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), "countersign-bench-"))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const loadBefore = rounded(loadavg()[0] ?? 0)
  const bots = [await open(stack, "countersign", countersign(folder, await writeKnowledge(folder)))]
  if (!flags.alone) {
    bots.push(await open(stack, "bare", bare(folder, "does not ask", null)))
    bots.push(await open(stack, "durable", bare(folder, "does not ask", join(folder, "durable"))))
    bots.push(await open(stack, "same calls", bare(folder, "asks", join(folder, "same"))))
  }
  for (const bot of bots) await bot.warmUp(warmUp)
  // In turns, so that whatever else the machine does falls on all alike.
  const turns = Math.ceil(walks / turn)
  for (let i = 0; i < turns; i += 1) {
    for (const bot of bots) {
      await bot.walk(turn)
      await bot.chatter(Math.ceil(chatter / turns))
      if ((i + 1) % Math.max(1, Math.floor(turns / looks)) === 0) bot.look()
    }
  }
  return {
    at: new Date().toISOString(),
    node: process.version,
    by,
    machine: { cores: cpus().length, model: cpus()[0]?.model ?? "unknown", loadBefore, loadAfter: rounded(loadavg()[0] ?? 0) },
    walks: turns * turn,
    chatter: turns * Math.ceil(chatter / turns),
    bots: bots.map((bot) => bot.figures()),
  }
}
export type Result = Awaited<ReturnType<typeof bench>>

const result = await bench()
process.stdout.write(`${flags.json ? JSON.stringify(result) : wordsOf(result)}\n`)
