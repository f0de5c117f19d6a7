// A person's command against a request: decide, append, and decide again when somebody was faster.
import { type Command, decide } from "../core/decide.ts"
import type { StreamKey } from "../core/facts.ts"
import type { Live } from "../core/fold.ts"
import type { Actor, Sealed } from "../core/ports.ts"
import { isRefusal, type Refusal, refuse } from "../core/refusals.ts"
import type { Parts } from "./parts.ts"
import { known } from "./people.ts"
import { stoppedAt } from "./platform.ts"
import { standingOf } from "./standing.ts"
import { advance, doorOf, load } from "./stream.ts"

// Each conflict means that somebody else made progress, so a click in a crowd of sixty-four still gets its turn.
const maxTries = 100

export async function carryOut(parts: Parts, key: StreamKey, by: Actor, command: Command, bodies: readonly Sealed[] = []): Promise<Live | Refusal> {
  const { actor, people } = known(parts, by)
  for (let tried = 0; tried < maxTries; tried++) {
    const state = await load(parts.ledger, key)
    if (state.at === "none") return refuse("not-found")
    const platform = parts.platforms.get(state.place.platform)
    if (platform === undefined) return refuse("not-found")
    const standing = await standingOf(platform, by.person, state.place)
    if (isRefusal(standing)) return standing
    const door = await doorOf(parts.ledger, { workspace: state.workspace, channel: state.place.channel })
    const decided = decide(command, state, { by: actor, auth: by.auth, standing, now: parts.clock.now(), door, policy: parts.policy })
    if ("refused" in decided) return decided.refused === "stopped" ? stoppedAt(platform, door) : decided
    if (decided.length === 0) return state
    const next = await advance(parts.ledger, state, actor, decided, { bodies, people })
    if (next !== "reload") return next
  }
  return refuse("too-busy")
}
