// The chunks of a streamed message, held against Slack's limits.
import { checkBlocks } from "./blocks.ts"
import { isFields, only, Problems, text } from "./problem.ts"

const maxText = 12_000
const maxTask = 256
const statuses = ["pending", "in_progress", "complete", "error"]

/** What is wrong with them, each with where; empty when nothing is. */
export function checkChunks(chunks: unknown): readonly string[] {
  const p = new Problems()
  if (!Array.isArray(chunks) || chunks.length === 0) p.add("/chunks", "must be a non-empty array")
  else for (const [i, chunk] of chunks.entries()) check(p, `/chunks/${i}`, chunk)
  return p.found
}
function check(p: Problems, at: string, chunk: unknown): void {
  if (!isFields(chunk)) {
    p.add(at, "must be an object")
    return
  }
  switch (chunk["type"]) {
    case "markdown_text":
      only(p, at, chunk, ["type", "text"])
      text(p, `${at}/text`, chunk["text"], { max: maxText }, "must")
      break
    case "plan_update":
      only(p, at, chunk, ["type", "title"])
      text(p, `${at}/title`, chunk["title"], { min: 1, max: maxTask }, "must")
      break
    case "task_update":
      only(p, at, chunk, ["type", "id", "title", "status", "details", "output", "sources"])
      text(p, `${at}/id`, chunk["id"], { min: 1, max: maxTask }, "must")
      text(p, `${at}/title`, chunk["title"], { min: 1, max: maxTask }, "must")
      for (const name of ["details", "output"]) text(p, `${at}/${name}`, chunk[name], { max: maxTask })
      if (!statuses.includes(String(chunk["status"]))) p.add(`${at}/status`, "must be a valid enum value")
      break
    case "blocks":
      p.found.push(...checkBlocks(chunk["blocks"], "message"))
      break
    default:
      p.add(`${at}/type`, `unsupported type: ${String(chunk["type"])}`)
  }
}
