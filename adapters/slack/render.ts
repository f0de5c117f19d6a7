// Markdown of people and of models -> the blocks of one Slack message, in which nothing is alive but links that show where they
// lead. Pure: made before review, shown on the card, approved and sent unchanged. `visible` is what label/read gets back.
import { z } from "zod"
import type { Markdown, Rendered } from "../../src/core/domain.ts"
import { visibleSlack } from "../../src/label/read/slack.ts"
import { type Block, mrkdwnSection, plainSection } from "./blocks.ts"
import { escaped } from "./escape.ts"
import { maxPart, type Part, partsOf } from "./parts.ts"

/**
 * In UTF-16 units of the blocks' JSON: Slack counts the blocks of a message together and refuses (`msg_blocks_too_long`)
 * somewhere between 11,300 and 13,300, by a rule that it does not publish (slackapi/bolt-js#2509, #2867).
 */
export const maxChars = 11_000
/** A message has 50 blocks; two are the label's. */
export const maxBlocks = 48

export function render(body: Markdown): Rendered {
  const blocks = pack(partsOf(body))
  const visible = visibleSlack(blocks)
  const size = JSON.stringify(blocks).length
  return {
    payload: JSON.stringify({ blocks, text: escaped(visible) } satisfies Payload),
    visible,
    chars: blocks.length > maxBlocks ? Math.max(size, maxChars + blocks.length) : size,
  }
}

/** Parts that follow each other share a section as long as it holds them. */
function pack(parts: readonly Part[]): readonly Block[] {
  const blocks: Block[] = []
  let text = ""
  const flush = () => {
    if (text !== "") blocks.push(mrkdwnSection(text))
    text = ""
  }
  for (const part of parts.filter((p) => p.text.trim() !== "")) {
    const joined = text === "" ? part.text : `${text}${part.close ? "\n" : "\n\n"}${part.text}`
    if (part.is === "mrkdwn" && joined.length <= maxPart) {
      text = joined
      continue
    }
    flush()
    if (part.is === "mrkdwn") text = part.text
    else blocks.push(plainSection(part.text))
  }
  flush()
  return blocks
}

export interface Payload {
  readonly blocks: readonly Block[]
  /** For notifications and screen readers; escaped. */
  readonly text: string
}
const payload = z.strictObject({ blocks: z.array(z.custom<Block>((b) => typeof b === "object" && b !== null)), text: z.string() })
/** Of {@link Rendered.payload}. Throws when it is none of ours. */
export function payloadOf(rendered: Rendered): Payload {
  return payload.parse(JSON.parse(rendered.payload))
}
