// Keeps the room: starts it when there is something to ask, one at most, and again after it died. A room that dies, or that
// says what cannot be parsed, fails the questions in it as `unavailable`; one that does not heed an abort is killed.
// Never keeps this program alive, and never outlives it.
import { type ChildProcess, fork } from "node:child_process"
import { lstatSync, realpathSync } from "node:fs"
import { createRequire } from "node:module"
import { join, sep } from "node:path"
import { fileURLToPath } from "node:url"
import { DraftingFault } from "../../src/core/ports.ts"
import { type DraftOrder, type FromRoom, fromRoom, type ToRoom } from "./wire.ts"

export interface RoomOptions {
  /** All that the room sees of any environment. */
  readonly environment: Readonly<Record<string, string>>
  /** How long an abort may take before the room is killed. */
  readonly graceMs: number
  /** Of the room's code; another one in tests. */
  readonly entry?: URL
}
interface Pending {
  readonly resolve: (text: string) => void
  readonly reject: (error: Error) => void
  readonly onProgress: (words: string) => void
}
export interface Keeper {
  ask(order: Omit<DraftOrder, "do" | "id">, how: { readonly signal: AbortSignal; readonly onProgress: (words: string) => void }): Promise<string>
  close(): void
}

export function keeperOf(options: RoomOptions): Keeper {
  const pending = new Map<number, Pending>()
  const leaving = new Map<number, NodeJS.Timeout>()
  let room: ChildProcess | null = null
  let lastId = 0

  const enter = (): ChildProcess => {
    if (room !== null) return room
    const child = startRoom(options)
    room = child
    const killWithUs = () => child.kill("SIGKILL")
    process.once("exit", killWithUs)
    const end = (why: string) => {
      process.off("exit", killWithUs)
      if (room !== child) return
      room = null
      child.kill("SIGKILL")
      for (const timer of leaving.values()) clearTimeout(timer)
      leaving.clear()
      for (const p of pending.values()) p.reject(new DraftingFault("unavailable", { because: why }))
      pending.clear()
    }
    child.on("exit", (code, signal) => end(`the room ended (${signal ?? code})`))
    child.on("error", (cause: NodeJS.ErrnoException) => end(`the room could not be started (${cause.code ?? "error"})`))
    child.on("message", (raw) => {
      const message = fromRoom.safeParse(raw)
      if (message.success) hear(message.data)
      else end("the room said what cannot be parsed")
    })
    return child
  }
  const hear = (message: FromRoom) => {
    const asked = pending.get(message.id)
    switch (message.say) {
      case "writing":
        return asked?.onProgress(`writing · ${message.words} words`)
      case "waiting":
        return asked?.onProgress("waiting for the model")
      case "aborted":
      case "answer":
      case "fault":
        clearTimeout(leaving.get(message.id))
        leaving.delete(message.id)
        pending.delete(message.id)
        holdOn()
        if (message.say === "answer") asked?.resolve(message.text)
        if (message.say === "fault") asked?.reject(new DraftingFault(message.why, { because: message.detail }))
    }
  }
  /** We wait for a room only while something was asked of it. */
  const holdOn = () => {
    const how = pending.size > 0 ? "ref" : "unref"
    room?.[how]()
    room?.channel?.[how]()
  }

  return {
    ask(order, { signal, onProgress }) {
      if (signal.aborted) return Promise.reject(signal.reason)
      const id = ++lastId
      const child = enter()
      return new Promise((resolve, reject) => {
        const abort = () => {
          pending.delete(id)
          reject(signal.reason)
          if (room !== child) return
          send(child, { do: "abort", id })
          leaving.set(id, setTimeout(() => child.kill("SIGKILL"), options.graceMs).unref())
          holdOn()
        }
        const settled =
          <T>(then: (value: T) => void) =>
          (value: T) => {
            signal.removeEventListener("abort", abort)
            then(value)
          }
        pending.set(id, { resolve: settled(resolve), reject: settled(reject), onProgress })
        signal.addEventListener("abort", abort, { once: true })
        holdOn()
        send(child, { ...order, do: "draft", id })
        // Last: whoever is told may abort at once, and an abort must not overtake its question.
        onProgress("asking the model")
      })
    },
    close() {
      room?.kill("SIGKILL")
    },
  }
}

/** A channel that just closed is told of by `exit`. */
function send(child: ChildProcess, message: ToRoom): void {
  if (child.connected) child.send(message, () => {})
}

function startRoom({ environment, entry = new URL("./room.ts", import.meta.url) }: RoomOptions): ChildProcess {
  // Reads: its own code and the packages it imports. Writes, processes, workers, add-ons: none.
  const packages = ["openai", "zod"].map(folderOf)
  const own = [fileURLToPath(new URL("./", import.meta.url)), fileURLToPath(new URL("../../package.json", import.meta.url)), fileURLToPath(entry)]
  // A module is read where its links lead, and the permission model goes by that path too: both are named.
  const reads = [...new Set([...packages, ...own].flatMap((path) => [path, realpathOf(path)])), ...links()].map((path) => `--allow-fs-read=${path}`)
  // From Node 25 on the permission model covers sockets, which this process is for.
  const net = process.allowedNodeEnvironmentFlags.has("--allow-net") ? ["--allow-net"] : []
  return fork(entry, [], {
    env: environment,
    execArgv: ["--permission", ...reads, ...net, "--max-old-space-size=256"],
    // What it prints could hold what people wrote.
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    serialization: "json",
  })
}

/** Folders keep their separator: without it the rule would name the folder alone, not what is in it. */
function realpathOf(path: string): string {
  const real = realpathSync(path)
  return path.endsWith(sep) && !real.endsWith(sep) ? real + sep : real
}
/** Folders of packages that are links, or hold links: to follow one, it must be read, which shows nothing of where it leads. */
function links(): readonly string[] {
  const folders = require.resolve.paths("openai") ?? []
  const isLink = (path: string) => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true
  return folders.flatMap((folder) => [folder, join(folder, "openai"), join(folder, "zod")]).filter(isLink)
}
const require = createRequire(import.meta.url)
function folderOf(name: string): string {
  const file = require.resolve(name)
  const folder = `${sep}node_modules${sep}${name}${sep}`
  return file.slice(0, file.lastIndexOf(folder) + folder.length)
}
