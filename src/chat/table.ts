// A table as text in columns: chats have none, or one a message, and no links to check in it.
import type { Token } from "markdown-it"
import { inlineOf, type LinkSeen, plainOf } from "./inline.ts"

export function tableText(tokens: readonly Token[], linkSeen: LinkSeen): string {
  const rows: string[][] = []
  for (const [i, t] of tokens.entries()) {
    if (t.type === "tr_open") rows.push([])
    if (t.type === "th_open" || t.type === "td_open")
      rows.at(-1)?.push(plainOf(inlineOf(tokens[i + 1]?.children ?? []), linkSeen).replace(/\s+/gu, " "))
  }
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => lengthOf(row[column] ?? ""))))
  const lines = rows.map((row) => row.map((cell, i) => cell + " ".repeat(Math.max(0, (widths[i] ?? 0) - lengthOf(cell)))).join("  "))
  return lines.map((line) => line.trimEnd()).join("\n")
}
const lengthOf = (text: string) => [...text].length
