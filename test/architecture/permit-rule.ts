// Who takes begin and spend out of src/core/permit.ts. By name only: a namespace, a re-export or a lazy import would hide the use.
import { nodesOf, type Source, type SyntaxNode } from "./source.ts"

interface Named {
  readonly isTypeOnly?: boolean
  readonly type: string
  readonly local?: { readonly value: string }
  readonly imported?: { readonly value: string } | null
}

const mayBegin = /^src\/flow\/post\.ts$/
const maySpend = /^adapters\/[^/]+\/outbound\.ts$/

export function permitBreaches(source: Source): readonly string[] {
  return [...nodesOf(source.module)].flatMap((node) => {
    switch (node.type) {
      case "ImportDeclaration":
        return leadsToPermit(node.source) && node.typeOnly !== true
          ? (node.specifiers as readonly Named[]).flatMap((name) => taken(source, name))
          : []
      case "ExportNamedDeclaration":
        return leadsToPermit(node.source) && node.typeOnly !== true ? ["handed on by export"] : []
      case "ExportAllDeclaration":
        return leadsToPermit(node.source) && node.typeOnly !== true ? ["handed on by export *"] : []
      case "CallExpression":
        return importsLazily(node) && [...nodesOf(node.arguments)].some(leadsToPermit) ? ["import()"] : []
      default:
        return []
    }
  })
}

function taken({ path }: Source, name: Named): readonly string[] {
  if (name.isTypeOnly === true) return []
  if (name.type !== "ImportSpecifier") return ["import *"]
  const word = name.imported?.value ?? name.local?.value
  if (word === "begin") return mayBegin.test(path) ? [] : ["begin"]
  if (word === "spend") return maySpend.test(path) ? [] : ["spend"]
  return []
}
function leadsToPermit(from: unknown): boolean {
  const value = (from as { readonly value?: unknown } | null)?.value
  return typeof value === "string" && /(^|\/)permit(\.ts)?$/.test(value)
}
const importsLazily = (node: SyntaxNode) => ["Import", "Identifier"].includes((node.callee as SyntaxNode).type) && isLoader(node.callee as SyntaxNode)
const isLoader = (callee: SyntaxNode) => callee.type === "Import" || callee.value === "require"
