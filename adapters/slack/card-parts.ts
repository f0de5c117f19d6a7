// What the card and the modal have in common: the text as it will be posted, who will read it, what to check, where it comes from.
// The order and the words are the same in both; nothing is cut but furniture.
import { findingWords } from "../../src/chat/findings.ts"
import type { Card, CardDraft } from "../../src/core/card.ts"
import type { Finding, Instant, Source } from "../../src/core/domain.ts"
import { type Block, context, labelBlock, mrkdwn, mrkdwnSection, plainSection, shortened } from "./blocks.ts"
import { escaped, link, linkForm } from "./escape.ts"
import { payloadOf } from "./render.ts"
import { cut } from "./split.ts"

const maxText = 2_900

/** "Draft for #infra". */
export function titleOf(card: Card): string {
  return card.draft === null ? card.title : `Draft for ${card.draft.audience.where}`
}
/** Lock, "Only you can see this", what it is, and until when. */
export function privateLine(card: Card): Block {
  const about = card.draft === null ? [] : [escaped(shortened(card.title, 300))]
  const until = card.deadline === null || card.phase === "settled" ? [] : [`expires ${dateIn(card.deadline)}`]
  return context(["🔒 Only you can see this", ...about, ...until].join(" · "))
}
/** In the reader's own zone: Slack writes it. */
export function dateIn(at: Instant): string {
  const seconds = Math.floor(at / 1000)
  return `<!date^${seconds}^{date_short_pretty} at {time}|${new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC>`
}
export function noteOf(card: Card): readonly Block[] {
  return card.note === null ? [] : [plainSection(shortened(card.note, maxText))]
}
/** Exactly as it will be posted, label lines included. */
export function asPosted(draft: CardDraft): readonly Block[] {
  return [labelBlock(draft.labelLines.first), ...payloadOf(draft.rendered).blocks, labelBlock(draft.labelLines.last)]
}
export function readers(draft: CardDraft): Block {
  const { where, who } = draft.audience
  return { type: "context", elements: [mrkdwn(`*Will be read by* ${escaped(shortened(`${where} · ${who}`, 1_500))}`)] }
}

/** One or more sections a finding. Plain text: it may quote the draft. */
export function findingBlocks(f: Finding): readonly Block[] {
  return cut(findingWords(f), maxText).map(plainSection)
}
export const checkFirst: Block = context("*Check first*")

export function sourceBlocks(draft: CardDraft): readonly Block[] {
  const texts: string[] = []
  for (const s of draft.sources) {
    const one = `${s.n} ${sourceLink(s)}`
    const joined = `${texts.at(-1) ?? ""} · ${one}`
    if (texts.length > 0 && joined.length <= maxText) texts[texts.length - 1] = joined
    else texts.push(one)
  }
  return texts.map((text, i) => mrkdwnSection(i === 0 ? `*Sources*  ${text}` : text))
}
/** The text's own source lines stand in the text, whole. This list is furniture. */
function sourceLink({ title, url }: Source): string {
  const words = shortened(title, 300)
  const linked = url === null || linkForm(words, url) === "dead" ? escaped(words) : link(words, url)
  return linked.length <= 2_500 ? linked : escaped(words)
}
