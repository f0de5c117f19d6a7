// The fixed words that replace a post which was taken back: the label's frame stays, the text goes. Also how such a message is
// recognised, by its whole text, so that nothing else passes for one.
import type { Signpost } from "../../src/core/signposts.ts"
import { retractWords, signpostWords } from "../../src/core/signposts.ts"
import { safeName } from "../../src/label/lines.ts"
import { normaliseVis } from "../../src/label/vis.ts"
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

const sentences = Object.values(retractWords).join("|")
const whole = new RegExp(`^Retracted by .{1,80}: (?:${sentences})\\. If you acted on it, say so here\\. \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC$`, "u")
/** Whether what stands between a message's label lines is a signpost and nothing else. */
export function readsAsSignpost(between: string): boolean {
  return whole.test(normaliseVis(between))
}
