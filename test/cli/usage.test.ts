// What the command line understands, and what it says when it does not.
import { spawnSync } from "node:child_process"
import { cpSync, existsSync, mkdirSync } from "node:fs"
import { join, resolve } from "node:path"
import { expect, test } from "@jest/globals"
import { useProgram } from "./program.ts"

const program = useProgram()

test.each([
  ["an unknown flag", ["start", "--prot", "80"], "unknown option '--prot'"],
  ["an unknown command", ["strat"], "Did you mean start?"],
  ["a flag without its value", ["stop", "--why"], "argument missing"],
  ["verify without anything to check", ["verify"], "missing required argument"],
  ["a place without its workspace", ["stop", "--place", "t1"], "--place needs --workspace"],
])(
  "%s is told, with exit code 2",
  async (_what, args, words) => {
    const ended = await program.run(program.folder(), args)
    expect(ended.err).toContain(words)
    expect(ended).toMatchObject({ code: 2, out: "" })
  },
  60_000,
)
test("help names every command and every exit code", async () => {
  const { out, code } = await program.run(program.folder(), ["--help"])
  for (const command of ["start", "demo", "verify", "audit", "stop", "resume", "status", "forget"]) expect(out).toContain(`  ${command}`)
  expect(out).toContain("Exit codes: 0 done, 1 no or failed, 2 could not tell or not understood.")
  expect(code).toBe(0)
}, 60_000)
test("verify judges what is piped in, and says when it cannot", async () => {
  const folder = program.folder()
  expect(await program.run(folder, ["verify", "-", "--json"], {}, "<p>no label</p>")).toMatchObject({ code: 1 })
  const unreachable = await program.run(folder, ["verify", "http://127.0.0.1:1/l/01ARZ3NDEKTSV4RRFFQ69G5FAV"])
  expect(unreachable.out).toMatch(/^\? Not checked: /)
  expect(unreachable.code).toBe(2)
}, 60_000)

const old = ["/usr/bin/node", "/usr/local/bin/node"].find(
  (n) => existsSync(n) && /^v(1\d|2[0-3])\./.test(spawnSync(n, ["--version"], { encoding: "utf8" }).stdout),
)
const withOld = old === undefined ? test.skip : test
withOld("under an older Node the command goes on with the pinned one", () => {
  const ended = spawnSync(old ?? "", [resolve("src/cli/countersign.mjs"), "--version"], { encoding: "utf8" })
  expect(ended).toMatchObject({ status: 0, stdout: "0.1.0\n", stderr: "" })
})
withOld("under an older Node without the pinned one it says what is needed", () => {
  const folder = join(program.folder(), "src", "cli")
  mkdirSync(folder, { recursive: true })
  cpSync("src/cli/countersign.mjs", join(folder, "countersign.mjs"))
  const ended = spawnSync(old ?? "", [join(folder, "countersign.mjs"), "start"], { encoding: "utf8" })
  expect(ended.stderr).toMatch(/^Countersign needs Node 24 or later; this is Node \d+/)
  expect(ended.status).toBe(1)
})
