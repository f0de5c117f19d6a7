// From what people write to what the inside hears. A message is stored first; its mention reaches the inbox at least once,
// also after a crash, and asking twice is one request. "@countersign stop" stops, and never asks.
import type { Place, RequestId, WorkspaceId } from "../../src/core/domain.ts"
import { saysStop } from "../../src/core/orders.ts"
import type { Actor, Inbox, Log, StopOutcome } from "../../src/core/ports.ts"
import { isRefusal, type Refusal } from "../../src/core/refusals.ts"
import type { Notes } from "./notes.ts"
import { accountOf, type People, personIdOf } from "./people.ts"
import { saidIn } from "./render.ts"
import type { TopicMessage, Topics } from "./topics.ts"

const mention = /(?<![\p{L}\p{N}_@/.-])@countersign(?![\p{L}\p{N}_@-]|\.[\p{L}\p{N}])/giu
export const askOf = (text: string) => (saidIn(text).search(mention) >= 0 ? ("pending" as const) : null)
export const withoutMention = (text: string) => saidIn(text).replace(mention, "")

export const topicPlace = (workspace: WorkspaceId, topic: string): Place => ({ platform: "forum", workspace, channel: topic, thread: null })

/** What a stop came to, as a sentence for the person who asked for it. */
export function stopWords(outcome: StopOutcome | Refusal, where: string): string {
  if (isRefusal(outcome)) return outcome.words
  if (outcome.outcome === "sure") return `Stopped ${where}. Nothing more will be posted until an admin resumes.`
  const n = outcome.outcome.unsure.length
  return `Stopped ${where}. ${n === 1 ? "One post was" : `${n} posts were`} already on the way and may still appear; look at your drafts to see.`
}

export function inbound(inbox: Inbox, topics: Topics, people: People, notes: Notes, workspace: WorkspaceId, log: Log) {
  async function hear(message: TopicMessage, by: Actor): Promise<RequestId | null> {
    const place = topicPlace(workspace, message.topic)
    const account = accountOf(by.person) ?? ""
    const url = `/t/${message.topic}#m-${message.id}`
    let request: RequestId | null = null
    if (saysStop(withoutMention(message.text ?? ""))) {
      const outcome = await inbox.stop({ by, scope: { workspace, channel: message.topic }, why: null, from: place })
      await notes.add(account, stopWords(outcome, "in this topic"), url)
    } else {
      const answer = await inbox.ask({ by, place, message: message.id, gesture: message.id })
      if (isRefusal(answer)) await notes.add(account, answer.words, url)
      else request = answer.request
    }
    await topics.askDone(message.id)
    return request
  }
  return {
    hear,
    /** What an earlier process stored and did not get to say. */
    async catchUp(): Promise<void> {
      for (const message of await topics.pendingAsks(1_000)) {
        try {
          const person = await people.find(message.author)
          if (person === null) await topics.askDone(message.id)
          else await hear(message, { person: personIdOf(person.id), name: person.name, auth: person.auth })
        } catch (e) {
          // It stays pending, and the next start tries again: one mention must not keep the forum shut.
          log.error({ message: message.id, err: e instanceof Error ? e.name : "unknown" }, "a mention did not reach the inbox")
        }
      }
    },
  }
}
