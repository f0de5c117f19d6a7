// Whether a message calls the bot by name, in its words. Whoever did so asked where everybody could see it: that stands in Discord, and
// outlives this process.
import { type REST, Routes } from "discord.js"
import type { Card } from "../../src/core/card.ts"
import { noMessage, unless } from "./faults.ts"
import { guildIdOf, messageAt } from "./ids.ts"
import { type Message, messageShape } from "./messages.ts"

/** `role`: the one that Discord made for the bot. */
export function calls(m: Message, bot: string, role: string | null): boolean {
  // Discord says whom a message calls: a name in code calls nobody. A reply that pings calls, too, without the name.
  const called = m.mentions.some((u) => u.id === bot) && new RegExp(`<@!?${bot}>`).test(m.content)
  return called || (role !== null && m.content.includes(`<@&${role}>`))
}

/** Whether this user called the bot in the message that the card is about, as it reads now. */
export type CalledIn = (user: string, card: Pick<Card, "workspace" | "message">) => Promise<boolean>
export function calledIn(o: { readonly rest: REST; readonly bot: string; readonly roleIn: (guildId: string) => string | null }): CalledIn {
  return async (user, { workspace, message }) => {
    const at = messageAt(message)
    if (at === null) return false
    const raw = await unless(noMessage, o.rest.get(Routes.channelMessage(at.channel, at.message)))
    if (raw === null) return false
    const m = messageShape.parse(raw)
    return m.author.id === user && calls(m, o.bot, o.roleIn(guildIdOf(workspace) ?? ""))
  }
}
