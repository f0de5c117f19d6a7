// Components of messages: the five rows of old, and the forty parts of the new style. Every limit of Discord's reference on components.
import { type Form, Refusal } from "../refusal.ts"
import { type Fields, isFields } from "../state.ts"
import { checkButton, checkSelect, selects } from "./elements.ts"
import { oneOf, type Path, text, webAddress, whole } from "./fields.ts"

const mostRows = 5
const mostParts = 40
/** Together, in new-style messages. Not in the reference; what apps meet (discord-api-docs#8562). */
const mostText = 4_000
/** Beyond it the real one breaks with a 500: bytes of all texts, and twelve for each (discord-api-docs#8554). */
const mostBytes = 10_170

const part = { row: 1, button: 2, section: 9, text: 10, thumbnail: 11, gallery: 12, file: 13, separator: 14, container: 17 } as const
const inContainer: readonly number[] = [part.row, part.section, part.text, part.gallery, part.file, part.separator]
export type Style = "rows" | "new style"

interface Walk {
  readonly form: Form
  readonly customIds: Set<string>
  readonly ids: Set<number>
  readonly texts: string[]
  parts: number
}
export function checkComponents(form: Form, given: unknown, style: Style): readonly Fields[] {
  if (given === undefined || given === null) return []
  if (!Array.isArray(given) || !given.every(isFields)) {
    form.add(["components"], "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
    return []
  }
  const walk: Walk = { form, customIds: new Set(), ids: new Set(), texts: [], parts: 0 }
  if (style === "rows" && given.length > mostRows) form.add(["components"], "BASE_TYPE_BAD_LENGTH", `Must be between 1 and ${mostRows} in length.`)
  for (const [at, one] of given.entries()) check(walk, one, ["components", at], style === "rows" ? [part.row] : [...inContainer, part.container])
  if (walk.parts > mostParts)
    form.add(["components"], "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", `The total number of components cannot exceed ${mostParts}`)
  if (walk.texts.join("").length > mostText)
    form.add(["components"], "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", `The total displayable text size exceeds maximum size of ${mostText}`)
  form.done()
  const bytes = walk.texts.reduce((sum, t) => sum + Buffer.byteLength(t) + 12, 0)
  if (bytes > mostBytes) throw new Refusal(500, 0, "500: Internal Server Error")
  return given
}
function check(walk: Walk, one: Fields, path: Path, allowed: readonly number[]): void {
  const { form } = walk
  walk.parts += 1
  const type = Number(one["type"])
  if (!allowed.includes(type)) {
    form.add([...path, "type"], "UNION_TYPE_CHOICES", `Value of field "type" must be one of (${allowed.join(", ")}).`)
    return
  }
  const id = whole(form, one, path, "id", { min: 0, max: 2 ** 31 - 1 })
  if (id !== null && id > 0 && walk.ids.has(id)) form.add([...path, "id"], "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated")
  if (id !== null) walk.ids.add(id)
  if (type === part.row) row(walk, one, path)
  else if (type === part.section) section(walk, one, path)
  else if (type === part.text) {
    const content = text(form, one, path, "content", { min: 1, max: mostText, required: "required" })
    if (content !== null) walk.texts.push(content)
  } else if (type === part.container) {
    whole(form, one, path, "accent_color", { min: 0, max: 0xffffff })
    for (const [at, inner] of children(form, one, path, 1, mostParts).entries()) check(walk, inner, [...path, "components", at], inContainer)
  } else if (type === part.separator) {
    if (one["spacing"] !== undefined) oneOf(form, one, path, "spacing", [1, 2])
  } else if (type === part.thumbnail) media(form, one, path, "media")
  else if (type === part.file) media(form, one, path, "file")
  else if (type === part.gallery) {
    const items = Array.isArray(one["items"]) ? one["items"].filter(isFields) : []
    if (items.length < 1 || items.length > 10) form.add([...path, "items"], "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 10 in length.")
    for (const [at, item] of items.entries()) media(form, item, [...path, "items", at], "media")
  }
}
function children(form: Form, one: Fields, path: Path, min: number, max: number): readonly Fields[] {
  const given = Array.isArray(one["components"]) ? one["components"].filter(isFields) : []
  if (given.length < min || given.length > max)
    form.add([...path, "components"], "BASE_TYPE_BAD_LENGTH", `Must be between ${min} and ${max} in length.`)
  return given
}
function row(walk: Walk, one: Fields, path: Path): void {
  const { form } = walk
  const inside = children(form, one, path, 1, 5)
  for (const [at, element] of inside.entries()) {
    walk.parts += 1
    interactive(walk, element, [...path, "components", at])
  }
  if (inside.length > 1 && inside.some((e) => e["type"] !== part.button))
    form.add([...path, "components"], "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width")
}
function interactive(walk: Walk, element: Fields, path: Path): void {
  const { form } = walk
  if (element["type"] === part.button) checkButton(form, element, path)
  else if (selects.includes(Number(element["type"]))) checkSelect(form, element, path)
  else form.add([...path, "type"], "UNION_TYPE_CHOICES", `Value of field "type" must be one of (2, ${selects.join(", ")}).`)
  const name = element["custom_id"]
  if (typeof name !== "string") return
  if (walk.customIds.has(name)) form.add([...path, "custom_id"], "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
  walk.customIds.add(name)
}
function section(walk: Walk, one: Fields, path: Path): void {
  const { accessory } = one
  for (const [at, inner] of children(walk.form, one, path, 1, 3).entries()) check(walk, inner, [...path, "components", at], [part.text])
  if (!isFields(accessory)) walk.form.add([...path, "accessory"], "BASE_TYPE_REQUIRED", "This field is required")
  else if (accessory["type"] === part.thumbnail) check(walk, accessory, [...path, "accessory"], [part.thumbnail])
  else if (accessory["type"] === part.button) {
    walk.parts += 1
    interactive(walk, accessory, [...path, "accessory"])
  } else walk.form.add([...path, "accessory", "type"], "UNION_TYPE_CHOICES", 'Value of field "type" must be one of (2, 11).')
}
function media(form: Form, of: Fields, path: Path, name: string): void {
  const given = of[name]
  if (isFields(given)) webAddress(form, given, [...path, name], "url", ["http:", "https:", "attachment:"])
  else form.add([...path, name], "BASE_TYPE_REQUIRED", "This field is required")
}
