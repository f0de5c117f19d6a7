// Forgets a person: what they wrote and what was written for them is erased, with their name; open requests of theirs end.
// The log keeps pseudonyms and digests, so its chain still verifies, and it tells how much was erased.
import { openAts } from "../core/derive.ts"
import type { Digest, PersonId, Pseudonym, RequestId, WorkspaceId } from "../core/domain.ts"
import { installation } from "../core/door.ts"
import { type Entry, type Fact, system } from "../core/facts.ts"
import type { StateAt } from "../core/fold.ts"
import type { Platform } from "../core/ports.ts"
import type { Parts } from "./parts.ts"
import { decodeLogged } from "./retrace.ts"
import { advance, load } from "./stream.ts"
import { textsOf } from "./texts.ts"

const atOnce = 1_000
const tries = 20

export interface Forgotten {
  readonly requests: number
  readonly bodies: number
  readonly workspaces: number
  /** Requests that are being posted now, and so could not be ended. Forget the person again when they are settled. */
  readonly left: readonly RequestId[]
}

/** What forgetting needs of a platform; it need not be started. */
export type Forgetters = ReadonlyMap<string, Pick<Platform, "forget">>

export async function forget(parts: Pick<Parts, "ledger" | "pseudonyms"> & { readonly platforms: Forgetters }, person: PersonId): Promise<Forgotten> {
  const { ledger, platforms, pseudonyms } = parts
  const pseudonym = pseudonyms.of(person)
  const left = await endOpen(parts, pseudonym)
  let requests = 0
  let bodies = 0
  let workspaces = 0
  for (const { workspace } of await ledger.sizes()) {
    const found = await traces(parts, workspace, pseudonym, new Set(left))
    // Their name stands in one table for all workspaces, so the first erasure takes it; the others say so all the same.
    if (found.acted === "never") continue
    await ledger.erase({ workspace, bodies: [...found.texts], people: [pseudonym], actor: system })
    requests += found.requests
    bodies += found.texts.size
    workspaces += 1
  }
  // Known by name, though no entry of theirs stands: the installation's log says that the name was erased.
  if ((await ledger.person(pseudonym)) !== null) await ledger.erase({ workspace: installation, bodies: [], people: [pseudonym], actor: system })
  await platforms.get(person.slice(0, person.indexOf(":")))?.forget(person)
  return { requests, bodies, workspaces, left }
}

interface Traces {
  readonly acted: "never" | "somewhere"
  readonly requests: number
  readonly texts: ReadonlySet<Digest>
}
/** Everything said in requests of theirs, and what they said in those of others. Signed labels stay: they name nobody. */
async function traces(parts: Pick<Parts, "ledger">, workspace: WorkspaceId, person: Pseudonym, keep: ReadonlySet<string>): Promise<Traces> {
  const theirs = new Set<string>()
  const texts = new Set<Digest>()
  let acted: Traces["acted"] = "never"
  for await (const { stream, actor, fact } of log(parts, workspace)) {
    if (actor === person) acted = "somewhere"
    if (fact.kind === "asked" && actor === person) theirs.add(stream)
    if (keep.has(stream) || (actor !== person && !theirs.has(stream))) continue
    for (const text of textsOf(fact)) if (text.is === "words") texts.add(text.ref)
  }
  return { acted, requests: theirs.size, texts }
}
async function* log({ ledger }: Pick<Parts, "ledger">, workspace: WorkspaceId): AsyncGenerator<Entry> {
  for (let from = 0; ; from += atOnce) {
    const rows = await ledger.entries(workspace, from, atOnce)
    for (const row of rows) yield decodeLogged(row)
    if (rows.length < atOnce) return
  }
}

/** Ends their open requests. Gives those that cannot be ended, since they may be on their way out. */
async function endOpen(parts: Pick<Parts, "ledger">, person: Pseudonym): Promise<readonly RequestId[]> {
  const left: RequestId[] = []
  for (const head of await parts.ledger.heads({ person, at: openAts })) {
    if ((await end(parts, { workspace: head.workspace, stream: head.stream as RequestId })) === "left") left.push(head.stream as RequestId)
  }
  return left
}
async function end({ ledger }: Pick<Parts, "ledger">, key: { workspace: WorkspaceId; stream: RequestId }): Promise<"ended" | "left"> {
  for (let i = 0; i < tries; i++) {
    const state = await load(ledger, key)
    switch (state.at) {
      case "asked":
      case "reworking":
      case "drafted":
      case "refused":
        if ((await advance(ledger, state, system, [{ kind: "expired" }])) !== "reload") return "ended"
        break
      case "approved":
        if ((await advance(ledger, state, system, voided(state))) !== "reload") return "ended"
        break
      case "posting":
      case "unclear":
        return "left"
      default:
        return "ended"
    }
  }
  return "left"
}
/** Who is forgotten no longer stands for what they approved. */
function voided(state: StateAt<"approved">): readonly Fact[] {
  return [{ kind: "approvalVoided", of: state.draft.digest, why: "standing" }, { kind: "expired" }]
}
