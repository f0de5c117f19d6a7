// The modals: review (the whole text, each thing to check with its tick, a submit button that names the place), edit, redraft, report,
// retract. What a modal cannot show whole has no submit button. Everything that comes back is parsed here.
import type { InputBlock, ModalView } from "@slack/types"
import { z } from "zod"
import type { Card } from "../../src/core/card.ts"
import { type Finding, type RetractReason, retractReasons } from "../../src/core/domain.ts"
import { retractWords } from "../../src/core/signposts.ts"
import { type PostClick, postValue, viewIds } from "./actions.ts"
import { type Block, button, context, mrkdwnSection, plain, plainSection, shortened } from "./blocks.ts"
import { asPosted, checkFirst, findingBlocks, noteOf, privateLine, readers, sourceBlocks, titleOf } from "./card-parts.ts"
import { actionOf, clickOf } from "./cards.ts"
import { editFields } from "./edit-fields.ts"
import { link } from "./escape.ts"

export { readEdit } from "./edit-fields.ts"

const maxBlocks = 100
const maxBytes = 240_000
const maxTitle = 24
const maxId = 255

/** Everything there is to know before approving, and the tick for each thing to check. */
export function reviewModal(card: Card): ModalView {
  const approve = card.actions.some((a) => a.act === "approve") && card.draft !== null
  const blocks = reviewBlocks(card, approve ? "with-ticks" : "to-read")
  const known = blocks.every((b) => (b.block_id ?? "").length <= maxId)
  const holds = known && blocks.length <= maxBlocks && Buffer.byteLength(JSON.stringify(blocks)) <= maxBytes
  const shown = holds ? blocks : [privateLine(card), ...noteOf(card), plainSection(tooLong), ...changeButtons(card)]
  return {
    ...modal(viewIds.review, titleOf(card), clickOf(card)),
    blocks: [...shown],
    ...(approve && holds ? { submit: plain(submitWords(card)) } : {}),
  }
}
const tooLong = "This draft is too long to be shown whole in Slack, so it cannot be approved here. Shorten it: edit or redraft it."

function submitWords(card: Card): string {
  const post = `Post to ${card.draft?.audience.where ?? ""}`
  return post.length <= maxTitle ? post : "Approve and post"
}
function reviewBlocks(card: Card, ticks: "with-ticks" | "to-read"): readonly Block[] {
  const { draft } = card
  const top = [privateLine(card), ...noteOf(card)]
  if (draft === null) return [...top, ...postLink(card), ...changeButtons(card)]
  const tick = (f: Finding): readonly Block[] => (ticks === "with-ticks" && f.level === "acknowledge" ? [tickBox(f, draft.digest)] : [])
  const findings = draft.findings.length === 0 ? [] : [checkFirst, ...draft.findings.flatMap((f) => [...findingBlocks(f), ...tick(f)])]
  return [
    ...top,
    ...asPosted(draft),
    { type: "divider" },
    readers(draft),
    ...findings,
    ...sourceBlocks(draft),
    ...postLink(card),
    ...changeButtons(card),
  ]
}
const postLink = (card: Card) => (card.post?.url == null ? [] : [mrkdwnSection(link("Open the post", card.post.url))])

function changeButtons(card: Card): readonly Block[] {
  // Approving is what the form itself is for.
  const buttons = card.actions.flatMap(({ act, words }) =>
    act === "approve" ? [] : [button({ action: actionOf[act], words, value: clickOf(card) })],
  )
  return buttons.length === 0 ? [] : [{ type: "actions", block_id: `change:${card.draft?.digest ?? "none"}`, elements: buttons }]
}

// The digest in the id: a tick of an earlier revision does not stay for the next.
const tickId = (finding: string, digest: string) => `ack:${digest.slice(0, 16)}:${finding}`
function tickBox(f: Finding, digest: string): InputBlock {
  return {
    type: "input",
    block_id: tickId(f.id, digest),
    label: plain("Before you approve"),
    element: { type: "checkboxes", action_id: "ack", options: [{ text: plain("I checked this"), value: "checked" }] },
  }
}
const ticked = z.looseObject({
  state: z.looseObject({
    values: z.record(
      z.string(),
      z.looseObject({ ack: z.looseObject({ selected_options: z.array(z.looseObject({ value: z.string() })).nullish() }).optional() }),
    ),
  }),
})
/** Ids of the findings that were ticked in a submitted review. */
export function readAcknowledged(view: unknown): readonly string[] {
  const read = ticked.safeParse(view)
  if (!read.success) return []
  return Object.entries(read.data.state.values).flatMap(([id, { ack }]) => {
    const finding = /^ack:[\w-]{1,16}:(.+)$/s.exec(id)?.[1]
    return finding !== undefined && (ack?.selected_options ?? []).some((o) => o.value === "checked") ? [finding] : []
  })
}

/** Null: the text is longer than a modal's fields hold. */
export function editModal(card: Card): ModalView | null {
  if (card.draft === null) return null
  const fields = editFields(card.draft.answer, card.draft.digest)
  if (fields === null) return null
  return {
    ...modal(viewIds.edit, "Edit the draft", clickOf(card)),
    submit: plain("Save the edit"),
    blocks: [context("🔒 Only you can see this · Saving makes a new revision. Nothing is posted yet."), ...fields],
  }
}
export function redraftModal(card: Card): ModalView {
  return {
    ...modal(viewIds.redraft, "Redraft with a hint", clickOf(card)),
    submit: plain("Draft again"),
    blocks: [words("What should be different?", 2_000)],
  }
}
export function reportModal(post: PostClick): ModalView {
  return {
    ...modal(viewIds.report, "Report this answer", postValue(post)),
    submit: plain("Report"),
    blocks: [plainSection("Whoever approved this answer is told that somebody sees a problem with it."), words("What is wrong with it?", 1_000)],
  }
}
export function retractModal(post: PostClick): ModalView {
  const options = retractReasons.map((reason) => ({ text: plain(capital(retractWords[reason])), value: reason }))
  return {
    ...modal(viewIds.retract, "Retract this answer", postValue(post)),
    submit: plain("Retract"),
    blocks: [
      plainSection(
        "The text is taken away; its frame stays and says that it was retracted, by whom and why. Whoever said that they acted on it is told.",
      ),
      {
        type: "input",
        block_id: "reason",
        label: plain("Why"),
        element: { type: "static_select", action_id: "reason", placeholder: plain("Pick a reason"), options },
      },
      words("More about it, for members", 1_000),
    ],
  }
}
/** What became of it, in place of the form. */
export function noticeModal(title: string, text: string): ModalView {
  return { type: "modal", title: plain(shortened(title, maxTitle)), close: plain("Close"), blocks: [plainSection(shortened(text, 2_900))] }
}

const free = z.looseObject({
  state: z.looseObject({
    values: z.looseObject({
      words: z.looseObject({ words: z.looseObject({ value: z.string().max(3_000).nullish() }) }).optional(),
      reason: z.looseObject({ reason: z.looseObject({ selected_option: z.looseObject({ value: z.string() }).nullish() }) }).optional(),
    }),
  }),
})
/** The hint of a redraft, or what somebody reports. */
export function readWords(view: unknown): string | null {
  const read = free.safeParse(view)
  const text = read.success ? (read.data.state.values.words?.words.value ?? "").trim() : ""
  return text === "" ? null : text
}
/** Null: no reason, or none that we know. */
export function readRetraction(view: unknown): { readonly reason: RetractReason; readonly words: string | null } | null {
  const read = free.safeParse(view)
  const picked = read.success ? read.data.state.values.reason?.reason.selected_option?.value : undefined
  const reason = retractReasons.find((r) => r === picked)
  return reason === undefined ? null : { reason, words: readWords(view) }
}

function modal(id: string, title: string, metadata: string) {
  const fitting = title.length <= maxTitle ? title : "Review the draft"
  return { type: "modal" as const, callback_id: id, title: plain(fitting), close: plain("Close"), private_metadata: metadata }
}
function words(label: string, max: number): InputBlock {
  return {
    type: "input",
    block_id: "words",
    label: plain(label),
    optional: true,
    element: { type: "plain_text_input", action_id: "words", multiline: true, max_length: max },
  }
}
const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`
