// `countersign start`: the server until it is told to stop. stdout says where it is; logs go to stderr.
import { loadConfig } from "../config.ts"
import { endOnFault, leaveWith, untilSignal } from "../lifecycle.ts"
import { createLog } from "../log.ts"
import { exit, type Printer } from "./print.ts"
import type { Running, Wiring } from "./wiring.ts"

export async function start(wiring: Wiring, out: Printer, version: string): Promise<number> {
  const config = await loadConfig()
  const log = createLog(config.logLevel)
  endOnFault(log)
  const server = await wiring.serve(config, log, version).catch((fault: unknown) => {
    leaveWith(exit.no)
    throw fault
  })
  const { stop, ...where } = server
  // Before anybody is told that it runs: whoever is told may end it in the same moment.
  const ended = untilSignal(stop, log)
  out.say({ event: "started", version, pid: process.pid, ...where }, greeting(server, version))
  return ended
}

function greeting(s: Running, version: string): string {
  const doors =
    s.entry === null
      ? [`  Open     ${s.origin}`, "           People sign in with their company account."]
      : [
          `  Open     ${s.entry}`,
          "           Signs you in, once. The first person is the admin.",
          ...(s.invitation === null
            ? []
            : ["", `  Invite   ${s.invitation}`, "           For a second person: open it in a private window, and see that drafts stay private."]),
        ]
  const others = s.platforms.filter((name) => name !== "forum").map((name) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`)
  return [
    "",
    `Countersign ${version} is running.`,
    "",
    ...doors,
    "",
    ...(others.length === 0 ? [] : [`  Heard    in ${["the forum", ...others].join(" and in ")}`]),
    `  Drafts   ${s.drafter}, from ${s.passages.toLocaleString("en-US")} passages of documentation`,
    `  Ledger   ${s.ledger}`,
    "",
    "Ctrl-C ends it. To stop posting at once: npm run countersign -- stop",
    "",
  ].join("\n")
}
