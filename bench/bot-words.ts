// The figures of bots side by side as a table for people.
import type { Result } from "./beside.ts"
import { ratio, table } from "./figures.ts"

type Figures = Result["bots"][number]

/** `title`: the platform. `plain`: what the bare bots are written with. */
export function wordsOf(r: Result, title: string, plain: string): string {
  const [first, ...others] = r.bots
  if (first === undefined) return ""
  const head = ({ name }: Figures) => (name === "bare" ? `bare ${plain}` : name === "countersign" ? name : `+ ${name}`)
  const row = (name: string, unit: string, of: (f: Figures) => number | null | undefined) => [
    name,
    ...r.bots.map((f) => `${of(f) ?? "-"}${unit}`),
    ...others.map((f) => (of(first) == null || of(f) == null ? "" : ratio(of(first) ?? 0, of(f) ?? 0))),
  ]
  const waits = Object.keys(first.waitsMs).flatMap((name) => [
    row(`${name}, p50`, " ms", (f) => f.waitsMs[name]?.p50),
    row(`${name}, p99`, " ms", (f) => f.waitsMs[name]?.p99),
  ])
  const rows = [
    [title, ...r.bots.map(head), ...others.map((f) => `to ${f.name}`)],
    ...waits,
    row("processor time a walk", " ms", (f) => f.cpuMsPerWalk),
    row("  events a walk", "", (f) => f.eventsPerWalk),
    row("  processor time an event", " ms", (f) => f.cpuMsPerWalkEvent),
    row("  calls a walk", "", (f) => f.callsPerWalk),
    row("processor time a message of others", " ms", (f) => f.cpuMsPerChatter),
    row("processor time an event, all", " ms", (f) => f.cpuMsPerEvent),
    row("resident memory at the end", " MB", (f) => f.residentMb.at(-1)),
    row("most resident memory", " MB", (f) => f.peakMb),
  ]
  const memory = r.bots.map((f) => `${head(f)} ${f.residentMb.join(", ")} MB`).join("; ")
  const callsOf = (f: Figures) => Object.entries(f.calls).map(([method, times]) => `${method} ${times}`)
  const calls = r.bots.map((f) => `${head(f)}: ${callsOf(f).join(", ")}`).join("\n")
  const { machine } = r
  return [
    table(rows),
    `Calls a walk\n${calls}`,
    `Resident memory over time, from the warm-up on: ${memory}`,
    `${r.walks} walks and ${r.chatter} messages of others each; ${machine.cores} cores (${machine.model}), load ${machine.loadBefore} before and ${machine.loadAfter} after; Node ${r.node}; ${r.at}`,
  ].join("\n\n")
}
