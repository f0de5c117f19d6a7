// The real program as a child process, in a folder of its own, with nothing of our environment.
import { type ChildProcess, spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { createInterface } from "node:readline"
import { afterEach } from "@jest/globals"

const main = resolve("src/main.ts")
export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}
export interface Server {
  readonly origin: string
  readonly entry: string
  readonly invitation: string
  readonly child: ChildProcess
  /** Sends the signal and waits. */
  end(signal?: NodeJS.Signals): Promise<Ended>
}

/** Call once at the top of a test file: folders vanish and processes end after each test. */
export function useProgram() {
  const folders: string[] = []
  const running = new Set<ChildProcess>()
  afterEach(async () => {
    for (const child of running) child.kill("SIGKILL")
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
  })
  const folder = () => {
    const made = mkdtempSync(join(tmpdir(), "countersign-cli-"))
    folders.push(made)
    return made
  }
  const launch = (cwd: string, args: readonly string[], env: Record<string, string>) => {
    const child = spawn(process.execPath, [main, ...args], {
      cwd,
      env: { PATH: process.env.PATH ?? "", PORT: "0", LOG_LEVEL: "error", ...env },
      stdio: ["pipe", "pipe", "pipe"],
    })
    running.add(child)
    const texts = { out: "", err: "" }
    child.stdout.on("data", (chunk) => (texts.out += chunk))
    child.stderr.on("data", (chunk) => (texts.err += chunk))
    const ended = new Promise<Ended>((done) =>
      child.once("close", (code) => {
        running.delete(child)
        done({ code, ...texts })
      }),
    )
    return { child, ended }
  }
  return {
    folder,
    async run(cwd: string, args: readonly string[], env: Record<string, string> = {}, stdin = ""): Promise<Ended> {
      const { child, ended } = launch(cwd, args, env)
      child.stdin.end(stdin)
      return ended
    },
    /** Resolves when it serves. In `words`, addresses are read from what people read. */
    async start(cwd: string, env: Record<string, string> = {}, format: "json" | "words" = "json"): Promise<Server> {
      const { child, ended } = launch(cwd, format === "json" ? ["start", "--json"] : [], env)
      const lines: string[] = []
      const ready = new Promise<"ready">((done) =>
        createInterface({ input: child.stdout }).on("line", (line) => {
          lines.push(line)
          if (format === "json" || line.startsWith("Ctrl-C")) done("ready")
        }),
      )
      const first = await Promise.race([ready, ended])
      if (first !== "ready") throw new Error(`ended with ${first.code}: ${first.err}`)
      const addresses = lines.join("\n").match(/http:[^\s"]+\/enter\/[\w-]+/g) ?? []
      const [entry = "", invitation = ""] = addresses
      return {
        origin: new URL(entry).origin,
        entry,
        invitation,
        child,
        end: (signal = "SIGTERM") => {
          child.kill(signal)
          return ended
        },
      }
    },
  }
}
