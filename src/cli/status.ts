// `countersign status`: what is stopped, what waits, how much is in the ledger. Changes nothing.
import { countsOf, overviewOf, waitsFor } from "../web/overview.ts"
import { openBeside } from "./beside.ts"
import { type ExitCode, exit, type Printer } from "./print.ts"
import { doorWords } from "./stop.ts"
import type { Wiring } from "./wiring.ts"

export async function status(wiring: Wiring, out: Printer): Promise<ExitCode> {
  const opened = await openBeside(wiring)
  try {
    const { doors, open, sizes } = await overviewOf(opened.ledger)
    const counts = countsOf(open)
    const waiting = Object.entries(counts).map(([at, n]) => `${n} ${waitsFor[at as keyof typeof waitsFor]}`)
    const stopped = doors.map((d) => `  Stopped   ${doorWords(d)}`)
    const entries = sizes.map(
      (s) => `${s.size.toLocaleString("en-US")} entries in ${s.workspace === "*" ? "the installation's own log" : s.workspace}`,
    )
    out.say(
      {
        stops: doors.map(({ scope, byName, at, why }) => ({ scope, by: byName, at, why })),
        waiting: counts,
        entries: Object.fromEntries(sizes.map((s) => [s.workspace, s.size])),
      },
      [
        ...(stopped.length === 0 ? ["  Posting   open: approved answers are posted"] : stopped),
        `  Requests  ${waiting.length === 0 ? "none waits" : waiting.join(", ")}`,
        `  Ledger    ${entries.length === 0 ? "empty" : entries.join(", ")}`,
      ].join("\n"),
    )
    return exit.done
  } finally {
    await opened.close()
  }
}
