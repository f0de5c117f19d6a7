// Slack's rich_text blocks -> what a reader sees. Ours are none, but somebody else's message under our name may be one.
import { withEmoji } from "./emoji.ts"
import { type Fields, fields, list, string } from "./untrusted.ts"

// Lists within lists go a few levels deep in Slack; a message made for readers goes no deeper.
const deepest = 20

export function richText(block: Fields, depth = 0): string {
  return list(block.elements)
    .map((e) => elementText(fields(e), depth))
    .join(block.type === "rich_text" || block.type === "rich_text_list" ? "\n" : "")
}
function elementText(e: Fields, depth: number): string {
  if (depth > deepest) return "[…]"
  switch (e.type) {
    case "text":
      return withEmoji(string(e.text) ?? "")
    case "link":
      return string(e.text) ?? string(e.url) ?? ""
    case "emoji":
      return withEmoji(`:${string(e.name) ?? ""}:`)
    case "user":
      return `@${string(e.user_id) ?? ""}`
    case "usergroup":
      return `@${string(e.usergroup_id) ?? ""}`
    case "channel":
      return `#${string(e.channel_id) ?? ""}`
    case "broadcast":
      return `@${string(e.range) ?? ""}`
    case "rich_text_section":
    case "rich_text_list":
    case "rich_text_preformatted":
    case "rich_text_quote":
      return richText(e, depth + 1)
    default:
      return `[${string(e.type) ?? "element"}] ${JSON.stringify(e)}`
  }
}
