// From starting the process to the first 200 of /healthz: on an empty folder, and on the folder that the first start left.
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { freePort, Server, startArguments } from "./process.ts"

const lookEveryMs = 5

export async function startUps(runs: number): Promise<{ readonly first: readonly number[]; readonly later: readonly number[] }> {
  const [first, later]: [number[], number[]] = [[], []]
  for (let i = 0; i < runs; i++) {
    const folder = await mkdtemp(join(tmpdir(), "countersign-bench-"))
    try {
      first.push(await once(folder))
      later.push(await once(folder))
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  return { first, later }
}
async function once(folder: string): Promise<number> {
  const port = await freePort()
  const from = performance.now()
  const server = new Server(startArguments(), { PORT: String(port), LOG_LEVEL: "warn" }, folder)
  try {
    const died = server.said.then(() => undefined)
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null)
      await answer?.body?.cancel()
      if (answer?.status === 200) return performance.now() - from
      // A server that ended says so; one that is not there yet does not.
      await Promise.race([sleep(lookEveryMs), died])
    }
  } finally {
    await server.stop()
  }
}
