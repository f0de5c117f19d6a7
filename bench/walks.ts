// The two waits that people notice, measured where people are: over HTTP, with the event stream that a page follows.
// Mention: from sending the message to having read the whole card. Click: from sending it to a second person having read the post.
import { randomBytes } from "node:crypto"
import { Visitor } from "./visitor.ts"

const walksPerTopic = 10
export const question = "How do I rotate the database password without an outage?"
const freshId = () => randomBytes(12).toString("base64url")

export interface Measured {
  readonly mention: readonly number[]
  readonly click: readonly number[]
}
export type Walks = (count: number) => Promise<Measured>

export async function realWalks(said: Record<string, string>): Promise<{ readonly walks: Walks; leave(): void }> {
  const [rin, bo] = [new Visitor(said.origin ?? ""), new Visitor(said.origin ?? "")]
  await rin.enter(said.entry ?? "", "Rin")
  await bo.enter(said.invitation ?? "", "Bo")
  let topic = ""

  async function mention(): Promise<{ readonly ms: number; readonly request: string; readonly digest: string; readonly message: string }> {
    const message = freshId()
    const from = performance.now()
    const { location } = await rin.post(`/t/${topic}/reply`, { id: message, text: `@countersign ${question}` })
    const request = /card=([^#&]+)/.exec(location)?.[1]
    if (request === undefined) throw new Error("the mention was not heard")
    for (;;) {
      const { text } = await rin.get(`/part/card/${request}`)
      const digest = /data-phase="review" data-digest="([^"]+)"/.exec(text)?.[1]
      if (digest !== undefined) return { ms: performance.now() - from, request, digest, message }
      await rin.told((t) => t.event === "card" && t.id === request)
    }
  }
  async function click(request: string, digest: string, mentioned: string): Promise<number> {
    const from = performance.now()
    const [post] = await Promise.all([
      bo.told((t) => t.event === "message" && t.id !== mentioned).then(({ id }) => bo.get(`/part/message/${id}`)),
      rin.post(`/c/${request}/approve`, { digest }),
    ])
    if (!post.text.includes("ai-disclosure")) throw new Error("what appeared is not the post")
    return performance.now() - from
  }
  return {
    async walks(count) {
      const measured = { mention: [] as number[], click: [] as number[] }
      for (let i = 0; i < count; i++) {
        if (i % walksPerTopic === 0) {
          topic = freshId()
          await rin.post("/new", { id: topic, title: "A question", text: "More about it below." })
          await bo.told((t) => t.event === "message")
        }
        const asked = await mention()
        measured.mention.push(asked.ms)
        measured.click.push(await click(asked.request, asked.digest, asked.message))
      }
      return measured
    },
    leave() {
      rin.leave()
      bo.leave()
    },
  }
}

/** The same two waits of the bare handler: send, then read. */
export function bareWalks(origin: string): { readonly walks: Walks; leave(): void } {
  const [rin, bo] = [new Visitor(origin), new Visitor(origin)]
  const timed = async (table: "message" | "click", reader: Visitor) => {
    const from = performance.now()
    const { location } = await rin.post(`/${table}`, { id: freshId(), text: question })
    await reader.get(location)
    return performance.now() - from
  }
  return {
    async walks(count) {
      const measured = { mention: [] as number[], click: [] as number[] }
      for (let i = 0; i < count; i++) {
        measured.mention.push(await timed("message", rin))
        measured.click.push(await timed("click", bo))
      }
      return measured
    },
    leave() {
      rin.leave()
      bo.leave()
    },
  }
}
