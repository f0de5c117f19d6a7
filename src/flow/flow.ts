// The inside, put together: what adapters may say to it, and the pump that keeps it moving. Called by main and by tests.
import type { WorkspaceId } from "../core/domain.ts"
import { type FactOf, type StreamKey, system } from "../core/facts.ts"
import type { Live } from "../core/fold.ts"
import type { Inbox } from "../core/ports.ts"
import { isRefusal } from "../core/refusals.ts"
import type { Flow, Parts } from "./parts.ts"
import { platformFor } from "./platform.ts"
import { Pump } from "./pump.ts"
import { receive } from "./receive.ts"
import { restate } from "./restate.ts"
import { onPosts } from "./retract.ts"
import { cardFor, reviewing } from "./review.ts"
import { seen } from "./seen.ts"
import { resume, stop } from "./stop.ts"
import { keyOf } from "./stream.ts"
import { sweepOnce } from "./sweep.ts"

export function createFlow(parts: Parts): Flow {
  const pump = new Pump(parts, (state) => void tellProgress(state))
  const shown = new Set<string>()
  const ending = new AbortController()
  let swept: Promise<void> = Promise.resolve()
  let restated: Promise<void> = Promise.resolve()

  /** Progress is shown as it comes, at best effort, one at a time per request: it is no fact, and nobody waits for it. */
  async function tellProgress(state: Live): Promise<void> {
    if (shown.has(state.request)) return
    shown.add(state.request)
    const latest = () => pump.progress.get(state.request)
    try {
      const who = await parts.ledger.person(state.requester)
      const ref = state.cards.find((c) => c.person === state.requester)?.ref ?? null
      if (who === null || ref === null) return
      // What was said meanwhile comes after: a drafter may be silent for long with its latest words.
      let told: string | undefined
      for (let words = latest(); words !== undefined && words !== told; words = latest()) {
        told = words
        await platformFor(parts, state).show(await cardFor(parts, state, pump.progress), who.person, ref)
      }
    } catch {
      parts.log.warn({ request: state.request }, "progress could not be shown")
    } finally {
      shown.delete(state.request)
    }
  }

  /** Once: a platform says at every start that it is installed, and what is known already is no news. */
  const note = async (workspace: WorkspaceId, fact: FactOf<"installed" | "uninstalled">) => {
    const key: StreamKey = { workspace, stream: "install" }
    const before = (await parts.ledger.read(key)).findLast((e) => "platform" in e.fact && e.fact.platform === fact.platform)
    if (before?.fact.kind !== fact.kind) await parts.ledger.append({ key, after: "any", actor: system, facts: [fact] })
  }
  const poke = (key: StreamKey) => pump.poke(key)
  const inbox: Inbox = {
    async ask(a) {
      const received = await receive(parts, a)
      if (!isRefusal(received)) pump.poke({ workspace: a.place.workspace, stream: received.request }, "drafting")
      return received
    },
    ...reviewing(parts, pump.progress, poke, pump.abortDrafting),
    ...onPosts(parts, poke),
    stop: (order) => stop(parts, order, pump.abortPosting),
    resume: (order) => resume(parts, order),
    async seen(m) {
      const state = await seen(parts, m)
      if (state !== null) poke(keyOf(state))
    },
    installed: (workspace, platform) => note(workspace, { kind: "installed", platform }),
    uninstalled: (workspace, platform) => note(workspace, { kind: "uninstalled", platform }),
  }
  return {
    inbox,
    async start() {
      pump.start()
      restated = restate(parts, pump.walk, ending.signal)
      swept = sweepOnce(parts, inbox.seen, ending.signal)
    },
    async stop() {
      ending.abort()
      await Promise.all([swept, restated])
      await pump.stop()
    },
    async idle() {
      await swept
      await pump.idle()
    },
  }
}
