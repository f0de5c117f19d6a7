// Checkpoints follow the ledger, survive being cut short, and never contradict an earlier one.
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "@jest/globals"
import type { Ledger } from "../../src/core/ports.ts"
import { type Checkpoints, createCheckpoints } from "../../src/flow/checkpoint.ts"
import { openCheckpoint } from "../../src/label/note.ts"
import { asked, door, request, stopped, workspace, write } from "../harness/history.ts"
import { freshLedger, useStores } from "../harness/ledgers.ts"
import { testSigner } from "../harness/signers.ts"
import { silentLog } from "../harness/walk.ts"

const signer = testSigner("Ed25519")
const stores = useStores()
let folder: string
let ledger: Ledger
const checkpointsOf = (l: Ledger): Checkpoints => createCheckpoints({ ledger: l, signer, folder, origin: "example.com", log: silentLog })
const names = (ws = "w") => readdirSync(join(folder, ws)).sort()
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "countersign-checkpoints-"))
  ledger = await freshLedger()
})
afterEach(async () => {
  await ledger.close()
  rmSync(folder, { recursive: true, force: true })
})

test("each workspace gets a signed note of its size, and its leaves", async () => {
  const checkpoints = checkpointsOf(ledger)
  await write(ledger, request("r"), asked(), { kind: "cancelled" })
  await write(ledger, request("r", "*"), asked())
  await checkpoints.flush()
  expect(readdirSync(folder).sort()).toEqual(["%2A", "w"])
  expect(names()).toEqual(["000000000002.note", "leaves"])
  const note = await openCheckpoint(readFileSync(join(folder, "w/000000000002.note"), "utf8"), [signer.publicKey])
  expect(note).toMatchObject({ origin: "example.com/w", size: 2 })
  const leaves = (await ledger.entries(workspace("w"), 0, 9)).map((e) => e.leaf).join("")
  expect(readFileSync(join(folder, "w/leaves")).toString("hex")).toBe(leaves)
})
test("nothing is signed anew when nothing was written", async () => {
  const checkpoints = checkpointsOf(ledger)
  await write(ledger, request("r"), asked())
  await checkpoints.flush()
  await checkpoints.flush()
  expect(names()).toEqual(["000000000001.note", "leaves"])
})
test("a later process goes on where an earlier one ended", async () => {
  await write(ledger, request("r"), asked())
  await checkpointsOf(ledger).flush()
  await write(ledger, request("s"), asked())
  await checkpointsOf(ledger).flush()
  expect(names()).toEqual(["000000000001.note", "000000000002.note", "leaves"])
})
test.each([
  ["cut short", (path: string) => truncateSync(path, 40)],
  ["lost", (path: string) => rmSync(path)],
  ["damaged", (path: string) => writeFileSync(path, Buffer.alloc(96))],
])("leaves that were %s are made again when the ledger still agrees with the note", async (_how, harm) => {
  await write(ledger, request("r"), asked(), { kind: "cancelled" })
  await write(ledger, request("s"), asked())
  await checkpointsOf(ledger).flush()
  const before = readFileSync(join(folder, "w/leaves"))
  harm(join(folder, "w/leaves"))
  await write(ledger, request("t"), asked())
  await checkpointsOf(ledger).flush()
  expect(readFileSync(join(folder, "w/leaves")).subarray(0, 96).equals(before)).toBe(true)
  expect(names()).toContain("000000000004.note")
})
test("an older backup is not signed for, neither while it is shorter nor when it has grown past the checkpoint", async () => {
  const place = await stores.place("sqlite")
  const from = place.where.kind === "sqlite" ? join(place.where.folder, "countersign.sqlite") : ""
  const first = (await place.open()).ledger
  await write(first, request("r"), asked())
  await first.close()
  copyFileSync(from, join(folder, "backup"))
  const second = (await place.open()).ledger
  await write(second, request("r"), { kind: "cancelled" })
  await checkpointsOf(second).flush()
  await second.close()
  copyFileSync(join(folder, "backup"), from)
  rmSync(join(folder, "backup"))

  const restored = (await place.open()).ledger
  const checkpoints = checkpointsOf(restored)
  await expect(checkpoints.flush()).rejects.toThrow(/entry 1: it is missing\. Was an older backup restored/)
  await write(restored, request("s"), asked(), { kind: "cancelled" })
  await expect(checkpoints.flush()).rejects.toThrow(/entry 1: it is another one/)
  expect(names()).toEqual(["000000000002.note", "leaves"])
  await restored.close()
})
test("one workspace's contradiction keeps no other from being signed", async () => {
  await write(ledger, request("r"), asked())
  await checkpointsOf(ledger).flush()
  const other = await freshLedger()
  await write(other, request("r", "v"), asked())
  await expect(checkpointsOf(other).flush()).rejects.toMatchObject({ code: "checkpoint-contradicted" })
  expect(names("v")).toEqual(["000000000001.note", "leaves"])
  await other.close()
})
test("a workspace's name cannot climb out of the folder", async () => {
  await write(ledger, request("r", "../../x"), asked())
  await checkpointsOf(ledger).flush()
  expect(readdirSync(folder)).toEqual(["%2E%2E%2F%2E%2E%2Fx"])
})
test("many at once write each note once and whole", async () => {
  const checkpoints = checkpointsOf(ledger)
  for (let i = 0; i < 20; i++) {
    await write(ledger, request(`r${i}`), asked())
    checkpoints.milestone()
    void checkpoints.flush()
  }
  await checkpoints.flush()
  for (const name of names().filter((n) => n.endsWith(".note"))) {
    await openCheckpoint(readFileSync(join(folder, "w", name), "utf8"), [signer.publicKey])
  }
  expect(names().at(-2)).toBe("000000000020.note")
})
test("a stop that another process wrote is signed by the server that hears of it", async () => {
  const place = await stores.place("sqlite")
  const [server, beside] = [await place.open(), await place.open()]
  const over = new AbortController()
  const following = checkpointsOf(server.ledger).followDoors(over.signal)
  await write(beside.ledger, door(), stopped())
  while (!existsSync(join(folder, "w/000000000001.note"))) await new Promise((r) => setTimeout(r, 5))
  over.abort()
  await following
})
