// `countersign audit verify` and `audit rebuild`, beside a running server or without one.

import { openBeside } from "./beside.ts"
import { type ExitCode, exit, type Printer } from "./print.ts"
import type { Wiring } from "./wiring.ts"

export async function auditVerify(wiring: Wiring, out: Printer): Promise<ExitCode> {
  const opened = await openBeside(wiring)
  try {
    const report = await opened.audit()
    if (report.ok) {
      out.say({ ...report }, "The ledger is whole.")
      return exit.done
    }
    out.say({ ...report }, "The ledger disagrees with itself.")
    return exit.no
  } finally {
    await opened.close()
  }
}
export async function auditRebuild(wiring: Wiring, out: Printer): Promise<ExitCode> {
  const opened = await openBeside(wiring)
  try {
    const { requests } = await opened.rebuild()
    out.say({ rebuilt: true, requests }, `Made the derived tables again from the entries of ${requests} requests.`)
    return exit.done
  } finally {
    await opened.close()
  }
}
