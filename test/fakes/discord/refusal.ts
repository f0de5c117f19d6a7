// Discord's no: `{code, message, errors?}` with a status of its own. The codes are those of its page on opcodes and status codes.
import type { Fields } from "./state.ts"

const known = {
  10002: [404, "Unknown Application"],
  10003: [404, "Unknown Channel"],
  10004: [404, "Unknown Guild"],
  10007: [404, "Unknown Member"],
  10008: [404, "Unknown Message"],
  10011: [404, "Unknown Role"],
  10013: [404, "Unknown User"],
  10015: [404, "Unknown Webhook"],
  10062: [404, "Unknown interaction"],
  10063: [404, "Unknown application command"],
  10065: [404, "Unknown application command permissions"],
  20012: [403, "You are not authorized to perform this action on this application"],
  30032: [400, "Maximum number of application commands reached (100)"],
  30034: [429, "Max number of daily application command creates has been reached (200)"],
  30046: [429, "Maximum number of edits to messages older than 1 hour reached. Try again later."],
  40060: [400, "Interaction has already been acknowledged."],
  40066: [400, "There are no tags available that can be set by non-moderators"],
  40067: [400, "A tag is required to create a forum post in this channel"],
  50001: [403, "Missing Access"],
  50003: [403, "Cannot execute action on a DM channel"],
  50005: [403, "Cannot edit a message authored by another user"],
  50006: [400, "Cannot send an empty message"],
  50007: [403, "Cannot send messages to this user"],
  50008: [400, "Cannot send messages in a non-text channel"],
  50013: [403, "Missing Permissions"],
  50021: [403, "Cannot execute action on a system message"],
  50024: [403, "Cannot execute action on this channel type"],
  50027: [401, "Invalid Webhook Token"],
  50033: [400, "Invalid Recipient(s)"],
  50035: [400, "Invalid Form Body"],
  50055: [403, "Invalid guild"],
  50083: [400, "Thread is archived"],
  50109: [400, "The request body contains invalid JSON."],
  50278: [403, "Cannot send messages to this user due to having no mutual guilds"],
  160002: [400, "Cannot reply without permission to read message history"],
  160004: [400, "A thread has already been created for this message"],
  160005: [403, "Thread is locked"],
} as const satisfies Readonly<Record<number, readonly [number, string]>>
export type Code = keyof typeof known

export class Refusal extends Error {
  readonly status: number
  readonly code: number
  readonly errors: Fields | null
  constructor(status: number, code: number, message: string, errors: Fields | null = null) {
    super(message)
    this.status = status
    this.code = code
    this.errors = errors
  }
}
export function refuse(code: Code): never {
  const [status, message] = known[code]
  throw new Refusal(status, code, message)
}
/** What is wrong with a body, by path. All of it is told at once, as Discord does. */
export class Form {
  #errors: Fields = {}
  #wrong = 0
  add(path: readonly (string | number)[], code: string, message: string): void {
    this.#wrong += 1
    let at = this.#errors
    for (const step of path) {
      at[step] ??= {}
      at = at[step] as Fields
    }
    at["_errors"] = [...((at["_errors"] as Fields[] | undefined) ?? []), { code, message }]
  }
  /** Throws 50035 if anything was added. */
  done(): void {
    if (this.#wrong > 0) throw new Refusal(400, 50035, "Invalid Form Body", this.#errors)
  }
}
export function badForm(path: readonly (string | number)[], code: string, message: string): never {
  const form = new Form()
  form.add(path, code, message)
  form.done()
  throw new Error("unreachable")
}
