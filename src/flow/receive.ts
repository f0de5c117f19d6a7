// A person asks. When this returns, `asked` is durable: only then may a platform's delivery be acknowledged.
// The stream's name is derived from the ask, so `asked` at version 1 is the deduplication.
import { createHash } from "node:crypto"
import { open, questionKey } from "../core/derive.ts"
import type { Pseudonym, RequestId } from "../core/domain.ts"
import type { StreamKey } from "../core/facts.ts"
import { mayTakePart } from "../core/policy.ts"
import type { Ask } from "../core/ports.ts"
import { type Refusal, refuse } from "../core/refusals.ts"
import type { Parts } from "./parts.ts"
import { known } from "./people.ts"
import { stoppedAt } from "./platform.ts"
import { doorOf, load } from "./stream.ts"

export type Received = { readonly request: RequestId; readonly was: "new" | "open-already" }

export async function receive(parts: Parts, ask: Ask): Promise<Received | Refusal> {
  const { place } = ask
  const platform = parts.platforms.get(place.platform)
  if (platform === undefined) return refuse("not-found")
  const part = mayTakePart(await platform.mayAct(ask.by.person, place, "asks"), parts.policy)
  if (part !== "yes") return refuse(part)

  const { actor, people } = known(parts, ask.by)
  const request = requestIdOf(ask, actor)
  const key: StreamKey = { workspace: place.workspace, stream: request }
  const earlier = await parts.ledger.find("question", questionKey(ask.message, actor), place.workspace)
  if (earlier !== null && (earlier.stream === request || open(await load(parts.ledger, earlier)))) {
    return { request: earlier.stream as RequestId, was: "open-already" }
  }
  const door = await doorOf(parts.ledger, { workspace: place.workspace, channel: place.channel })
  if (door.shut.length > 0) return stoppedAt(platform, door)

  const entries = await parts.ledger.append({
    key,
    after: 0,
    actor,
    people,
    facts: [{ kind: "asked", purpose: "answer", platform: place.platform, place: place.channel, thread: place.thread, message: ask.message }],
  })
  return { request, was: entries === "conflict" ? "open-already" : "new" }
}

/** `r_` and 22 characters: the same ask has the same name, in every process and after every restart. */
function requestIdOf(ask: Ask, requester: Pseudonym): RequestId {
  const parts = [ask.place.workspace, ask.message, requester, ask.gesture]
  const hash = createHash("sha256").update(JSON.stringify(parts)).digest("base64url")
  return `r_${hash.slice(0, 22)}` as RequestId
}
