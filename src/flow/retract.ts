// Takes a post back, and lets readers say what they saw. Who acted on an answer is told when it is retracted.
import type { Pseudonym } from "../core/domain.ts"
import type { StreamKey } from "../core/facts.ts"
import { system } from "../core/facts.ts"
import { type Published, published, referenced, type StateAt } from "../core/fold.ts"
import type { Inbox, OnPost } from "../core/ports.ts"
import { isRefusal, refuse } from "../core/refusals.ts"
import { carryOut } from "./command.ts"
import type { Parts } from "./parts.ts"
import { known, nameOf } from "./people.ts"
import { platformFor } from "./platform.ts"
import { recordPosted } from "./reconcile.ts"
import { seal } from "./seal.ts"
import { advance, load, type Stepped } from "./stream.ts"
import { tell } from "./tell.ts"

type OnPosts = Pick<Inbox, "report" | "actedOn" | "retract">

export function onPosts(parts: Parts, poke: (key: StreamKey) => void): OnPosts {
  const find = (on: OnPost) => parts.ledger.find("id" in on.post ? "post" : "label", "id" in on.post ? on.post.id : on.post.label, on.workspace)
  return {
    async report(r) {
      const key = await find(r)
      if (key === null) return refuse("not-posted")
      const why = r.why === null || r.why.trim() === "" ? null : seal(r.why)
      const before = await load(parts.ledger, key)
      const done = await carryOut(parts, key, r.by, { do: "report", why: why?.ref ?? null }, why === null ? [] : [why])
      if (isRefusal(done)) return done
      if (published(done) && done.at !== "retracted" && done.version !== (before.at === "none" ? 0 : before.version)) await tellApprovers(parts, done)
      poke(key)
      return "noted"
    },
    async actedOn(a) {
      const key = await find(a)
      if (key === null) return refuse("not-posted")
      const { actor } = known(parts, a.by)
      const before = await load(parts.ledger, key)
      const done = await carryOut(parts, key, a.by, { do: "actedOn" })
      // The words in its place ask for it: who says so only then was not among those who were told.
      const isNews = !(published(before) && before.actedOn.includes(actor))
      if (isNews && !isRefusal(done) && done.at === "retracted") await tellRetracted(parts, done, actor)
      poke(key)
      return isRefusal(done) ? done : "noted"
    },
    async retract(r) {
      const key = await find(r)
      if (key === null) return refuse("not-posted")
      const words = r.words === null || r.words.trim() === "" ? null : seal(r.words)
      const done = await carryOut(parts, key, r.by, { do: "retract", reason: r.reason, words: words?.ref ?? null }, words === null ? [] : [words])
      poke(key)
      return isRefusal(done) ? done : "retracting"
    },
  }
}

export async function retract(parts: Parts, state: StateAt<"retracting">): Promise<Stepped> {
  const platform = platformFor(parts, state)
  if (!referenced(state)) {
    const found = await platform.findPosted(state.attempt, state.place, state.draft.label)
    if (typeof found === "object") return recordPosted(parts, state, found)
    // What cannot be found may stand there all the same: nobody is told that it is gone.
    return advance(parts.ledger, state, system, [{ kind: "retractionFailed" }])
  }
  const by = await nameOf(parts.ledger, state.by)
  const outcome = await platform.withdraw(state.post, { kind: "retracted", reason: state.reason, at: state.changedAt, by })
  const next = await advance(parts.ledger, state, system, [{ kind: outcome === "refused" ? "retractionFailed" : "retracted" }])
  if (next !== "reload" && outcome !== "refused") await tellWhoActed(parts, state)
  return next
}

async function tellApprovers(parts: Parts, state: Published): Promise<void> {
  for (const a of state.approvals) await tell(parts, state, a.by, { kind: "reported", url: state.post.url })
}
async function tellWhoActed(parts: Parts, state: StateAt<"retracting">): Promise<void> {
  for (const p of state.actedOn) await tellRetracted(parts, state, p)
}
function tellRetracted(parts: Parts, state: StateAt<"retracting"> | StateAt<"retracted">, who: Pseudonym): Promise<void> {
  return tell(parts, state, who, { kind: "retracted", reason: state.reason, url: state.post.url })
}
