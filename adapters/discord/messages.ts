// Messages as REST and the gateway give them; all of it is untrusted.
import { z } from "zod"
import { memberBesideShape, userShape } from "./members.ts"

export const ephemeralFlag = 1 << 6

export const messageShape = z.looseObject({
  id: z.string(),
  channel_id: z.string(),
  guild_id: z.string().optional(),
  author: userShape,
  member: memberBesideShape.optional(),
  content: z.string().default(""),
  timestamp: z.string().default(""),
  type: z.number().default(0),
  flags: z.number().default(0),
  webhook_id: z.string().optional(),
  application_id: z.string().optional(),
  nonce: z.union([z.string(), z.number()]).nullish(),
  mentions: z.array(userShape).default([]),
  mention_roles: z.array(z.string()).default([]),
})
export type Message = z.infer<typeof messageShape>

// A plain message and a reply. Others are Discord's own words: somebody joined, a thread was opened.
const spoken: readonly number[] = [0, 19]
/** Said by a person, as far as the message tells: no bot, no webhook, no other application. */
export function isSpoken(m: Message): boolean {
  return m.author.bot !== true && m.author.system !== true && m.webhook_id === undefined && m.application_id === undefined && spoken.includes(m.type)
}
// Beside those, what answers a command: a post is a reply, and to Discord's own words it takes none.
const answerable: readonly number[] = [...spoken, 20, 23]
export function canBeAnswered(m: Message): boolean {
  return answerable.includes(m.type)
}
