// The leak rule bites on one machine's folders and registries, and lets the ordinary through.
import { expect, test } from "@jest/globals"
import { leaksIn } from "./leaks.ts"

test.each([
  ["docs/start.md", "cd /builds/countersign && npm test"],
  ["docs/start.md", "see (/root/notes.md)"],
  ["src/config.ts", 'const folder = "/home/ada/.countersign"'],
  ["README.md", "`/Users/ada/countersign`"],
  ["README.md", "C:\\Users\\ada\\countersign"],
  [".npmrc", "registry=https://registry.example.com/npm/"],
  ["package-lock.json", '"resolved": "http://10.0.0.7.npm.internal:4873/zod/-/zod-4.6.7.tgz"'],
  ["docs/start.md", "https://registry.npmjs.org/zod"],
])("a leak is seen in %s: %s", (path, text) => {
  expect(leaksIn(path, text)).toHaveLength(1)
})

test.each([
  ["package-lock.json", '"resolved": "https://registry.npmjs.org/zod/-/zod-4.6.7.tgz"'],
  ["test/harness/browser.ts", '"/usr/bin/chromium", "/tmp/x"'],
  ["docs/start.md", "https://example.com/work/home/ada and ./work/home"],
])("%s may say %s", (path, text) => {
  expect(leaksIn(path, text)).toEqual([])
})
