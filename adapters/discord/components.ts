// The few forms of Discord's components that are used here, made in one place and kept within Discord's limits.
import {
  type APIActionRowComponent,
  type APIButtonComponent,
  type APIComponentInMessageActionRow,
  type APIStringSelectComponent,
  ButtonStyle,
  ComponentType,
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

/** For furniture only, never for a draft's words: cut at `max`, with a sign that it was. */
export function shortened(text: string, max: number): string {
  if (text.length <= max) return text
  const cut = text.slice(0, max - 1)
  return `${cut.isWellFormed() ? cut : cut.slice(0, -1)}…`
}
