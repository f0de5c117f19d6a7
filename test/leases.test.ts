// Leases of an embedded ledger's one server: they keep two steps of it apart, and do not outlive it.
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, expect, test } from "@jest/globals"
import { openLedger } from "../adapters/database/ledger.ts"
import { openDatabase } from "../adapters/database/open.ts"
import type { Ledger } from "../src/core/ports.ts"
import { asked, request, write } from "./harness/history.ts"

const folder = mkdtempSync(join(tmpdir(), "countersign-leases-"))
const opened: Ledger[] = []
async function open(working: "alone" | "beside others"): Promise<Ledger> {
  const ledger = await openLedger(await openDatabase({ kind: "sqlite", folder }, { working }), { now: () => 1_000 })
  opened.push(ledger)
  return ledger
}
afterEach(async () => {
  for (const ledger of opened) await ledger.close()
  rmSync(folder, { recursive: true, force: true })
})

test("the next server takes over at once what a killed one had leased, and also what one had leased beside others", async () => {
  const shared = await open("beside others")
  await write(shared, request("r"), asked())
  await write(shared, request("s"), asked())
  const claim = { now: 1_000, ttlMs: 30_000, limit: 10 }
  expect(await shared.lease(request("s"), { ...claim, owner: "before" })).toBe("yours")

  const killed = await open("alone")
  expect(await killed.claim({ ...claim, owner: "killed" })).toHaveLength(2)
  expect(await killed.claim({ ...claim, owner: "killed" })).toEqual([])
  expect(await killed.lease(request("r"), { ...claim, owner: "somebody else here" })).toBe("taken")

  const next = await open("alone")
  expect(await next.claim({ ...claim, owner: "next" })).toHaveLength(2)
})
