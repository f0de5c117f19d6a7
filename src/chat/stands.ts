// Whether a stop stands already: its outcome comes later, since it waits for posts that are under way, and who stopped is told at once.
import type { StopScope } from "../core/domain.ts"
import type { Inbox } from "../core/ports.ts"

const lookEveryMs = 50

/** Resolves when the door of that very scope is shut, or when the stop is over, however it ended. */
export async function stands(inbox: Pick<Inbox, "doors">, scope: StopScope, outcome: Promise<unknown>): Promise<"stands"> {
  let over = false
  const end = () => {
    over = true
  }
  outcome.then(end, end)
  while (!over) {
    const doors = await inbox.doors(scope)
    if (doors.some((d) => d.scope.workspace === scope.workspace && d.scope.channel === scope.channel)) break
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
  }
  return "stands"
}
