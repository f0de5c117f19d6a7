// `countersign stop` and `resume`: straight to the ledger, which every server on it obeys from that moment on. Needs the
// ledger's place only; no other mistake in the configuration keeps anybody from stopping.
import { userInfo } from "node:os"
import type { PersonId, StopScope, WorkspaceId } from "../core/domain.ts"
import { installation } from "../core/door.ts"
import type { Actor, StopOrder } from "../core/ports.ts"
import { isRefusal } from "../core/refusals.ts"
import { openBeside } from "./beside.ts"
import { type ExitCode, exit, type Printer } from "./print.ts"
import type { Wiring } from "./wiring.ts"

interface ScopeFlags {
  readonly workspace?: string
  readonly place?: string
}

export async function stop(wiring: Wiring, flags: ScopeFlags & { readonly why?: string }, out: Printer): Promise<ExitCode> {
  const scope = scopeOf(flags)
  if (scope === null) return misplaced(out)
  return beside(wiring, async (inbox) => {
    const outcome = await inbox.stop(order(scope, flags.why ?? null))
    if (isRefusal(outcome)) return refused(outcome, out)
    const where = scopeWords(scope)
    if (outcome.outcome === "sure") {
      out.say(
        { stopped: scope, sure: true, at: outcome.at, epoch: outcome.epoch },
        `Stopped ${where}. Nothing more will be posted until an admin resumes.`,
      )
      return exit.done
    }
    const names = outcome.outcome.unsure
    out.say(
      { stopped: scope, sure: false, unsure: names, at: outcome.at, epoch: outcome.epoch },
      `Stopped ${where}. ${names.length === 1 ? "One post" : `${names.length} posts`} begun before may still have appeared; look there: ${names.join(", ")}.`,
    )
    return exit.unclear
  })
}
export async function resume(wiring: Wiring, flags: ScopeFlags, out: Printer): Promise<ExitCode> {
  const scope = scopeOf(flags)
  if (scope === null) return misplaced(out)
  return beside(wiring, async (inbox) => {
    const outcome = await inbox.resume(order(scope, null))
    if (isRefusal(outcome)) return refused(outcome, out)
    out.say({ resumed: scope }, `Resumed ${scopeWords(scope)}. What was approved before the stop must be approved again.`)
    return exit.done
  })
}

async function beside(wiring: Wiring, act: (inbox: Awaited<ReturnType<Wiring["beside"]>>["inbox"]) => Promise<ExitCode>): Promise<ExitCode> {
  const opened = await openBeside(wiring)
  try {
    return await act(opened.inbox)
  } finally {
    await opened.close()
  }
}
function scopeOf(flags: ScopeFlags): StopScope | null {
  if (flags.place !== undefined && flags.workspace === undefined) return null
  return { workspace: (flags.workspace ?? installation) as WorkspaceId, channel: flags.place ?? null }
}
function misplaced(out: Printer): ExitCode {
  const words = "--place needs --workspace: places are numbered by each workspace for itself."
  if (out.format === "json") out.say({ error: "usage", words }, words)
  else process.stderr.write(`${words}\n`)
  return exit.unclear
}
function refused(no: { readonly refused: string; readonly words: string }, out: Printer): ExitCode {
  out.say({ refused: no.refused, words: no.words }, no.words)
  return exit.no
}
export function scopeWords(scope: StopScope): string {
  if (scope.workspace === installation) return "everywhere"
  return scope.channel === null ? `in workspace ${scope.workspace}` : `in place ${scope.channel} of workspace ${scope.workspace}`
}
function order(scope: StopScope, why: string | null): StopOrder {
  return { by: operator(), scope, why, from: null }
}
/** Whoever runs commands on the server: the name of their account there. */
export function operator(): Actor {
  const name = userInfo().username
  return { person: `cli:${name}` as PersonId, name, auth: "cli" }
}
