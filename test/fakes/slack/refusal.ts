// Slack's no: `{ok: false, error: "not_in_channel"}` with status 200.
import type { Fields } from "./state.ts"

export class Refusal extends Error {
  readonly more: Fields
  constructor(code: string, more: Fields = {}) {
    super(code)
    this.more = more
  }
}
export function refuse(code: string, more: Fields = {}): never {
  throw new Refusal(code, more)
}
/** `invalid_arguments` with what is missing, as the real API words it. */
export function badArguments(...messages: readonly string[]): never {
  return refuse("invalid_arguments", { response_metadata: { messages: messages.map((m) => `[ERROR] ${m}`) } })
}
