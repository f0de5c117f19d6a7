import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals"
import type { Audience } from "../../src/core/domain.ts"
import { openKnowledge } from "../../src/knowledge/open.ts"
import { sectionsOf } from "../../src/knowledge/passages.ts"
import { wordsOf } from "../../src/knowledge/words.ts"

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "knowledge-"))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function put(path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), content)
}
const members: Audience = { scope: "members", where: "here", title: null, who: "everyone", people: 3 }
const how = { limit: 5, readableBy: members }
const vault = "# Vault\n\nIntro.\n\n## Rotating\n\nUse `vault rotate`.\n"
const fence = "```"

describe("splitting", () => {
  const titles = (text: string) => sectionsOf({ path: "a.md", text }).map((s) => [s.heading, s.text])
  test("a passage for each heading, and one for what stands before the first", () => {
    expect(titles("Before.\n\n# A\n\nOne.\n\n## B\n\nTwo.\n\nMore.\n\nC\n===\n\nThree.")).toEqual([
      ["", "Before."],
      ["A", "One."],
      ["B", "Two.\n\nMore."],
      ["C", "Three."],
    ])
  })
  test("a # inside a fence, a quotation or a list is no heading", () => {
    const text = `# A\n\n${fence}sh\n# not a heading\n${fence}\n\n> # quoted\n\n- # listed`
    expect(titles(text)).toEqual([["A", text.slice(5)]])
  })
  test("headings lose their markup, and know what they stand under", () => {
    const [, section] = sectionsOf({ path: "a.md", text: "# The *whole*\n\nx\n\n## Using `vault` [now](x.md)\n\ny" })
    expect(section).toMatchObject({ heading: "Using vault now", above: ["The whole"] })
  })
  test("front matter, comments and rules are left out", () => {
    expect(titles("---\ntitle: x\n---\n# A\n\n<!-- hidden -->\n\nOne.\n\n---\n")).toEqual([["A", "One."]])
  })
  test("a link to another file keeps its words only; a link to a site and code stay", () => {
    const text = '# A\n\nSee [trust](trust.md#x "t"), [site](https://example.test) and `[a](b)`. ![pic](p.png)'
    expect(titles(text)).toEqual([["A", "See trust, [site](https://example.test) and `[a](b)`. "]])
  })
  test("a long section is split between blocks and never inside a fence", () => {
    const code = `${fence}\n${"line\n".repeat(300)}${fence}`
    const parts = sectionsOf({ path: "a.md", text: `# A\n\n${"One two three.\n\n".repeat(200)}${code}\n\nEnd.` })
    expect(parts.length).toBeGreaterThan(2)
    for (const { text } of parts) expect((text.match(/```/g) ?? []).length % 2).toBe(0)
    expect(parts.map((p) => p.text).join("\n\n")).toContain(code)
  })
  test("line ends of Windows and tables survive", () => {
    expect(titles("# A\r\n\r\n| a | b |\r\n|---|---|\r\n| 1 | 2 |\r\n")).toEqual([["A", "| a | b |\n|---|---|\n| 1 | 2 |"]])
  })
})

describe("words", () => {
  test.each([
    ["asking asked asks ask", "ask"],
    ["approved approving approves approve", "approv"],
    ["stopped stopping stops stop", "stop"],
    ["retries retry", "retry"],
  ])("%s are one word", (forms, word) => {
    expect(new Set(wordsOf(forms))).toEqual(new Set([word]))
  })
  test("names of files and flags are found whole and by their parts", () => {
    expect(wordsOf("vault-rotate.sh")).toEqual(["vault-rotate.sh", "vault", "rotat", "sh"])
  })
})

describe("searching", () => {
  test("finds by heading, by text, by a word's other form and despite a typo, and names where it stands", async () => {
    await put("runbooks/vault.md", vault)
    await put("other.md", "# Other\n\nNothing of the kind.")
    const knowledge = await openKnowledge(folder, { urlOf: (path, heading) => `https://docs.example.test/${path}#${heading.toLowerCase()}` })
    expect(knowledge.size).toBe(3)
    for (const query of ["rotating", "how do I rotate with vault?", "vault rottate"]) {
      const [best] = await knowledge.search(query, how)
      expect(best).toMatchObject({
        title: "runbooks/vault.md § Rotating",
        url: "https://docs.example.test/runbooks/vault.md#rotating",
        text: "Use `vault rotate`.",
      })
    }
  })
  test("the score is between 0 and 1, best first, and near 0 where a stray word is shared", async () => {
    await put("a.md", "# Rotating passwords\n\nRotate the password of a database.\n\n# Coffee\n\nThe machine has a password.\n\n# Tea\n\nHot water.")
    const knowledge = await openKnowledge(folder)
    const found = await knowledge.search("rotate a database password", how)
    expect(found[0]?.title).toBe("a.md § Rotating passwords")
    expect(found[0]?.score).toBeGreaterThan(0.5)
    expect(found[0]?.score).toBeLessThanOrEqual(1)
    expect(found.slice(1).filter((p) => p.score > 0.2)).toEqual([])
  })
  test("at most as many as asked for, and none for a question without a word", async () => {
    await put("a.md", Array.from({ length: 20 }, (_, i) => `# Vault ${i}\n\nvault`).join("\n\n"))
    const knowledge = await openKnowledge(folder)
    expect(await knowledge.search("vault", { ...how, limit: 3 })).toHaveLength(3)
    expect(await knowledge.search("what is it?", how)).toEqual([])
    expect(await knowledge.search("constructor __proto__", how)).toEqual([])
  })
  test("words that JavaScript objects know from birth are words like any other", async () => {
    await put("a.md", "# Constructor\n\nThe constructor and hasOwnProperty and toString.\n\n# Vault\n\nvault")
    const knowledge = await openKnowledge(folder)
    expect(await knowledge.search("constructor toString", how)).toHaveLength(1)
    expect(await knowledge.search("vault constructor", how)).toHaveLength(2)
  })
  test("a word with two endings is found by itself", async () => {
    await put("a.md", "# A\n\nLoad renderers.\n\n# B\n\nTo render.")
    const [best] = await (await openKnowledge(folder)).search("load renderers", how)
    expect(best).toMatchObject({ title: "a.md § A", score: 0.5 })
  })
  test("a question of 200,000 characters is searched like any other", async () => {
    await put("a.md", vault)
    const knowledge = await openKnowledge(folder)
    expect(await knowledge.search("vault rotate ".repeat(16_000), how)).toMatchObject([{ title: "a.md § Rotating" }, { title: "a.md § Vault" }])
  })
  test("a place that reaches further than the folder's readers gets nothing", async () => {
    await put("a.md", vault)
    const wide: Audience = { ...members, scope: "shared" }
    expect(await (await openKnowledge(folder)).search("vault", { limit: 5, readableBy: wide })).toEqual([])
    expect(await (await openKnowledge(folder, { mayRead: "shared" })).search("vault", { limit: 5, readableBy: wide })).toHaveLength(2)
    expect(await (await openKnowledge(folder)).search("vault", { limit: 5, readableBy: { ...members, scope: "people" } })).toHaveLength(2)
  })
})

describe("the folder", () => {
  test.each([
    ["is missing", () => join(folder, "none"), "does not exist"],
    ["is a file", () => join(folder, "file"), "is not a folder"],
  ])("that %s is a fault that names the variable and the cure", async (_what, path, why) => {
    await put("file", "x")
    await expect(openKnowledge(path())).rejects.toMatchObject({
      code: "knowledge-unreadable",
      message: expect.stringMatching(`KNOWLEDGE_DIR.*${why}.*Name a folder`),
    })
  })
  test("that is empty has no passages", async () => {
    const knowledge = await openKnowledge(folder)
    expect(knowledge.size).toBe(0)
    expect(await knowledge.search("vault", how)).toEqual([])
  })
  test("links out of it, binary and huge files, hidden folders and other files are left out, and counted", async () => {
    const outside = await mkdtemp(join(tmpdir(), "outside-"))
    try {
      await writeFile(join(outside, "secret.md"), "# Secret\n\nvault")
      await put("a.md", vault)
      await put("binary.md", Buffer.from([0x23, 0x00, 0x76]))
      await put("latin.md", Buffer.from([0x23, 0x20, 0xe9]))
      await put("huge.md", `# Vault\n\n${"x".repeat(1_100_000)}`)
      await put(".git/hidden.md", vault)
      await put("notes.txt", "vault")
      await symlink(join(outside, "secret.md"), join(folder, "link.md"))
      await symlink(outside, join(folder, "folder"))
      await symlink("a.md", join(folder, "inside.md"))
      await symlink("nowhere.md", join(folder, "broken.md"))
      const warned: unknown[] = []
      const log = { info: () => {}, warn: (what: unknown) => warned.push(what), error: () => {} }
      const knowledge = await openKnowledge(folder, { log })
      expect((await knowledge.search("vault", { ...how, limit: 20 })).map((p) => p.title).sort()).toEqual([
        "a.md § Rotating",
        "a.md § Vault",
        "inside.md § Rotating",
        "inside.md § Vault",
      ])
      expect(await knowledge.search("secret", how)).toEqual([])
      expect(warned).toEqual([{ skipped: 5, passages: 4 }])
    } finally {
      await rm(outside, { recursive: true })
    }
  })
  test("is read again when a file is changed, added or removed", async () => {
    await put("a.md", vault)
    const knowledge = await openKnowledge(folder, { recheckMs: 0 })
    await put("a.md", "# Consul\n\nservices")
    await utimes(join(folder, "a.md"), 1, 1)
    expect(await knowledge.search("vault", how)).toEqual([])
    expect(await knowledge.search("consul", how)).toHaveLength(1)
    await put("b.md", "# Nomad\n\njobs")
    expect(await knowledge.search("nomad", how)).toHaveLength(1)
    await rm(join(folder, "b.md"))
    expect(await knowledge.search("nomad", how)).toEqual([])
  })
  test("that goes away is a fault, and what was in it is no longer quoted", async () => {
    await put("a.md", vault)
    const knowledge = await openKnowledge(folder, { recheckMs: 0 })
    await rm(folder, { recursive: true })
    await expect(knowledge.search("vault", how)).rejects.toMatchObject({ code: "knowledge-unreadable" })
  })
})
