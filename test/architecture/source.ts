// A source file as the rules see it: its text, its code without comments, and its syntax tree.
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join, relative, sep } from "node:path"
import { type Module, parseSync, printSync } from "@swc/core"

export interface Source {
  /** From the root of the product, with `/`. */
  readonly path: string
  readonly text: string
  /** Printed anew, so that a rule about words does not fall over a comment. */
  readonly code: string
  readonly module: Module
}
/** A node of the syntax tree, as far as a rule looks. */
export type SyntaxNode = { readonly type: string } & Readonly<Record<string, unknown>>

export function sourceOf(path: string, text: string): Source {
  const module = parseSync(text, { syntax: path.endsWith(".ts") ? "typescript" : "ecmascript", target: "es2024", comments: false })
  return { path, text, code: printSync(module).code, module }
}

/** Every source file under the given folders. */
export function sourcesIn(root: string, folders: readonly string[]): readonly Source[] {
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /\.m?[jt]sx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => sourceOf(relative(root, file).split(sep).join("/"), readFileSync(file, "utf8")))
}

/** Every node of the tree, a parent before its children. */
export function* nodesOf(value: unknown): Generator<SyntaxNode> {
  if (Array.isArray(value)) for (const item of value) yield* nodesOf(item)
  else if (typeof value === "object" && value !== null) {
    if ("type" in value && typeof value.type === "string") yield value as SyntaxNode
    for (const child of Object.values(value)) yield* nodesOf(child)
  }
}
