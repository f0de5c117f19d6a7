// App Home as one person may see it now: the switch with its state, what waits for them, and what they let out.

import type { Standing } from "../../src/core/domain.ts"
import { unreachable } from "../../src/core/unreachable.ts"
import { type Context, cornerOf, type Gesture } from "./context.ts"
import { nameOfFault } from "./errors.ts"
import type { Home } from "./home.ts"
import { helpWords } from "./words.ts"

const mostPosts = 10

/** When they open it, and after what they did on it or in a form above it. Never waited for, never fails: it is not worth a second delivery. */
export function homeFollows(ctx: Context, g: Gesture): void {
  ctx.after.add(showHome(ctx, g).catch((fault: unknown) => ctx.log.warn({ fault: nameOfFault(fault) }, "an App Home could not be shown")))
}
async function showHome(ctx: Context, g: Gesture): Promise<void> {
  const { workspace } = g.team
  const [cards, posts, doors, standing] = await Promise.all([
    ctx.inbox().queue(g.by.person),
    ctx.inbox().posts(g.by.person, mostPosts),
    ctx.inbox().doors({ workspace, channel: null }),
    ctx.people.mayAct(g.by.person, cornerOf(g), "asks"),
  ])
  await ctx.out.publishHome(g.by.person, {
    workspace,
    doors,
    may: mayOf(standing),
    cards: cards.filter((c) => c.workspace === workspace),
    posts: posts.filter((c) => c.workspace === workspace),
    help: helpWords(g.by.person),
  })
}
function mayOf(standing: Standing): Home["may"] {
  switch (standing) {
    case "admin":
      return "stop-and-resume"
    case "moderator":
    case "member":
      return "stop"
    case "guest":
    case "reader":
    case "stranger":
      return "look"
    default:
      return unreachable(standing)
  }
}
