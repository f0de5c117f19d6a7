// What the inside may ask about a place: its thread, who reads it, and what a person may do there.
import type { Audience, Message, PersonId, Place, Standing } from "../../src/core/domain.ts"
import { visibleHtml } from "../../src/label/read/html.ts"
import { accountOf, type People } from "./people.ts"
import type { Topics } from "./topics.ts"

export function threads(topics: Topics, people: People, who: string) {
  return {
    async thread(place: Place, message: string, limit: number): Promise<readonly Message[]> {
      const topic = await topics.find(place.channel)
      const question = await topics.message(message)
      if (topic === null || question === null || question.topic !== topic.id) throw new Error("the message or its topic is gone")
      const latest = await topics.messages(topic.id, { after: 0, before: topic.count + 1, take: "latest", limit })
      // An old question in a long thread takes the place of the oldest of the latest.
      const chosen = latest.some((m) => m.id === question.id) ? latest : [question, ...latest.slice(1)]
      return chosen
        .filter((m) => m.id === question.id || m.post?.retracted == null)
        .map((m) => ({
          id: m.id,
          author: m.authorName,
          role: m.id === question.id ? ("question" as const) : ("other" as const),
          text: textOf(m, topic.title),
          at: m.at,
        }))
    },
    async audience(place: Place): Promise<Audience> {
      const topic = await topics.find(place.channel)
      return { scope: "members", where: "this topic", title: topic?.title ?? null, who, people: await people.count() }
    },
    async mayAct(person: PersonId, _place: Place): Promise<Standing> {
      const account = accountOf(person)
      return account === null ? "stranger" : ((await people.find(account))?.standing ?? "stranger")
    },
  }
}
/** The first message is the topic's title and its text: the title is often the question. */
function textOf(
  m: { readonly n: number; readonly text: string | null; readonly post: { readonly payload: string | null } | null },
  title: string,
): string {
  if (m.post !== null) return visibleHtml(m.post.payload ?? "")
  const text = m.text ?? ""
  return m.n === 1 && !text.startsWith(title) ? `${title}\n\n${text}` : text
}
