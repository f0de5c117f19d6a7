// Arguments of a call, from a form or from JSON. Objects come as JSON in a string, as the SDK sends them; booleans as "true", "1", true.

import { badArguments, refuse } from "../refusal.ts"
import type { Fields } from "../state.ts"

export class Args {
  readonly all: Fields
  constructor(all: Fields) {
    this.all = all
  }
  has(name: string): boolean {
    return this.all[name] !== undefined && this.all[name] !== ""
  }
  text(name: string): string | null {
    const value = this.all[name]
    if (value === undefined || value === null) return null
    if (typeof value === "object") return badArguments(`${name} must be a string [json-pointer:/${name}]`)
    return String(value)
  }
  must(name: string): string {
    const value = this.text(name)
    if (value === null || value === "") return badArguments(`missing required field: ${name} [json-pointer:/${name}]`)
    return value
  }
  flag(name: string, otherwise: boolean): boolean {
    const value = this.text(name)
    if (value === null) return otherwise
    return value === "true" || value === "1"
  }
  /** A JSON value; `fault` is Slack's word for one that does not parse. */
  json(name: string, fault: string): unknown {
    const value = this.all[name]
    if (typeof value !== "string") return value ?? undefined
    if (value === "") return undefined
    try {
      return JSON.parse(value)
    } catch {
      return refuse(fault)
    }
  }
  /** Page size: 1 to 999 (1,000 for some), as asked for. */
  limit(otherwise: number): number {
    const value = this.text("limit")
    if (value === null) return otherwise
    const limit = Number(value)
    return Number.isInteger(limit) && limit >= 1 && limit <= 1_000 ? limit : refuse("invalid_limit")
  }
}
export function parseBody(raw: string, type: string): Fields | null {
  if (type.startsWith("application/json")) {
    try {
      const value: unknown = raw === "" ? {} : JSON.parse(raw)
      return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : null
    } catch {
      return null
    }
  }
  return Object.fromEntries(new URLSearchParams(raw))
}
