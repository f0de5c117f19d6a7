// `countersign audit verify` and `audit rebuild`, beside a running server or without one.

import { installation } from "../core/door.ts"
import type { AuditReport } from "../flow/audit.ts"
import { openBeside } from "./beside.ts"
import { type ExitCode, exit, type Printer } from "./print.ts"
import type { Wiring } from "./wiring.ts"

export async function auditVerify(wiring: Wiring, out: Printer): Promise<ExitCode> {
  const opened = await openBeside(wiring)
  try {
    const report = await opened.audit()
    out.say({ ...report }, report.ok ? wholeWords(report) : brokenWords(report.findings))
    return report.ok ? exit.done : exit.no
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

function wholeWords(r: AuditReport): string {
  const n = (count: number, one: string, many: string) => `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`
  return [
    "The ledger is whole.",
    `  Entries      ${n(r.entries, "entry", "entries")} of ${n(r.workspaces, "workspace", "workspaces")}, each where it belongs and after what it needs`,
    `  Texts        ${n(r.texts, "text", "texts")} fit their digests${r.erased === 0 ? "" : `, ${r.erased} erased`}`,
    `  Checkpoints  ${n(r.checkpoints, "signed checkpoint says", "signed checkpoints say")} the same`,
  ].join("\n")
}
function brokenWords(findings: AuditReport["findings"]): string {
  return [
    "The ledger disagrees with itself. Keep the data folder as it is, and compare it with a backup.",
    ...findings.map((f) => `  ${whereWords(f)}: ${f.what}`),
  ].join("\n")
}
function whereWords(f: AuditReport["findings"][number]): string {
  const entry = f.stream === null ? "" : `, ${f.stream}${f.version === null ? "" : ` entry ${f.version}`}`
  const where = f.workspace === installation ? "The installation" : `Workspace ${f.workspace}`
  return `${where}${entry}${f.seq === null ? "" : ` (number ${f.seq} of the log)`}`
}
