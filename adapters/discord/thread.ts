// The words around a question, as people wrote them; untrusted, all of it. Without the message-content intent Discord blanks what is
// not addressed to us: such messages are left out, and the question itself is what the command gave when it was asked.
import { type REST, Routes } from "discord.js"
import { z } from "zod"
import type { Message, Place, WorkspaceId } from "../../src/core/domain.ts"
import { messageAt, messageIdOf, personOf, roomOf } from "./ids.ts"
import { nameOf } from "./members.ts"
import { isSpoken, messageShape, type Message as Said } from "./messages.ts"
import { isOurs } from "./own.ts"
import type { People } from "./people.ts"
import type { Questions } from "./questions.ts"
import { saidIn } from "./said.ts"
import { isLabelled } from "./signpost.ts"

const pageSize = 100
export interface Reading {
  readonly rest: REST
  readonly people: Pick<People, "isForgotten">
  readonly questions: Questions
  readonly botUserId: () => string
}

/** Newest last, at most `limit`, the question among them. Rejects when the question is gone, or nobody may read it. */
export async function readThread(on: Reading, place: Place, message: string, limit: number): Promise<readonly Message[]> {
  const at = messageAt(message)
  const room = roomOf(place)
  // A thread that grew out of a message has that message as its beginning, one channel up.
  if (at === null || (at.channel !== room && at.channel !== place.channel)) throw new Error("there is no such message in this channel")
  const kept = await on.questions.find(place.workspace, message)
  // In a channel what came before the question; in a thread what was said last.
  const until = place.thread === null ? { before: String(BigInt(at.message) + 1n) } : {}
  const query = new URLSearchParams({ limit: String(Math.min(limit, pageSize)), ...until })
  const newest = z.array(messageShape).parse(await on.rest.get(Routes.channelMessages(room), { query }))
  const question = newest.find((m) => m.id === at.message) ?? messageShape.parse(await on.rest.get(Routes.channelMessage(at.channel, at.message)))
  const others = newest.filter((m) => m.id !== at.message)
  const own = (m: Said) => isOurs(on.botUserId(), m) && !isLabelled(m)
  const withWords = (m: Said) => ({ m, said: saidIn(on.botUserId(), m) })
  const talk = others.filter((m) => !own(m) && (isSpoken(m) || m.author.bot === true)).map(withWords)
  const spoken = talk.filter(({ said }) => said.trim() !== "").slice(0, limit - 1)
  const all = [...spoken, withWords(question)].sort((a, b) => (BigInt(a.m.id) < BigInt(b.m.id) ? -1 : 1))
  return Promise.all(
    all.map(async ({ m, said }) => {
      const asked = m === question
      const text = asked && said.trim() === "" ? (kept?.text ?? "") : said
      if (asked && text.trim() === "") throw new Error("Discord does not give out the words of this message")
      return {
        id: messageIdOf({ channel: m.channel_id, message: m.id }),
        author: await authorOf(on, place.workspace, m),
        role: asked ? ("question" as const) : ("other" as const),
        text: plain(text, m),
        at: Date.parse(m.timestamp),
      }
    }),
  )
}
async function authorOf(on: Reading, workspace: WorkspaceId, m: Said): Promise<string> {
  const person = personOf(workspace.replace(/^discord:/, ""), m.author.id)
  return (await on.people.isForgotten(person)) ? "somebody" : nameOf({ user: m.author, nick: m.member?.nick })
}
/** Mentions as a reader sees them. */
function plain(text: string, m: Said): string {
  const names = new Map(m.mentions.map((u) => [u.id, nameOf({ user: u })]))
  return text
    .replaceAll(/<@!?(\d+)>/g, (_all, id: string) => `@${names.get(id) ?? "somebody"}`)
    .replaceAll(/<@&\d+>/g, "@a role")
    .replaceAll(/<#\d+>/g, "#a channel")
    .replaceAll(/<a?:(\w+):\d+>/g, ":$1:")
}
