// Once at every start: what appeared under our name while nobody listened. What it finds goes the way of everything that is seen.
// A platform may wait out its limits for minutes; a shutdown does not wait with it.
import type { OwnMessage } from "../core/inbox.ts"
import { withAbort } from "./abort.ts"
import type { Parts } from "./parts.ts"

// Longer than a server is usually away; what is older was swept by an earlier start.
const backMs = 24 * 3_600_000

/** Never rejects: a platform that cannot be swept now is logged, and the others are swept. */
export async function sweepOnce(parts: Parts, seen: (m: OwnMessage) => Promise<void>, signal: AbortSignal): Promise<void> {
  for (const platform of parts.platforms.values()) {
    if (!platform.can.seesOwnPosts) continue
    try {
      for await (const message of until(signal, platform.sweep(parts.clock.now() - backMs))) await seen(message)
    } catch (fault) {
      if (signal.aborted) return
      parts.log.warn(
        { platform: platform.name, fault: fault instanceof Error ? fault.name : typeof fault },
        "what was missed could not be looked for",
      )
    }
  }
}
async function* until<T>(signal: AbortSignal, all: AsyncIterable<T>): AsyncIterable<T> {
  const each = all[Symbol.asyncIterator]()
  try {
    while (!signal.aborted) {
      const next = await withAbort(each.next(), signal)
      if (next.done === true) return
      yield next.value
    }
  } finally {
    // Not waited for: a generator ends only after what it is at.
    void each.return?.().catch(() => undefined)
  }
}
