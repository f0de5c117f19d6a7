// Every import rule is broken here on purpose, each in a file of its own, in one tree: a rule that stops biting turns this red.
import { expect, test } from "@jest/globals"
import { importBreaches, importRules } from "./imports.ts"
import { inTree, packages, type Tree } from "./tree.ts"

const installed = packages({
  dependencies: ["canonicalize", "dotenv", "hono", "jose", "kysely", "markdown-it", "minisearch", "openai", "parse5", "pg", "zod"],
  devDependencies: ["fast-check"],
  stray: ["left-over"],
})
const lone = "export const one = 1\n"
const use = (...from: readonly string[]) =>
  `${from.map((source, at) => `import * as m${at} from "${source}"`).join("\n")}\nexport const all = [${from.map((_, at) => `m${at}`).join()}]\n`
const name = (from: string) => `import type { One } from "${from}"\nexport type Two = One\n`

/** What the design allows, so that a rule that bites too much turns this red as well. */
const allowed: Tree = {
  ...installed,
  "src/core/domain.ts": lone,
  "src/core/permit.ts": lone,
  "src/core/facts.ts": use("zod", "./domain.ts", "../label/claims.ts"),
  "src/core/ports.ts": `${name("node:http")}export type { Permit } from "./permit.ts"\n`,
  "src/core/ring-a.ts": name("./ring-b.ts"),
  "src/core/ring-b.ts": name("./ring-a.ts"),
  "src/label/claims.ts": use("jose", "canonicalize", "parse5"),
  "src/log.ts": lone,
  "src/page/assets.ts": use("node:fs", "node:crypto", "hono"),
  "src/page/frame.ts": use("hono", "../core/domain.ts", "../label/claims.ts"),
  "src/chat/table.ts": use("markdown-it", "../core/domain.ts", "../label/claims.ts"),
  "adapters/discord/index.ts": use("zod", "../../src/chat/table.ts"),
  "adapters/slack/index.ts": use("zod", "../../src/chat/table.ts"),
  "src/checks/secrets.ts": use("parse5", "../core/domain.ts", "../label/claims.ts"),
  "src/checks/all.ts": name("../flow/parts.ts"),
  "src/flow/parts.ts": lone,
  "src/flow/stop.ts": use("../core/permit.ts"),
  "src/flow/post.ts": use("../core/permit.ts", "../checks/secrets.ts"),
  "src/flow/review.ts": name("../core/permit.ts"),
  "src/knowledge/search.ts": use("minisearch", "node:fs", "../core/domain.ts"),
  "src/web/console.ts": use("hono", "../page/frame.ts", "../core/domain.ts", "../log.ts"),
  "src/config.ts": use("dotenv", "node:fs"),
  "src/cli/start.ts": use("../web/console.ts", "node:fs"),
  "src/main.ts": use("../adapters/forum/index.ts", "../adapters/database/open.ts", "./flow/post.ts"),
  "adapters/forum/index.ts": use("hono", "kysely", "markdown-it", "../../src/page/frame.ts", "../../src/core/domain.ts", "./outbound.ts"),
  "adapters/forum/outbound.ts": use("../../src/core/permit.ts"),
  "adapters/database/open.ts": use("kysely", "pg", "node:sqlite", "../../src/core/facts.ts"),
  "adapters/openai/drafter.ts": use("openai", "zod"),
  "adapters/quoting/drafter.ts": use("zod", "../../src/label/claims.ts", "../../src/knowledge/search.ts"),
  "adapters/keys/signer.ts": use("jose", "node:crypto"),
  "test/harness/fake.ts": lone,
  "bench/walk.ts": lone,
}

/** rule, the file that breaks it, its text, and where its import leads. */
const breaches: readonly (readonly [rule: string, from: string, text: string, to: string])[] = [
  ["core-pure", "src/core/x-flow.ts", use("../flow/post.ts"), "src/flow/post.ts"],
  ["core-pure", "src/core/x-page.ts", name("../page/frame.ts"), "src/page/frame.ts"],
  ["core-pure", "src/core/x-package.ts", use("kysely"), "node_modules/kysely/index.js"],
  ["core-pure", "src/core/x-node.ts", use("node:fs"), "fs"],
  ["core-http-type", "src/core/x-http.ts", name("node:http"), "http"],
  ["label-portable", "src/label/x-core.ts", name("../core/domain.ts"), "src/core/domain.ts"],
  ["label-portable", "src/label/x-node.ts", use("node:crypto"), "crypto"],
  ["label-portable", "src/label/x-package.ts", use("zod"), "node_modules/zod/index.js"],
  ["page-small", "src/page/x-flow.ts", use("../flow/post.ts"), "src/flow/post.ts"],
  ["page-small", "src/page/x-package.ts", use("kysely"), "node_modules/kysely/index.js"],
  ["page-reads-in-assets", "src/page/x-disk.ts", use("node:fs"), "fs"],
  ["page-small", "src/page/x-node.ts", use("node:http"), "http"],
  ["chat-small", "src/chat/x-flow.ts", use("../flow/post.ts"), "src/flow/post.ts"],
  ["chat-small", "src/chat/x-node.ts", use("node:fs"), "fs"],
  ["adapter-forum-src", "adapters/forum/x-chat.ts", name("../../src/chat/table.ts"), "src/chat/table.ts"],
  ["checks-know-parts-as-types", "src/checks/x-parts.ts", use("../flow/parts.ts"), "src/flow/parts.ts"],
  ["checks-pure", "src/checks/x-node.ts", use("node:fs"), "fs"],
  ["checks-pure", "src/checks/x-flow.ts", name("../flow/post.ts"), "src/flow/post.ts"],
  ["flow-inside", "src/flow/x-web.ts", use("../web/console.ts"), "src/web/console.ts"],
  ["knowledge-inside", "src/knowledge/x-flow.ts", use("../flow/post.ts"), "src/flow/post.ts"],
  ["web-inside", "src/web/x-flow.ts", use("../flow/post.ts"), "src/flow/post.ts"],
  ["only-main-imports-adapters", "src/cli/x-adapter.ts", use("../../adapters/keys/signer.ts"), "adapters/keys/signer.ts"],
  ["only-main-imports-adapters", "src/config.x.ts", name("../adapters/keys/signer.ts"), "adapters/keys/signer.ts"],
  ["adapters-apart", "adapters/openai/x-other.ts", name("../quoting/drafter.ts"), "adapters/quoting/drafter.ts"],
  ["adapter-unlisted", "adapters/irc/x-package.ts", use("jose"), "node_modules/jose/index.js"],
  ["adapter-unlisted", "adapters/irc/x-src.ts", use("../../src/page/frame.ts"), "src/page/frame.ts"],
  ...["database", "discord", "keys", "openai", "quoting", "slack"].flatMap((adapter) => [
    [`adapter-${adapter}-src`, `adapters/${adapter}/x-page.ts`, use("../../src/page/frame.ts"), "src/page/frame.ts"] as const,
    [`adapter-${adapter}-packages`, `adapters/${adapter}/x-package.ts`, use("minisearch"), "node_modules/minisearch/index.js"] as const,
  ]),
  ["adapter-forum-src", "adapters/forum/x-flow.ts", use("../../src/flow/review.ts"), "src/flow/review.ts"],
  ["adapter-forum-packages", "adapters/forum/x-package.ts", use("pg"), "node_modules/pg/index.js"],
  ["permit-two-users", "src/flow/x-permit.ts", use("../core/permit.ts"), "src/core/permit.ts"],
  ["permit-two-users", "src/cli/x-lazy.ts", 'export const lazy = () => import("../core/permit.ts")\n', "src/core/permit.ts"],
  ["permit-two-users", "src/core/x-again.ts", 'export * from "./permit.ts"\n', "src/core/permit.ts"],
  ["permit-two-users", "adapters/forum/x-inbound.ts", use("../../src/core/permit.ts"), "src/core/permit.ts"],
  ["dotenv-in-config", "src/cli/x-dotenv.ts", use("dotenv"), "node_modules/dotenv/index.js"],
  ["no-test-in-product", "src/cli/x-test.ts", use("../../test/harness/fake.ts"), "test/harness/fake.ts"],
  ["no-test-in-product", "src/cli/x-bench.ts", name("../../bench/walk.ts"), "bench/walk.ts"],
  ["no-dev-package-in-product", "src/cli/x-dev.ts", use("fast-check"), "node_modules/fast-check/index.js"],
  ["no-stray-package", "src/cli/x-stray.ts", use("left-over"), "node_modules/left-over/index.js"],
  ["resolvable", "src/cli/x-nowhere.ts", use("./nowhere.ts"), "./nowhere.ts"],
]
const circle: Tree = { "src/cli/x-round.ts": use("./x-trip.ts"), "src/cli/x-trip.ts": use("./x-round.ts") }
const loudPorts: Tree = { "src/core/ports.ts": use("node:http") }

test("a tree that keeps to the design breaks no import rule", async () => {
  expect(await inTree(allowed, importBreaches)).toEqual([])
})

test("each import rule names the import that breaks it", async () => {
  const files = Object.fromEntries(breaches.map(([, from, text]) => [from, text]))
  const found = await inTree({ ...allowed, ...files }, importBreaches)
  const missed = breaches.map(([rule, from, , to]) => `${rule}: ${from} -> ${to}`).filter((line) => !found.includes(line))
  expect(missed).toEqual([])
  const broken = new Set(breaches.map(([, from]) => from))
  expect(found.filter((line) => ![...broken].some((from) => line.includes(`: ${from} -> `)))).toEqual([])
})

test("core that runs node:http, not only names its type, is told", async () => {
  expect(await inTree({ ...allowed, ...loudPorts }, importBreaches)).toEqual(["core-http-type-only: src/core/ports.ts -> http"])
})

test("two modules that run each other are told; two types that name each other are not", async () => {
  const found = await inTree({ ...allowed, ...circle }, importBreaches)
  expect(found).not.toEqual([])
  expect(found.filter((line) => !line.startsWith("no-cycles: src/cli/x-"))).toEqual([])
})

test("no import rule goes untested", async () => {
  const tested = new Set([...breaches.map(([rule]) => rule), "core-http-type-only", "no-cycles"])
  expect((await importRules()).filter((rule) => !tested.has(rule))).toEqual([])
})
