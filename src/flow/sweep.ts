// Once at every start: what appeared under our name while nobody listened. What it finds goes the way of everything that is seen.
import type { OwnMessage } from "../core/inbox.ts"
import type { Parts } from "./parts.ts"

// Longer than a server is usually away; what is older was swept by an earlier start.
const backMs = 24 * 3_600_000

/** Never rejects: a platform that cannot be swept now is logged, and the others are swept. */
export async function sweepOnce(parts: Parts, seen: (m: OwnMessage) => Promise<void>, signal: AbortSignal): Promise<void> {
  for (const platform of parts.platforms.values()) {
    if (!platform.can.seesOwnPosts) continue
    try {
      for await (const message of platform.sweep(parts.clock.now() - backMs)) {
        if (signal.aborted) return
        await seen(message)
      }
    } catch (fault) {
      parts.log.warn(
        { platform: platform.name, fault: fault instanceof Error ? fault.name : typeof fault },
        "what was missed could not be looked for",
      )
    }
  }
}
