// What one viewer may see on the console, read from the ledger. That a draft exists is private to who asked for it, so what
// waits for whom is for the people in charge; posts and stops are for every member.
import type { Instant } from "../../core/domain.ts"
import { fold, type Live, type Published, published } from "../../core/fold.ts"
import { atLeast } from "../../core/policy.ts"
import type { Head, Ledger } from "../../core/ports.ts"
import type { Viewer } from "../../page/session.ts"
import { type Overview, overviewOf, waitsFor } from "../overview.ts"
import type { WebParts } from "../parts.ts"
import type { Day, Incident, Tally } from "../tally.ts"

const dayMs = 86_400_000
const mostPosts = 100
const mostWaiting = 200
const publishedAts = ["posted", "retracting", "retracted", "retractionFailed"]

export interface Waiting {
  readonly head: Head
  readonly who: string
  readonly what: string
  readonly since: Instant
}
export interface PostRow {
  readonly state: Published
  readonly approvedBy: string
}
export interface ConsoleView {
  readonly overview: Overview
  readonly posts: readonly PostRow[]
  /** Null: not in charge. */
  readonly charge: null | { readonly waiting: readonly Waiting[]; readonly incidents: readonly Incident[]; readonly days: readonly Day[] }
  readonly ledgerMs: number
}

export async function consoleView(parts: WebParts, tally: Tally, viewer: Viewer): Promise<ConsoleView> {
  const { ledger, clock } = parts
  const started = performance.now()
  const overview = await overviewOf(ledger)
  const ledgerMs = performance.now() - started
  const name = nameReader(ledger)
  const inCharge = atLeast(viewer.standing, "moderator")
  return {
    overview,
    posts: await postsSince(ledger, clock.now() - dayMs, name),
    charge: !inCharge
      ? null
      : {
          waiting: await Promise.all(overview.open.slice(0, mostWaiting).map((head) => waitingOf(ledger, head, name))),
          incidents: (await tally.incidents()).filter((i) => i.at >= clock.now() - 7 * dayMs),
          days: await tally.days(clock.now()),
        },
    ledgerMs,
  }
}

type NameOf = (pseudonym: Head["person"]) => Promise<string>
export function nameReader(ledger: Ledger): NameOf {
  const names = new Map<string, Promise<string>>()
  return (who) => {
    const known = names.get(who) ?? ledger.person(who).then((p) => p?.name ?? (who === "system" ? "Countersign" : "a person"))
    names.set(who, known)
    return known
  }
}
async function live(ledger: Ledger, head: Head): Promise<Live | null> {
  const state = fold(await ledger.read(head))
  return state.at === "none" ? null : state
}
async function waitingOf(ledger: Ledger, head: Head, name: NameOf): Promise<Waiting> {
  const [state, who] = await Promise.all([live(ledger, head), name(head.person)])
  return { head, who, what: waitsFor[head.at as keyof typeof waitsFor] ?? head.at, since: state?.changedAt ?? 0 }
}
async function postsSince(ledger: Ledger, since: Instant, name: NameOf): Promise<readonly PostRow[]> {
  const heads = await ledger.heads({ at: publishedAts, limit: mostPosts })
  const states = await Promise.all(heads.map((h) => live(ledger, h)))
  const recent = states.filter((s): s is Published => s !== null && published(s) && s.postedAt >= since)
  const rows = recent.map(async (state) => ({ state, approvedBy: (await Promise.all(state.approvals.map((a) => name(a.by)))).join(" and ") }))
  return (await Promise.all(rows)).toSorted((a, b) => b.state.postedAt - a.state.postedAt)
}
