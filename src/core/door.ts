// The door of a place: what its stops say now. Folded from the `door` streams of the workspace and of the installation.
import type { Digest, Instant, Pseudonym, StopScope, WorkspaceId } from "./domain.ts"
import type { Entry } from "./facts.ts"
import type { DoorView, Ledger } from "./ports.ts"

export const installation = "*" as WorkspaceId

/** A stop that stands. */
export interface Shut {
  readonly scope: StopScope
  readonly by: Pseudonym
  readonly at: Instant
  readonly why: Digest | null
}
export interface Door {
  /** How often it was shut: an approval holds only for the epoch it was given in. */
  readonly epoch: number
  /** The stops that stand, widest first. Empty: open. */
  readonly shut: readonly Shut[]
}

/** `entries`: the door streams of the place's workspace and of `*`, in any order between the two. */
export function foldDoor(entries: readonly Entry[], scope: StopScope): Door {
  let epoch = 0
  const standing = new Map<string, Shut>()
  for (const e of entries) {
    if (e.fact.kind !== "stopped" && e.fact.kind !== "resumed") continue
    if (e.workspace !== installation && e.workspace !== scope.workspace) continue
    if (e.fact.place !== null && e.fact.place !== scope.channel) continue
    const key = `${e.workspace}\n${e.fact.place ?? ""}`
    if (e.fact.kind === "resumed") standing.delete(key)
    else {
      epoch += 1
      standing.set(key, { scope: { workspace: e.workspace, channel: e.fact.place }, by: e.actor, at: e.at, why: e.fact.why })
    }
  }
  const width = (s: Shut) => (s.scope.workspace === installation ? 0 : s.scope.channel === null ? 1 : 2)
  return { epoch, shut: [...standing.values()].sort((a, b) => width(a) - width(b)) }
}
/** Every stop that stands in any place. `entries`: door streams of any workspaces. */
export function everyShut(entries: readonly Entry[]): readonly Shut[] {
  const scopes = new Map<string, StopScope>()
  for (const e of entries) {
    if (e.fact.kind !== "stopped") continue
    scopes.set(`${e.workspace}\n${e.fact.place ?? ""}`, { workspace: e.workspace, channel: e.fact.place })
  }
  const same = (a: StopScope, b: StopScope) => a.workspace === b.workspace && a.channel === b.channel
  return [...scopes.values()].flatMap((scope) => foldDoor(entries, scope).shut.filter((s) => same(s.scope, scope)))
}
/** A stop as people read it: with a name and a reason, as far as they were not erased. */
export async function doorView(ledger: Pick<Ledger, "person" | "body">, shut: Shut): Promise<DoorView> {
  const [who, why] = await Promise.all([ledger.person(shut.by), shut.why === null ? null : ledger.body(shut.scope.workspace, shut.why)])
  return { scope: shut.scope, by: shut.by, byName: who?.name ?? null, at: shut.at, why }
}
/** Whether `outer` covers `inner`. */
export function covers(outer: StopScope, inner: StopScope): boolean {
  if (outer.workspace === installation) return true
  return outer.workspace === inner.workspace && (outer.channel === null || outer.channel === inner.channel)
}
