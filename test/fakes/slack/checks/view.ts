// Modals and Home tabs: what views.open, update, push and publish take.
import { checkBlocks } from "./blocks.ts"
import { textObject } from "./objects.ts"
import { isFields, only, Problems, text } from "./problem.ts"

const base = ["type", "blocks", "private_metadata", "callback_id", "external_id"]
const modal = [...base, "title", "close", "submit", "clear_on_close", "notify_on_close", "submit_disabled"]

export function checkView(view: unknown, type: "modal" | "home"): readonly string[] {
  const p = new Problems()
  if (!isFields(view)) {
    p.add("/view", "must be a view object")
    return p.found
  }
  if (view["type"] !== type) p.add("/view/type", `must be ${type}`)
  only(p, "/view", view, type === "modal" ? modal : base)
  text(p, "/view/private_metadata", view["private_metadata"], { max: 3_000 })
  text(p, "/view/callback_id", view["callback_id"], { max: 255 })
  text(p, "/view/external_id", view["external_id"], { max: 255 })
  if (type === "modal") {
    textObject(p, "/view/title", view["title"], 24, ["plain_text"])
    textObject(p, "/view/close", view["close"], 24, ["plain_text"], "may")
    textObject(p, "/view/submit", view["submit"], 24, ["plain_text"], "may")
    const asks = Array.isArray(view["blocks"]) && view["blocks"].some((b) => isFields(b) && b["type"] === "input")
    if (asks && view["submit"] === undefined) p.add("/view/submit", "missing required field: submit, since the view has an input block")
  }
  if (view["blocks"] === undefined) p.add("/view/blocks", "missing required field: blocks")
  else p.found.push(...checkBlocks(view["blocks"], type, "/view/blocks"))
  const size = Buffer.byteLength(JSON.stringify(view))
  if (size > 250_000) p.found.push("view_too_large")
  const focused = JSON.stringify(view["blocks"] ?? []).split('"focus_on_load":true').length - 1
  if (focused > 1) p.add("/view/blocks", "only one element may have focus_on_load")
  return p.found
}
