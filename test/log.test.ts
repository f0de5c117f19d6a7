// Logs hold ids, codes and digests; whatever else is handed to them stays out.
import { expect, test } from "@jest/globals"
import { LedgerUnavailable } from "../src/core/ports.ts"
import { createLog } from "../src/log.ts"

function logged(write: (log: ReturnType<typeof createLog>) => void, level = "info"): string {
  let lines = ""
  write(createLog(level, { write: (line: string) => (lines += line) }))
  return lines
}

test("ids and digests are logged, one JSON object a line, with level and time", () => {
  const line = JSON.parse(logged((log) => log.info({ request: "r1", digest: "abc" }, "posted")))
  expect(line).toMatchObject({ level: "info", request: "r1", digest: "abc", msg: "posted" })
  expect(line.time).toMatch(/^\d{4}-\d\d-\d\dT/)
})
test.each([
  "text",
  "body",
  "name",
  "why_words",
  "answer",
  "hint",
  "token",
  "clientSecret",
  "password",
  "authorization",
  "cookie",
  "apiKey",
  "jws",
  "url",
  "databaseUrl",
])("a field called %s is kept out", (key) => expect(logged((log) => log.info({ [key]: "hidden" }, "x"))).not.toContain("hidden"))
test("a long text is kept out whatever it is called", () => {
  expect(logged((log) => log.warn({ id: "hidden ".repeat(50) }, "x"))).not.toContain("hidden")
})
test("of a fault of somebody else's code only its kind, code and place are logged", () => {
  const fault = Object.assign(new Error('duplicate key: (text)=("hidden")', { cause: new SyntaxError('Unexpected token in "hidden"') }), {
    code: "23505",
  })
  const line = logged((log) => log.error({ fault }, "x"))
  expect(line).not.toContain("hidden")
  expect(JSON.parse(line).fault).toMatchObject({ kind: "Error", code: "23505", cause: { kind: "SyntaxError" } })
  expect(JSON.parse(line).fault.at[0]).toContain("log.test.ts")
})
test("a fault of our own says why, since it was written to be read", () => {
  expect(logged((log) => log.error({ fault: new LedgerUnavailable("The disk is full.") }, "x"))).toContain("The disk is full.")
})
test("an object is kept out: nobody knows what is in it", () => {
  expect(logged((log) => log.error({ row: { a: "hidden" } }, "x"))).not.toContain("hidden")
})
test("the level is obeyed", () => expect(logged((log) => log.info({}, "x"), "warn")).toBe(""))
