// What is remembered or compiled once to save time changes no answer: however much is written at once, and whoever else writes.
import { describe, expect, test } from "@jest/globals"
import type { DatabaseLedger } from "../adapters/database/ledger.ts"
import type { PersonId, Pseudonym } from "../src/core/domain.ts"
import type { Entry } from "../src/core/facts.ts"
import { append, approved, asked, begun, cardShown, drafted, posted, request, seal, workspace, write } from "./harness/history.ts"
import { stores, useStores } from "./harness/ledgers.ts"

const opens = useStores()
const w = workspace("w")
const many = [1, 2, 3, 4, 7]
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i)
/** What the log itself holds of a stream, read past everything that is remembered. */
async function logOf(ledger: DatabaseLedger, stream: string) {
  const log = await ledger.entries(w, 0, 10_000)
  return log.filter((e) => e.stream === stream).map((e) => [e.version, e.seq, e.kind])
}
const told = (entries: readonly Entry[]) => entries.map((e) => [e.version, e.seq, e.fact.kind])

describe.each(stores)("%s", (store) => {
  test.each(many)("%i requests, texts and people in one breath are each written as they are, and again as they become", async (n) => {
    const { ledger } = await (await opens.place(store)).open()
    const texts = upTo(n).map((i) => seal(`text ${i}`))
    const people = (round: string) =>
      upTo(n).map((i) => ({ pseudonym: `p_${i}` as Pseudonym, person: `board:${i}` as PersonId, name: `${round} ${i}` }))
    const at = { actor: "p_0" as Pseudonym, bodies: texts }
    const ask = (i: number) => ({ ...append(request(`r${i}`), 0, asked({ message: `m${i}` })), ...at, people: people("Old") })
    const first = await Promise.all(upTo(n).map((i) => ledger.append(ask(i))))
    const next = await Promise.all(upTo(n).map((i) => ledger.append({ ...append(request(`r${i}`), 1, drafted(`d${i}`)), people: people("New") })))
    const inOne = await ledger.append({
      key: request("one"),
      after: 0,
      actor: at.actor,
      facts: [asked({ message: "one" }), ...upTo(n).map(() => cardShown(at.actor))],
    })
    expect([...first, ...next].flat().map((e) => (e as Entry).fact.kind)).toEqual([...upTo(n).map(() => "asked"), ...upTo(n).map(() => "drafted")])
    expect(inOne).toHaveLength(n + 1)
    for (const i of upTo(n)) {
      expect(told(await ledger.read(request(`r${i}`)))).toEqual(await logOf(ledger, `r${i}`))
      expect([await ledger.body(w, texts[i]?.ref as never), await ledger.person(`p_${i}` as Pseudonym)]).toEqual([
        `text ${i}`,
        { person: `board:${i}`, name: `New ${i}` },
      ])
      expect(await ledger.find("question", `m${i} p_0`, w)).toMatchObject({ stream: `r${i}` })
    }
    expect((await ledger.heads({ at: ["drafted"] })).map((h) => `${h.stream} ${h.version}`).sort()).toEqual(upTo(n).map((i) => `r${i} 2`))
  })
  test("whichever of several reads, whenever, has read what the log holds, and nobody writes over what another wrote", async () => {
    const place = await opens.place(store)
    const ledgers = await Promise.all([1, 2, 3].map(async () => (await place.open()).ledger))
    const walk = [asked(), drafted("d"), approved("d"), begun("d", "a"), posted("a")]
    for (const [i, fact] of walk.entries()) {
      const writer = ledgers[i % 3] as DatabaseLedger
      const stale = ledgers[(i + 1) % 3] as DatabaseLedger
      // Reads that begin before, and end after or meanwhile.
      const meanwhile = ledgers.map((l) => l.read(request("r")))
      await write(writer, request("r"), fact)
      for (const read of await Promise.all(meanwhile)) expect([i, i + 1]).toContain(read.length)
      expect(await stale.append(append(request("r"), i, fact))).toBe("conflict")
      for (const l of ledgers) expect(told(await l.read(request("r")))).toEqual(await logOf(l, "r"))
    }
    expect(await logOf(ledgers[0] as DatabaseLedger, "r")).toHaveLength(walk.length)
  })
  test("what an append wrote in vain is remembered by nobody", async () => {
    const { ledger } = await (await opens.place(store)).open()
    await write(ledger, request("r"), asked(), drafted("d"))
    // Nobody approved it: the guard says no after the state was worked out.
    await expect(ledger.append(append(request("r"), 2, begun("d", "a")))).rejects.toThrow()
    await expect(ledger.append({ ...append(request("s"), 0, asked()), bodies: [{ ...seal("a"), text: "b" }] })).rejects.toThrow()
    expect([await ledger.read(request("r")), await ledger.read(request("s"))].map((r) => r.length)).toEqual([2, 0])
    await write(ledger, request("r"), approved("d"), begun("d", "a"), posted("a"))
    expect(told(await ledger.read(request("r")))).toEqual(await logOf(ledger, "r"))
  })
})
