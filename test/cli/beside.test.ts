// Commands beside a running server, and without one: they go to the ledger, which the server obeys.
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "@jest/globals"
import { useProgram } from "./program.ts"

const program = useProgram()
const json = (out: string) => JSON.parse(out) as Record<string, unknown>

test("stop, status and resume work beside a running server", async () => {
  const folder = program.folder()
  const server = await program.start(folder)
  const stopped = await program.run(folder, ["stop", "--why", "odd answers", "--json"])
  expect(stopped.code).toBe(0)
  expect(json(stopped.out)).toMatchObject({ stopped: { workspace: "*", channel: null }, sure: true, epoch: 1 })
  expect((await program.run(folder, ["status"])).out).toMatch(/Stopped {3}everywhere by \S+ since .*: odd answers/)
  expect((await program.run(folder, ["resume"])).code).toBe(0)
  expect(json((await program.run(folder, ["status", "--json"])).out)).toMatchObject({ stops: [], waiting: {} })
  expect((await server.end()).code).toBe(0)
}, 60_000)
test("a stop works without a server, and holds when it starts", async () => {
  const folder = program.folder()
  await (await program.start(folder)).end()
  expect((await program.run(folder, ["stop", "--workspace", "forum"])).out).toBe(
    "Stopped in workspace forum. Nothing more will be posted until an admin resumes.\n",
  )
  const server = await program.start(folder)
  expect((await program.run(folder, ["status"])).out).toContain("Stopped   in workspace forum")
  await server.end()
}, 60_000)
test("no mistake elsewhere in the configuration keeps anybody from stopping", async () => {
  const folder = program.folder()
  await (await program.start(folder)).end()
  writeFileSync(join(folder, "countersign.yml"), "nonsense: [")
  expect((await program.run(folder, ["stop"], { PORT: "x", HOST: "everywhere else", OPENAI_BASE_URL: "?" })).code).toBe(0)
}, 60_000)
test("one place is stopped and resumed by its workspace and id", async () => {
  const folder = program.folder()
  await (await program.start(folder)).end()
  const place = ["--workspace", "forum", "--place", "welcome"]
  expect((await program.run(folder, ["stop", ...place])).code).toBe(0)
  const wrong = await program.run(folder, ["resume", "--workspace", "forum"])
  expect(wrong).toMatchObject({
    code: 1,
    out: expect.stringMatching(/^Nothing is stopped here, .*\nStill stopped in place welcome of workspace forum by/),
  })
  expect((await program.run(folder, ["resume", ...place])).code).toBe(0)
}, 60_000)
test("a resume names the stops that go on, and never says that nothing is stopped under a wider one", async () => {
  const folder = program.folder()
  await (await program.start(folder)).end()
  for (const scope of [[], ["--workspace", "forum"]]) await program.run(folder, ["stop", ...scope])
  const one = await program.run(folder, ["resume", "--workspace", "forum"])
  expect(one).toMatchObject({ code: 0, out: expect.stringMatching(/^Resumed in workspace forum\. .*\nStill stopped everywhere by/) })
  const none = await program.run(folder, ["resume", "--workspace", "forum"])
  expect(none).toMatchObject({ code: 1, out: expect.stringMatching(/^What holds here is a wider stop.*\nStill stopped everywhere by/) })
  expect(json((await program.run(folder, ["resume", "--json"])).out)).toEqual({ resumed: { workspace: "*", channel: null }, stops: [] })
}, 60_000)
test.each([
  ["a name with a blank", ["--workspace", "foo bar"], /^--workspace is no id/],
  ["an empty name", ["--workspace", ""], /^--workspace is no id/],
  ["a place with a blank", ["--workspace", "forum", "--place", "a b"], /^--place is no id/],
  ["a place without its workspace", ["--place", "welcome"], /^--place needs --workspace/],
  ["a place of everything", ["--workspace", "*", "--place", "welcome"], /^--place needs --workspace/],
])(
  "%s is no scope to stop, and leaves the ledger as it was",
  async (_what, flags, words) => {
    const folder = program.folder()
    await (await program.start(folder)).end()
    const ended = await program.run(folder, ["stop", ...flags])
    expect(ended).toMatchObject({ code: 2, out: "" })
    expect(ended.err).toMatch(words)
    expect((await program.run(folder, ["status"])).out).toContain("Posting   open")
  },
  60_000,
)
test("a stop of a workspace that nobody knows says which ones are known", async () => {
  const folder = program.folder()
  await (await program.start(folder)).end()
  await program.run(folder, ["stop", "--workspace", "forum", "--place", "welcome"])
  const ended = await program.run(folder, ["stop", "--workspace", "forun"])
  expect(ended).toMatchObject({ code: 0, out: expect.stringContaining("if you meant forum, stop that") })
}, 60_000)
test.each(["stop", "status", "resume"])(
  "%s where there is no ledger makes none, and says where to look",
  async (command) => {
    const folder = program.folder()
    const ended = await program.run(folder, [command])
    expect(ended).toMatchObject({ code: 1, out: "" })
    expect(ended.err).toMatch(/^There is no ledger in .*\.countersign\. Run this where the server runs, or set COUNTERSIGN_DATA/)
    expect((await program.run(folder, [command])).code).toBe(1)
  },
  60_000,
)
