// The product keeps to its architecture: imports, calls, and what files may hold. The rules themselves are tested in
// test/architecture/, where each is broken on purpose.
import { execFileSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { expect, test } from "@jest/globals"
import { importBreaches } from "./architecture/imports.ts"
import { leaksIn } from "./architecture/leaks.ts"
import { breachesIn, rules } from "./architecture/rules.ts"
import { sourcesIn } from "./architecture/source.ts"

const root = fileURLToPath(new URL("..", import.meta.url))
const sources = sourcesIn(root, ["src", "adapters", "test", "bench"])

test("every import keeps to the rules of .dependency-cruiser.mjs", async () => {
  expect(await importBreaches(root)).toEqual([])
})

test.each(rules.map((rule) => [rule.name, rule] as const))("every file keeps to: %s", (_name, rule) => {
  expect(breachesIn(sources, [rule])).toEqual([])
})

test("nothing that is handed out names a machine's folders or a registry", () => {
  const files = execFileSync("git", ["-c", "safe.directory=*", "ls-files", "-z"], { cwd: root, encoding: "utf8" })
    .split("\0")
    .filter((path) => path !== "" && existsSync(`${root}/${path}`))
  expect(files.flatMap((path) => leaksIn(path, readFileSync(`${root}/${path}`, "utf8")))).toEqual([])
})
