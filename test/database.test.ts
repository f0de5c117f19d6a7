// What a database does when processes start, meet, fill its disk, lose it, or die.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { afterEach, describe, expect, test } from "@jest/globals"
import { sql } from "kysely"
import { Client } from "pg"
import { cureOf } from "../adapters/database/faults.ts"
import { openLedger } from "../adapters/database/ledger.ts"
import { FolderInUse, lockFolder } from "../adapters/database/lock.ts"
import { openDatabase } from "../adapters/database/open.ts"
import { LedgerUnavailable } from "../src/core/ports.ts"
import { type Other, start } from "./database/processes.ts"
import { anna, append, approved, asked, door, drafted, request, seal, stopped, workspace, write } from "./harness/history.ts"
import { stores, useStores } from "./harness/ledgers.ts"

const opens = useStores()
const others: Other[] = []
const folders: string[] = []
afterEach(async () => {
  await Promise.all(others.splice(0).map((o) => o.kill()))
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})
const process_ = (...args: Parameters<typeof start>): Other => {
  const other = start(...args)
  others.push(other)
  return other
}
const newFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), "countersign-database-"))
  folders.push(folder)
  return folder
}
const w = workspace("w")

describe.each(stores)("processes on one ledger: %s", (store) => {
  test("several may start at once on a new one: it is set up once, and all write", async () => {
    const place = await opens.place(store)
    const all = ["a", "b", "c"].map((prefix) => process_("writer", JSON.stringify(place.where), prefix, "5"))
    await Promise.all(all.map((o) => o.ended()))
    const { ledger } = await place.open()
    expect((await ledger.entries(w, 0, 99)).map((e) => e.seq)).toEqual(Array.from({ length: 15 }, (_, i) => i))
  })
  test("what was acknowledged before a kill is there afterwards", async () => {
    const place = await opens.place(store)
    const { ledger: setUp } = await place.open()
    await setUp.close()
    const writer = process_("writer", JSON.stringify(place.where), "r", "forever")
    await writer.printed(50)
    await writer.kill()
    const { ledger } = await place.open()
    const there = new Set((await ledger.entries(w, 0, 100_000)).map((e) => e.stream as string))
    expect(writer.lines.length).toBeGreaterThanOrEqual(50)
    expect(writer.lines.filter((name) => !there.has(name))).toEqual([])
    expect(await ledger.append(append(request("after"), 0, asked()))).not.toBe("conflict")
  })
  test("a follower hears of what another process writes", async () => {
    const place = await opens.place(store)
    const { ledger } = await place.open()
    const heard = new Set<string>()
    const over = new AbortController()
    const following = (async () => {
      for await (const key of ledger.follow(over.signal)) {
        heard.add(key.stream)
        if (heard.size === 10) over.abort()
      }
    })()
    await process_("writer", JSON.stringify(place.where), "r", "10").ended()
    await following
    expect([...heard].sort()).toEqual(Array.from({ length: 10 }, (_, i) => `r${i}`))
  })
  test("a program that knows fewer adapters may open it", async () => {
    const place = await opens.place(store)
    const database = await openDatabase(place.where, { migrations: () => ({ forum_001_topics: { up: async () => undefined } }) })
    await database.close()
    const { ledger } = await place.open()
    await expect(ledger.sizes()).resolves.toEqual([])
  })
})

describe.each(stores)("a database whose guard is not whole: %s", (store) => {
  const changes: readonly (readonly [string, Record<typeof store, string>])[] = [
    ["a trigger is gone", { sqlite: "drop trigger entry_posting", postgres: "drop trigger entry_guard on entry" }],
    ["entries may be changed", { sqlite: "drop trigger entry_no_update", postgres: "alter table entry disable trigger entry_no_update" }],
    ["two attempts may have one name", { sqlite: "drop index entry_attempt", postgres: "drop index entry_attempt" }],
    [
      "the guard asks nothing",
      {
        sqlite: "drop trigger entry_approved; create trigger entry_approved before insert on entry begin select 1; end",
        postgres: "create or replace function entry_guard() returns trigger language plpgsql as $$ begin return new; end $$",
      },
    ],
    [
      "a check is gone",
      {
        sqlite: "create table copy as select * from entry; drop table entry; alter table copy rename to entry",
        postgres: "alter table entry drop constraint entry_person",
      },
    ],
  ]
  test.each(changes)("no server starts when %s; a stop still works", async (_what, statements) => {
    const place = await opens.place(store)
    const { database } = await place.open()
    for (const statement of store === "sqlite" ? statements.sqlite.split(/(?<!1); /) : [statements.postgres])
      await sql.raw(statement).execute(database.db)
    await expect(place.open()).rejects.toMatchObject({ code: "guard-missing" })
    await expect(openDatabase(place.where, { working: "alone" })).rejects.toMatchObject({ code: "guard-missing" })
    const beside = await openLedger(await openDatabase(place.where, { working: "beside others" }), { now: () => 1_000 })
    expect(await beside.append(append(door(), "any", stopped()))).not.toBe("conflict")
    await beside.close()
  })
})

describe("the embedded database", () => {
  test("a second server on one folder is refused with a sentence; a killed one frees it", async () => {
    const folder = newFolder()
    const holder = process_("holder", folder)
    await holder.printed(1)
    expect(() => lockFolder(folder)).toThrow(FolderInUse)
    expect(() => lockFolder(folder)).toThrow(
      `Another Countersign server is using ${folder}. Stop it first, or set COUNTERSIGN_DATA to another folder.`,
    )
    await holder.kill()
    const lock = lockFolder(folder)
    expect(() => lockFolder(folder)).toThrow(FolderInUse)
    lock.release()
    lockFolder(folder).release()
  })
  test("a folder that cannot be used is told with its cure", () => {
    const folder = newFolder()
    // A folder in place of the file: what a user who may not write sees, and what root sees too.
    mkdirSync(join(folder, "server.lock"))
    expect(() => lockFolder(folder)).toThrow("The database cannot be written. Give this user the right to write the data folder")
  })
  test("a full disk is told as such, changes nothing, and is over when there is room again", async () => {
    const { ledger, database } = await (await opens.place("sqlite")).open()
    await write(ledger, request("r"), asked())
    const pages = (await sql<{ page_count: number }>`pragma page_count`.execute(database.db)).rows[0]?.page_count ?? 0
    await sql.raw(`pragma max_page_count = ${pages}`).execute(database.db)
    let written = 0
    const fill = async () => {
      for (; ; written++) await ledger.append(append(request(`s${written}`), 0, asked({ message: "m".repeat(500) })))
    }
    await expect(fill()).rejects.toThrow(LedgerUnavailable)
    await expect(ledger.append(append(request("t"), 0, asked({ message: "m".repeat(500) })))).rejects.toThrow(
      "The disk is full, so nothing was written.",
    )
    expect(await ledger.read(request("t"))).toEqual([])
    await sql.raw("pragma max_page_count = 1000000").execute(database.db)
    expect(await ledger.append(append(request("t"), 0, asked()))).not.toBe("conflict")
    expect(await ledger.sizes()).toEqual([{ workspace: "w", size: written + 2 }])
  })
  test("another program's transaction is waited for, and the process goes on meanwhile", async () => {
    const place = await opens.place("sqlite")
    const { ledger } = await place.open()
    const folder = place.where.kind === "sqlite" ? place.where.folder : ""
    const other = new DatabaseSync(join(folder, "countersign.sqlite"))
    other.exec("begin immediate")
    const order: string[] = []
    const appended = ledger.append(append(request("r"), 0, asked())).then(() => void order.push("appended"))
    // A timer can only fire if the append does not hold the process.
    await new Promise((go) => setTimeout(go, 1))
    order.push("released")
    other.exec("commit")
    other.close()
    await appended
    expect(order).toEqual(["released", "appended"])
  })
  test("what was erased is in none of its files", async () => {
    const place = await opens.place("sqlite")
    const { ledger } = await place.open()
    const text = seal("zebra crossing ".repeat(50))
    await ledger.append({ ...append(request("r"), 0, asked()), bodies: [text] })
    const folder = place.where.kind === "sqlite" ? place.where.folder : ""
    const holds = () => readdirSync(folder).filter((name) => readFileSync(join(folder, name)).includes("zebra crossing"))
    expect(holds()).not.toEqual([])
    await ledger.erase({ workspace: w, bodies: [text.ref], people: [], actor: anna })
    expect(holds()).toEqual([])
  })
})

describe("a PostgreSQL server", () => {
  test("the server's own role can add to the log, and neither change it nor take off its guard", async () => {
    const server = await opens.postgres()
    const ownerUrl = await server.database()
    await server.run(ownerUrl, "create role app login; create role owner login; grant all on schema public to owner")
    const url = ownerUrl.replace("postgres@", "app@")
    const told: string[] = []
    const where = { kind: "postgres", url, ownerUrl: ownerUrl.replace("postgres@", "owner@") } as const
    const ledger = await openLedger(await openDatabase(where, { warn: (words) => void told.push(words) }), { now: () => 1_000 })
    await write(ledger, request("r"), asked(), drafted("d"), approved("d"))
    await write(ledger, door(), stopped())
    expect(await ledger.claim({ now: 1_000, owner: "a", ttlMs: 10, limit: 5 })).toHaveLength(1)
    await ledger.erase({ workspace: w, bodies: [], people: [anna], actor: anna })
    expect(told).toEqual([])
    const app = new Client({ connectionString: url })
    await app.connect()
    for (const attack of [
      "update entry set actor = 'x'",
      "delete from entry",
      "truncate entry",
      "drop trigger entry_guard on entry",
      "alter table entry disable trigger all",
      "set session_replication_role = replica",
      "create or replace function entry_guard() returns trigger language plpgsql as $$ begin return new; end $$",
      "drop table entry",
    ])
      await expect(app.query(attack)).rejects.toThrow(/permission denied|must be owner/)
    await app.end()
    await ledger.close()
    const again = await openLedger(await openDatabase({ kind: "postgres", url }), { now: () => 1_000 })
    expect(await again.read(request("r"))).toHaveLength(3)
    await again.close()
  })
  test("a role that owns the tables is warned of once", async () => {
    const told: string[] = []
    const url = await (await opens.postgres()).database()
    const database = await openDatabase({ kind: "postgres", url }, { warn: (words) => void told.push(words) })
    await database.close()
    expect(told).toEqual([expect.stringContaining("could remove their guard")])
  })
  test("lost connections are told as such, and the next append finds new ones; a follower misses nothing", async () => {
    const server = await opens.postgres()
    const place = await opens.place("postgres")
    const url = place.where.kind === "postgres" ? place.where.url : ""
    const { ledger } = await place.open()
    const { ledger: other } = await place.open()
    const over = new AbortController()
    const heard = new Set<string>()
    const first = Promise.withResolvers<void>()
    const following = (async () => {
      for await (const key of ledger.follow(over.signal)) {
        heard.add(key.stream)
        first.resolve()
        if (heard.has("second")) over.abort()
      }
    })()
    await write(other, request("first"), asked())
    await first.promise
    await server.run(url, "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()")
    const tried = async (): Promise<unknown> => other.append(append(request("second"), 0, asked())).catch((fault: unknown) => fault)
    let answer = await tried()
    while (answer instanceof Error) {
      expect(answer).toBeInstanceOf(LedgerUnavailable)
      answer = await tried()
    }
    await following
    expect(heard).toContain("second")
  })
  test("a connection that breaks in the middle of a transaction fails that transaction, and nothing else", async () => {
    const server = await opens.postgres()
    const place = await opens.place("postgres")
    const url = place.where.kind === "postgres" ? place.where.url : ""
    const { database } = await place.open()
    const ask = sql<{ pid: number }>`select pg_backend_pid() as pid`
    const broken = database.db.transaction().execute(async (tx) => {
      const { rows } = await ask.execute(tx)
      await server.run(url, `select pg_terminate_backend(${rows[0]?.pid})`)
      // Until the word of its end has come.
      for (;;) await ask.execute(tx)
    })
    expect(cureOf(await broken.catch((fault: unknown) => fault))).toContain("The connection to PostgreSQL was lost or refused.")
    expect((await ask.execute(database.db)).rows).toHaveLength(1)
  })
  test("a server that cannot be reached is told in a sentence", async () => {
    const url = `postgres://nobody@${encodeURIComponent(newFolder())}/none`
    await expect(openDatabase({ kind: "postgres", url })).rejects.toThrow(
      "The connection to PostgreSQL was lost or refused. Check that the server runs and that DATABASE_URL is right.",
    )
  })
})
