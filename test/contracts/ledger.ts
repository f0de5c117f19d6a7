// What every ledger must do, whatever stores it. Runs on SQLite and on a real PostgreSQL.
import { beforeEach, describe, expect, test } from "@jest/globals"
import { leafOf } from "../../adapters/database/encode.ts"
import type { PersonId } from "../../src/core/domain.ts"
import { stored } from "../../src/core/facts.ts"
import { LedgerCorrupt } from "../../src/core/fold.ts"
import { GuardRefused, type Ledger } from "../../src/core/ports.ts"
import {
  anna,
  append,
  approved,
  asked,
  begun,
  bela,
  cardShown,
  digest,
  door,
  drafted,
  posted,
  request,
  resumed,
  seal,
  stopped,
  system,
  workspace,
  write,
} from "../harness/history.ts"
import type { Opened, Place } from "../harness/ledgers.ts"
import { findingContract } from "./ledger-finding.ts"

const w = workspace("w")
function refused(fault: unknown): "refused" {
  if (fault instanceof GuardRefused) return "refused"
  throw fault
}

export function ledgerContract(name: string, makePlace: () => Promise<Place>): void {
  describe(`ledger: ${name}`, () => {
    let place: Place
    let opened: Opened
    let ledger: Ledger
    let now = 1_000
    const clock = { now: () => now }
    beforeEach(async () => {
      now = 1_000
      place = await makePlace()
      opened = await place.open(clock)
      ledger = opened.ledger
    })

    describe("appending", () => {
      test("what was appended is read back, in order, with its place in stream and workspace", async () => {
        const entries = await ledger.append({ key: request("r"), after: 0, actor: anna, facts: [asked(), cardShown(anna)] })
        expect(entries).toEqual([
          { workspace: "w", stream: "r", version: 1, seq: 0, actor: anna, at: 1_000, fact: asked() },
          { workspace: "w", stream: "r", version: 2, seq: 1, actor: anna, at: 1_000, fact: cardShown(anna) },
        ])
        expect(await ledger.read(request("r"))).toEqual(entries)
        expect(await ledger.read(request("none"))).toEqual([])
      })
      test("a version that is taken is a conflict, and nothing is written: not the fact, not its text, not the person", async () => {
        await write(ledger, request("r"), asked(), drafted("d"))
        const text = seal("too late")
        const late = {
          ...append(request("r"), 1, drafted("e")),
          bodies: [text],
          people: [{ pseudonym: bela, person: "board:b" as PersonId, name: "B" }],
        }
        expect(await ledger.append(late)).toBe("conflict")
        expect(await ledger.read(request("r"))).toHaveLength(2)
        expect(await ledger.body(w, text.ref)).toBeNull()
        expect(await ledger.person(bela)).toBeNull()
      })
      test("a version that does not exist yet is a conflict", async () => {
        expect(await ledger.append(append(request("r"), 3, drafted("d")))).toBe("conflict")
      })
      test("asking the same twice is one request", async () => {
        const both = await Promise.all([ledger.append(append(request("r"), 0, asked())), ledger.append(append(request("r"), 0, asked()))])
        expect(both.filter((b) => b === "conflict")).toHaveLength(1)
      })
      test("of many who append at one version, one is written and the others are in conflict", async () => {
        await write(ledger, request("r"), asked(), drafted("d", { needs: 64 }))
        const people = Array.from({ length: 64 }, (_, i) => `p${i}` as typeof anna)
        const all = await Promise.all(people.map((p) => ledger.append(append(request("r"), 2, approved("d"), p))))
        expect(all.filter((a) => a !== "conflict")).toHaveLength(1)
        expect(await ledger.read(request("r"))).toHaveLength(3)
      })
      test("two who have it open at once never write the same version or the same leaf", async () => {
        const other = (await place.open(clock)).ledger
        await write(ledger, request("r"), asked())
        const all = await Promise.all([ledger, other, ledger, other].map((l, i) => l.append(append(request("r"), 1, drafted(`d${i}`)))))
        expect(all.filter((a) => a !== "conflict")).toHaveLength(1)
        await Promise.all(Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? ledger : other).append(append(request(`s${i}`), 0, asked()))))
        const log = await ledger.entries(w, 0, 1_000)
        expect(log.map((e) => e.seq)).toEqual(Array.from({ length: 42 }, (_, i) => i))
      })
      test("what one wrote, another who knew an older state cannot overwrite", async () => {
        const other = (await place.open(clock)).ledger
        await write(ledger, request("r"), asked(), drafted("d"))
        await write(other, request("r"), approved("d"))
        expect(await ledger.append(append(request("r"), 2, { kind: "declined", of: digest("d") }, anna))).toBe("conflict")
      })
      test("one caller's mistake is never another's: they may share a transaction", async () => {
        const impossible = append(request("x"), 0, posted("a"))
        const all = await Promise.allSettled([
          ledger.append(append(request("r"), 0, asked())),
          ledger.append(impossible),
          ledger.append(append(request("s"), 0, asked())),
        ])
        expect(all.map((a) => a.status)).toEqual(["fulfilled", "rejected", "fulfilled"])
        expect(await ledger.read(request("s"))).toHaveLength(1)
      })
      test("a fact that cannot follow is not written", async () => {
        await write(ledger, request("r"), asked())
        await expect(ledger.append(append(request("r"), 1, posted("a")))).rejects.toThrow(LedgerCorrupt)
        expect(await ledger.read(request("r"))).toHaveLength(1)
      })
      test("what no schema knows is left out of the log", async () => {
        await ledger.append(append(request("r"), 0, { ...asked(), text: "a secret" } as ReturnType<typeof asked>))
        expect((await ledger.entries(w, 0, 10))[0]?.fact).not.toContain("secret")
      })
      test("an entry whose names could not be read back is not written: it could never be taken out again", async () => {
        for (const name of ["a workspace", "", "w\n", "w".repeat(600)]) {
          await expect(ledger.append(append(door(name), "any", stopped()))).rejects.toThrow()
        }
        expect(await ledger.sizes()).toEqual([])
      })
      test("a text that does not match its digest is not taken", async () => {
        const forged = { ...seal("one"), text: "two" }
        await expect(ledger.append({ ...append(request("r"), 0, asked()), bodies: [forged] })).rejects.toThrow("does not match")
        expect(await ledger.read(request("r"))).toEqual([])
      })
    })

    describe("the log", () => {
      test("holds the canonical text of each entry and the hash of its leaf, workspace by workspace", async () => {
        await write(ledger, request("r"), asked(), drafted("d"))
        await write(ledger, request("r", "v"), asked())
        const log = await ledger.entries(w, 0, 10)
        expect(log.map((e) => [e.stream, e.version, e.seq, e.kind])).toEqual([
          ["r", 1, 0, "asked"],
          ["r", 2, 1, "drafted"],
        ])
        for (const e of log) {
          expect(e.leaf).toBe(leafOf(e.fact))
          expect(stored.parse(JSON.parse(e.fact))).toMatchObject({ workspace: "w", stream: "r", version: e.version, kind: e.kind })
        }
        expect(await ledger.entries(w, 1, 10)).toHaveLength(1)
        expect(await ledger.entries(w, 0, 1)).toHaveLength(1)
        expect(await ledger.sizes()).toEqual([
          { workspace: "v", size: 1 },
          { workspace: "w", size: 2 },
        ])
      })
      test("outlives the program: what was appended is there when it is opened again", async () => {
        await write(ledger, request("r"), asked())
        await ledger.close()
        const again = (await place.open(clock)).ledger
        expect(await again.read(request("r"))).toHaveLength(1)
        expect(await again.append(append(request("r"), 1, drafted("d")))).not.toBe("conflict")
      })
    })

    describe("the door", () => {
      test("takes facts at any version, and the guard obeys them", async () => {
        await write(ledger, request("r"), asked(), drafted("d"))
        await write(ledger, door(), stopped(), stopped())
        await expect(ledger.append(append(request("r"), 2, approved("d")))).rejects.toThrow(GuardRefused)
        await write(ledger, door(), resumed())
        await expect(ledger.append(append(request("r"), 2, approved("d", { epoch: 1 })))).rejects.toThrow("approval from before a stop")
        expect(await ledger.append(append(request("r"), 2, approved("d", { epoch: 2 })))).not.toBe("conflict")
        expect((await ledger.read(door())).map((e) => e.version)).toEqual([1, 2, 3])
      })
      test("no post begins inside a stop that was acknowledged, however many try, in whatever process", async () => {
        const processes = await Promise.all([0, 1, 2].map(async () => (await place.open(clock)).ledger))
        const stops: { acknowledged: number; over: number }[] = []
        const begins: { called: number; done: number }[] = []
        let over = false
        // What was done before what is all that counts here, so a counter is the clock.
        let tick = 0
        const poster = async (l: Ledger, name: string) => {
          for (let i = 0; !over; i++) {
            // The embedded database answers without leaving the event loop a turn.
            await new Promise((go) => setImmediate(go))
            const key = request(`${name}-${i}`)
            const epoch = [...(await l.read(door("*"))), ...(await l.read(door()))].filter((e) => e.fact.kind === "stopped").length
            await write(l, key, asked(), drafted("d"))
            if ((await l.append(append(key, 2, approved("d", { epoch }))).catch(refused)) === "refused") continue
            const called = tick++
            if ((await l.append(append(key, 3, begun("d", `${name}-${i}`))).catch(refused)) !== "refused") begins.push({ called, done: tick++ })
          }
        }
        const stopper = async () => {
          for (let i = 0; i < 12; i++) {
            const scope = door(i % 2 === 0 ? "*" : "w")
            await write(ledger, scope, stopped())
            const acknowledged = tick++
            for (let n = 0; n < 5; n++) await new Promise((go) => setImmediate(go))
            stops.push({ acknowledged, over: tick++ })
            await write(ledger, scope, resumed())
            const before = begins.length
            while (begins.length === before) await new Promise((go) => setImmediate(go))
          }
          over = true
        }
        await Promise.all([stopper(), ...processes.flatMap((l, i) => [poster(l, `p${i}a`), poster(l, `p${i}b`)])])
        expect(begins.length).toBeGreaterThanOrEqual(12)
        expect(begins.filter((b) => stops.some((s) => b.called > s.acknowledged && b.done < s.over))).toEqual([])
      })
      test("many stops at once are all written", async () => {
        const other = (await place.open(clock)).ledger
        await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 ? ledger : other).append(append(door(), "any", stopped(`t${i}`)))))
        expect((await ledger.read(door())).map((e) => e.version)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
      })
      test("a stop is done while a flood of appends waits", async () => {
        const order: string[] = []
        const flood = Array.from({ length: 500 }, (_, i) => ledger.append(append(request(`r${i}`), 0, asked())).then(() => void order.push("append")))
        const stop = ledger.append(append(door(), "any", stopped())).then(() => void order.push("stop"))
        await Promise.all([...flood, stop])
        expect(order.indexOf("stop")).toBeLessThan(250)
      })
    })

    describe("texts and people", () => {
      test("a text is read by its digest, within its workspace", async () => {
        const text = seal("Größe: 3 \0 µm\ud83d\ude00")
        await ledger.append({ ...append(request("r"), 0, asked()), bodies: [text, text] })
        expect(await ledger.body(w, text.ref)).toBe("Größe: 3 \0 µm\ud83d\ude00")
        expect(await ledger.body(workspace("v"), text.ref)).toBeNull()
      })
      test("a text that somebody changed in the database is not handed out", async () => {
        const text = seal("what was approved")
        await ledger.append({ ...append(request("r"), 0, asked()), bodies: [text] })
        const db = opened.database.db.withTables<{ body: { text: Uint8Array } }>()
        await db
          .updateTable("body")
          .set({ text: Buffer.from("something else") })
          .execute()
        await expect(ledger.body(w, text.ref)).rejects.toMatchObject({ code: "body-forged" })
      })
      test("a person is known by pseudonym, by their newest name", async () => {
        const call = (name: string) => ({ people: [{ pseudonym: anna, person: "board:anna" as PersonId, name }] })
        await ledger.append({ ...append(request("r"), 0, asked()), ...call("Anna") })
        await ledger.append({ ...append(request("s"), 0, asked()), ...call("Anna K.") })
        expect(await ledger.person(anna)).toEqual({ person: "board:anna", name: "Anna K." })
      })
      test("what is erased is gone, and the log says how much", async () => {
        const text = seal("private")
        const kept = seal("kept")
        await ledger.append({
          ...append(request("r"), 0, asked()),
          bodies: [text, kept],
          people: [{ pseudonym: anna, person: "board:anna" as PersonId, name: "Anna" }],
        })
        await ledger.erase({ workspace: w, bodies: [text.ref, digest("never there")], people: [anna], actor: system })
        expect(await ledger.body(w, text.ref)).toBeNull()
        expect(await ledger.body(w, kept.ref)).toBe("kept")
        expect(await ledger.person(anna)).toBeNull()
        expect((await ledger.read({ workspace: w, stream: "bodies" })).map((e) => e.fact)).toEqual([{ kind: "erased", bodies: 1, people: 1 }])
      })
    })

    findingContract({
      clock,
      later: (to) => {
        now = to
      },
      place: () => place,
      opened: () => opened,
    })
  })
}
