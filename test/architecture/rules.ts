// The rules that imports alone cannot keep: who calls what, and how a file looks. Each says what it found, or nothing.
// test/architecture/rules.test.ts breaks every one of them on purpose.
import { permitBreaches } from "./permit-rule.ts"
import { nodesOf, type Source, type SyntaxNode } from "./source.ts"

export interface Rule {
  readonly name: string
  readonly why: string
  readonly within: RegExp
  /** Files that may: the one place where it belongs. */
  readonly except?: RegExp
  breaches(source: Source): readonly string[]
}

export const longest = 300

/** Whatever puts words before people, on any platform: there is one file an adapter where a reader must look for it. */
const sendingCalls: readonly RegExp[] = [
  /\bchat\s*\??\.\s*(postMessage|postEphemeral|update|scheduleMessage|meMessage|unfurl|startStream|appendStream|stopStream)\b/g,
  /\b(files\s*\.\s*(upload|uploadV2|completeUploadExternal)|filesUploadV2|chatStream)\b/g,
  /\bresponse_type["']?\s*[:=]\s*["'`]in_channel/g,
  /\b(slack\.com|discord(app)?\.com)\/api\b|\bhooks\.slack\.com\b/g,
  /\w*(channel|thread|webhook|user|member|dm)\w*\s*\??\.\s*send\s*\(/gi,
  /\b(rest|control|poster|wire)\s*\??\.\s*(post|patch|put|request|queueRequest)\s*\(/gi,
  /\b\w*(message|interaction|webhook)\s*\??\.\s*(reply|followUp|editReply|deferReply|deferUpdate|update|respond|edit|crosspost|startThread|execute)\s*\(/gi,
  /\.\s*(showModal|createWebhook|bulkOverwrite)\s*\(|\b(threads|commands)\s*\??\.\s*(create|set)\s*\(/g,
  /\b(insertInto|replaceInto|mergeInto)\(\s*["'`]forum_post\b/g,
]

/** Files that may read `process.env`, each with its reason. */
export const environmentReaders: Readonly<Record<string, string>> = {
  "src/config.ts": "reads the environment, checks it, and reports every problem at once",
  "adapters/openai/room.ts": "is a process of its own, whose whole environment is the three variables that its keeper hands it",
}
const environment: readonly RegExp[] = [
  /\bprocess\s*\??\.?\s*(\.\s*env\b|\[\s*["'`]env["'`]\s*\])/g,
  /\{[^{}]*\benv\b[^{}]*\}\s*=\s*(globalThis\s*\.\s*)?process\b/g,
  /\bimport\s*\{[^}]*\benv\b[^}]*\}\s*from\s*["'](node:)?process["']/g,
]
const silencers = /@ts-(ignore|nocheck)\b/g
const tableCall =
  /\b(selectFrom|insertInto|updateTable|deleteFrom|replaceInto|mergeInto|(inner|left|right|full|cross)Join|(create|alter|drop)Table)\(\s*\[?\s*["'`](\w+)/g
const ledgerInSql = /\b(from|into|update|join|table|on)\s+"?(entry|body|person|head|lookup|lease)\b/gi

const found = (text: string, ...patterns: readonly RegExp[]) =>
  patterns.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[0].trim()))

export const rules: readonly Rule[] = [
  {
    name: "sending-in-outbound",
    why: "A platform's sending calls stand only in adapters/*/outbound.ts.",
    within: /^(src|adapters)\//,
    // scopes.ts is a table of the calls' names; the next rule sees to it that it can call nothing.
    except: /^adapters\/([^/]+\/outbound|slack\/scopes)\.ts$/,
    breaches: ({ code }) => found(code, ...sendingCalls),
  },
  {
    name: "scopes-is-a-table",
    why: "adapters/slack/scopes.ts may name sending calls because it imports nothing, so it has nothing to call them on.",
    within: /^adapters\/slack\/scopes\.ts$/,
    breaches: ({ code }) => found(code, /\bimport\b/g, /\bfetch\s*\(/g, /\bclient\b/g),
  },
  {
    name: "environment-in-config",
    why: "Only src/config.ts reads process.env.",
    within: /^(src|adapters)\//,
    breaches: ({ path, code }) => (path in environmentReaders ? [] : found(code, ...environment)),
  },
  {
    name: "begin-and-spend",
    why: "begin is imported only by flow/post.ts, spend only by adapters/*/outbound.ts, each by its name.",
    within: /^(src|adapters)\//,
    breaches: permitBreaches,
  },
  {
    name: "posting-begun-by-begin",
    why: "Only permit.ts makes a postingBegun: one appended elsewhere would let text out without a permit.",
    within: /^(src|adapters)\//,
    except: /^src\/core\/permit\.ts$/,
    breaches: ({ module }) => [...nodesOf(module)].filter(makesPostingBegun).map(() => 'kind: "postingBegun"'),
  },
  {
    name: "no-forged-permit",
    why: "Only permit.ts says of a value that it is a permit.",
    within: /^(src|adapters)\//,
    except: /^src\/core\/permit\.ts$/,
    breaches: ({ module }) => [...nodesOf(module)].filter(saysPermit).map(() => "as PublishPermit"),
  },
  {
    name: "own-tables",
    why: "An adapter names only tables with its own prefix; the ledger's are known to adapters/database alone.",
    within: /^adapters\/(?!database\/)/,
    breaches({ path, code, module }) {
      const prefix = `${path.split("/")[1]}_`
      const calls = [...code.matchAll(tableCall)].filter((match) => !match[4]?.startsWith(prefix)).map((match) => match[0])
      const statements = [...nodesOf(module)].filter(isSql).flatMap((node) => found(words(node), ledgerInSql))
      return [...calls, ...statements]
    },
  },
  {
    name: "no-any",
    why: "`any` switches the compiler off; `unknown` and a parser do not.",
    within: /^(src|adapters|test|bench)\//,
    breaches: ({ module }) => [...nodesOf(module)].filter((node) => node.type === "TsKeywordType" && node.kind === "any").map(() => "any"),
  },
  {
    name: "no-silenced-compiler",
    why: "What the compiler refuses is mended. A type test says @ts-expect-error.",
    within: /^(src|adapters|test|bench)\//,
    except: /^test\/architecture\/rules(\.test)?\.ts$/,
    breaches: ({ path, text }) => [...found(text, silencers), ...(path.startsWith("test/") ? [] : found(text, /@ts-expect-error\b/g))],
  },
  {
    name: "short",
    why: `A file has at most ${longest} lines.`,
    within: /^(src|adapters|test|bench)\//,
    breaches({ text }) {
      const lines = text.replace(/\n$/, "").split("\n").length
      return lines > longest ? [`${lines} lines`] : []
    },
  },
  {
    name: "opens-with-its-promise",
    why: "A file opens with a comment that says what it guarantees.",
    within: /^(src|adapters)\//,
    breaches: ({ text }) => (/^(#!.*\n)?(\/\/|\/\*\*) ?\S/.test(text) ? [] : [text.split("\n")[0] ?? ""]),
  },
]

/** `<rule>: <file>: <what>` for every breach in the sources. */
export function breachesIn(sources: readonly Source[], kept: readonly Rule[] = rules): readonly string[] {
  return kept.flatMap((rule) =>
    sources
      .filter(({ path }) => rule.within.test(path) && !rule.except?.test(path))
      .flatMap((source) => rule.breaches(source).map((what) => `${rule.name}: ${source.path}: ${what}`)),
  )
}

function makesPostingBegun(node: { readonly type: string; readonly key?: unknown; readonly value?: unknown }): boolean {
  if (node.type !== "KeyValueProperty") return false
  const key = node.key as { readonly value?: unknown }
  const made = [...nodesOf(node.value)].some((inner) => inner.type === "StringLiteral" && inner.value === "postingBegun")
  return key.value === "kind" && made && !callsSomething(node.value)
}
/** `z.literal("postingBegun")` describes a fact; it does not make one. */
const callsSomething = (value: unknown) => (value as { readonly type?: unknown }).type === "CallExpression"

function saysPermit(node: { readonly type: string; readonly typeAnnotation?: unknown }): boolean {
  if (!["TsAsExpression", "TsTypeAssertion", "TsSatisfiesExpression"].includes(node.type)) return false
  return [...nodesOf(node.typeAnnotation)].some((inner) => inner.type === "Identifier" && inner.value === "PublishPermit")
}
const words = (template: SyntaxNode) =>
  [...nodesOf(template)]
    .filter((node) => node.type === "TemplateElement")
    .map((node) => node.raw)
    .join(" ")
function isSql(node: { readonly type: string; readonly tag?: unknown }): boolean {
  if (node.type !== "TaggedTemplateExpression") return false
  return [...nodesOf(node.tag)].some((inner) => inner.type === "Identifier" && inner.value === "sql")
}
