// A Slack message as JSON (`conversations.history` with all metadata, an event, a reply of the API) -> the labelled posts in it.
import { readSlack, slackLabelEvent } from "../label/read/slack.ts"
import type { MiniFound } from "./verify-mini.ts"

/** Empty: there is no labelled message in it. */
export function slackMessages(given: unknown): readonly MiniFound[] {
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
