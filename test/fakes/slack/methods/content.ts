// The content of a message as posting, updating and ephemeral posting take it: text, blocks, metadata, each held against Slack's limits.
import { checkBlocks } from "../checks/blocks.ts"
import { checkMetadata } from "../checks/metadata.ts"
import { isFields } from "../checks/problem.ts"
import { kept, keptBlocks } from "../normalise.ts"
import { refuse } from "../refusal.ts"
import type { Fields } from "../state.ts"
import type { BotCall } from "../web/method.ts"

const truncatedAt = 40_000
/** Of all blocks of a message together. Slack publishes neither the number nor how it counts: refused from here on (slackapi/bolt-js#2509). */
const mostTogether = 13_200

export interface Content {
  readonly text: string | null
  readonly blocks: Fields[] | null
  readonly attachments: Fields[] | null
}
export function blocksOf(call: BotCall): Fields[] | null {
  const blocks = call.args.json("blocks", "invalid_blocks_format")
  if (blocks === undefined) return null
  if (!Array.isArray(blocks)) return refuse("invalid_blocks_format")
  const problems = checkBlocks(blocks, "message")
  if (problems.length > 0) refuse("invalid_blocks", { errors: problems, response_metadata: { messages: problems.map((p) => `[ERROR] ${p}`) } })
  if (JSON.stringify(blocks).length > mostTogether) refuse("msg_blocks_too_long")
  return keptBlocks(blocks)
}
function attachmentsOf(call: BotCall): Fields[] | null {
  const attachments = call.args.json("attachments", "invalid_attachments")
  if (attachments === undefined) return null
  if (!Array.isArray(attachments) || !attachments.every(isFields)) return refuse("invalid_attachments")
  return attachments.length > 100 ? refuse("too_many_attachments") : attachments
}
export function contentOf(call: BotCall): Content {
  const given = call.args.text("text")
  const blocks = blocksOf(call)
  const attachments = attachmentsOf(call)
  const markdown = call.args.text("markdown_text")
  if (markdown !== null) {
    if (given !== null || blocks !== null) return refuse("markdown_text_conflict")
    if (markdown.length > 12_000) return refuse("msg_too_long")
    return { text: kept(markdown, "link"), blocks: keptBlocks([{ type: "markdown", text: markdown }]), attachments }
  }
  const links = call.args.text("parse") === "none" ? "plain" : "link"
  const text = given === null ? null : kept(given.slice(0, truncatedAt), links)
  return { text, blocks: blocks !== null && blocks.length === 0 ? null : blocks, attachments }
}
/** `absent`: not among the arguments; `removed`: an empty object. */
export function metadataOf(call: BotCall): Fields | "absent" | "removed" {
  const metadata = call.args.json("metadata", "invalid_metadata_format")
  if (metadata === undefined) return "absent"
  if (isFields(metadata) && Object.keys(metadata).length === 0) return "removed"
  const fault = checkMetadata(metadata, call.core.settings.maxMetadataBytes)
  return fault === null ? (metadata as Fields) : refuse(fault)
}
export function looksOf(call: BotCall): "names" | "markup" {
  return call.args.flag("link_names", false) || call.args.text("parse") === "full" ? "names" : "markup"
}
