// What a person typed and ticked, as `state.values` has it, and what Slack's client would not let them submit.
import { isStateful } from "./checks/elements.ts"
import { isFields } from "./checks/problem.ts"
import type { Fields } from "./state.ts"

/** By action id, or by block id: a text, the value of an option, or the values of several. */
export type Typed = Readonly<Record<string, string | readonly string[]>>
interface Input {
  readonly blockId: string
  readonly element: Fields
  readonly required: boolean
}

export function inputsOf(blocks: unknown): readonly Input[] {
  if (!Array.isArray(blocks)) return []
  return blocks.filter(isFields).flatMap((block) => {
    const elements = [block["element"], block["accessory"], ...(Array.isArray(block["elements"]) ? block["elements"] : [])]
    const required = block["type"] === "input" && block["optional"] !== true
    return elements
      .filter(isFields)
      .filter((e) => isStateful(e["type"]))
      .map((element) => ({ blockId: String(block["block_id"]), element, required }))
  })
}
export function stateValues(blocks: unknown, typed: Typed): Fields {
  const values: Record<string, Fields> = {}
  const inputs = inputsOf(blocks)
  for (const key of Object.keys(typed))
    if (!inputs.some((i) => i.blockId === key || i.element["action_id"] === key)) throw new Error(`there is no input ${key} to type into`)
  for (const { blockId, element } of inputs) {
    const actionId = String(element["action_id"])
    const given = typed[actionId] ?? typed[blockId]
    values[blockId] = { ...values[blockId], [actionId]: { type: element["type"], ...valueIn(element, given) } }
  }
  return values
}
function valueIn(element: Fields, given: string | readonly string[] | undefined): Fields {
  const options = (Array.isArray(element["options"]) ? element["options"] : []).filter(isFields)
  const find = (value: string) => {
    const found = options.find((o) => o["value"] === value)
    if (found === undefined) throw new Error(`there is no option ${value} to choose`)
    return found
  }
  switch (element["type"]) {
    case "checkboxes":
    case "multi_static_select":
      return { selected_options: given === undefined ? (element["initial_options"] ?? []) : [given].flat().map(find) }
    case "radio_buttons":
    case "static_select":
      return { selected_option: given === undefined ? (element["initial_option"] ?? null) : find(String(given)) }
    case "plain_text_input": {
      const text = given === undefined ? element["initial_value"] : String(given)
      return { value: text === undefined || text === "" ? null : element["multiline"] === true ? text : String(text).replaceAll("\n", " ") }
    }
    default:
      return { value: given ?? null }
  }
}
/** Complaints of the client, before anything is sent. */
export function complaints(blocks: unknown, values: Fields): Readonly<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const { blockId, element, required } of inputsOf(blocks)) {
    const block = values[blockId]
    const value = isFields(block) ? block[String(element["action_id"])] : undefined
    if (!isFields(value)) continue
    const content = value["value"] ?? value["selected_option"] ?? value["selected_options"] ?? null
    if (required && (content === null || (Array.isArray(content) && content.length === 0))) found[blockId] = "Please complete this required field."
    if (typeof content !== "string") continue
    const [least, most] = [Number(element["min_length"] ?? 0), Number(element["max_length"] ?? 3_000)]
    if (content.length > most) found[blockId] = `This must be at most ${most} characters.`
    if (content.length < least) found[blockId] = `This must be at least ${least} characters.`
  }
  return found
}
/** The one element that a person means by an action id. */
export function elementNamed(blocks: unknown, actionId: string, which: { value?: string; blockId?: string }): { block: Fields; element: Fields } {
  const all = (Array.isArray(blocks) ? blocks : []).filter(isFields).flatMap((block) =>
    [block["element"], block["accessory"], ...(Array.isArray(block["elements"]) ? block["elements"] : [])]
      .filter(isFields)
      .filter((e) => e["action_id"] === actionId)
      .map((element) => ({ block, element })),
  )
  const found = all.filter(
    ({ block, element }) =>
      (which.value === undefined || element["value"] === which.value || element["type"] !== "button") &&
      (which.blockId === undefined || block["block_id"] === which.blockId),
  )
  const [one] = found
  if (one === undefined) throw new Error(`there is nothing to click named ${actionId}`)
  if (found.length > 1) throw new Error(`${found.length} elements are named ${actionId}: say which by value or blockId`)
  return one
}
