// What the pages say can be followed: commands, files, links, variables and pictures that they name are there.
import { execFile } from "node:child_process"
import { existsSync, globSync, readFileSync, statSync } from "node:fs"
import { dirname, join, relative, resolve } from "node:path"
import { promisify } from "node:util"
import { describe, expect, test } from "@jest/globals"
import { parse } from "yaml"
import { variableNames } from "../src/config/environment.ts"
import { knownKeys, policyOf, schema } from "../src/config/policy-schema.ts"
import { defaultPolicy } from "../src/core/policy.ts"

const root = resolve(import.meta.dirname, "..")
const read = (path: string) => readFileSync(join(root, path), "utf8")
const pages = ["README.md", "CHANGELOG.md", ...globSync("docs/**/*.md", { cwd: root })].sort()
const withoutFences = (text: string) => text.replace(/^```[\s\S]*?^```$/gm, "")
const inCode = (text: string) => [...withoutFences(text).matchAll(/`([^`\n]+)`/g)].map((m) => m[1] ?? "")
const fences = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map((m) => m[1] ?? "")

/** As GitHub makes them. */
function anchorsIn(text: string): readonly string[] {
  return [...withoutFences(text).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  )
}
function deadLinks(page: string): readonly string[] {
  // What stands in code is shown, not followed.
  const targets = [
    ...withoutFences(read(page))
      .replace(/`[^`\n]+`/g, "")
      .matchAll(/\]\(([^)\s]+)\)/g),
  ].map((m) => m[1] ?? "")
  return targets.filter((target) => {
    if (/^https?:/.test(target)) return !URL.canParse(target)
    const [path = "", anchor] = target.split("#")
    const file = path === "" ? page : relative(root, resolve(root, dirname(page), path))
    if (file.startsWith("..") || !existsSync(join(root, file))) return true
    return anchor !== undefined && !anchorsIn(read(file)).includes(anchor)
  })
}
/** Paths as the pages write them; `*` and `…` stand for more than one. */
function missingPaths(page: string): readonly string[] {
  const paths = inCode(read(page)).filter((code) => /^(\.\/)?(src|adapters|test|docs|bench|schema|\.ci)\/[\w./*-]*$/.test(code))
  const short = inCode(read(page))
    .filter((code) => /^(flow|core|web|cli)\/[\w./-]+\.ts$/.test(code))
    .map((code) => `src/${code}`)
  return [...paths, ...short].filter((path) => globSync(path.replace(/\/$/, ""), { cwd: root }).length === 0)
}

describe.each(pages)("%s", (page) => {
  test("has no dead link", () => expect(deadLinks(page)).toEqual([]))
  test("names no file that is not there", () => expect(missingPaths(page)).toEqual([]))
  test("names no npm script that is not there", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> }
    const named = [...read(page).matchAll(/npm (?:run (?:--silent )?([\w-]+)|(start|test)\b)/g)].map((m) => m[1] ?? m[2] ?? "")
    expect(named.filter((name) => !(name in scripts))).toEqual([])
  })
})

test("every page is reached from the README", () => {
  const reached = new Set<string>()
  const follow = (page: string): void => {
    if (reached.has(page)) return
    reached.add(page)
    for (const [, target = ""] of read(page).matchAll(/\]\(([^)#\s]+\.md)(?:#[^)]*)?\)/g))
      if (!/^https?:/.test(target)) follow(relative(root, resolve(root, dirname(page), target)))
  }
  follow("README.md")
  expect(pages.filter((page) => !reached.has(page))).toEqual([])
})

describe("commands", () => {
  const help = async (...args: string[]) => (await promisify(execFile)(process.execPath, ["src/main.ts", ...args, "--help"], { cwd: root })).stdout
  const listed = (text: string) => {
    const commands = text.split("Commands:\n")[1]?.split("\n\n")[0] ?? ""
    return [...commands.matchAll(/^ {2}(\w+)/gm)].map((m) => m[1] ?? "").filter((name) => name !== "help")
  }
  const rows = [...read("README.md").matchAll(/^\| `([a-z]+(?: [a-z]+)?)( <.+>)?` \| (.+) \|$/gm)].map((m) => ({
    name: m[1] ?? "",
    words: m[3] ?? "",
  }))

  test("the README's table lists every command and no other", async () => {
    const top = listed(await help())
    const all = (await Promise.all(top.map(async (name) => [name, listed(await help(name))] as const))).flatMap(([name, below]) =>
      below.length === 0 ? [name] : below.map((b) => `${name} ${b}`),
    )
    expect(rows.map((r) => r.name).sort()).toEqual(all.sort())
  })
  test("each has the flags that the table gives it, and --json", async () => {
    for (const { name, words } of rows) {
      const flags = ["--json", ...[...words.matchAll(/`(--[a-z]+)/g)].map((m) => m[1] ?? "")]
      const text = await help(...name.split(" "))
      expect([name, flags.filter((flag) => !text.includes(flag))]).toEqual([name, []])
    }
  })
})

describe("configuration", () => {
  const page = read("docs/configuration.md")
  test("lists every variable, and no other", () => {
    const rows = [...page.matchAll(/^\| (`[A-Z].*?) \|/gm)].flatMap((m) => inCode(m[1] ?? ""))
    expect(rows.sort()).toEqual([...variableNames].sort())
  })
  test("shows every key of countersign.yml, with values that are the defaults", () => {
    const [example = ""] = fences(page, "yaml")
    const file = schema.parse(parse(example))
    expect(policyOf(file).policy).toEqual(defaultPolicy)
    const nested = Object.entries(file).filter(([, keys]) => typeof keys === "object" && !Array.isArray(keys))
    const shown: Record<string, string[]> = {
      "": Object.keys(file),
      ...Object.fromEntries(nested.map(([section, keys]) => [section, Object.keys(keys as object)])),
    }
    for (const [section, keys] of Object.entries(knownKeys)) expect([section, shown[section]?.toSorted()]).toEqual([section, keys.toSorted()])
  })
})

test("the README's pictures are PNG files, 1280 wide at most and light", () => {
  const pictures = [...read("README.md").matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map((m) => m[1] ?? "")
  expect(pictures).toHaveLength(2)
  for (const picture of pictures) {
    const bytes = readFileSync(join(root, picture))
    expect([picture, bytes.subarray(1, 4).toString("latin1")]).toEqual([picture, "PNG"])
    expect(bytes.readUInt32BE(16)).toBeLessThanOrEqual(1280)
    expect(statSync(join(root, picture)).size).toBeLessThan(300_000)
  }
})

describe("decisions", () => {
  const decisions = globSync("docs/decisions/*.md", { cwd: root }).filter((path) => !path.endsWith("README.md"))
  test.each(decisions)("%s has a title, a date, a decision and what was rejected", (path) => {
    expect(read(path)).toMatch(/^# .+\n\n\d{4}-\d\d-\d\d\n\n/)
    expect(read(path)).toContain("**Decision.**")
    expect(read(path)).toContain("**Rejected.**")
  })
})
