// From `POST /api/v10/channels/1/messages` to the route `POST /channels/{channel}/messages`. No other version of the API is here.
import type { Route, Routes } from "./route.ts"

export interface Match {
  readonly name: string
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}
export function matching(routes: Routes, method: string, path: string): Match | "unknown" | "other method" {
  const rest = /^\/api\/v10(\/.*)$/.exec(path)?.[1]
  if (rest === undefined) return "unknown"
  let elsewhere: "unknown" | "other method" = "unknown"
  for (const [name, route] of Object.entries(routes)) {
    const [verb = "", template = ""] = name.split(" ")
    const params = paramsOf(template, rest)
    if (params === null) continue
    if (verb === method) return { name, route, params }
    elsewhere = "other method"
  }
  return elsewhere
}
function paramsOf(template: string, path: string): Readonly<Record<string, string>> | null {
  const [wanted, given] = [template.split("/"), path.split("/").map(decodeURIComponent)]
  if (wanted.length !== given.length) return null
  const params: Record<string, string> = {}
  for (const [at, part] of wanted.entries()) {
    const value = given[at] ?? ""
    const name = /^\{(\w+)\}$/.exec(part)?.[1]
    if (name !== undefined && value !== "" && value !== "@me" && value !== "@original") params[name] = value
    else if (part !== value) return null
  }
  return params
}
