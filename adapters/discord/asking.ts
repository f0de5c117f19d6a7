// Asks for a draft by command: the answer to the command is where the card stands.
import type { Place } from "../../src/core/domain.ts"
import { isRefusal } from "../../src/core/refusals.ts"
import type { Context } from "./context.ts"
import { busyRefusal, type Gesture } from "./gesture.ts"
import { messageIdOf, personOf, roomOf } from "./ids.ts"
import { nameOf } from "./members.ts"
import { canBeAnswered, type Message } from "./messages.ts"
import { saidIn } from "./said.ts"
import { cannotRead, cannotWrite, notHere, noWords } from "./words.ts"

/** The interaction is the gesture, so that asking again asks again. When this resolves, what was asked for is durable. */
export async function askAbout(ctx: Context, g: Gesture, place: Place, m: Message, words: "given" | "asked for"): Promise<void> {
  const { answering, by } = g
  if ((await ctx.rooms.room(m.channel_id, "lately")) === null) return ctx.out.say(answering, notHere, "first")
  // What was asked about elsewhere, by a link, the platform judges when it is posted.
  if (!g.maySpeak && g.here !== null && roomOf(g.here) === roomOf(place)) return ctx.out.say(answering, cannotWrite, "first")
  const message = messageIdOf({ channel: m.channel_id, message: m.id })
  // Whether a blank message says nothing, or Discord says nothing of it, is known only where its words are given.
  const blank = words === "given" || ctx.messageContent === "on" ? noWords : cannotRead
  const text = saidIn(ctx.wire.botUserId, m)
  if (!canBeAnswered(m)) return ctx.out.say(answering, noWords, "first")
  if (text.trim() === "") return ctx.out.say(answering, blank, "first")
  const author = { author: personOf(g.guildId, m.author.id), name: nameOf({ user: m.author, nick: m.member?.nick }) }
  await ctx.questions.keep({ id: message, workspace: place.workspace, asker: by.person, text, ...author })
  ctx.answers.askedFrom(by.person, message, answering)
  const asked = await ctx.inbox().ask({ by, place, message, gesture: answering.id }).catch(busyRefusal)
  if (isRefusal(asked)) return ctx.out.say(answering, asked.words, "first")
  ctx.answers.carries(by.person, asked.request, answering)
  const card = await ctx.inbox().card(place.workspace, asked.request, by.person)
  if (card !== null) await ctx.out.show(card, by.person, null)
}
