// `countersign stop` and `resume`: straight to the ledger, which every server on it obeys from that moment on. Needs the
// ledger's place only; no other mistake in the configuration keeps anybody from stopping.
import { userInfo } from "node:os"
import type { PersonId, StopScope, WorkspaceId } from "../core/domain.ts"
import { installation } from "../core/door.ts"
import type { Actor, DoorView, StopOrder } from "../core/ports.ts"
import { isRefusal } from "../core/refusals.ts"
import { overviewOf } from "../web/overview.ts"
import { openBeside } from "./beside.ts"
import { type ExitCode, exit, type Printer } from "./print.ts"
import type { Beside, Wiring } from "./wiring.ts"

interface ScopeFlags {
  readonly workspace?: string
  readonly place?: string
}

export async function stop(wiring: Wiring, flags: ScopeFlags & { readonly why?: string }, out: Printer): Promise<ExitCode> {
  const scope = scopeOf(flags)
  if (typeof scope === "string") return misplaced(scope, out)
  return beside(wiring, async ({ inbox, ledger }) => {
    const others = (await ledger.sizes()).map((s) => s.workspace).filter((w) => w !== installation)
    const outcome = await inbox.stop(order(scope, flags.why ?? null))
    if (isRefusal(outcome)) return refused(outcome, out)
    const where = scopeWords(scope)
    const { at, epoch } = outcome
    if (outcome.outcome === "sure") {
      // A name that is nearly right stops nothing that anybody meant.
      const strange = scope.workspace !== installation && others.length > 0 && !others.includes(scope.workspace)
      const doubt = `Nothing was ever asked there: if you meant ${others.join(" or ")}, stop that, or everything with: countersign stop`
      out.say(
        { stopped: scope, sure: true, at, epoch, ...(strange ? { unknownWorkspace: true, known: others } : {}) },
        `Stopped ${where}. Nothing more will be posted until an admin resumes.${strange ? `\n${doubt}` : ""}`,
      )
      return exit.done
    }
    const names = outcome.outcome.unsure
    out.say(
      { stopped: scope, sure: false, unsure: names, at, epoch },
      `Stopped ${where}. ${names.length === 1 ? "One post" : `${names.length} posts`} begun before may still have appeared; look there: ${names.join(", ")}.`,
    )
    return exit.unclear
  })
}
export async function resume(wiring: Wiring, flags: ScopeFlags, out: Printer): Promise<ExitCode> {
  const scope = scopeOf(flags)
  if (typeof scope === "string") return misplaced(scope, out)
  return beside(wiring, async ({ inbox, ledger }) => {
    const outcome = await inbox.resume(order(scope, null))
    // A stop beside this one, wider or narrower, goes on: nobody should take one word for all of them.
    const { doors } = await overviewOf(ledger)
    const left = { stops: doors.map((d) => d.scope) }
    const still = doors.map((d) => `\nStill stopped ${doorWords(d)}`).join("")
    if (isRefusal(outcome)) {
      out.say({ ...outcome, ...left }, `${outcome.words}${still}`)
      return exit.no
    }
    out.say({ resumed: scope, ...left }, `Resumed ${scopeWords(scope)}. What was approved before the stop must be approved again.${still}`)
    return exit.done
  })
}

async function beside(wiring: Wiring, act: (opened: Beside) => Promise<ExitCode>): Promise<ExitCode> {
  const opened = await openBeside(wiring)
  try {
    return await act(opened)
  } finally {
    await opened.close()
  }
}
/** The scope, or what is wrong with the flags. */
function scopeOf({ workspace, place }: ScopeFlags): StopScope | string {
  if (place !== undefined && (workspace === undefined || workspace === installation))
    return "--place needs --workspace: places are numbered by each workspace for itself."
  const odd = Object.entries({ "--workspace": workspace, "--place": place }).find(([, id]) => id !== undefined && !/^\S{1,512}$/.test(id))
  if (odd !== undefined) return `${odd[0]} is no id: it has no blanks, at least one character and at most 512.`
  return { workspace: (workspace ?? installation) as WorkspaceId, channel: place ?? null }
}
function misplaced(words: string, out: Printer): ExitCode {
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
export function doorWords(d: DoorView): string {
  return `${scopeWords(d.scope)} by ${d.byName ?? "somebody who left"} since ${new Date(d.at).toISOString()}${d.why === null ? "" : `: ${d.why}`}`
}
function order(scope: StopScope, why: string | null): StopOrder {
  return { by: operator(), scope, why, from: null }
}
/** Whoever runs commands on the server: the name of their account there. */
export function operator(): Actor {
  const name = userInfo().username
  return { person: `cli:${name}` as PersonId, name, auth: "cli" }
}
