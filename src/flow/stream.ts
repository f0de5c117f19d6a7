// Reading a request and adding to it. `advance` is the walk's only way to write: compare-and-swap on the version that was read.
import type { Pseudonym, StopScope } from "../core/domain.ts"
import { type Door, foldDoor, installation } from "../core/door.ts"
import type { Fact, StreamKey } from "../core/facts.ts"
import { apply, fold, type Live, type State } from "../core/fold.ts"
import type { Append, Ledger } from "../core/ports.ts"

/** What a step leaves behind: the new state, or `reload` when somebody else was faster. */
export type Stepped = State | "reload"

export async function load(ledger: Ledger, key: StreamKey): Promise<State> {
  return fold(await ledger.read(key))
}
export const keyOf = (state: Live): StreamKey => ({ workspace: state.workspace, stream: state.request })

export async function advance(
  ledger: Ledger,
  state: Live,
  actor: Pseudonym,
  facts: readonly Fact[],
  along: Pick<Append, "bodies" | "people"> = {},
): Promise<Live | "reload"> {
  const entries = await ledger.append({ key: keyOf(state), after: state.version, actor, facts, ...along })
  if (entries === "conflict") return "reload"
  return entries.reduce<State>(apply, state) as Live
}

/** What the stops say about a place now. */
export async function doorOf(ledger: Ledger, scope: StopScope): Promise<Door> {
  const own = scope.workspace === installation ? [] : await ledger.read({ workspace: scope.workspace, stream: "door" })
  const all = await ledger.read({ workspace: installation, stream: "door" })
  return foldDoor([...all, ...own], scope)
}
