// A server under measurement, as a process of its own: started the way that an operator starts it, and looked at from
// outside through /proc. Linux only.
import { type ChildProcess, spawn } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"
import { createServer } from "node:net"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { bareEnvironment } from "../src/config.ts"

// USER_HZ, which /proc counts in, is 100 on every Linux that Node runs on.
const tickMs = 10
export const program = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** What `npm start` gives to Node: the same flags, for the same program. */
export function startArguments(): readonly string[] {
  const { scripts } = JSON.parse(readFileSync(program("../package.json"), "utf8")) as { scripts: { start: string } }
  const words = scripts.start.split(" ")
  const from = words.indexOf("node") + 1
  return [...words.slice(from).map((word) => (word.endsWith(".ts") ? program(`../${word}`) : word)), "--json"]
}

export class Server {
  readonly #child: ChildProcess
  readonly #ended: Promise<unknown>
  /** The first line of its output, once it has one. */
  readonly said: Promise<Record<string, string>>

  constructor(args: readonly string[], env: Record<string, string>, folder: string) {
    const child = spawn(process.execPath, args, { cwd: folder, env: { ...bareEnvironment(), ...env }, stdio: ["ignore", "pipe", "inherit"] })
    this.#child = child
    this.#ended = new Promise((go) => child.once("exit", go))
    const lines = createInterface({ input: child.stdout })
    this.said = new Promise((go, fail) => {
      lines.once("line", (line) => go(JSON.parse(line) as Record<string, string>))
      child.once("exit", (code) => fail(new Error(`a measured server ended with code ${code} before it served`)))
    })
    this.said.catch(() => undefined)
  }
  /** Processor time that it used so far, user and system. To the nanosecond where the kernel counts so, thread by thread. */
  cpuMs(): number {
    return this.#threadsMs() ?? this.#ticksMs()
  }
  #threadsMs(): number | null {
    const tasks = `/proc/${this.#child.pid}/task`
    try {
      // The first of three numbers is the time on a processor (Documentation/scheduler/sched-stats).
      const ns = readdirSync(tasks).map((id) => Number(readFileSync(`${tasks}/${id}/schedstat`, "utf8").split(" ")[0]))
      return ns.reduce((sum, n) => sum + n, 0) / 1e6
    } catch {
      return null
    }
  }
  #ticksMs(): number {
    const stat = readFileSync(`/proc/${this.#child.pid}/stat`, "utf8")
    // The name in brackets may hold anything; utime and stime are the 12th and 13th after it (proc_pid_stat(5)).
    const after = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
    return (Number(after[11]) + Number(after[12])) * tickMs
  }
  memory(): { readonly residentMb: number; readonly peakMb: number } {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, "utf8")
    const mb = (name: string) => Math.round(Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1]) / 1024)
    return { residentMb: mb("VmRSS"), peakMb: mb("VmHWM") }
  }
  async stop(): Promise<void> {
    this.#child.kill("SIGTERM")
    await this.#ended
  }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((go) => server.listen(0, "127.0.0.1", go))
  const address = server.address()
  await new Promise((go) => server.close(go))
  return typeof address === "object" && address !== null ? address.port : 0
}
