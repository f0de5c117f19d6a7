// A Slack message as JSON (`conversations.history` with all metadata, an event, a reply of the API) -> the labelled posts in it, and
// what can be said of each. The message carries the mini label only; the whole one is asked of the issuer, once its signature is good.
import type { Claims } from "../label/claims.ts"
import { readSlack, slackLabelEvent } from "../label/read/slack.ts"
import { type Invalid, invalid, type Verdict } from "../label/verdict.ts"
import { type Expected, verifyLabel, verifyMini } from "../label/verify.ts"
import { CouldNotAsk } from "./verify-fetch.ts"
import type { Issuers } from "./verify-issuer.ts"

export interface SlackFound {
  readonly mini: string | null
  readonly expect: Expected
}

/** Null: this is no JSON. Empty: there is no labelled message in it. */
export function slackMessages(text: string): readonly SlackFound[] | null {
  if (!/^\s*[[{]/.test(text)) return null
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch {
    return null
  }
  return messagesIn(given).map(({ message, channel }) => {
    const { mini, whole, ctx } = readSlack(message, channel === null ? {} : { channel })
    return { mini, expect: { text: { whole }, ...(ctx === null ? {} : { ctx }) } }
  })
}
interface Message {
  readonly message: object
  readonly channel: string | null
}
function messagesIn(given: unknown): readonly Message[] {
  if (Array.isArray(given)) return given.flatMap((one) => here(one, null))
  const around = fieldsOf(given)
  const channel = typeof around.channel === "string" ? around.channel : null
  const inside = Array.isArray(around.messages) ? around.messages : [given, around.message, around.event]
  return inside.flatMap((one) => here(one, channel))
}
function here(one: unknown, channel: string | null): readonly Message[] {
  const message = fieldsOf(one)
  return fieldsOf(message.metadata).event_type === slackLabelEvent ? [{ message, channel }] : []
}
const fieldsOf = (value: unknown) => (typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {})

/** Rejects with {@link CouldNotAsk}. */
export async function checkSlack({ mini, expect }: SlackFound, issuers: Issuers): Promise<Verdict<Claims>> {
  if (mini === null) return invalid("no-label", null)
  const { ctx } = expect
  const small = await verifyMini(mini, { expect: ctx === undefined ? {} : { ctx }, keysOf: issuers.keysOf })
  if ("invalid" in small) return { ...small, claims: null } satisfies Invalid<Claims>
  const { iss, jti, dig } = small.valid
  const page = await issuers.label({ iss, jti })
  if (page === null) return invalid("not-issued", null)
  const full = await verifyLabel(page, { expect, keysOf: issuers.keysOf, status: issuers.status })
  const claims = "valid" in full ? full.valid : full.claims
  // The issuer's own page must be of the label that the message carries.
  if (claims !== null && (claims.jti !== jti || claims.dig.vis !== dig.vis)) throw new CouldNotAsk(`${iss}/l/${jti} answers with another label.`)
  return full
}
