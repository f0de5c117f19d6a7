// Stops that are said in Discord: they stand, or are refused, when this resolves; what became of posts under way is told afterwards.
import type { Place, StopScope } from "../../src/core/domain.ts"
import type { Actor, StopOutcome } from "../../src/core/ports.ts"
import { isRefusal, type Refusal } from "../../src/core/refusals.ts"
import type { Context } from "./context.ts"
import { notRecorded, stopWords } from "./words.ts"

const lookEveryMs = 50

export interface StopSaid {
  readonly by: Actor
  readonly scope: StopScope
  /** The place by which it is judged who they are. */
  readonly from: Place
  readonly why: string | null
  /** Told what it came to. */
  readonly tell: (words: string) => void
}
export async function stopNow(ctx: Context, { by, scope, from, why, tell }: StopSaid): Promise<"stands" | Refusal> {
  const outcome = ctx.inbox().stop({ by, scope, why, from })
  const where = scope.channel === null ? "in this server" : "in this channel"
  ctx.after.add(
    outcome.then(
      (o) => tell(stopWords(o, where)),
      () => tell(notRecorded),
    ),
  )
  const first = await Promise.race([outcome, stands(ctx, scope, outcome)])
  return isRefusal(first) ? first : "stands"
}
async function stands(ctx: Context, scope: StopScope, outcome: Promise<StopOutcome | Refusal>): Promise<"stands"> {
  let over = false
  const end = () => {
    over = true
  }
  outcome.then(end, end)
  while (!over) {
    const doors = await ctx.inbox().doors(scope)
    if (doors.some((d) => d.scope.workspace === scope.workspace && d.scope.channel === scope.channel)) break
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
  }
  return "stands"
}
