// The fixed words that replace a post which was taken back: the label's frame stays, the text goes.
import type { Signpost } from "../../src/core/signposts.ts"
import { signpostWords } from "../../src/core/signposts.ts"
import { safeName } from "../../src/label/lines.ts"
import { type Block, mrkdwn, plain } from "./blocks.ts"
import { escaped } from "./escape.ts"

const inner = (words: Signpost) => signpostWords({ ...words, by: safeName(words.by) })

/** `text`: for notifications, without the reader's time zone. */
export function signpostBlock(words: Signpost): Block {
  // Slack writes the time in each reader's own zone. A name is plain text: it cannot be markup.
  const seconds = Math.floor(words.at / 1000)
  const at = new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ")
  return { type: "context", elements: [plain(inner(words)), mrkdwn(`<!date^${seconds}^{date_short_pretty} {time}|${at} UTC>`)] }
}
export function signpostText(words: Signpost): string {
  return escaped(inner(words))
}
