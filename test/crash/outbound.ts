// The board's adapter for a process that will be killed: every call is a real HTTP request.
import type { PostedRef } from "../../src/core/domain.ts"
import { spend } from "../../src/core/permit.ts"
import type { Platform } from "../../src/core/ports.ts"
import { Board, type BoardPost } from "../fakes/board/board.ts"
import { boardPlatform } from "../fakes/board/outbound.ts"

export function wiredBoard(url: string): Platform {
  const local = new Board()
  local.say("t1", "q1", "How do I rotate the password?")
  for (const who of ["board:rin", "board:bo"]) local.standings.set(who, "member")
  const call = async (path: string, body: unknown): Promise<BoardPost | null> => {
    const reply = await fetch(`${url}/${path}`, { method: "POST", body: JSON.stringify(body) })
    return (await reply.json()) as BoardPost | null
  }
  const ref = (workspace: PostedRef["workspace"], id: string): PostedRef => ({ workspace, id, url: null })
  return {
    ...boardPlatform(local),
    async publish(permit) {
      const { attempt, place, rendered, label } = spend(permit)
      const made = await call("post", {
        attempt,
        channel: place.channel,
        html: rendered.payload,
        first: label.lines.first,
        last: label.lines.last,
        jws: label.jws,
      })
      if (made === null) throw new Error("no answer")
      return ref(place.workspace, made.id)
    },
    async findPosted(attempt, place) {
      const found = await call("find", { attempt })
      return found === null ? "absent" : ref(place.workspace, found.id)
    },
  }
}
