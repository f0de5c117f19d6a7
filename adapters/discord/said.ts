// The words of a message, wherever they stand in it: its text, the embeds of bots, what was forwarded. Previews of links are somebody
// else's words, and the label's lines of a post of ours are nobody's. Untrusted, all of it.

import { readDiscord } from "../../src/label/read/discord.ts"
import { type Fields, fields, list, string } from "../../src/label/read/untrusted.ts"
import type { Message } from "./messages.ts"
import { isOurs } from "./own.ts"

/** Empty: none that are given out. */
export function saidIn(botUserId: string, m: Message): string {
  const read = isOurs(botUserId, m) ? readDiscord(m) : null
  if (read !== null && read.says.jti !== null) return read.between
  const forwarded = list(fields(m).message_snapshots).map((one) => fields(fields(one).message))
  return joined(
    [fields(m), ...forwarded].flatMap((one) => [one.content, ...list(one.embeds).map((e) => embedWords(fields(e)))]),
    "\n",
  )
}
function embedWords(e: Fields): string {
  if ((string(e.type) ?? "rich") !== "rich") return ""
  const rows = list(e.fields).map((one) => joined([fields(one).name, fields(one).value], ": "))
  return joined([e.title, e.description, ...rows], "\n")
}
const joined = (words: readonly unknown[], by: string) => words.filter((w) => typeof w === "string" && w.trim() !== "").join(by)
