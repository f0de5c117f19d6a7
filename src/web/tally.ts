// How many requests were asked, approved, declined and expired a day, how long people took to decide, and what went wrong
// lately. Counted from the log as it grows, in memory: a restart counts anew, from the last entries only.

import type { Instant, WorkspaceId } from "../core/domain.ts"
import { type Entry, stored } from "../core/facts.ts"
import type { Ledger, LoggedEntry } from "../core/ports.ts"

/** Enough for two weeks of a busy company; more is not read, so that a first look stays quick. */
const lastEntries = 50_000
const pageSize = 2_000
const keptIncidents = 50
const keptDays = 14
const keptDrafts = 10_000

export const counted = ["asked", "approved", "declined", "expired"] as const
export type Counted = (typeof counted)[number]
export interface Day {
  /** `2026-11-21`, UTC. */
  readonly day: string
  readonly counts: Readonly<Record<Counted, number>>
  /** Half of the approvals came within so many seconds of the draft; null: there were none. */
  readonly medianSeconds: number | null
}
export interface Incident {
  readonly workspace: WorkspaceId
  readonly stream: string
  readonly version: number
  readonly at: Instant
  readonly kind: Entry["fact"]["kind"]
  readonly words: string
}
export interface Tally {
  days(now: Instant): Promise<readonly Day[]>
  incidents(): Promise<readonly Incident[]>
}

export function createTally(ledger: Ledger): Tally {
  const next = new Map<WorkspaceId, number>()
  const days = new Map<string, { counts: Record<Counted, number>; seconds: number[] }>()
  const drafted = new Map<string, Instant>()
  const incidents: Incident[] = []
  let counting: Promise<void> | null = null

  const see = (e: Entry) => {
    const words = incidentWords(e.fact)
    if (words !== null) {
      incidents.push({ workspace: e.workspace, stream: e.stream, version: e.version, at: e.at, kind: e.fact.kind, words })
      if (incidents.length > keptIncidents) incidents.shift()
    }
    const name = `${e.workspace}\n${e.stream}`
    if (e.fact.kind === "drafted") {
      drafted.set(name, e.at)
      const oldest = drafted.size > keptDrafts ? drafted.keys().next().value : undefined
      if (oldest !== undefined) drafted.delete(oldest)
    }
    const kind = counted.find((k) => k === e.fact.kind)
    if (kind === undefined) return
    const day = dayOf(e.at)
    const tally = days.get(day) ?? { counts: { asked: 0, approved: 0, declined: 0, expired: 0 }, seconds: [] }
    days.set(day, tally)
    tally.counts[kind] += 1
    const since = drafted.get(name)
    if (kind === "approved" && since !== undefined) tally.seconds.push((e.at - since) / 1000)
  }
  const count = async () => {
    for (const { workspace, size } of await ledger.sizes()) {
      let from = next.get(workspace) ?? Math.max(0, size - lastEntries)
      while (from < size) {
        const page = await ledger.entries(workspace, from, pageSize)
        if (page.length === 0) break
        for (const logged of page) see(entryOf(logged))
        from += page.length
      }
      next.set(workspace, from)
    }
  }
  const upToDate = () => {
    counting ??= count().finally(() => {
      counting = null
    })
    return counting
  }
  return {
    async days(now) {
      await upToDate()
      return Array.from({ length: keptDays }, (_, i) => dayOf(now - (keptDays - 1 - i) * 86_400_000)).map((day) => {
        const tally = days.get(day)
        return { day, counts: tally?.counts ?? { asked: 0, approved: 0, declined: 0, expired: 0 }, medianSeconds: median(tally?.seconds ?? []) }
      })
    },
    async incidents() {
      await upToDate()
      return incidents.toSorted((a, b) => b.at - a.at)
    },
  }
}

function entryOf(logged: LoggedEntry): Entry {
  const { workspace, stream, version, actor, at, ...fact } = stored.parse(JSON.parse(logged.fact))
  return { workspace, stream, version, seq: logged.seq, actor, at, fact } as Entry
}
function dayOf(at: Instant): string {
  return new Date(at).toISOString().slice(0, 10)
}
function median(seconds: readonly number[]): number | null {
  return seconds.toSorted((a, b) => a - b)[Math.floor(seconds.length / 2)] ?? null
}

/** What the people in charge should know of; null: an ordinary day's work. */
function incidentWords(fact: Entry["fact"]): string | null {
  switch (fact.kind) {
    case "draftingFailed":
      return `The drafter failed: ${fact.why.replaceAll("-", " ")}`
    case "approvalVoided":
      // Told of by its `postingFailed`.
      if (fact.why === "refused" || fact.why === "absent") return null
      return `An approval no longer counted: ${{ expired: "it was too old", stopped: "posting was stopped", wider: "more people could read the place", standing: "the approver had left" }[fact.why]}`
    case "postingFailed":
      return fact.why === "refused" ? "The platform refused a post" : "A post did not arrive"
    case "postingUnclear":
      return "Whether a post arrived is unclear"
    case "rogueSeen":
      return fact.why === "unknown" ? "A message under our name that nobody approved" : "A post that no longer says what was approved"
    case "reported":
      return "A reader reported a problem"
    case "vanished":
      return "A post was deleted on its platform"
    case "retractionBegun":
      return "An answer was retracted"
    case "retractionFailed":
      return "An answer could not be taken down"
    case "stopped":
      return "Posting was stopped"
    case "resumed":
      return "Posting was resumed"
    default:
      return null
  }
}
