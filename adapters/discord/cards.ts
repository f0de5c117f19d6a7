// A Card as one private message: the text as it will be posted, who reads it, what to check, where it comes from, and one primary
// button that says where it goes. What cannot be shown whole has no such button.
import { type APIComponentInContainer, ButtonStyle, ComponentType, SeparatorSpacingSize } from "discord.js"
import { findingWords } from "../../src/chat/findings.ts"
import type { Card, CardAction, CardDraft } from "../../src/core/card.ts"
import type { Finding, Instant, Source } from "../../src/core/domain.ts"
import { buttonOf, cardId } from "./actions.ts"
import { type Button, buttonRow, linkButton, type Private, privately, type Row, selectRow, shortened, textDisplay, textsFit } from "./components.ts"
import { escaped, link, plainSource } from "./escape.ts"
import { withLabel } from "./render.ts"

type Ticks = "open" | "ticked"
const grey = 0x80_84_8e
const maxLabel = 80
const maxTicks = 25
const maxTick = 100

/** `acknowledged`: findings that were ticked, of this very draft. */
export function cardMessage(card: Card, acknowledged: readonly string[]): Private {
  const must = toCheck(card)
  const ticks = must.every((f) => acknowledged.includes(f.id)) ? "ticked" : "open"
  const whole = textsOf(card)
  const fits = textsFit(whole)
  const texts = fits ? whole : [head(card), tooLong]
  const may = fits && must.length <= maxTicks && must.every((f) => f.id.length <= maxTick)
  const parts: APIComponentInContainer[] = texts.flatMap((text, i) => (i === 0 ? [textDisplay(text)] : [line, textDisplay(text)]))
  return privately([{ type: ComponentType.Container, accent_color: grey, components: [...parts, ...rows(card, ticks, may ? "may" : "may-not")] }])
}
const line: APIComponentInContainer = { type: ComponentType.Separator, divider: true, spacing: SeparatorSpacingSize.Small }
const tooLong = "This draft is too long to be shown whole in Discord, so it cannot be approved here. Shorten it: edit or redraft it."

/** In their order: what this is and what happens; the text; all about it. */
function textsOf(card: Card): readonly string[] {
  const { draft } = card
  if (draft === null || card.phase === "settled") return [head(card)]
  return [head(card), withLabel(draft.rendered.payload, draft.labelLines), about(draft)]
}
function head(card: Card): string {
  const title = card.draft === null ? card.title : `Draft for ${card.draft.audience.where}`
  const about = card.draft === null ? [] : [escaped(shortened(card.title, 300))]
  const until = card.deadline === null || card.phase === "settled" ? [] : [`expires ${timeIn(card.deadline)}`]
  const note = card.note === null ? [] : [plainSource(shortened(card.note, 600))]
  return [`### ${escaped(shortened(title, 150))}`, `-# ${["🔒 Only you can see this", ...about, ...until].join(" · ")}`, ...note].join("\n")
}
/** In the reader's own zone, and how long that is: Discord writes it. */
function timeIn(at: Instant): string {
  const seconds = Math.floor(at / 1000)
  return `<t:${seconds}:f> (<t:${seconds}:R>)`
}
function about({ audience, findings, sources }: CardDraft): string {
  const readers = `**Will be read by** ${escaped(shortened(`${audience.where} · ${audience.who}`, 500))}`
  const checks = findings.length === 0 ? [] : ["**Check first**", ...findings.map((f) => plainSource(findingWords(f)))]
  const from = sources.length === 0 ? [] : [`**Sources** ${sources.map(sourceWords).join(" · ")}`]
  return [readers, ...checks, ...from].join("\n")
}
/** The text's own source lines stand in the text, whole. This list is furniture. */
function sourceWords({ n, title, url }: Source): string {
  const words = shortened(title, 120)
  return `${n} ${url === null || url.length > 200 ? escaped(words) : link(words, url)}`
}

function rows(card: Card, ticks: Ticks, approving: "may" | "may-not"): readonly Row[] {
  const approve = card.actions.find((a) => a.act === "approve")
  const others = card.actions.filter((a) => a.act !== "approve").map((a) => actionButton(card, a))
  const post = card.post?.url == null ? null : linkButton("Open the post", card.post.url)
  const may = approve !== undefined && approving === "may" && card.draft !== null
  const tick = may && ticks === "open" && toCheck(card).length > 0
  const first = may && !tick ? [approveButton(card, approve)] : []
  const buttons = [...first, ...others, ...(post === null ? [] : [post])]
  return [...(tick ? [tickRow(card)] : []), ...(buttons.length === 0 ? [] : [buttonRow(buttons)])]
}
function approveButton(card: Card, { words }: CardAction): Button {
  const act = toCheck(card).length === 0 ? "approve" : "approve_checked"
  return { style: ButtonStyle.Primary, label: words.length <= maxLabel ? words : "Approve and post", custom_id: cardId(act, card) }
}
function actionButton(card: Card, { act, words }: CardAction): Button {
  if (act === "approve") return approveButton(card, { act, words, weight: "primary" })
  return { style: ButtonStyle.Secondary, label: words, custom_id: cardId(buttonOf[act], card) }
}

/** What must be ticked before anybody approves. */
export function toCheck(card: Card): readonly Finding[] {
  return card.draft?.findings.filter((f) => f.level === "acknowledge") ?? []
}
/** Taken only with all of them: then the button to approve comes. */
function tickRow(card: Card): Row {
  const must = toCheck(card)
  return selectRow({
    custom_id: cardId("acknowledge", card),
    placeholder: must.length === 1 ? "Check this, then tick it to approve" : `Check all ${must.length}, then tick them to approve`,
    min_values: must.length,
    max_values: must.length,
    options: must.map((f) => ({ label: shortened(`I checked: ${f.words}`, maxTick), value: f.id })),
  })
}
