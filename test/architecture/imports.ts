// Runs the import rules of .dependency-cruiser.mjs on a folder that holds src/ and adapters/, and says each breach in one line.
import { existsSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { cruise, type ICruiseResult } from "dependency-cruiser"
import extractOptions from "dependency-cruiser/config-utl/extract-depcruise-options"

const configFile = fileURLToPath(new URL("../../.dependency-cruiser.mjs", import.meta.url))

/** `<rule>: <from> -> <to>`, sorted. */
export async function importBreaches(folder: string): Promise<readonly string[]> {
  const config = await extractOptions(configFile)
  const roots = ["src", "adapters"].filter((name) => existsSync(join(folder, name)))
  const { output } = await cruise(roots, { ...config, validate: true, baseDir: folder })
  return (output as ICruiseResult).summary.violations.map((v) => `${v.rule.name}: ${v.from} -> ${v.to}`).sort()
}

/** The name of every rule. */
export async function importRules(): Promise<readonly string[]> {
  const config = await extractOptions(configFile)
  return (config.ruleSet?.forbidden ?? []).map((rule) => rule.name ?? "")
}
