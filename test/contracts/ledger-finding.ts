// The part of the ledger's contract that is about finding work and being told of it: lookups, heads, leases, followers.
import { describe, expect, test } from "@jest/globals"
import { questionKey } from "../../src/core/derive.ts"
import type { Entry } from "../../src/core/facts.ts"
import type { Ledger } from "../../src/core/ports.ts"
import {
  anna,
  append,
  approved,
  asked,
  begun,
  bela,
  cardShown,
  door,
  drafted,
  posted,
  request,
  stopped,
  workspace,
  write,
} from "../harness/history.ts"
import type { Opened, Place } from "../harness/ledgers.ts"

/** The ledger of the test that runs, opened anew for each. */
export interface OnLedger {
  readonly clock: { now(): number }
  later(now: number): void
  place(): Place
  opened(): Opened
}
const w = workspace("w")

export function findingContract(on: OnLedger): void {
  const ledger = new Proxy({} as Ledger, { get: (_none, name) => Reflect.get(on.opened().ledger, name).bind(on.opened().ledger) })
  describe("finding and claiming", () => {
    test("requests are found by question, label, attempt and post", async () => {
      await write(ledger, request("r"), asked(), drafted("d"), approved("d"), begun("d", "a1"), posted("a1"))
      const key = request("r")
      expect(await ledger.find("question", questionKey("m1", anna))).toEqual(key)
      expect(await ledger.find("label", "jti-d")).toEqual(key)
      expect(await ledger.find("attempt", "a1", w)).toEqual(key)
      expect(await ledger.find("post", "post-of-a1", w)).toEqual(key)
      expect(await ledger.find("post", "post-of-a1", workspace("v"))).toBeNull()
    })
    test("heads tell where each request stands; the newest change is last", async () => {
      await write(ledger, request("r"), asked())
      on.later(2_000)
      await write(ledger, request("s"), asked(), drafted("d"))
      on.later(3_000)
      await write(ledger, request("r"), { kind: "cancelled" })
      expect((await ledger.heads({})).map((h) => [h.stream, h.version, h.at])).toEqual([
        ["s", 2, "drafted"],
        ["r", 2, "cancelled"],
      ])
      expect((await ledger.heads({ at: ["drafted"] })).map((h) => h.stream)).toEqual(["s"])
      expect((await ledger.heads({ limit: 1 })).map((h) => h.stream)).toEqual(["r"])
      expect(await ledger.heads({ person: bela })).toEqual([])
      expect(await ledger.heads({ workspace: workspace("v") })).toEqual([])
    })
    test("due requests are handed to one who claims, and to nobody else until the lease ends", async () => {
      const other = (await on.place().open(on.clock)).ledger
      await Promise.all(Array.from({ length: 20 }, (_, i) => ledger.append(append(request(`r${i}`), 0, asked()))))
      const [a, b] = await Promise.all([
        ledger.claim({ now: 1_000, owner: "a", ttlMs: 500, limit: 20 }),
        other.claim({ now: 1_000, owner: "b", ttlMs: 500, limit: 20 }),
      ])
      const rest = await ledger.claim({ now: 1_001, owner: "c", ttlMs: 500, limit: 20 })
      expect(new Set([...a, ...b, ...rest].map((k) => k.stream)).size).toBe(20)
      expect(a.length + b.length + rest.length).toBe(20)
      expect(await ledger.claim({ now: 1_499, owner: "a", ttlMs: 500, limit: 20 })).toEqual([])
      expect(await ledger.claim({ now: 1_501, owner: "c", ttlMs: 500, limit: 5 })).toHaveLength(5)
    })
    test("what is not due, or settled, is not handed out", async () => {
      await write(ledger, request("r"), asked(), { kind: "cancelled" }, cardShown(anna))
      await write(ledger, request("s"), asked(), drafted("d"), cardShown(anna))
      expect(await ledger.claim({ now: 1_000, owner: "a", ttlMs: 500, limit: 5 })).toEqual([])
      expect(await ledger.claim({ now: 8_000, owner: "a", ttlMs: 500, limit: 5 })).toEqual([request("s")])
    })
    test("a lease is its owner's until it is released or ends", async () => {
      const key = request("r")
      const lease = (owner: string, at = 1_000) => ledger.lease(key, { now: at, owner, ttlMs: 500 })
      expect(await lease("a")).toBe("yours")
      expect(await lease("a")).toBe("yours")
      expect(await lease("b")).toBe("taken")
      await ledger.release(key, "b")
      expect(await lease("b")).toBe("taken")
      await ledger.release(key, "a")
      expect(await lease("b")).toBe("yours")
      expect(await lease("a", 1_500)).toBe("yours")
    })
    test("the derived tables can be made again from the entries alone", async () => {
      await write(ledger, request("r"), asked(), drafted("d"), approved("d"), begun("d", "a1"), posted("a1"))
      await write(ledger, request("s", "v"), asked({ message: "m2" }), drafted("d"))
      await write(ledger, door(), stopped())
      const tables = async () => {
        const head = await on
          .opened()
          .database.db.withTables<{ head: Record<string, unknown> }>()
          .selectFrom("head")
          .selectAll()
          .orderBy("stream")
          .execute()
        const lookup = await on
          .opened()
          .database.db.withTables<{ lookup: Record<string, unknown> }>()
          .selectFrom("lookup")
          .selectAll()
          .orderBy("key")
          .execute()
        return { head, lookup }
      }
      const before = await tables()
      expect(before.head).toHaveLength(2)
      expect(before.lookup).toHaveLength(5)
      const db = on.opened().database.db.withTables<{ head: { at: string }; lookup: { stream: string } }>()
      await db.updateTable("head").set({ at: "forged" }).execute()
      await db.deleteFrom("lookup").execute()
      expect(await on.opened().ledger.rebuild()).toEqual({ requests: 2 })
      expect(await tables()).toEqual(before)
    })
  })

  describe("following", () => {
    test("a follower is told of what this process wrote and of what others wrote", async () => {
      const other = (await on.place().open(on.clock)).ledger
      const over = new AbortController()
      const heard: string[] = []
      const both = Promise.withResolvers<void>()
      const following = (async () => {
        for await (const key of ledger.follow(over.signal)) {
          heard.push(key.stream)
          if (heard.includes("mine") && heard.includes("theirs")) both.resolve()
        }
      })()
      await write(ledger, request("mine"), asked())
      await write(other, request("theirs"), asked())
      await both.promise
      over.abort()
      await following
      expect(heard.filter((h) => h === "mine").length).toBeGreaterThan(0)
    })
    test("following ends with the signal, also when it had ended before", async () => {
      const all: Entry["stream"][] = []
      for await (const key of ledger.follow(AbortSignal.abort())) all.push(key.stream)
      expect(all).toEqual([])
    })
  })
}
