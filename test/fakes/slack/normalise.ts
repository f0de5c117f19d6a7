// What Slack makes of a text before it keeps it: lone & < > become entities, bare addresses become links, emoji become names, blocks and
// actions without ids get some. Who reads a message back gets this, not what was sent.
import { isFields } from "./checks/problem.ts"
import type { Fields } from "./state.ts"

const control = /<(?:[@#][A-Z0-9]+(?:\|[^>]*)?|![a-z]+(?:\^[^>|]*)*(?:\|[^>]*)?|(?:https?:\/\/|mailto:|slack:\/\/|tel:)[^>|\s]*(?:\|[^>]*)?)>/g
// Lookbehinds and bounds keep a long word from being tried again at each of its letters.
const address =
  /https?:\/\/[^\s<>|"`*_~]*[^\s<>|"`*_~.,;:!?)\]}']|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+|(?<![\w@/.-])(?:[a-z0-9-]{1,63}\.){1,8}(?:com|org|net|io|dev|ai)\b/gi
const names: Readonly<Record<string, string>> = {
  "🙂": "slightly_smiling_face",
  "😀": "grinning",
  "😄": "smile",
  "😉": "wink",
  "🎉": "tada",
  "👍": "+1",
  "👎": "-1",
  "👋": "wave",
  "🙏": "pray",
  "🔥": "fire",
  "🚀": "rocket",
  "🤖": "robot_face",
  "✅": "white_check_mark",
  "❌": "x",
  "⚠️": "warning",
  "⚠": "warning",
  "✍️": "writing_hand",
  "✍": "writing_hand",
  "❤️": "heart",
  "❤": "heart",
  "💡": "bulb",
  "🔒": "lock",
  "🛑": "octagonal_sign",
  "⭐": "star",
  "👀": "eyes",
}
const emoji = new RegExp(
  Object.keys(names)
    .sort((a, b) => b.length - a.length)
    .join("|"),
  "gu",
)
const named = (text: string) => text.replace(emoji, (e) => `:${names[e]}:`)

const escaped = (text: string) =>
  text
    .replace(/&(?!(?:amp|lt|gt);)/g, "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
const linked = (text: string) =>
  text.replace(address, (found) => {
    if (/^https?:/i.test(found)) return `<${found}>`
    return found.includes("@") ? `<mailto:${found}|${found}>` : `<http://${found}|${found}>`
  })

/** `plain`: no address becomes a link (`parse: none`, `verbatim: true`). */
export function kept(text: string, links: "link" | "plain"): string {
  const given = named(text.replaceAll("\r\n", "\n"))
  let [out, from] = ["", 0]
  const between = (piece: string) => {
    // Entities first: an address may hold &amp;, which is how Slack keeps it.
    const safe = escaped(piece)
    return links === "link" ? linked(safe) : safe
  }
  for (const match of given.matchAll(control)) {
    out += between(given.slice(from, match.index)) + match[0]
    from = match.index + match[0].length
  }
  return out + between(given.slice(from))
}

const id = () => Math.random().toString(36).slice(2, 7)
/** A copy of the blocks as Slack keeps them. */
export function keptBlocks(blocks: readonly Fields[]): Fields[] {
  return blocks.map((block) => ({ ...(walk(block) as Fields), block_id: block["block_id"] ?? id() }))
}
const actionable = /^(button|overflow|checkboxes|radio_buttons|.*_select|.*picker|plain_text_input)$/
function walk(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(walk)
  if (!isFields(value)) return value
  const type = value["type"]
  if (type === "mrkdwn" && typeof value["text"] === "string") {
    const verbatim = value["verbatim"] === true
    return { ...value, text: kept(value["text"], verbatim ? "plain" : "link"), verbatim }
  }
  if (type === "plain_text" && typeof value["text"] === "string") {
    const withEmoji = value["emoji"] !== false
    return { ...value, text: withEmoji ? named(value["text"]) : value["text"], emoji: withEmoji }
  }
  const copy: Fields = {}
  for (const [key, one] of Object.entries(value)) copy[key] = walk(one)
  if (typeof type === "string" && actionable.test(type) && copy["action_id"] === undefined) copy["action_id"] = id()
  return copy
}

export interface Notification {
  readonly kind: "channel" | "here" | "everyone" | "user" | "subteam"
  readonly whom: string
}
/** Whom a text would make a phone ring for. `looks` are names that `link_names` or `parse: full` turn into mentions. */
export function mentions(text: string, looks: "names" | "markup"): readonly Notification[] {
  const found: Notification[] = []
  for (const [, sigil = "", whom = ""] of text.matchAll(/<(@|!subteam\^|!)([A-Za-z0-9]+)[^>]*>/g)) {
    if (sigil === "@") found.push({ kind: "user", whom })
    else if (sigil === "!subteam^") found.push({ kind: "subteam", whom })
    else if (whom === "channel" || whom === "here" || whom === "everyone") found.push({ kind: whom, whom })
  }
  if (looks === "names") for (const [, whom = ""] of text.matchAll(/(?<!\w)@(channel|here|everyone)\b/g)) found.push({ kind: whom as "here", whom })
  return found
}
/** Every string in mrkdwn and rich text: where markup lives. */
export function markup(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(markup)
  if (!isFields(value)) return []
  if (value["type"] === "mrkdwn" || value["type"] === "markdown") return typeof value["text"] === "string" ? [value["text"]] : []
  if (value["type"] === "user" && typeof value["user_id"] === "string") return [`<@${value["user_id"]}>`]
  if (value["type"] === "broadcast" && typeof value["range"] === "string") return [`<!${value["range"]}>`]
  if (value["type"] === "usergroup" && typeof value["usergroup_id"] === "string") return [`<!subteam^${value["usergroup_id"]}>`]
  return Object.values(value).flatMap(markup)
}
