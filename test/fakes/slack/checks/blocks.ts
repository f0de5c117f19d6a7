// Are these blocks such as Slack takes there? The limits are those of docs.slack.dev/reference/block-kit.
// `checkBlocks` is exported for golden files, too: an empty list means that Slack would not refuse them.
import type { Fields } from "../state.ts"
import { element, image } from "./elements.ts"
import { textObject, url } from "./objects.ts"
import { isFields, only, Problems, text } from "./problem.ts"

export type Surface = "message" | "modal" | "home"
type Check = (p: Problems, at: string, block: Fields, ids: Map<string, string>) => void
const common = ["type", "block_id"]

const section: Check = (p, at, b, ids) => {
  only(p, at, b, [...common, "text", "fields", "accessory", "expand"])
  const fields = b["fields"]
  if (b["text"] === undefined && fields === undefined) p.add(at, "must define either `text` or `fields`")
  textObject(p, `${at}/text`, b["text"], 3_000, ["plain_text", "mrkdwn"], "may")
  if (fields !== undefined) {
    if (!Array.isArray(fields) || fields.length === 0) p.add(`${at}/fields`, "must have at least 1 item")
    else {
      if (fields.length > 10) p.add(`${at}/fields`, `no more than 10 items allowed [${fields.length}]`)
      for (const [i, f] of fields.entries()) textObject(p, `${at}/fields/${i}`, f, 2_000)
    }
  }
  if (b["accessory"] !== undefined) element(p, `${at}/accessory`, b["accessory"], "accessory", ids)
}
const context: Check = (p, at, b) => {
  only(p, at, b, [...common, "elements"])
  list(p, `${at}/elements`, b["elements"], 10, (where, e) => {
    if (isFields(e) && e["type"] === "image") image(p, where, e)
    // The documentation says 3,000 as for any text object; the API has refused more than 2,000 in context.
    else textObject(p, where, e, 2_000)
  })
}
const actions: Check = (p, at, b, ids) => {
  only(p, at, b, [...common, "elements"])
  list(p, `${at}/elements`, b["elements"], 25, (where, e) => element(p, where, e, "actions", ids))
}
const input: Check = (p, at, b, ids) => {
  only(p, at, b, [...common, "label", "hint", "optional", "element", "dispatch_action"])
  textObject(p, `${at}/label`, b["label"], 2_000, ["plain_text"])
  textObject(p, `${at}/hint`, b["hint"], 2_000, ["plain_text"], "may")
  element(p, `${at}/element`, b["element"], "input", ids)
}
const header: Check = (p, at, b) => {
  only(p, at, b, [...common, "text", "level"])
  textObject(p, `${at}/text`, b["text"], 150, ["plain_text"])
}
const picture: Check = (p, at, b) => {
  only(p, at, b, [...common, "image_url", "slack_file", "alt_text", "title"])
  text(p, `${at}/alt_text`, b["alt_text"], { min: 1, max: 2_000 }, "must")
  textObject(p, `${at}/title`, b["title"], 2_000, ["plain_text"], "may")
  if (b["slack_file"] === undefined) url(p, `${at}/image_url`, b["image_url"], "must")
}
const markdown: Check = (p, at, b) => {
  only(p, at, b, [...common, "text"])
  text(p, `${at}/text`, b["text"], { min: 1, max: 12_000 }, "must")
}
const richText: Check = (p, at, b) => {
  only(p, at, b, [...common, "elements"])
  const known = ["rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"]
  list(p, `${at}/elements`, b["elements"], 1_000, (where, e) => {
    if (!isFields(e) || !known.includes(String(e["type"]))) p.add(`${where}/type`, "unsupported type")
    else if (!Array.isArray(e["elements"])) p.add(`${where}/elements`, "missing required field: elements")
  })
}
const divider: Check = (p, at, b) => only(p, at, b, common)

function list(p: Problems, at: string, value: unknown, max: number, each: (at: string, value: unknown) => void): void {
  if (!Array.isArray(value)) {
    p.add(at, "missing required field: elements")
    return
  }
  if (value.length < 1) p.add(at, "must have at least 1 item")
  if (value.length > max) p.add(at, `no more than ${max} items allowed [${value.length}]`)
  for (const [i, one] of value.entries()) each(`${at}/${i}`, one)
}
const everywhere = { section, context, actions, divider, header, image: picture, rich_text: richText }
const known: Readonly<Record<Surface, Readonly<Record<string, Check>>>> = {
  message: { ...everywhere, markdown, input },
  modal: { ...everywhere, input },
  home: { ...everywhere, input },
}
const most: Readonly<Record<Surface, number>> = { message: 50, modal: 100, home: 100 }

export function checkBlocks(blocks: unknown, surface: Surface, at = "/blocks"): readonly string[] {
  const p = new Problems()
  if (!Array.isArray(blocks)) {
    p.add(at, "must be an array")
    return p.found
  }
  if (blocks.length > most[surface]) p.add(at, `no more than ${most[surface]} items allowed [${blocks.length}]`)
  const blockIds = new Set<string>()
  let markdownChars = 0
  for (const [i, block] of blocks.entries()) {
    const here = `${at}/${i}`
    if (!isFields(block)) {
      p.add(here, "must be a block")
      continue
    }
    const check = known[surface][String(block["type"])]
    if (check === undefined) {
      p.add(`${here}/type`, `unsupported type: ${String(block["type"])}`)
      continue
    }
    // Unique in their block; the same action may stand in several blocks.
    check(p, here, block, new Map())
    text(p, `${here}/block_id`, block["block_id"], { min: 1, max: 255 })
    const id = block["block_id"]
    if (typeof id === "string" && blockIds.has(id)) p.add(here, `\`block_id\` "${id}" already exists`)
    if (typeof id === "string") blockIds.add(id)
    if (block["type"] === "markdown" && typeof block["text"] === "string") markdownChars += block["text"].length
  }
  if (markdownChars > 12_000) p.add(at, "markdown blocks hold no more than 12000 characters together")
  return p.found
}
