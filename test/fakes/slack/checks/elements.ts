// Interactive elements and images: what may stand in actions, as an accessory, in an input.

import type { Fields } from "../state.ts"
import { confirm, options, style, textObject, url } from "./objects.ts"
import { isFields, only, type Problems, text } from "./problem.ts"

type Check = (p: Problems, at: string, e: Fields) => void
const common = ["type", "action_id", "confirm", "focus_on_load", "placeholder"]
const withOptions = (kinds: readonly ("plain_text" | "mrkdwn")[], max: number, more: readonly string[]): Check => {
  return (p, at, e) => {
    only(p, at, e, [...common, "options", ...more])
    if (e["option_groups"] === undefined) options(p, `${at}/options`, e["options"], kinds, max)
    initial(p, at, e)
  }
}
/** Initial options must be among the options, exactly. */
function initial(p: Problems, at: string, e: Fields): void {
  const known = new Set((Array.isArray(e["options"]) ? e["options"] : []).map((o) => JSON.stringify(o)))
  const chosen = e["initial_option"] === undefined ? e["initial_options"] : [e["initial_option"]]
  if (chosen === undefined) return
  if (!Array.isArray(chosen) || chosen.length === 0) {
    p.add(`${at}/initial_options`, "must have at least 1 item")
    return
  }
  for (const one of chosen) if (!known.has(JSON.stringify(one))) p.add(`${at}/initial_options`, "initial options must be among the options")
}
const button: Check = (p, at, e) => {
  only(p, at, e, [...common, "text", "value", "url", "style", "accessibility_label"])
  textObject(p, `${at}/text`, e["text"], 75, ["plain_text"])
  text(p, `${at}/value`, e["value"], { max: 2_000 })
  text(p, `${at}/accessibility_label`, e["accessibility_label"], { max: 75 })
  if (e["url"] !== undefined) url(p, `${at}/url`, e["url"])
  style(p, at, e["style"])
}
const input: Check = (p, at, e) => {
  only(p, at, e, [...common, "initial_value", "multiline", "min_length", "max_length", "dispatch_action_config"])
  for (const key of ["min_length", "max_length"]) {
    const value = e[key]
    if (value !== undefined && (typeof value !== "number" || value < (key === "max_length" ? 1 : 0) || value > 3_000))
      p.add(`${at}/${key}`, "must be between 0 and 3000")
  }
  text(p, `${at}/initial_value`, e["initial_value"], { max: Math.min(3_000, typeof e["max_length"] === "number" ? e["max_length"] : 3_000) })
}
export const image: Check = (p, at, e) => {
  only(p, at, e, ["type", "image_url", "slack_file", "alt_text"])
  text(p, `${at}/alt_text`, e["alt_text"], { min: 1, max: 2_000 }, "must")
  if (e["slack_file"] === undefined) url(p, `${at}/image_url`, e["image_url"], "must")
}
const picker: Check = (p, at, e) => only(p, at, e, [...common, "initial_date", "initial_time", "initial_date_time", "timezone"])
const select: Check = (p, at, e) =>
  only(p, at, e, [
    ...common,
    ...["initial_user", "initial_users", "initial_channel", "initial_conversation", "default_to_current_conversation"],
    ...["response_url_enabled", "filter", "max_selected_items"],
  ])

const elements: Readonly<Record<string, Check>> = {
  button,
  image,
  plain_text_input: input,
  checkboxes: withOptions(["plain_text", "mrkdwn"], 10, ["initial_options"]),
  radio_buttons: withOptions(["plain_text", "mrkdwn"], 10, ["initial_option"]),
  static_select: withOptions(["plain_text"], 100, ["initial_option", "option_groups"]),
  multi_static_select: withOptions(["plain_text"], 100, ["initial_options", "option_groups", "max_selected_items"]),
  overflow: withOptions(["plain_text"], 5, []),
  datepicker: picker,
  timepicker: picker,
  datetimepicker: picker,
  users_select: select,
  conversations_select: select,
  channels_select: select,
}
const stateless = ["button", "overflow", "image"]
const inActions = Object.keys(elements).filter((t) => t !== "plain_text_input" && t !== "image")
const accessories = Object.keys(elements).filter((t) => t !== "plain_text_input")
const inInputs = Object.keys(elements).filter((t) => !stateless.includes(t))
export const isStateful = (type: unknown): boolean => typeof type === "string" && inInputs.includes(type)

/** `ids` collects action ids: no two in one block may be the same. */
export function element(p: Problems, at: string, value: unknown, where: "actions" | "accessory" | "input", ids: Map<string, string>): void {
  if (!isFields(value)) {
    p.add(at, "must be a block element")
    return
  }
  const type = String(value["type"])
  const allowed = where === "actions" ? inActions : where === "accessory" ? accessories : inInputs
  const check = elements[type]
  if (check === undefined || !allowed.includes(type)) {
    p.add(`${at}/type`, `unsupported type: ${type}`)
    return
  }
  check(p, at, value)
  if (type === "image") return
  confirm(p, `${at}/confirm`, value["confirm"])
  textObject(p, `${at}/placeholder`, value["placeholder"], 150, ["plain_text"], "may")
  text(p, `${at}/action_id`, value["action_id"], { min: 1, max: 255 })
  const id = value["action_id"]
  if (typeof id !== "string") return
  if (ids.has(id)) p.add(at, `\`action_id\` "${id}" already exists for another element`)
  ids.set(id, at)
}
