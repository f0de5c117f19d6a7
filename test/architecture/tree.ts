// A small product in a temporary folder, for tests that break a rule on purpose. Gone when `work` returns.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"

export type Tree = Readonly<Record<string, string>>

export async function inTree<T>(files: Tree, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "countersign-tree-")))
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** package.json and node_modules of such a product: empty packages under the given names. */
export function packages(named: {
  readonly dependencies: readonly string[]
  readonly devDependencies: readonly string[]
  readonly stray: readonly string[]
}): Tree {
  const versions = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, "1.0.0"]))
  const folderOf = (name: string): Tree => ({
    [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: "1.0.0", type: "module", exports: "./index.js" }),
    [`node_modules/${name}/index.js`]: "export default 1\n",
  })
  const manifest = { name: "tree", type: "module", dependencies: versions(named.dependencies), devDependencies: versions(named.devDependencies) }
  return Object.assign(
    { "package.json": JSON.stringify(manifest) },
    ...[...named.dependencies, ...named.devDependencies, ...named.stray].map(folderOf),
  ) as Tree
}
