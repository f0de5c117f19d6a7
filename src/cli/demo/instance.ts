// A server of the demo's own: a child process with an empty folder, a free port and nothing of the operator's configuration,
// so that a demo can neither see nor touch anything that matters.
import { spawn } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { bareEnvironment } from "../../config.ts"
import { DemoFailed } from "./visitor.ts"

export interface Instance {
  readonly origin: string
  readonly entry: string
  readonly invitation: string
  /** Ends the server and removes its folder. */
  stop(): Promise<void>
}
const startMs = 30_000
const main = fileURLToPath(new URL("../../main.ts", import.meta.url))

export async function startInstance(): Promise<Instance> {
  const folder = await mkdtemp(join(tmpdir(), "countersign-demo-"))
  const env = { ...bareEnvironment(), PORT: "0", COUNTERSIGN_DATA: join(folder, "data"), LOG_LEVEL: "warn" }
  // In its own folder, so that no .env and no countersign.yml of somebody's project is read.
  const child = spawn(process.execPath, [main, "start", "--json"], { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] })
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve))
  const stop = async () => {
    child.kill("SIGTERM")
    await ended
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const line = await firstLine(child.stdout, ended)
    const { origin, entry, invitation } = JSON.parse(line) as Omit<Instance, "stop">
    return { origin, entry, invitation, stop }
  } catch (fault) {
    await stop()
    throw fault
  }
}
async function firstLine(stdout: NodeJS.ReadableStream, ended: Promise<number | null>): Promise<string> {
  const lines = createInterface({ input: stdout })
  const line = new Promise<string>((resolve) => lines.once("line", resolve))
  const died = ended.then((code) => Promise.reject(new DemoFailed(`The demo's server ended with code ${code} before it served`)))
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DemoFailed(`The demo's server did not start within ${startMs / 1000} s`)), startMs)
  })
  try {
    return await Promise.race([line, died, late])
  } finally {
    clearTimeout(timer)
    died.catch(() => undefined)
  }
}
