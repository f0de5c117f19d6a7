// Application commands as a bulk overwrite takes them: names, counts, options.
import { badForm, Form } from "../refusal.ts"
import { type Command, type Fields, isFields } from "../state.ts"
import { type Path, text, whole } from "./fields.ts"

const slash = 1
/** How many of each type: slash commands, on people, on messages. */
const most: Readonly<Record<number, number>> = { 1: 100, 2: 15, 3: 15 }
const slashName = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u
const mostTogether = 8_000

export type Checked = Pick<Command, "type" | "name" | "definition">
export function checkCommands(raw: unknown): readonly Checked[] {
  if (!Array.isArray(raw) || !raw.every(isFields)) return badForm([], "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
  const form = new Form()
  const checked = raw.map((definition, at) => one(form, definition, [at]))
  for (const [type, count] of Object.entries(most)) {
    const ofType = checked.filter((c) => c.type === Number(type))
    if (ofType.length > count) form.add([], "APPLICATION_COMMANDS_TOO_MANY", `Maximum number of application commands reached (${count})`)
    if (new Set(ofType.map((c) => c.name)).size < ofType.length)
      form.add([], "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
  }
  form.done()
  return checked
}
function one(form: Form, definition: Fields, path: Path): Checked {
  const type = definition["type"] ?? slash
  if (type !== 1 && type !== 2 && type !== 3) form.add([...path, "type"], "BASE_TYPE_CHOICES", "Value must be one of {1, 2, 3}.")
  const name = text(form, definition, path, "name", { min: 1, max: 32, required: "required" }) ?? ""
  if (type === slash) {
    named(form, name, path)
    text(form, definition, path, "description", { min: 1, max: 100, required: "required" })
    options(form, definition, path)
    if (letters(definition) > mostTogether) form.add(path, "APPLICATION_COMMAND_TOO_LARGE", `Command exceeds maximum size (${mostTogether})`)
  } else {
    if (isThere(definition["description"]))
      form.add([...path, "description"], "APPLICATION_COMMAND_DESCRIPTION", "Context menu commands have no description")
    if (isThere(definition["options"])) form.add([...path, "options"], "APPLICATION_COMMAND_OPTIONS", "Context menu commands have no options")
  }
  const bits = definition["default_member_permissions"]
  if (bits !== undefined && bits !== null && !/^\d+$/.test(String(bits)))
    form.add([...path, "default_member_permissions"], "BITFIELD_TYPE_INVALID", "Not a set of permissions.")
  for (const list of ["contexts", "integration_types"]) {
    const given = definition[list]
    if (given !== undefined && given !== null && !(Array.isArray(given) && given.length > 0 && given.every((v) => [0, 1, 2].includes(v as number))))
      form.add([...path, list], "BASE_TYPE_CHOICES", "Value must be one of {0, 1, 2}.")
  }
  return { type: type as Command["type"], name, definition }
}
const isThere = (value: unknown): boolean => value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && value.length === 0)
function named(form: Form, name: string, path: Path): void {
  if (!slashName.test(name) || name !== name.toLowerCase()) form.add([...path, "name"], "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
}
function options(form: Form, of: Fields, path: Path): void {
  const given = of["options"] ?? []
  if (!Array.isArray(given) || !given.every(isFields)) {
    form.add([...path, "options"], "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
    return
  }
  if (given.length > 25) form.add([...path, "options"], "BASE_TYPE_BAD_LENGTH", "Must be 25 or fewer in length.")
  if (new Set(given.map((o) => o["name"])).size < given.length)
    form.add([...path, "options"], "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATED", "Option names must be unique")
  let optional = false
  for (const [at, option] of given.entries()) {
    const where = [...path, "options", at]
    whole(form, option, where, "type", { min: 1, max: 11 })
    named(form, text(form, option, where, "name", { min: 1, max: 32, required: "required" }) ?? "", where)
    text(form, option, where, "description", { min: 1, max: 100, required: "required" })
    if (option["required"] === true && optional)
      form.add(where, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must be placed before non-required options")
    optional ||= option["required"] !== true
    const choices = option["choices"]
    if (Array.isArray(choices) && choices.length > 25) form.add([...where, "choices"], "BASE_TYPE_BAD_LENGTH", "Must be 25 or fewer in length.")
    options(form, option, where)
  }
}
/** Names, descriptions and values, all the way down. */
function letters(of: unknown): number {
  if (!isFields(of)) return 0
  const own = ["name", "description", "value"].reduce((sum, key) => sum + (typeof of[key] === "string" ? of[key].length : 0), 0)
  const inner = [of["options"], of["choices"]].flatMap((list) => (Array.isArray(list) ? list : []))
  return own + inner.reduce((sum: number, one) => sum + letters(one), 0)
}
