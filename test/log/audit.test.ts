// An audit of a ledger that somebody with every right on the database has changed: it names the first entry that disagrees.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals"
import { sql } from "kysely"
import { encode, leafOf } from "../../adapters/database/encode.ts"
import type { RequestId } from "../../src/core/domain.ts"
import type { Fact, StreamKey } from "../../src/core/facts.ts"
import { type AuditReport, verify } from "../../src/flow/audit.ts"
import { createCheckpoints } from "../../src/flow/checkpoint.ts"
import { anna, approved, begun, digest, door, drafted, posted, request, resumed, stopped, system, workspace } from "../harness/history.ts"
import { type Opened, type Store, stores, useStores } from "../harness/ledgers.ts"
import { testSigner } from "../harness/signers.ts"
import { makeWalk, silentLog, type Walk } from "../harness/walk.ts"

const signer = testSigner("Ed25519")
const opens = useStores()

describe.each(stores)("audit: %s", (store: Store) => {
  let opened: Opened
  let walk: Walk
  let folder: string
  let first: RequestId
  let checkpoint: () => Promise<void>
  const audit = (keys = [signer.publicKey]): Promise<AuditReport> => verify({ ledger: opened.ledger, folder, keys, guardProblem: null })
  const run = (statement: string) => sql.raw(statement).execute(opened.database.db)

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "countersign-audit-"))
    opened = await (await opens.place(store)).open()
    walk = makeWalk(opened.ledger)
    checkpoint = createCheckpoints({ ledger: opened.ledger, signer, folder, origin: "example.com", log: silentLog }).flush
    first = await walk.ask()
    await walk.decide(first, { act: "edit", text: "A better answer." })
    await walk.decide(first, { act: "approve" })
    await checkpoint()
    const second = await walk.ask(undefined, "g2")
    await walk.decide(second, { act: "approve" })
    await checkpoint()
  })
  afterEach(async () => {
    await walk.flow.stop()
    await opened.ledger.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** As the owner of the database could: the guard is taken off first. */
  async function unguard(): Promise<void> {
    if (store === "postgres") await run("alter table entry disable trigger all")
    else for (const name of ["no_update", "no_delete", "next", "approved", "posting"]) await run(`drop trigger entry_${name}`)
  }
  async function rowAt(seq: number) {
    const [row] = await opened.ledger.entries(workspace("board"), seq, 1)
    if (row === undefined) throw new Error("no such entry")
    return row
  }
  /** Writes past guard and fold, with the version, leaf number and hash that a forger would give it. */
  async function forge(key: StreamKey, fact: Fact, actor = system): Promise<void> {
    const version = (await opened.ledger.read(key)).length + 1
    const size = (await opened.ledger.sizes()).find((s) => s.workspace === key.workspace)?.size ?? 0
    const row = { ...encode(key, version, actor, 1_000, fact).row, seq: size }
    await opened.database.db.withTables<{ entry: Record<string, string | number | null> }>().insertInto("entry").values(row).execute()
  }
  async function rewrite(seq: number, change: (fact: string) => string, leaf: "with its leaf" | "alone"): Promise<void> {
    const row = await rowAt(seq)
    const fact = change(row.fact)
    const set = leaf === "with its leaf" ? `, leaf = '${leafOf(fact)}'` : ""
    // Checks of PostgreSQL hold for an owner too, until they drop them.
    if (store === "postgres") await run("alter table entry drop constraint if exists entry_leaf, drop constraint if exists entry_tied")
    await run(`update entry set fact = '${fact}'${set} where workspace = 'board' and seq = ${seq}`)
  }

  test("a ledger that nobody touched is whole, and everything was looked at", async () => {
    const [board] = await opened.ledger.sizes()
    expect(await audit()).toEqual({ ok: true, workspaces: 1, entries: board?.size, checkpoints: 2, texts: 8, erased: 0, findings: [] })
  })
  test("without checkpoints too", async () => {
    expect(await verify({ ledger: opened.ledger, folder: join(folder, "none"), keys: [], guardProblem: null })).toMatchObject({
      ok: true,
      checkpoints: 0,
    })
  })

  test.each([
    ["with its leaf" as const, "is not the one that was checkpointed"],
    ["alone" as const, "is not the one that was checkpointed"],
  ])("an entry that was changed (%s) is named", async (leaf, what) => {
    await unguard()
    await rewrite(3, (fact) => fact.replace(/"at":\d+/, '"at":5'), leaf)
    const row = await rowAt(3)
    expect(await audit()).toMatchObject({
      ok: false,
      findings: [{ workspace: "board", seq: 3, stream: row.stream, version: row.version, what: expect.stringContaining(what) }],
    })
  })
  test("… also when the file of leaves is gone: the signed root says between which entries", async () => {
    await unguard()
    await rewrite(3, (fact) => fact.replace(/"at":\d+/, '"at":5'), "with its leaf")
    rmSync(join(folder, "board/leaves"))
    const report = await audit()
    expect(report.findings).toHaveLength(1)
    expect(report.findings[0]?.what).toMatch(/One of the entries 0 to \d+ is not what was signed/)
  })
  test("… also after the last checkpoint, when its leaf was left", async () => {
    await walk.ask(undefined, "g3")
    await unguard()
    const [board] = await opened.ledger.sizes()
    const last = (board?.size ?? 0) - 1
    await rewrite(last, (fact) => fact.replace(/"at":\d+/, '"at":5'), "alone")
    expect(await audit()).toMatchObject({ ok: false, findings: [{ seq: last, what: expect.stringContaining("not the hash of its fact") }] })
  })
  test.each([
    ["actor", "'p_other'", "approved"],
    ["place", "'t2'", "approved"],
    ["digest", "'other'", "approved"],
    ["needs", "9", "drafted"],
    ["epoch", "7", "approved"],
    ["attempt", "'other'", "posted"],
  ])("a column %s that the guard reads and that says other than its fact is named", async (column, value, kind) => {
    await unguard()
    await run(store === "postgres" ? "alter table entry drop constraint entry_tied" : "pragma ignore_check_constraints = on")
    await run(`update entry set ${column} = ${value} where workspace = 'board' and kind = '${kind}'`)
    const { ok, findings } = await audit()
    expect(ok).toBe(false)
    expect(findings).toMatchObject([{ what: `This entry says another ${column} than its column, which the guard reads.` }])
    expect((await rowAt(findings[0]?.seq ?? -1)).kind).toBe(kind)
  })
  test("two entries that changed places are named at the first", async () => {
    await unguard()
    await run("update entry set seq = 1002 where workspace = 'board' and seq = 2")
    await run("update entry set seq = 2 where workspace = 'board' and seq = 5")
    await run("update entry set seq = 5 where workspace = 'board' and seq = 1002")
    expect(await audit()).toMatchObject({ ok: false, findings: [{ seq: 2 }] })
  })
  test("an entry that was deleted is named", async () => {
    await unguard()
    await run("delete from entry where workspace = 'board' and seq = 4")
    expect(await audit()).toMatchObject({ ok: false, findings: [{ seq: 4, stream: null, what: "Entry 4 is missing: 5 is the next." }] })
  })
  test("… also the last ones, and the whole workspace", async () => {
    await unguard()
    await run("delete from entry where workspace = 'board' and seq >= 10")
    expect(await audit()).toMatchObject({ ok: false, findings: [{ seq: 10, what: expect.stringContaining("Entry 10 is missing") }] })
    await run("delete from entry")
    expect(await audit()).toMatchObject({ ok: false, findings: [{ workspace: "board", seq: 0 }] })
  })
  test("a post that nobody approved is named", async () => {
    await unguard()
    const key = request("forged", "board")
    await forge(key, { kind: "asked", purpose: "answer", platform: "board", place: "t1", thread: null, message: "q9" }, anna)
    await forge(key, drafted("d"))
    await forge(key, begun("d", "a9"))
    expect(await audit()).toMatchObject({
      ok: false,
      findings: [{ stream: "forged", version: 3, what: "This entry begins a post with fewer than 1 approvals that held." }],
    })
  })
  test.each<[string, readonly Fact[], string]>([
    ["an approval from before a stop", [], "fewer than 1 approvals that held"],
    ["an approval for an epoch that never was", [approved("d", { epoch: 7 })], "for epoch 7, which was not then"],
  ])("a post on %s is named", async (_what, more, what) => {
    await unguard()
    const key = request("forged", "board")
    await forge(key, { kind: "asked", purpose: "answer", platform: "board", place: "t1", thread: null, message: "q9" }, anna)
    await forge(key, drafted("d"))
    if (more.length === 0) {
      await forge(key, approved("d"), anna)
      for (const fact of [stopped(), resumed()]) await forge(door("board"), fact, anna)
    }
    for (const fact of more) await forge(key, fact, anna)
    await forge(key, begun("d", "a9"))
    expect((await audit()).findings[0]).toMatchObject({ stream: "forged", what: expect.stringContaining(what) })
  })
  test.each<[string, readonly (readonly [string, Fact])[], number, string]>([
    ["the workspace", [["board", stopped()]], 1, "is an approval while a stop stood"],
    ["the place", [["board", stopped("t1")]], 1, "is an approval while a stop stood"],
    ["the installation", [["*", stopped()]], 1, "is an approval while the installation was stopped"],
    [
      "the installation, again",
      [
        ["*", stopped()],
        ["*", resumed()],
        ["*", stopped()],
      ],
      2,
      "is an approval while the installation was stopped",
    ],
  ])("an approval during a stop of %s is named", async (_of, doors, epoch, what) => {
    await unguard()
    const key = request("forged", "board")
    await forge(key, { kind: "asked", purpose: "answer", platform: "board", place: "t1", thread: null, message: "q9" }, anna)
    await forge(key, drafted("d"))
    for (const [at, fact] of doors) await forge(door(at), fact, anna)
    await forge(key, approved("d", { epoch }), anna)
    expect((await audit()).findings[0]).toMatchObject({ stream: "forged", version: 3, what: `This entry ${what}.` })
  })
  test("a post that begins during a stop is named", async () => {
    await unguard()
    const key = request("forged", "board")
    await forge(key, { kind: "asked", purpose: "answer", platform: "board", place: "t1", thread: null, message: "q9" }, anna)
    await forge(key, drafted("d"))
    await forge(key, approved("d"), anna)
    await forge(door("board"), stopped("t1"), anna)
    await forge(key, begun("d", "a9"))
    expect((await audit()).findings[0]).toMatchObject({ stream: "forged", what: "This entry begins a post while a stop stood." })
  })
  test("a history that cannot be is named", async () => {
    await unguard()
    await forge({ workspace: workspace("board"), stream: first }, posted("a9"))
    expect((await audit()).findings[0]).toMatchObject({ stream: first, what: expect.stringContaining("posted cannot follow posted") })
  })
  test("a text that was changed is named by an entry that names it", async () => {
    await run(`update body set text = salt where ref = (select digest from entry where kind = 'drafted' and seq < 5 limit 1)`)
    const named = (await opened.ledger.read({ workspace: workspace("board"), stream: first })).find((e) => e.fact.kind === "drafted")
    expect(await audit()).toMatchObject({ ok: false, findings: [{ seq: named?.seq, what: expect.stringContaining("does not match its digest") }] })
  })
  test("a text that was taken away without an erasure is named", async () => {
    await run("delete from body where ref = (select digest from entry where kind = 'drafted' and seq < 5 limit 1)")
    expect((await audit()).findings[0]).toMatchObject({ stream: first, what: expect.stringContaining("tells of no erasure") })
  })
  test("a text that was erased is told by the log", async () => {
    const [ref] = (await opened.ledger.read({ workspace: workspace("board"), stream: first })).flatMap((e) =>
      e.fact.kind === "drafted" ? [e.fact.digest] : [],
    )
    await opened.ledger.erase({ workspace: workspace("board"), bodies: [ref ?? digest("")], people: [], actor: system })
    expect(await audit()).toMatchObject({ ok: true, erased: 1 })
  })
  test("a checkpoint of somebody else's key, or of another workspace, is named", async () => {
    expect((await audit([testSigner("Ed25519").publicKey])).findings[0]?.what).toMatch(/The checkpoint of size \d+ is not ours/)
    const [board] = await opened.ledger.sizes()
    const name = `${String(board?.size).padStart(12, "0")}.note`
    const note = readFileSync(join(folder, "board", name), "utf8")
    writeFileSync(join(folder, "board", name), note.replace("\n\n", "\nextra\n\n"))
    expect((await audit()).findings[0]?.what).toMatch(/is not ours/)
  })
})
