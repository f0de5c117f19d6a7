// The board as a Platform: the same port, the same contract as the real adapters. Faults happen on the way, as on a network.
import type { Card } from "../../../src/core/card.ts"
import type { AttemptId, Audience, CardRef, Message, PersonId, Place, PostedRef, Rendered, Standing } from "../../../src/core/domain.ts"
import type { Notice } from "../../../src/core/notices.ts"
import { type PublishPermit, spend } from "../../../src/core/permit.ts"
import { type Inbox, type Platform, PostRefused } from "../../../src/core/ports.ts"
import { type Signpost, signpostWords } from "../../../src/core/signposts.ts"
import type { Board, BoardCall } from "./board.ts"

export interface BoardPlatform extends Platform {
  readonly shown: Map<PersonId, Card[]>
  readonly told: { person: PersonId; notice: Notice }[]
}
export function boardPlatform(board: Board, can: Partial<Platform["can"]> = {}): BoardPlatform {
  const shown = new Map<PersonId, Card[]>()
  const told: { person: PersonId; notice: Notice }[] = []
  const call = async <T>(kind: BoardCall, signal: AbortSignal | null, work: () => T): Promise<T> => {
    const fault = board.fault(kind)
    signal?.throwIfAborted()
    // Deaf to its signal, as a socket that nobody closes.
    if (fault === "deaf") return new Promise(() => undefined)
    if (fault === "refused") throw new PostRefused("The board takes no messages here.")
    if (fault === "hangs" || fault === "givenUpButDone")
      return new Promise((_, reject) => {
        const giveUp = () => {
          if (fault === "givenUpButDone") work()
          reject(signal?.reason)
        }
        signal?.addEventListener("abort", giveUp, { once: true })
      })
    if (fault === "failsAndNotDone") throw new Error("connection reset")
    const done = work()
    if (fault === "failsButDone") throw new Error("connection reset")
    return done
  }
  const ref = (place: Pick<Place, "workspace">, id: string): PostedRef => ({ workspace: place.workspace, id, url: `http://board.test/${id}` })
  return {
    shown,
    told,
    name: "board",
    can: { maxChars: 4_000, readsConsistently: true, seesOwnPosts: true, ...can },
    start: async (_inbox: Inbox) => undefined,
    stop: async () => undefined,
    render: (body): Rendered => ({ payload: `<p>${body.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</p>`, visible: body, chars: body.length }),
    thread: (place, message, limit): Promise<readonly Message[]> =>
      call("thread", null, () => {
        const all = board.messages.filter((m) => m.channel === place.channel)
        if (!all.some((m) => m.id === message)) throw new Error("message is gone")
        return all
          .slice(-limit)
          .map((m) => ({ id: m.id, author: m.author, role: m.id === message ? ("question" as const) : ("other" as const), text: m.text, at: m.at }))
      }),
    audience: (): Promise<Audience> =>
      call("audience", null, () => ({ ...board.audience, where: "this board", title: null, who: "everyone on this board" })),
    mayAct: async (person): Promise<Standing> => board.standings.get(person) ?? "stranger",
    publish: (permit: PublishPermit, signal: AbortSignal): Promise<PostedRef> => {
      const { attempt, place, rendered, label } = spend(permit)
      return call("post", signal, () => {
        const { first, last } = label.lines
        return ref(place, board.post({ attempt, channel: place.channel, html: rendered.payload, first, last, jws: label.jws }).id)
      })
    },
    findPosted: (attempt: AttemptId, place: Place) =>
      call("find", null, () => {
        const found = board.find(attempt)
        if (found !== null) return ref(place, found.id)
        return (can.readsConsistently ?? true) ? ("absent" as const) : ("cannot-tell" as const)
      }),
    withdraw: (post: PostedRef, words: Signpost) => call("withdraw", null, () => board.withdraw(post.id, signpostWords(words))),
    sweep: async function* () {
      for (const p of board.posts) {
        const visible = p.html
          .replace(/^<p>|<\/p>$/g, "")
          .replaceAll("&lt;", "<")
          .replaceAll("&amp;", "&")
        yield {
          what: "created" as const,
          place: { platform: "board", workspace: "board" as Place["workspace"], channel: p.channel, thread: null },
          post: ref({ workspace: "board" as Place["workspace"] }, p.id),
          attempt: p.attempt as AttemptId,
          label: null,
          ...(p.withdrawn === null ? { visible, whole: [p.first, visible, p.last].join("\n") } : { visible: p.withdrawn, whole: p.withdrawn }),
        }
      }
    },
    show: async (card: Card, to: PersonId, over: CardRef | null): Promise<CardRef | "unreachable"> => {
      shown.set(to, [...(shown.get(to) ?? []), card])
      return over ?? (`card-${card.request}` as CardRef)
    },
    tell: async (person, notice) => {
      told.push({ person, notice })
      return "told"
    },
    forget: async (person) => {
      shown.delete(person)
    },
  }
}
