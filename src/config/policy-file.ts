// countersign.yml: who may approve what, for how long. Policy only: a key or a value that looks like a secret is refused,
// because this file belongs into version control. The file is optional, and so is every key in it.
import { readFileSync } from "node:fs"
import { basename } from "node:path"
import type { z } from "zod"
import { knownKeys, type PolicyFile, policyOf, schema } from "./policy-schema.ts"
import { didYouMean } from "./problems.ts"

export type ReadPolicy = { readonly file: PolicyFile; readonly problems: readonly [] } | { readonly file: null; readonly problems: readonly string[] }

/** `optional`: a missing file is an empty one. `named`: the operator said where it is, so it must be there. */
export async function readPolicyFile(path: string, presence: "optional" | "named"): Promise<ReadPolicy> {
  let text: string
  try {
    text = readFileSync(path, "utf8")
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT"
    if (missing && presence === "optional") return { file: policyOf({}), problems: [] }
    return bad([
      presence === "named"
        ? `COUNTERSIGN_CONFIG names "${path}", which ${missing ? "is not there" : "cannot be read"}. Correct the path, or remove the variable.`
        : `${basename(path)} cannot be read. Make it readable, or remove it.`,
    ])
  }
  // Loaded for a file that is there only: a parser costs a start some 20 ms.
  const { parse } = await import("yaml")
  let raw: unknown
  try {
    raw = parse(text) ?? {}
  } catch (cause) {
    const where = (cause as { linePos?: readonly { readonly line: number }[] }).linePos?.[0]?.line
    return bad([
      `${basename(path)} is not YAML${where === undefined ? "" : ` in line ${where}`}. Indent with spaces, and quote texts that hold a colon.`,
    ])
  }
  const secrets = secretsIn(raw, "")
  const read = schema.safeParse(raw)
  const others = read.success ? [] : read.error.issues.flatMap((i) => wordsOfIssue(i, basename(path), secrets))
  const problems = [
    ...secrets.map((key) => `${key} looks like a secret. Put it into the environment or into .env, never into ${basename(path)}.`),
    ...others,
  ]
  if (!read.success || problems.length > 0) return bad(problems)
  const file = policyOf(read.data)
  if (file.policy.remindBeforeMs >= file.policy.draftTtlMs)
    return bad(["drafts.remindBefore is not shorter than drafts.ttl. Remind people while they still have time."])
  return { file, problems: [] }
}
function bad(problems: readonly string[]): ReadPolicy {
  return { file: null, problems }
}

function wordsOfIssue(issue: z.core.$ZodIssue, fileName: string, secrets: readonly string[]): string[] {
  const section = issue.path.join(".")
  if (secrets.includes(section)) return []
  if (issue.code !== "unrecognized_keys") return [`${section === "" ? fileName : section} ${issue.message}`]
  return issue.keys
    .map((key) => ({ key, full: section === "" ? key : `${section}.${key}` }))
    .filter(({ full }) => !secrets.some((s) => s === full || s.startsWith(`${full}.`)))
    .map(({ key, full }) => `${full} is no key of ${fileName}.${didYouMean(key, knownKeys[section] ?? [])}`)
}

const secretKey = /secret|token|passw|pass$|api_?-?key|private|credential|_url$|dsn/i
const secretValue = /^(sk-|xox[a-z]-|xapp-|gh[pousr]_|-----BEGIN|eyJ[\w-]+\.|[\w-]{23,28}\.[\w-]{6}\.[\w-]{27,})|:\/\/[^/\s]+:[^/\s]+@/
/** Keys under which a secret seems to stand. Their values are shown nowhere. */
function secretsIn(value: unknown, path: string): string[] {
  if (typeof value === "string") return secretValue.test(value) ? [path] : []
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const full = path === "" ? key : `${path}.${key}`
    return secretKey.test(key) ? [full] : secretsIn(inner, full)
  })
}
