// The body of a message, new or edited: content, embeds, components, flags, and what of them goes together.
import { Form } from "../refusal.ts"
import { type Fields, flag, type Message } from "../state.ts"
import { checkComponents } from "./components.ts"
import { checkEmbeds } from "./embeds.ts"
import { text } from "./fields.ts"

export interface Content {
  readonly content: string
  readonly embeds: readonly Fields[]
  readonly components: readonly Fields[]
  readonly flags: number
}
export const settable = flag.suppressEmbeds | flag.suppressNotifications | flag.componentsV2
const longestContent = 2_000

export function checkMessage(body: Fields, flagsAllowed: number): Content {
  const form = new Form()
  const flags = flagsOf(form, body, flagsAllowed)
  return { ...parts(form, body, flags), flags }
}
/** What was not mentioned stays; null takes away. The new style stays for ever. */
export function checkEdit(body: Fields, before: Message): Content {
  const form = new Form()
  const given = flagsOf(form, body, flag.suppressEmbeds | flag.componentsV2)
  const kept = body["flags"] === undefined || body["flags"] === null ? before.flags : (before.flags & ~flag.suppressEmbeds) | given
  const whole = { content: before.content, embeds: before.embeds, components: before.components }
  const asked = Object.fromEntries(["content", "embeds", "components"].flatMap((n) => (body[n] === undefined ? [] : [[n, body[n]]])))
  return { ...parts(form, { ...whole, ...asked }, kept), flags: kept }
}
function parts(form: Form, body: Fields, flags: number): Omit<Content, "flags"> {
  const newStyle = (flags & flag.componentsV2) !== 0
  if (newStyle)
    for (const name of ["content", "embeds", "sticker_ids", "poll"])
      if (isThere(body[name]))
        form.add(
          [name],
          "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
          `The '${name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`,
        )
  for (const name of ["poll", "sticker_ids", "files", "attachments"])
    if (isThere(body[name])) form.add([name], "NOT_IN_THE_LOCAL_DISCORD", "The local Discord has no polls, stickers or files")
  // Discord takes white space from both ends.
  const content = (text(form, body, [], "content", { max: longestContent }) ?? "").trim()
  const embeds = checkEmbeds(form, body["embeds"])
  const components = checkComponents(form, body["components"], newStyle ? "new style" : "rows")
  form.done()
  return { content, embeds, components }
}
const isThere = (value: unknown): boolean => value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && value.length === 0)

/** Discord passes over flags that are not for apps to set. Here they are refused, so that nobody relies on one. */
function flagsOf(form: Form, body: Fields, allowed: number): number {
  const given = body["flags"] ?? 0
  if (typeof given === "number" && Number.isInteger(given) && (given & ~allowed) === 0) return given
  form.add(["flags"], "BITFIELD_TYPE_INVALID", "Only flags that an app may set here are allowed.")
  form.done()
  return 0
}
export const isEmpty = (of: Content): boolean => of.content === "" && of.embeds.length === 0 && of.components.length === 0
