// A fault that nobody caught ends the process after it was logged; a signal ends it in order; a second signal at once.
import { spawn } from "node:child_process"
import { pathToFileURL } from "node:url"
import { expect, test } from "@jest/globals"

const file = (path: string) => JSON.stringify(pathToFileURL(path).href)
function script(body: string): Promise<{ code: number | null; out: string; err: string }> {
  const head = `import { endOnFault, untilSignal } from ${file("src/lifecycle.ts")}; import { createLog } from ${file("src/log.ts")}; const log = createLog("info"); endOnFault(log);`
  const child = spawn(process.execPath, ["--input-type=module", "-e", `${head}\n${body}`], { stdio: ["ignore", "pipe", "pipe"] })
  const texts = { out: "", err: "" }
  child.stdout.on("data", (chunk) => {
    texts.out += chunk
    // The script says when it is ready to be told to end, and how.
    for (const signal of String(chunk).match(/SIG\w+/g) ?? []) child.kill(signal as NodeJS.Signals)
  })
  child.stderr.on("data", (chunk) => {
    texts.err += chunk
  })
  return new Promise((done) => child.once("close", (code) => done({ code, ...texts })))
}

test.each([
  ["rejection", "Promise.reject(new Error('a secret text'))"],
  ["exception", "setImmediate(() => { throw new Error('a secret text') })"],
])("an unhandled %s is logged without its words, and the process ends with 1", async (what, body) => {
  const { code, err } = await script(`${body}; setInterval(() => undefined, 1000)`)
  expect(code).toBe(1)
  expect(JSON.parse(err)).toMatchObject({ level: "error", what, fault: { kind: "Error" } })
  expect(err).not.toContain("secret")
})
test("a signal lets the work end, then the process ends with 0", async () => {
  const { code, out } = await script(
    `const ending = untilSignal(async () => { await new Promise((r) => setTimeout(r, 50)); console.log("closed") }, log); setInterval(() => undefined, 1000); console.log("SIGTERM"); process.exit(await ending)`,
  )
  expect(out).toContain("closed")
  expect(code).toBe(0)
})
test("what a library leaves behind keeps no process alive that has shut down", async () => {
  const { code, err } = await script(
    `const ending = untilSignal(async () => undefined, log); setTimeout(() => process.exit(9), 5000); console.log("SIGTERM"); process.exitCode = await ending`,
  )
  expect(err).toContain("shut down")
  expect(code).toBe(0)
})
test("a second interrupt ends it at once", async () => {
  const { code } = await script(
    `const ending = untilSignal(() => { console.log("SIGINT"); return new Promise(() => undefined) }, log); setInterval(() => undefined, 1000); console.log("SIGINT"); await ending`,
  )
  expect(code).toBe(130)
})
