// Keeps cards true when a place is stopped or resumed, by whomever and in whatever process: they tell of the stop and offer no
// approval, and afterwards come back. Never holds a stop up: the ledger obeys it at once, and cards follow one by one, newest
// first, no faster than platforms take them. What a card told of is a fact, so that a restart goes on where it ended.
import { setImmediate as aTurn } from "node:timers/promises"
import type { WorkspaceId } from "../core/domain.ts"
import { installation } from "../core/door.ts"
import type { StreamKey } from "../core/facts.ts"
import type { State } from "../core/fold.ts"
import { type Ledger, PlatformBusy } from "../core/ports.ts"
import { stopOn } from "./card.ts"
import type { Parts } from "./parts.ts"
import { doorOf, load } from "./stream.ts"

// The few cards of a small workspace change at once. Slack takes some fifty changes a minute, and a click needs some of them.
const atOnce = 15
const pauseMs = 2_000
// Whom another process has at work, or a platform that fails: again, later and later, and then only at the next stop or start.
const againMs = 1_000
const mostFruitless = 10

/** Whether a card that somebody has before them tells of another stop than stands, or of none. */
export async function outOfStep(ledger: Ledger, state: State): Promise<boolean> {
  if (state.at !== "drafted") return false
  const shown = state.cards.find((c) => c.person === state.requester)
  if (shown === undefined || shown.ref === null) return false
  const door = await doorOf(ledger, { workspace: state.workspace, channel: state.place.channel })
  return stopOn(state, door.shut) !== shown.stoppedBy
}

/** Walks one request to rest; resolves with what went wrong, or null. */
type Walk = (key: StreamKey) => Promise<unknown>

/** Looks at everything once, then at what a door lets change, until the signal. Never rejects. */
export async function restate(parts: Parts, walk: Walk, signal: AbortSignal): Promise<void> {
  const { ledger, log } = parts
  const changes = ledger.follow(signal)
  const at = new Map<WorkspaceId, "once" | "again">()
  const work = new Set<Promise<void>>()
  const begin = (workspace: WorkspaceId) => {
    const before = at.get(workspace)
    at.set(workspace, before === undefined ? "once" : "again")
    if (before !== undefined) return
    const one = keep(parts, workspace, walk, at, signal)
      .catch((fault: unknown) => {
        if (!signal.aborted) log.warn({ workspace, fault: nameOf(fault) }, "cards could not be brought in line with a stop")
      })
      .finally(() => work.delete(one))
    work.add(one)
  }
  try {
    for (const workspace of await stoppedEver(ledger)) begin(workspace)
    for await (const { workspace, stream } of changes) {
      if (stream !== "door") continue
      if (workspace !== installation) begin(workspace)
      else for (const each of await inhabited(ledger)) begin(each)
    }
  } catch (fault) {
    log.error({ fault: nameOf(fault) }, "stops are not followed any more: cards tell of them when they are clicked on")
  }
  await Promise.all(work)
}
const nameOf = (fault: unknown) => (fault instanceof Error ? fault.name : typeof fault)
async function inhabited(ledger: Ledger): Promise<readonly WorkspaceId[]> {
  return (await ledger.sizes()).map((s) => s.workspace).filter((w) => w !== installation)
}
/** Where no stop ever stood no card can tell of one, or fail to. */
async function stoppedEver(ledger: Ledger): Promise<readonly WorkspaceId[]> {
  const all = await inhabited(ledger)
  const ever = async (workspace: WorkspaceId) => (await ledger.read({ workspace, stream: "door" })).length > 0
  if (await ever(installation)) return all
  const stopped = await Promise.all(all.map(ever))
  return all.filter((_, i) => stopped[i])
}

/** One workspace, until its cards agree with its door. */
async function keep(parts: Parts, workspace: WorkspaceId, walk: Walk, at: Map<WorkspaceId, "once" | "again">, signal: AbortSignal): Promise<void> {
  const again = () => at.get(workspace) === "again"
  try {
    for (let fruitless = 0; fruitless < mostFruitless && !signal.aborted; ) {
      at.set(workspace, "once")
      const { told, left } = await pass(parts, workspace, walk, () => signal.aborted || again(), signal)
      if (left > 0 && !again()) await parts.clock.sleep(againMs * 2 ** fruitless, signal)
      if (left === 0 && !again()) return
      fruitless = told > 0 || again() ? 0 : fruitless + 1
    }
  } finally {
    // In the same turn as the last look at it: a door that changes from now on begins anew.
    at.delete(workspace)
  }
}
/** `over`: whether the pass is to be given up, since the door changed again. */
async function pass(parts: Parts, workspace: WorkspaceId, walk: Walk, over: () => boolean, signal: AbortSignal) {
  const { ledger, clock } = parts
  let told = 0
  let left = 0
  for (const head of (await ledger.heads({ workspace, at: ["drafted"] })).toReversed()) {
    // Thousands may wait: clicks, and the stop itself, come in between.
    await aTurn()
    if (over()) break
    const state = await load(ledger, head)
    if (state.at === "none" || !parts.platforms.has(state.place.platform) || !(await outOfStep(ledger, state))) continue
    if (told + left >= atOnce) await clock.sleep(pauseMs, signal)
    const fault = await walk(head)
    if (await outOfStep(ledger, await load(ledger, head))) left += 1
    else told += 1
    if (fault instanceof PlatformBusy) await clock.sleep(fault.retryAfterMs, signal)
  }
  return { told, left }
}
