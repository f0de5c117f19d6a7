// The few forms of Discord's components that are used here, made in one place and kept within Discord's limits. Private words are
// in Discord's newer style: older embeds are not shown to people who switched previews off, and would leave them with bare buttons.
import {
  type APIActionRowComponent,
  type APIButtonComponent,
  type APIComponentInMessageActionRow,
  type APIMessageTopLevelComponent,
  type APIStringSelectComponent,
  type APITextDisplayComponent,
  ButtonStyle,
  ComponentType,
  MessageFlags,
} from "discord.js"

export type Row = APIActionRowComponent<APIComponentInMessageActionRow>
export type Button =
  | { readonly style: ButtonStyle.Link; readonly label: string; readonly url: string }
  | { readonly style: Exclude<ButtonStyle, ButtonStyle.Link | ButtonStyle.Premium>; readonly label: string; readonly custom_id: string }

const maxLabel = 80
export const maxUrl = 512

/** At most five. */
export function buttonRow(buttons: readonly Button[]): Row {
  const each = buttons.map((b): APIButtonComponent => ({ type: ComponentType.Button, ...b, label: shortened(b.label, maxLabel) }))
  return { type: ComponentType.ActionRow, components: each }
}
export function selectRow(select: Omit<APIStringSelectComponent, "type">): Row {
  return { type: ComponentType.ActionRow, components: [{ type: ComponentType.StringSelect, ...select }] }
}
/** An address in a button; null where it does not fit. */
export function linkButton(label: string, url: string): Button | null {
  return url.length <= maxUrl ? { style: ButtonStyle.Link, label, url } : null
}

export function textDisplay(content: string): APITextDisplayComponent {
  return { type: ComponentType.TextDisplay, content }
}

/** One private message. */
export interface Private {
  readonly components: readonly APIMessageTopLevelComponent[]
  readonly flags: MessageFlags.IsComponentsV2
  readonly allowed_mentions: { readonly parse: readonly [] }
}
export function privately(components: readonly APIMessageTopLevelComponent[]): Private {
  return { components, flags: MessageFlags.IsComponentsV2, allowed_mentions: { parse: [] } }
}
/** Of all texts of such a message together. The second is not documented: beyond it Discord fails (discord-api-docs#8554). */
const maxTexts = 4_000
const maxBytes = 10_170
export function textsFit(texts: readonly string[]): boolean {
  const bytes = texts.reduce((sum, t) => sum + Buffer.byteLength(t) + 12, 0)
  return texts.join("").length <= maxTexts && bytes <= maxBytes
}

/** Words as the sources of as few messages as hold them all: what somebody typed may be longer, with its escapes, than one holds. */
export function inMessages(words: string, sourceOf: (words: string) => string): readonly string[] {
  const whole = sourceOf(words)
  if (textsFit([whole]) || words.length < 2) return [whole]
  // At the end of a line if there is one, and never within a sign.
  const half = words.length >> 1
  const line = words.lastIndexOf("\n", half)
  const at = line > 0 ? line : words.slice(0, half).isWellFormed() ? half : half - 1
  return [words.slice(0, at), words.slice(at)].filter((part) => part.trim() !== "").flatMap((part) => inMessages(part, sourceOf))
}

/** For furniture only, never for a draft's words: cut at `max`, with a sign that it was. */
export function shortened(text: string, max: number): string {
  if (text.length <= max) return text
  const cut = text.slice(0, max - 1)
  return `${cut.isWellFormed() ? cut : cut.slice(0, -1)}…`
}
