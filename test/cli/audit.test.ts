// The ledger's own proof and erasure, by the real program on what a real walk left.

import { copyFileSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { expect, test } from "@jest/globals"
import { Visitor } from "../../src/cli/demo/visitor.ts"
import { type Server, useProgram } from "./program.ts"

const program = useProgram()
const secret = "Zebediah’s question: what happens between asking Countersign and its answer appearing for everyone?"

/** Rin asks in a topic of her own and discards the draft. */
async function leaveTraces(folder: string): Promise<void> {
  const server = await program.start(folder)
  await ask(server)
  expect((await server.end()).code).toBe(0)
}
async function ask(server: Server): Promise<void> {
  const rin = new Visitor("Rin", server.origin)
  await rin.send(await rin.open(server.entry), /^\/enter$/, { name: "Rin" })
  const topic = await rin.send(await rin.open("/new"), /^\/new$/, { title: "A question", text: secret })
  const asked = await rin.send(await rin.open(topic.url), /^\/m\/[^/]+\/draft$/)
  let page = asked
  while (!page.html.includes('data-phase="review"')) page = await rin.open(asked.url)
  await rin.send(page, /^\/c\/[^/]+\/decline$/)
}
const open = (folder: string) => new DatabaseSync(join(folder, ".countersign", "countersign.sqlite"))

test("audit verify finds a whole ledger whole, beside the server's own checkpoints", async () => {
  const folder = program.folder()
  await leaveTraces(folder)
  const { code, out } = await program.run(folder, ["audit", "verify", "--json"])
  expect(JSON.parse(out)).toMatchObject({ ok: true, findings: [] })
  expect(JSON.parse(out).checkpoints).toBeGreaterThan(0)
  expect(code).toBe(0)
}, 60_000)
test("audit verify names the entry that was rewritten", async () => {
  const folder = program.folder()
  await leaveTraces(folder)
  const db = open(folder)
  for (const { name } of db.prepare("select name from sqlite_master where type = 'trigger'").all()) db.exec(`drop trigger "${name}"`)
  db.exec(
    "pragma ignore_check_constraints = on; update entry set fact = replace(fact, 'declined', 'declinee') where fact like '%\"kind\":\"declined\"%'",
  )
  db.close()
  const { code, out } = await program.run(folder, ["audit", "verify"])
  expect(code).toBe(1)
  expect(out).toMatch(/^The ledger disagrees with itself\.[\s\S]*Workspace forum, r[^ ]+ entry 5 \(number \d+ of the log\): /)
}, 60_000)
test("audit verify tells of a guard that was taken off, though every entry fits", async () => {
  const folder = program.folder()
  await leaveTraces(folder)
  const db = open(folder)
  db.exec("drop trigger entry_no_update")
  db.close()
  const { code, out } = await program.run(folder, ["audit", "verify"])
  expect(code).toBe(1)
  expect(out).toContain(
    "The installation: The database does not hold the guard that refuses unapproved posts as this version made it: entry_no_update.",
  )
}, 60_000)
test("an older backup put in place is refused at the start, because it contradicts what was signed", async () => {
  const folder = program.folder()
  const [here, backup] = [join(folder, ".countersign", "countersign.sqlite"), join(folder, "backup.sqlite")]
  await (await program.start(folder)).end()
  copyFileSync(here, backup)
  await leaveTraces(folder)
  for (const more of ["-wal", "-shm"]) rmSync(`${here}${more}`, { force: true })
  copyFileSync(backup, here)
  const { code, err } = await program.run(folder, ["start"])
  expect(err).toMatch(/^The ledger of workspace forum contradicts a signed checkpoint at entry \d+: it is missing\. Was an older backup restored\?/)
  expect(code).toBe(1)
}, 60_000)
test("audit rebuild makes the derived tables anew", async () => {
  const folder = program.folder()
  await leaveTraces(folder)
  const before = open(folder)
  const heads = before.prepare("select * from head order by stream").all()
  before.exec("delete from head")
  before.close()
  expect((await program.run(folder, ["audit", "rebuild"])).out).toContain("1 requests")
  const after = open(folder)
  expect(after.prepare("select * from head order by stream").all()).toEqual(heads)
  after.close()
}, 60_000)
test("forget erases a person's words by their name, and the ledger still verifies", async () => {
  const folder = program.folder()
  await leaveTraces(folder)
  const { code, out } = await program.run(folder, ["forget", "rin", "--json"])
  expect(JSON.parse(out)).toMatchObject({ requests: 1, left: [] })
  expect(code).toBe(0)
  const db = open(folder)
  const tables = db.prepare("select name from sqlite_master where type = 'table'").all() as { name: string }[]
  const all = JSON.stringify(tables.map(({ name }) => db.prepare(`select * from "${name}"`).all()))
  db.close()
  expect(all).not.toContain("Zebediah")
  expect(all).not.toContain('"Rin"')
  expect((await program.run(folder, ["audit", "verify"])).code).toBe(0)
  expect((await program.run(folder, ["forget", "rin"])).err).toContain('Nobody called "rin"')
}, 60_000)
test("what is forgotten beside a running server is in no file of its any more", async () => {
  const folder = program.folder()
  const server = await program.start(folder)
  await ask(server)
  const holds = () => {
    const data = join(folder, ".countersign")
    return readdirSync(data).filter((name) => name.includes("sqlite") && readFileSync(join(data, name)).includes("Zebediah"))
  }
  expect(holds()).not.toEqual([])
  expect((await program.run(folder, ["forget", "rin"])).code).toBe(0)
  expect(holds()).toEqual([])
  await server.end()
}, 60_000)
test("a name that looks like an account is looked up as a name, and nobody is said to be forgotten who is not known", async () => {
  const folder = program.folder()
  await leaveTraces(folder)
  for (const who of ["rin:of example", "nobody:1"]) {
    const ended = await program.run(folder, ["forget", who])
    expect(ended).toMatchObject({ code: 2, out: "" })
    expect(ended.err).toContain(`Nobody called "${who}"`)
  }
  const told = await program.run(folder, ["forget", "nobody:1", "--json"])
  expect([told.code, JSON.parse(told.out)]).toEqual([2, { error: "which-person", accounts: [], words: expect.stringContaining("Nobody called") }])
  // Only its platform would know whether there is such an account.
  const unknown = await program.run(folder, ["forget", "forum:nobody"])
  expect(unknown).toMatchObject({ code: 0, out: expect.stringMatching(/^forum:nobody never acted in the ledger, so nothing was erased there\./) })
}, 60_000)
