// A modal on somebody's screen: what the app asked, and what Discord's client lets go out.
import type { Interaction } from "./interactions.ts"
import { type Fields, isFields } from "./state.ts"

export interface Modal {
  readonly customId: string
  readonly title: string
  readonly components: readonly Fields[]
  /** The interaction that it answers. */
  readonly of: Interaction
}
/** The fields that a person fills in, whichever way they are laid out. */
export function inputsOf(modal: Modal): readonly Fields[] {
  return modal.components.flatMap((c) => {
    if (isFields(c["component"])) return [c["component"]]
    return Array.isArray(c["components"]) ? c["components"].filter(isFields) : []
  })
}
const typed = (input: Fields, values: Readonly<Record<string, string>>): string =>
  values[String(input["custom_id"])] ?? (typeof input["value"] === "string" ? input["value"] : "")

/** What the client itself would complain about; then nothing goes out. */
export function complaints(modal: Modal, values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const name of Object.keys(values)) if (!inputsOf(modal).some((i) => i["custom_id"] === name)) throw new Error(`the modal has no field ${name}`)
  for (const input of inputsOf(modal)) {
    if (input["type"] !== 4) continue
    const value = typed(input, values)
    const name = String(input["custom_id"])
    if (value.length > Number(input["max_length"] ?? 4_000)) found[name] = "too long"
    else if (value === "" && input["required"] !== false) found[name] = "required"
    else if (value !== "" && value.length < Number(input["min_length"] ?? 0)) found[name] = "too short"
  }
  return found
}
/** `data.components` of the submission, in the layout of the modal. */
export function submission(modal: Modal, values: Readonly<Record<string, string>>): readonly Fields[] {
  const answer = (input: Fields): Fields => {
    const base = { type: input["type"], id: input["id"], custom_id: input["custom_id"] }
    if (input["type"] === 4) return { ...base, value: typed(input, values) }
    const chosen = values[String(input["custom_id"])]
    return { ...base, values: chosen === undefined ? [] : [chosen] }
  }
  return modal.components.map((c) => {
    if (isFields(c["component"])) return { type: c["type"], id: c["id"], component: answer(c["component"]) }
    if (!Array.isArray(c["components"])) return { type: c["type"], id: c["id"] }
    return { type: c["type"], id: c["id"], components: c["components"].filter(isFields).map(answer) }
  })
}
