// One card for every state that a request can be in, and some that are hard to show, as a Discord server has them.
import { render } from "../../adapters/discord/render.ts"
import type { Card } from "../../src/core/card.ts"
import type { Place, WorkspaceId } from "../../src/core/domain.ts"
import { drafted, draftOf, cardFor as slackCard, hard as slackHard, perState as slackStates } from "../slack/states.ts"

export const workspace = "discord:123456789012345678" as WorkspaceId
export const place: Place = { platform: "discord", workspace, channel: "223456789012345678", thread: null }
const message = "223456789012345678:323456789012345678"
const post = {
  workspace,
  id: "223456789012345678:423456789012345678",
  url: "https://discord.com/channels/123456789012345678/223456789012345678/423456789012345678",
}
/** The core's words do not depend on the platform; the text's form does. */
function inDiscord(card: Card): Card {
  const request = "r_abcdefghij-klmnop_qrst" as Card["request"]
  const at = { workspace, place, message, request, post: card.post === null ? null : post }
  const { draft } = card
  if (draft === null) return { ...card, ...at }
  const who = card.draft?.audience.scope === "shared" ? "members of 3 roles" : draft.audience.who
  return { ...card, ...at, draft: { ...draft, rendered: render(draft.answer), audience: { ...draft.audience, who } } }
}
const mapped = <K extends string>(cards: Readonly<Record<K, Card>>) =>
  Object.fromEntries(Object.entries<Card>(cards).map(([name, card]) => [name, inDiscord(card)])) as Record<K, Card>

export const cardFor = (...of: Parameters<typeof slackCard>): Card => inDiscord(slackCard(...of))
export const perState = mapped(slackStates)
export const hard: Readonly<Record<string, Card>> = mapped({
  ...slackHard,
  "long-and-fits": slackCard(drafted, draftOf({ text: "A long *answer*, word by word: `x`. ".repeat(42), sources: [] })),
  "more-than-a-card-holds": slackCard(
    drafted,
    draftOf({ findings: Array.from({ length: 12 }, (_, i) => ({ id: `n:${i}`, level: "note" as const, words: "Look at this line. ".repeat(20) })) }),
  ),
})
export const hardCard = (name: string) => hard[name] as Card
export { drafted, draftOf, findings } from "../slack/states.ts"
