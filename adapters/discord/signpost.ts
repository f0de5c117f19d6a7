// The two fixed sentences that we say in public without an approval: that a draft waits for somebody, and that a post was taken back.
// Each is known again by its whole form, so that nothing else passes for one.
import { ButtonStyle, ComponentType } from "discord.js"
import { z } from "zod"
import type { Card } from "../../src/core/card.ts"
import { draftReady, retractWords, type Signpost, signpostWords } from "../../src/core/signposts.ts"
import { safeName } from "../../src/label/lines.ts"
import { readDiscord } from "../../src/label/read/discord.ts"
import { normaliseVis } from "../../src/label/vis.ts"
import { cardId, readClick } from "./actions.ts"
import { buttonRow } from "./components.ts"
import { escaped } from "./escape.ts"

/** What stands in place of a post's text. Discord writes the time in each reader's own zone. */
export function withdrawnSource(words: Signpost): string {
  return `${escaped(signpostWords({ ...words, by: safeName(words.by) }))} <t:${Math.floor(words.at / 1000)}:f>`
}
const sentences = Object.values(retractWords).join("|")
const withdrawn = new RegExp(`^Retracted by .{1,80}: (?:${sentences})\\. If you acted on it, say so here\\. \\[alive\\] <t:\\d{1,13}:f>$`, "u")
/** A post whose text is gone and whose frame stays. */
export function isWithdrawn(message: unknown): boolean {
  return isLabelled(message) && withdrawn.test(normaliseVis(readDiscord(message).between))
}
export function isLabelled(message: unknown): boolean {
  return readDiscord(message).says.jti !== null
}

/** Says no word of the question or of the draft. The button opens the card for whoever asked, and for nobody else. */
export function readyMessage(card: Pick<Card, "workspace" | "request">) {
  const review = { style: ButtonStyle.Secondary as const, label: "Review", custom_id: cardId("review", { ...card, draft: null }) }
  return { content: draftReady, components: [buttonRow([review])] }
}
const ready = z.object({
  content: z.literal(draftReady),
  embeds: z.array(z.unknown()).max(0).default([]),
  attachments: z.array(z.unknown()).max(0).default([]),
  sticker_items: z.array(z.unknown()).max(0).default([]),
  message_snapshots: z.array(z.unknown()).max(0).default([]),
  poll: z.null().optional(),
  components: z
    .array(
      z.object({
        type: z.literal(ComponentType.ActionRow),
        components: z
          .array(
            z.object({
              type: z.literal(ComponentType.Button),
              style: z.literal(ButtonStyle.Secondary),
              label: z.literal("Review"),
              custom_id: z.string(),
              emoji: z.null().optional(),
            }),
          )
          .length(1),
      }),
    )
    .length(1),
})
/** "A draft is ready for you", and nothing beside it. */
export function isSignpost(message: unknown): boolean {
  const read = ready.safeParse(message)
  return read.success && readClick(read.data.components[0]?.components[0]?.custom_id)?.act === "review"
}
