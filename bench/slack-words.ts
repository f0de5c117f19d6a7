// The figures of the Slack bench as a table for people.
import { ratio, table } from "./figures.ts"
import type { Result } from "./slack.ts"

type Figures = Result["bots"][number]
const heads: Readonly<Record<string, string>> = { countersign: "countersign", bare: "bare Bolt", durable: "+ durable", "same calls": "+ same calls" }

export function wordsOf(r: Result): string {
  const [first, ...others] = r.bots
  if (first === undefined) return ""
  const row = (name: string, unit: string, of: (f: Figures) => number | null) => [
    name,
    ...r.bots.map((f) => `${of(f) ?? "-"}${unit}`),
    ...others.map((f) => (of(first) === null || of(f) === null ? "" : ratio(of(first) ?? 0, of(f) ?? 0))),
  ]
  const rows = [
    [
      r.by === "socket" ? "Socket Mode" : "HTTP",
      ...r.bots.map((f) => heads[f.name] ?? f.name),
      ...others.map((_, i) => `to ${["bare", "durable", "same calls"][i] ?? ""}`),
    ],
    row("mention → card, p50", " ms", (f) => f.mentionMs.p50),
    row("mention → card, p99", " ms", (f) => f.mentionMs.p99),
    row("click → post, p50", " ms", (f) => f.clickMs.p50),
    row("click → post, p99", " ms", (f) => f.clickMs.p99),
    row("processor time a walk", " ms", (f) => f.cpuMsPerWalk),
    row("  events a walk", "", (f) => f.eventsPerWalk),
    row("  processor time an event", " ms", (f) => f.cpuMsPerWalkEvent),
    row("  calls a walk", "", (f) => f.callsPerWalk),
    row("processor time a message of others", " ms", (f) => f.cpuMsPerChatter),
    row("processor time an event, all", " ms", (f) => f.cpuMsPerEvent),
    row("resident memory at the end", " MB", (f) => f.residentMb.at(-1) ?? null),
  ]
  const memory = r.bots.map((f) => `${heads[f.name] ?? f.name} ${f.residentMb.join(", ")} MB`).join("; ")
  const calls = r.bots
    .map(
      (f) =>
        `${heads[f.name] ?? f.name}: ${Object.entries(f.calls)
          .map(([m, n]) => `${m} ${n}`)
          .join(", ")}`,
    )
    .join("\n")
  const { machine } = r
  return [
    table(rows),
    `Calls a walk\n${calls}`,
    `Resident memory over time, from the warm-up on: ${memory}`,
    `${r.walks} walks and ${r.chatter} messages of others each; ${machine.cores} cores (${machine.model}), load ${machine.loadBefore} before and ${machine.loadAfter} after; Node ${r.node}; ${r.at}`,
  ].join("\n\n")
}
