// A Discord message as JSON (of the API, of a gateway event, a list of them) -> the labelled posts in it.
import { readDiscord } from "../label/read/discord.ts"
import type { MiniFound } from "./verify-mini.ts"

/** Empty: there is no message with a label's button in it. */
export function discordMessages(given: unknown): readonly MiniFound[] {
  const inside = Array.isArray(given) ? given : [given, fieldsOf(given).d, fieldsOf(given).message]
  return inside.flatMap((message) => {
    const { mini, whole, ctx, says } = readDiscord(message)
    return says.jti === null ? [] : [{ mini, expect: { text: { whole }, ...(ctx === null ? {} : { ctx }) } }]
  })
}
const fieldsOf = (value: unknown) => (typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {})
