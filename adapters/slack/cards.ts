// A Card as one person's direct message: the text as it will be posted, who reads it, what to check, one primary button that says
// where it goes. What a message cannot show whole is not approved there: then the card leads to the modal, which can.
import type { ConfirmationDialog, KnownBlock } from "@slack/types"
import type { Card, CardAct, CardAction } from "../../src/core/card.ts"
import { unreachable } from "../../src/core/unreachable.ts"
import { actionIds, clickValue } from "./actions.ts"
import { type Block, button, mrkdwnSection, plain, plainSection, shortened } from "./blocks.ts"
import { asPosted, checkFirst, findingBlocks, noteOf, privateLine, readers, sourceBlocks, titleOf } from "./card-parts.ts"
import { escaped, harmless, link } from "./escape.ts"

export interface CardMessage {
  readonly blocks: readonly Block[]
  /** For notifications and screen readers. */
  readonly text: string
}
// See render.ts: what Slack refuses is not published, and a card has more around its text than a post.
const maxSize = 12_000
const maxBlocks = 50
// chat.update takes no more.
const maxText = 4_000

export function cardMessage(card: Card): CardMessage {
  const whole = layOut(card, "whole")
  return { blocks: fits(whole) ? whole : layOut(card, "in-review"), text: textOf(card) }
}
const fits = (blocks: readonly Block[]) => blocks.length <= maxBlocks && JSON.stringify(blocks).length <= maxSize

type Text = "whole" | "in-review"
function layOut(card: Card, text: Text): readonly Block[] {
  const top: readonly Block[] = [{ type: "header", text: plain(shortened(titleOf(card), 150)) }, privateLine(card), ...noteOf(card)]
  const shown = card.phase === "settled" ? [] : draftBlocks(card, text)
  const post = card.post?.url === null || card.post === null ? [] : [mrkdwnSection(link("Open the post", card.post.url))]
  return [...top, ...shown, ...post, ...actionBlocks(card, text)]
}
function draftBlocks(card: Card, text: Text): readonly Block[] {
  const { draft } = card
  if (draft === null) return []
  if (text === "in-review") return [plainSection("The text is too long for this card. Open Review to read and decide on all of it."), readers(draft)]
  const findings = draft.findings.length === 0 ? [] : [checkFirst, ...draft.findings.flatMap(findingBlocks)]
  return [{ type: "divider" }, ...asPosted(draft), { type: "divider" }, readers(draft), ...findings, ...sourceBlocks(draft)]
}

function actionBlocks(card: Card, text: Text): readonly Block[] {
  const buttons = card.actions.map((a) => actionButton(card, a, text))
  const review = text === "in-review" && !card.actions.some((a) => a.act === "approve") && card.draft !== null && card.phase !== "settled"
  if (review) buttons.unshift(reviewButton(card, "Review"))
  if (buttons.length === 0) return []
  // New with every version: Slack then knows a click on an old one for what it is.
  return [{ type: "actions", block_id: `card:${card.phase}:${card.draft?.digest.slice(0, 43) ?? "none"}`, elements: buttons }] satisfies KnownBlock[]
}
function actionButton(card: Card, action: CardAction, text: Text) {
  const value = clickOf(card)
  if (action.act !== "approve") return button({ action: actionOf[action.act], words: action.words, value })
  const confirm = confirmation(card)
  // What must be ticked is ticked in the modal; what cannot be said in the dialog is read there.
  const must = card.draft?.findings.some((f) => f.level === "acknowledge") ?? false
  if (text === "in-review" || must || confirm === null) return reviewButton(card, "Review and approve", "primary")
  return button({ action: actionIds.approve, words: action.words, shorter: "Approve and post", value, primary: "primary", confirm })
}
function reviewButton(card: Card, words: string, primary?: "primary") {
  return button({ action: actionIds.review, words, value: clickOf(card), ...(primary === undefined ? {} : { primary }) })
}
/** The id by which the click on a button comes back. */
export const actionOf: Record<Exclude<CardAct, "approve">, string> = {
  edit: actionIds.edit,
  redraft: actionIds.redraft,
  decline: actionIds.discard,
  cancel: actionIds.cancel,
  "resolve-posted": actionIds.resolvePosted,
  "resolve-never-seen": actionIds.resolveNeverSeen,
}
export function clickOf(card: Card): string {
  return clickValue({ request: card.request, digest: card.draft?.digest ?? null, workspace: card.workspace })
}

/** Names the place and who reads it, whole; null when a dialog cannot hold that. */
function confirmation(card: Card): ConfirmationDialog | null {
  if (card.draft === null) return null
  const { where, who } = card.draft.audience
  const text = `This text is posted to ${where} now, with your name on it. Who can read it: ${who}.`
  if (text.length > 300) return null
  const post = `Post to ${where}`
  return {
    title: plain("Approve and post?"),
    text: plain(text),
    confirm: plain(post.length <= 30 ? post : "Approve and post"),
    deny: plain("Not yet"),
  }
}

/** Screen readers hear this alone: the whole text, where there is room for it. */
function textOf(card: Card): string {
  const head = [titleOf(card), ...(card.note === null ? [] : [card.note])].join(" · ")
  const { draft } = card
  if (draft === null || card.phase === "settled") return escaped(shortened(head, maxText / 6))
  const { where, who } = draft.audience
  const whole = escaped([head, draft.labelLines.first, draft.rendered.visible, draft.labelLines.last, `Will be read by ${where} · ${who}`].join("\n"))
  return whole.length <= maxText ? whole : escaped(shortened(`${head} · Open Review to read it.`, maxText / 6))
}

/** One line in the thread, for the requester's eyes: where the card is. */
export function pointer(card: Card): CardMessage {
  const words = pointerWords(card)
  return {
    text: escaped(words),
    blocks: [plainSection(`🔒 Only you can see this. ${words}`), { type: "actions", block_id: "pointer", elements: [reviewButton(card, "Review")] }],
  }
}
/** For somebody whom no direct message reaches: there is no card then, and the review is all they have. Draft's words are in it alone. */
export function standIn(card: Card): CardMessage {
  const words = `${card.note ?? "Your draft waits for you."} I cannot write to you directly, so this is all you hear of it.`
  return {
    text: harmless(words),
    blocks: [plainSection(`🔒 Only you can see this. ${words}`), { type: "actions", block_id: "pointer", elements: [reviewButton(card, "Review")] }],
  }
}
function pointerWords(card: Card): string {
  switch (card.phase) {
    case "drafting":
      return "Your draft is being written in our direct messages."
    case "review":
    case "unclear":
      return "Your draft waits for you in our direct messages."
    case "settled":
      return "Your draft is settled; our direct messages say how."
    default:
      return unreachable(card.phase)
  }
}
