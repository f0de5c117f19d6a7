// The fixed words that stand in public without an approval, and how they are recognised: by their whole text, so that nothing else
// passes for one. "A draft is ready for you" leads a person whose direct messages are closed to their draft; "Retracted by …" stands
// between the label lines of a post that was taken back.
import type { RequestId } from "../../src/core/domain.ts"
import { retractWords, type Signpost, signpostWords } from "../../src/core/signposts.ts"
import { safeName } from "../../src/label/lines.ts"
import { readDiscord } from "../../src/label/read/discord.ts"
import { type Fields, fields, list } from "../../src/label/read/untrusted.ts"
import { normaliseVis } from "../../src/label/vis.ts"
import { escaped } from "./escape.ts"

/** For whoever is answered where everyone sees it. */
export const readyWords = "A draft is ready for you."
export const reviewLabel = "Review"
const reviewOf = (request: RequestId) => `review:${request}`

/** `content` and `components` of the signpost to a draft. */
export function readyMessage(request: RequestId) {
  const button = { type: 2, style: 2, label: reviewLabel, custom_id: reviewOf(request) } as const
  return { content: readyWords, components: [{ type: 1, components: [button] }] } as const
}
/** A signpost to a draft, and nothing else: no word, picture or button more. */
export function isSignpost(message: unknown): boolean {
  const m = fields(message)
  const bare = [m.embeds, m.attachments, m.sticker_items, m.message_snapshots].every((all) => list(all).length === 0) && (m.poll ?? null) === null
  return bare && m.content === readyWords && leadsToDraft(list(m.components).map(fields))
}
function leadsToDraft(rows: readonly Fields[]): boolean {
  const buttons = rows.flatMap((row) => (row.type === 1 ? list(row.components).map(fields) : []))
  const [only] = buttons
  return rows.length === 1 && buttons.length === 1 && only?.label === reviewLabel && /^review:r_[\w-]{22}$/.test(String(only.custom_id))
}

/** In place of a post's text. Discord writes the time in each reader's own zone. */
export function withdrawnContent(frame: { readonly first: string | null; readonly last: string | null }, words: Signpost): string {
  const inner = `${escaped(signpostWords({ ...words, by: safeName(words.by) }))} <t:${Math.floor(words.at / 1000)}:f>`
  return [frame.first, inner, frame.last].filter((line) => line !== null).join("\n")
}
const sentences = Object.values(retractWords).join("|")
const whole = new RegExp(`^Retracted by .{1,80}: (?:${sentences})\\. If you acted on it, say so here\\. <t:\\d{1,12}:f>$`, "u")
/** Whether what stands between a message's label lines is that sentence and nothing else. */
export function isWithdrawn(message: unknown): boolean {
  return whole.test(normaliseVis(readDiscord(message).between))
}
