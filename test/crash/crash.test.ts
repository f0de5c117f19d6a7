// kill -9 at every await of the walk, on both databases: at most one post, never one without approval, and nothing that was
// acknowledged is lost. The board lives in this process, so it outlives the killed ones.
import { spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals"
import { openLedger } from "../../adapters/database/ledger.ts"
import { openDatabase } from "../../adapters/database/open.ts"
import type { RequestId, WorkspaceId } from "../../src/core/domain.ts"
import { fold } from "../../src/core/fold.ts"
import { startPostgres, type TestPostgres } from "../harness/postgres.ts"
import { type BoardServer, startBoardServer } from "./board-server.ts"

const workspace = "board" as WorkspaceId
// Past every lease and permit of the killed process.
const later = "120000"
const atOnce = 2
let boards: BoardServer
let postgres: TestPostgres
let folder: string
beforeAll(async () => {
  boards = await startBoardServer()
  postgres = await startPostgres()
  folder = mkdtempSync(join(tmpdir(), "countersign-crash-"))
})
afterAll(async () => {
  await boards.close()
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
})

interface Ran {
  readonly signal: string | null
  readonly lines: { fact?: string; request?: string; digest?: string; points?: number }[]
  readonly errors: string
}
function run(...args: string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", join(import.meta.dirname, "walker.ts"), ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      // Some three hundred short processes: what the first compiled, the others take over.
      env: { ...process.env, NODE_COMPILE_CACHE: join(folder, "compiled") },
    })
    let out = ""
    let errors = ""
    child.stdout.on("data", (b: Buffer) => {
      out += b.toString()
    })
    child.stderr.on("data", (b: Buffer) => {
      errors += b.toString()
    })
    child.on("close", (_code, signal) =>
      resolve({
        signal,
        lines: out
          .split("\n")
          .filter(Boolean)
          .map((l) => JSON.parse(l)),
        errors,
      }),
    )
  })
}

/** One kill, one restart, and what the ledger and the board say then. */
async function killAt(point: number, where: string, name: string): Promise<Ran> {
  const killed = await run(where, `${boards.url}/${name}`, String(point), "0", "walk")
  if (killed.signal !== "SIGKILL") return killed
  const recovered = await run(where, `${boards.url}/${name}`, "0", later, "recover")
  expect({ point, errors: recovered.errors, signal: recovered.signal }).toEqual({ point, errors: "", signal: null })
  const ledger = await openLedger(
    await openDatabase(where.startsWith("postgres") ? { kind: "postgres", url: where } : { kind: "sqlite", folder: where }),
    Date,
  )
  try {
    const board = boards.boardOf(name)
    const heads = await ledger.heads({ workspace })
    expect(heads.length).toBeLessThanOrEqual(1)
    const stream = heads[0]?.stream as RequestId | undefined
    const entries = stream === undefined ? [] : await ledger.read({ workspace, stream })
    const kinds = entries.map((e) => e.fact.kind)
    for (const line of killed.lines)
      if (line.fact !== undefined) expect({ point, kinds }).toEqual({ point, kinds: expect.arrayContaining([line.fact]) })
    expect({ point, posts: board.posts.length }).toEqual({ point, posts: kinds.includes("posted") ? 1 : 0 })
    if (board.posts.length > 0) expect(kinds).toContain("approved")
    // Killed before the post arrived: the board reads consistently, so the outcome is known, and the person is asked anew.
    const state = fold(entries)
    if (kinds.includes("approved")) expect(state.at).toBe(kinds.includes("postingFailed") ? "drafted" : "posted")
    else if (entries.length > 0) expect(state.at).toBe("drafted")
  } finally {
    await ledger.close()
  }
  return killed
}

test("sixty-four approvals of one draft at once, through eight processes on PostgreSQL, are one approval and one post", async () => {
  const where = await postgres.database()
  const board = `${boards.url}/crowd`
  const drafted = await run(where, board, "0", "0", "draft")
  expect(drafted.errors).toBe("")
  const [asked, card] = drafted.lines
  // Time enough for eight processes to start on a small machine.
  const together = String(Date.now() + 4_000)
  const click = () => run(where, board, "0", "0", "approve", asked?.request ?? "", card?.digest ?? "", together)
  const clicks = await Promise.all(Array.from({ length: 8 }, click))
  expect(clicks.map((c) => [c.errors, c.lines[0]])).toEqual(Array.from({ length: 8 }, () => ["", { refused: 0 }]))
  expect(boards.boardOf("crowd").posts).toHaveLength(1)
  const ledger = await openLedger(await openDatabase({ kind: "postgres", url: where }), Date)
  try {
    const [head] = await ledger.heads({ workspace })
    const kinds = (await ledger.read({ workspace, stream: head?.stream as RequestId })).map((e) => e.fact.kind)
    expect(kinds.filter((k) => ["approved", "postingBegun", "posted"].includes(k))).toEqual(["approved", "postingBegun", "posted"])
  } finally {
    await ledger.close()
  }
}, 120_000)

describe.each(["sqlite", "postgres"] as const)("on %s", (dialect) => {
  test("killed at every await of the walk, then restarted", async () => {
    const where = async (n: number) => (dialect === "sqlite" ? join(folder, `s${n}`) : postgres.database())
    const whole = await run(await where(0), `${boards.url}/${dialect}-0`, "0", "0", "walk")
    expect(whole.errors).toBe("")
    const points = whole.lines.at(-1)?.points ?? 0
    expect(points).toBeGreaterThan(40)
    expect(boards.boardOf(`${dialect}-0`).posts).toHaveLength(1)
    const left = Array.from({ length: points }, (_, i) => i + 1)
    let killed = 0
    const work = async () => {
      for (let point = left.shift(); point !== undefined; point = left.shift()) {
        if ((await killAt(point, await where(point), `${dialect}-${point}`)).signal === "SIGKILL") killed += 1
      }
    }
    await Promise.all(Array.from({ length: atOnce }, work))
    // The order of concurrent reads may differ by a few from run to run; nearly every point must have been a death.
    expect(killed).toBeGreaterThan(points * 0.9)
  }, 600_000)
})
