// Discord's Markdown as somebody else reads it: a parser that shares no line with ours, for a second opinion on what is shown.
import discord from "discord-markdown-parser"

interface Node {
  readonly type: string
  readonly content?: Node | readonly Node[] | string
  readonly name?: string
}
export interface Reading {
  readonly text: string
  /** Kinds of what would be more than words: mentions, spoilers, links behind words, times, … */
  readonly alive: readonly string[]
}
export function secondReading(content: string): Reading {
  const alive: string[] = []
  const read = (node: Node | readonly Node[] | string | undefined): string => {
    if (node === undefined) return ""
    if (typeof node === "string") return node
    if (Array.isArray(node)) return node.map(read).join("")
    const { type, content: inner, name } = node as Node
    switch (type) {
      case "text":
      case "strong":
      case "em":
      case "strikethrough":
      case "inlineCode":
      case "codeBlock":
      case "autolink":
        return read(inner)
      case "br":
      case "newline":
        return "\n"
      case "twemoji":
        return name ?? ""
      case "blockQuote":
      case "heading":
        return `${read(inner)}\n`
      default:
        alive.push(type)
        return `[${type}]`
    }
  }
  const text = read(discord.parse(content, "normal") as readonly Node[])
  return { text, alive }
}
