// The same program on a PostgreSQL server: the walk's commands need nothing else.
import { expect, test } from "@jest/globals"
import { useStores } from "../harness/ledgers.ts"
import { useProgram } from "./program.ts"

const stores = useStores()
const program = useProgram()

test("two servers share one database, and a stop beside them holds for both", async () => {
  const folder = program.folder()
  const env = { DATABASE_URL: await (await stores.postgres()).database() }
  const [one, two] = await Promise.all([program.start(folder, env), program.start(folder, env)])
  for (const server of [one, two]) expect((await fetch(`${server.origin}/healthz`)).status).toBe(200)
  expect((await program.run(folder, ["stop", "--why", "a drill"], env)).code).toBe(0)
  expect((await program.run(folder, ["status"], env)).out).toContain("a drill")
  for (const server of [one, two]) expect(await server.end()).toMatchObject({ code: 0 })
  const audit = await program.run(folder, ["audit", "verify", "--json"], env)
  expect(JSON.parse(audit.out)).toMatchObject({ ok: true, entries: 1 })
  // Elsewhere there are no keys: a stop works all the same, and nothing that needs them pretends to.
  const elsewhere = program.folder()
  expect((await program.run(elsewhere, ["stop"], env)).code).toBe(0)
  const other = program.folder()
  for (const command of [
    ["audit", "verify"],
    ["forget", "forum:x"],
  ])
    expect(await program.run(other, command, { ...env, COUNTERSIGN_DATA: `none-${command[0]}` })).toMatchObject({
      code: 1,
      err: expect.stringContaining("The keys of this installation are not in"),
    })
}, 60_000)
