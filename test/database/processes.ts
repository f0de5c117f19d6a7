// Other processes for tests: started with node, read line by line, always ended.
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"

export interface Other {
  readonly lines: string[]
  /** When at least so many lines were printed, or it ended. */
  printed(count: number): Promise<void>
  /** Its exit code; null when it was killed. Throws with what it wrote to stderr when it failed by itself. */
  ended(): Promise<void>
  kill(): Promise<void>
}
export function start(script: "writer" | "holder", ...args: readonly string[]): Other {
  const path = fileURLToPath(new URL(`./${script}.ts`, import.meta.url))
  const child: ChildProcess = spawn(process.execPath, [path, ...args], { stdio: ["ignore", "pipe", "pipe"] })
  const lines: string[] = []
  let wake = () => {}
  let complaint = ""
  let rest = ""
  const over = once(child, "close") as Promise<[number | null]>
  child.stderr?.on("data", (bytes: Buffer) => {
    complaint += bytes.toString()
  })
  child.stdout?.on("data", (bytes: Buffer) => {
    const parts = (rest + bytes.toString()).split("\n")
    rest = parts.pop() ?? ""
    lines.push(...parts)
    wake()
  })
  let gone = false
  void over.then(() => {
    gone = true
    wake()
  })
  return {
    lines,
    async printed(count) {
      while (lines.length < count && !gone) {
        await new Promise<void>((go) => {
          wake = go
        })
      }
      if (lines.length < count) throw new Error(`it ended early: ${complaint}`)
    },
    async ended() {
      const [code] = await over
      if (code !== 0) throw new Error(`it ended with ${code}: ${complaint}`)
    },
    async kill() {
      child.kill("SIGKILL")
      await over
    },
  }
}
