// Runs Jest on a file that leaves things open, and sees it fail by name and end by itself.
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { expect, test } from "@jest/globals"
import { inTree } from "../architecture/tree.ts"

interface Settings {
  readonly testEnvironment: string
  readonly reporters: readonly string[]
  readonly transform: Readonly<Record<string, readonly [string, object]>>
}
const root = fileURLToPath(new URL("../..", import.meta.url))
const { default: config } = (await import(new URL("../../jest.config.mjs", import.meta.url).href)) as { readonly default: Settings }

/** Jest's exit code and words for one test file, under the product's own settings. */
function jestOn(body: string): Promise<{ readonly code: number; readonly words: string }> {
  return inTree({ "package.json": "{}", "sample.test.js": body }, (folder) => {
    const inProduct = (path: string) => path.replace("<rootDir>", root)
    const settings = {
      ...config,
      rootDir: folder,
      testMatch: [`${folder}/*.test.js`],
      testEnvironment: inProduct(config.testEnvironment),
      reporters: config.reporters.map(inProduct),
      transform: { "^.+\\.ts$": [`${root}node_modules/@swc/jest/index.js`, config.transform["^.+\\.ts$"]?.[1]] },
    }
    const jest = ["--experimental-vm-modules", `${root}node_modules/jest/bin/jest.js`, "--config", JSON.stringify(settings), "--runInBand"]
    return new Promise((resolve) => {
      execFile(process.execPath, jest, { cwd: folder, timeout: 30_000 }, (fault, _out, words) =>
        resolve({ code: fault === null ? 0 : Number(fault.code), words }),
      )
    })
  })
}

test("a test file that leaves a server and a child process open fails, is told what, and the run ends", async () => {
  const { code, words } = await jestOn(`
    test("leaves", () => {
      require("node:http").createServer().listen(0)
      require("node:child_process").spawn(process.execPath, ["-e", "process.stdin.resume()"])
    })`)
  expect(words).toContain("left open: ")
  expect(words).toContain("Server")
  expect(words).toContain("ChildProcess")
  expect(words).toContain("held open")
  expect(code).toBe(1)
})

test("a test file that closes what it opened passes", async () => {
  const { code, words } = await jestOn(`
    const server = require("node:http").createServer()
    test("opens", () => new Promise((done) => server.listen(0, done)))
    afterAll(() => server.close())`)
  expect(words).toContain("1 passed")
  expect(code).toBe(0)
})
