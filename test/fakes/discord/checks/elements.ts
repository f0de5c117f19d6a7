// Buttons and selects.
import type { Form } from "../refusal.ts"
import { type Fields, isFields } from "../state.ts"
import { oneOf, type Path, text, webAddress, whole } from "./fields.ts"

/** Strings, people, roles, both, channels. */
export const selects: readonly number[] = [3, 5, 6, 7, 8]
const linkStyle = 5
const premiumStyle = 6

export function checkButton(form: Form, button: Fields, path: Path): void {
  oneOf(form, button, path, "style", [1, 2, 3, 4, linkStyle, premiumStyle])
  text(form, button, path, "label", { max: 80 })
  if (button["style"] === premiumStyle) {
    form.add([...path, "sku_id"], "BUTTON_COMPONENT_INVALID_SKU", "There is no SKU here")
    return
  }
  if (button["style"] === linkStyle) {
    if (button["custom_id"] !== undefined)
      form.add([...path, "custom_id"], "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "A custom id and url cannot both be specified")
    text(form, button, path, "url", { max: 512, required: "required" })
    webAddress(form, button, path, "url", ["http:", "https:", "discord:"])
  } else {
    if (button["url"] !== undefined) form.add([...path, "url"], "BUTTON_COMPONENT_URL_STYLE", "Only link buttons have a url")
    text(form, button, path, "custom_id", { min: 1, max: 100, required: "required" })
  }
  const bare = (button["label"] === undefined || button["label"] === null || button["label"] === "") && !isFields(button["emoji"])
  if (bare) form.add([...path, "label"], "BUTTON_COMPONENT_INVALID_LABEL_OR_EMOJI", "A button must have a label or an emoji")
  yesOrNo(form, button, path, "disabled")
}
export function checkSelect(form: Form, select: Fields, path: Path): void {
  text(form, select, path, "custom_id", { min: 1, max: 100, required: "required" })
  text(form, select, path, "placeholder", { max: 150 })
  whole(form, select, path, "min_values", { min: 0, max: 25 })
  whole(form, select, path, "max_values", { min: 1, max: 25 })
  yesOrNo(form, select, path, "disabled")
  if (select["type"] !== 3) return
  const options = Array.isArray(select["options"]) ? select["options"].filter(isFields) : []
  if (options.length < 1 || options.length > 25) form.add([...path, "options"], "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 25 in length.")
  const values = new Set<unknown>()
  for (const [at, option] of options.entries()) {
    const where = [...path, "options", at]
    text(form, option, where, "label", { min: 1, max: 100, required: "required" })
    text(form, option, where, "value", { min: 1, max: 100, required: "required" })
    text(form, option, where, "description", { max: 100 })
    if (values.has(option["value"]))
      form.add([...where, "value"], "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used")
    values.add(option["value"])
  }
}
function yesOrNo(form: Form, of: Fields, path: Path, name: string): void {
  if (of[name] !== undefined && typeof of[name] !== "boolean") form.add([...path, name], "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")
}
