// Starting and ending the real program, and what it says when it cannot start.
import { chmodSync, symlinkSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { expect, test } from "@jest/globals"
import { type Ended, useProgram } from "./program.ts"

const program = useProgram()
/** Refused with a sentence, and no stack. */
function refused(ended: Ended, words: RegExp): void {
  expect(ended.err).toMatch(words)
  expect(ended.err).not.toMatch(/^ {4}at |node:internal/m)
  expect(ended.out).toBe("")
  expect(ended.code).toBe(1)
}

test("a start prints where to open it and whom to invite, and serves", async () => {
  const server = await program.start(program.folder())
  expect((await fetch(`${server.origin}/healthz`)).status).toBe(200)
  expect((await fetch(server.entry)).status).toBe(200)
  expect((await fetch(server.invitation)).status).toBe(200)
  expect(server.invitation).not.toBe(server.entry)
  expect(await server.end()).toMatchObject({ code: 0, err: "" })
}, 60_000)
test("people get it in words, without asking for a command", async () => {
  const server = await program.start(program.folder(), {}, "words")
  expect((await fetch(server.entry)).status).toBe(200)
  const { out, code } = await server.end("SIGINT")
  expect(code).toBe(0)
  expect(out).toMatch(/^ {2}Open {5}http:/m)
  expect(out).toMatch(/^ {2}Invite {3}http:/m)
}, 60_000)
test("a second server on the folder is refused; after a kill the folder is free at once", async () => {
  const folder = program.folder()
  const first = await program.start(folder)
  refused(
    await program.run(folder, ["start"]),
    /^Another Countersign server is using .* Stop it first, or set COUNTERSIGN_DATA to another folder\.\n$/,
  )
  await first.end("SIGKILL")
  const again = await program.start(folder)
  expect((await again.end()).code).toBe(0)
}, 60_000)
test("a live page does not hold up the end", async () => {
  const server = await program.start(program.folder())
  const enter = await fetch(server.entry)
  const key = /name="key" value="([^"]+)"/.exec(await enter.text())?.[1] ?? ""
  const entered = await fetch(`${server.origin}/enter`, {
    method: "POST",
    redirect: "manual",
    headers: { origin: server.origin },
    body: new URLSearchParams({ key, name: "Rin" }),
  })
  const cookie = entered.headers.getSetCookie()[0]?.split(";")[0] ?? ""
  const live = await fetch(`${server.origin}/live`, { headers: { cookie } })
  expect(live.headers.get("content-type")).toContain("text/event-stream")
  const reading = live.text().catch(() => "")
  expect((await server.end()).code).toBe(0)
  await reading
}, 60_000)

test("a port in use", async () => {
  const other = createServer()
  await new Promise<void>((done) => other.listen(0, "127.0.0.1", done))
  const port = String((other.address() as AddressInfo).port)
  refused(
    await program.run(program.folder(), ["start"], { PORT: port }),
    /^Another program already listens on 127\.0\.0\.1 port \d+\. Stop it, or choose another port/,
  )
  await new Promise((done) => other.close(done))
}, 60_000)
test("a data folder that is a file, or leads nowhere", async () => {
  const folder = program.folder()
  writeFileSync(join(folder, "taken"), "")
  refused(await program.run(folder, ["start"], { COUNTERSIGN_DATA: "taken" }), /taken.* not a folder\. Choose another folder: COUNTERSIGN_DATA\.\n$/)
  symlinkSync(join(folder, "unmounted", "disk"), join(folder, "link"))
  refused(await program.run(folder, ["start"], { COUNTERSIGN_DATA: "link" }), /link leads to something that is not there\. Mount or make it/)
  refused(await program.run(folder, ["start"], { COUNTERSIGN_DATA: "taken/data" }), /not a folder\. Choose another folder: COUNTERSIGN_DATA\.\n$/)
}, 60_000)
const asUser = process.getuid?.() === 0 ? test.skip : test
asUser(
  "a data folder that may not be written",
  async () => {
    const folder = program.folder()
    chmodSync(folder, 0o500)
    refused(await program.run(folder, ["start"]), /may not be written by this user/)
    chmodSync(folder, 0o700)
  },
  60_000,
)
test("a database server that is not there", async () => {
  const url = "postgres://someone:p4ssw0rd@127.0.0.1:1/none"
  const ended = await program.run(program.folder(), ["start"], { DATABASE_URL: url })
  refused(ended, /PostgreSQL|database/)
  expect(ended.err).not.toContain("p4ssw0rd")
}, 60_000)
test("several mistakes in the configuration are told at once", async () => {
  const folder = program.folder()
  writeFileSync(join(folder, "countersign.yml"), "approvals: { ttl: 30 }\n")
  refused(
    await program.run(folder, ["start"], { PORT: "http", KNOWLEDGE_DIR: "nowhere", HOST: "0.0.0.0" }),
    /^Configuration has \d problems:\n {2}PORT is "http"\..*\n {2}approvals\.ttl is "30"\. Give a unit/,
  )
}, 60_000)
