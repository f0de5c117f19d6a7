// What a modal may be made of.
import { Form } from "../refusal.ts"
import { type Fields, isFields } from "../state.ts"
import { checkSelect, selects } from "./elements.ts"
import { oneOf, type Path, text, whole } from "./fields.ts"

const layout = { row: 1, textInput: 4, textDisplay: 10, label: 18 } as const
/** File upload, radio group, checkbox group, checkbox. */
const others = [19, 21, 22, 23]

export function checkModal(data: Fields): { customId: string; title: string; components: readonly Fields[] } {
  const form = new Form()
  const customId = text(form, data, ["data"], "custom_id", { min: 1, max: 100, required: "required" })
  const title = text(form, data, ["data"], "title", { min: 1, max: 45, required: "required" })
  const components = Array.isArray(data["components"]) ? data["components"].filter(isFields) : []
  if (components.length < 1 || components.length > 5) form.add(["data", "components"], "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
  const names = new Set<unknown>()
  for (const [at, one] of components.entries()) top(form, one, ["data", "components", at], names)
  form.done()
  return { customId: customId ?? "", title: title ?? "", components }
}
function top(form: Form, one: Fields, path: Path, names: Set<unknown>): void {
  if (one["type"] === layout.textDisplay) text(form, one, path, "content", { min: 1, max: 4_000, required: "required" })
  else if (one["type"] === layout.label) {
    text(form, one, path, "label", { min: 1, max: 45, required: "required" })
    text(form, one, path, "description", { max: 100 })
    const inner = one["component"]
    if (isFields(inner)) input(form, inner, [...path, "component"], "labelled", names)
    else form.add([...path, "component"], "BASE_TYPE_REQUIRED", "This field is required")
  } else if (one["type"] === layout.row) row(form, one, path, names)
  else form.add([...path, "type"], "UNION_TYPE_CHOICES", 'Value of field "type" must be one of (1, 10, 18).')
}
function row(form: Form, one: Fields, path: Path, names: Set<unknown>): void {
  const inside = Array.isArray(one["components"]) ? one["components"].filter(isFields) : []
  if (inside.length !== 1) form.add([...path, "components"], "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 1 in length.")
  for (const [at, inner] of inside.entries()) {
    if (inner["type"] === layout.textInput) input(form, inner, [...path, "components", at], "in a row", names)
    else form.add([...path, "components", at, "type"], "UNION_TYPE_CHOICES", 'Value of field "type" must be one of (4,).')
  }
}
function input(form: Form, one: Fields, path: Path, where: "labelled" | "in a row", names: Set<unknown>): void {
  if (names.has(one["custom_id"])) form.add([...path, "custom_id"], "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
  names.add(one["custom_id"])
  if (selects.includes(Number(one["type"]))) {
    checkSelect(form, one, path)
    return
  }
  text(form, one, path, "custom_id", { min: 1, max: 100, required: "required" })
  if (others.includes(Number(one["type"]))) return
  if (one["type"] !== layout.textInput) {
    form.add([...path, "type"], "UNION_TYPE_CHOICES", "No such field of a modal.")
    return
  }
  if (where === "in a row") text(form, one, path, "label", { min: 1, max: 45, required: "required" })
  else if (one["label"] !== undefined) form.add([...path, "label"], "TEXT_INPUT_LABEL_IN_LABEL", "The label stands outside of the field")
  oneOf(form, one, path, "style", [1, 2])
  const min = whole(form, one, path, "min_length", { min: 0, max: 4_000 }) ?? 0
  const max = whole(form, one, path, "max_length", { min: 1, max: 4_000 }) ?? 4_000
  text(form, one, path, "placeholder", { max: 100 })
  // What stands in the field already has to fit it: with the field's own limits, the stricter reading.
  const value = text(form, one, path, "value", { max: 4_000 })
  if (value !== null && value.length > max) form.add([...path, "value"], "BASE_TYPE_MAX_LENGTH", `Must be ${max} or fewer in length.`)
  if (min > max) form.add([...path, "min_length"], "TEXT_INPUT_LENGTHS", "The shortest is longer than the longest")
}
