// Composition objects: text, option, confirm.
import { isFields, only, type Problems, text } from "./problem.ts"

export type TextKind = "plain_text" | "mrkdwn"
const both: readonly TextKind[] = ["plain_text", "mrkdwn"]

export function textObject(
  p: Problems,
  at: string,
  value: unknown,
  max = 3_000,
  kinds: readonly TextKind[] = both,
  must: "must" | "may" = "must",
): void {
  if (value === undefined) {
    if (must === "must") p.add(at, `missing required field: ${at.split("/").at(-1)}`)
    return
  }
  if (!isFields(value)) {
    p.add(at, "must be a text object")
    return
  }
  const type = value["type"]
  if (type !== "plain_text" && type !== "mrkdwn") {
    p.add(`${at}/type`, "unsupported type")
    return
  }
  if (!kinds.includes(type)) {
    p.add(`${at}/type`, `unsupported type: ${type}`)
    return
  }
  only(p, at, value, type === "mrkdwn" ? ["type", "text", "verbatim"] : ["type", "text", "emoji"])
  for (const flag of ["verbatim", "emoji"])
    if (value[flag] !== undefined && typeof value[flag] !== "boolean") p.add(`${at}/${flag}`, "must be a boolean")
  text(p, `${at}/text`, value["text"], { min: 1, max }, "must")
}
export function option(p: Problems, at: string, value: unknown, kinds: readonly TextKind[]): void {
  if (!isFields(value)) {
    p.add(at, "must be an option object")
    return
  }
  only(p, at, value, ["text", "value", "description", "url"])
  textObject(p, `${at}/text`, value["text"], 75, kinds)
  // 75 in the SDK's types, 150 on some pages: the smaller holds everywhere.
  text(p, `${at}/value`, value["value"], { min: 1, max: 75 }, "must")
  textObject(p, `${at}/description`, value["description"], 75, kinds, "may")
  text(p, `${at}/url`, value["url"], { max: 3_000 })
}
export function options(p: Problems, at: string, value: unknown, kinds: readonly TextKind[], max: number): void {
  if (!Array.isArray(value)) {
    p.add(at, "missing required field: options")
    return
  }
  if (value.length < 1) p.add(at, "must have at least 1 item")
  if (value.length > max) p.add(at, `no more than ${max} items allowed [${value.length}]`)
  for (const [i, one] of value.entries()) option(p, `${at}/${i}`, one, kinds)
  const values = value.filter(isFields).map((o) => o["value"])
  if (new Set(values).size !== values.length) p.add(at, "option values must be unique")
}
export function confirm(p: Problems, at: string, value: unknown): void {
  if (value === undefined) return
  if (!isFields(value)) {
    p.add(at, "must be a confirmation dialog object")
    return
  }
  only(p, at, value, ["title", "text", "confirm", "deny", "style"])
  textObject(p, `${at}/title`, value["title"], 100, ["plain_text"], "may")
  textObject(p, `${at}/text`, value["text"], 300)
  textObject(p, `${at}/confirm`, value["confirm"], 30, ["plain_text"], "may")
  textObject(p, `${at}/deny`, value["deny"], 30, ["plain_text"], "may")
  style(p, at, value["style"])
}
export function style(p: Problems, at: string, value: unknown): void {
  if (value !== undefined && value !== "primary" && value !== "danger") p.add(`${at}/style`, "must be one of: primary, danger")
}
export function url(p: Problems, at: string, value: unknown, must: "must" | "may" = "may"): void {
  text(p, at, value, { min: 1, max: 3_000 }, must)
  if (typeof value === "string" && !/^(https?|mailto|slack):/i.test(value)) p.add(at, "must be a valid URL")
}
