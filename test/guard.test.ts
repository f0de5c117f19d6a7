// The third lock: the database refuses a post that nobody approved, whatever the program says. Every piece of the guard is
// also taken away in turn, in both dialects: each removal must turn something red, or the piece guards nothing.
import { beforeAll, describe, expect, test } from "@jest/globals"
import type { Guards } from "../adapters/database/schema/guards.ts"
import { postgresGuards } from "../adapters/database/schema/postgres.ts"
import { sqliteGuards } from "../adapters/database/schema/sqlite.ts"
import { cases } from "./guard/cases.ts"
import { probes, withPostgres } from "./guard/postgres.ts"
import { type RunCase, withSqlite } from "./guard/sqlite.ts"
import { useStores } from "./harness/ledgers.ts"

const opens = useStores()
const casesOf = (dialect: "sqlite" | "postgres") => cases.filter((c) => c.only === undefined || c.only === dialect)
const pieces = (guards: Guards) => Object.entries(guards).flatMap(([group, of]) => Object.keys(of).map((name) => [group, name] as const))

function without(guards: Guards, group: string, name: string): Guards {
  const { [name]: _taken, ...rest } = guards[group] ?? {}
  const left = { ...guards, [group]: rest }
  // A trigger that is not made cannot be made to fire always.
  if (group !== "frozen" || left.always === undefined) return left
  const { [name]: _always, ...always } = left.always
  return { ...left, always }
}
async function firstRed(run: RunCase, dialect: "sqlite" | "postgres"): Promise<string | null> {
  for (const c of casesOf(dialect)) {
    const wrong = await run(c).catch((fault: Error) => `${c.name}: ${fault.message}`)
    if (wrong !== null) return wrong
  }
  return null
}

describe("guard: sqlite", () => {
  test.each(casesOf("sqlite").map((c) => [c.name, c] as const))("%s", async (_name, c) => {
    expect(await withSqlite(sqliteGuards, (run) => run(c))).toBeNull()
  })
  test.each(pieces(sqliteGuards))("without %s.%s something turns red", async (group, name) => {
    expect(await withSqlite(without(sqliteGuards, group, name), (run) => firstRed(run, "sqlite"))).not.toBeNull()
  })
})

describe("guard: postgres", () => {
  let url: string
  beforeAll(async () => {
    url = await (await opens.postgres()).database()
  })
  test("every case", async () => {
    const wrong = await withPostgres(url, postgresGuards, async (run) => {
      const all: string[] = []
      for (const c of casesOf("postgres")) all.push((await run(c)) ?? "")
      return all.filter((w) => w !== "")
    })
    expect(wrong).toEqual([])
  })
  test.each(Object.entries(probes))("%s", async (_name, probe) => {
    expect(await withPostgres(url, postgresGuards, (_run, guarded) => probe(guarded))).toBeNull()
  })
  test.each(pieces(postgresGuards))("without %s.%s something turns red", async (group, name) => {
    const guards = without(postgresGuards, group, name)
    let red = await withPostgres(url, guards, (run) => firstRed(run, "postgres"))
    for (const probe of Object.values(probes)) red ??= await withPostgres(url, guards, (_run, guarded) => probe(guarded))
    expect(red).not.toBeNull()
  })
})
