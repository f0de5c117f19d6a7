// What is going on in the whole installation, read from the ledger: for the console and for `countersign status`.

import { openAts } from "../core/derive.ts"
import type { WorkspaceId } from "../core/domain.ts"
import { doorView, everyShut, installation } from "../core/door.ts"
import type { DoorView, Head, Ledger } from "../core/ports.ts"

export interface Overview {
  /** Stops that stand anywhere, with names and reasons as far as they were not erased. */
  readonly doors: readonly DoorView[]
  /** Requests that wait for a person or for us, longest unchanged first. */
  readonly open: readonly Head[]
  readonly sizes: readonly { readonly workspace: WorkspaceId; readonly size: number }[]
}

export async function overviewOf(ledger: Ledger): Promise<Overview> {
  const sizes = await ledger.sizes()
  const [doors, heads] = await Promise.all([
    doorsOf(
      ledger,
      sizes.map((s) => s.workspace),
    ),
    ledger.heads({ at: openAts }),
  ])
  return { doors, open: heads, sizes }
}
async function doorsOf(ledger: Ledger, workspaces: readonly WorkspaceId[]): Promise<readonly DoorView[]> {
  const all = [...new Set([installation, ...workspaces])]
  const entries = await Promise.all(all.map((workspace) => ledger.read({ workspace, stream: "door" })))
  return Promise.all(everyShut(entries.flat()).map((shut) => doorView(ledger, shut)))
}

/** How many requests stand at each state. */
export function countsOf(heads: readonly Head[]): Readonly<Partial<Record<(typeof openAts)[number], number>>> {
  const counts: Partial<Record<string, number>> = {}
  for (const h of heads) counts[h.at] = (counts[h.at] ?? 0) + 1
  return counts
}
/** What each open state waits for, in a few words. */
export const waitsFor: Readonly<Record<(typeof openAts)[number], string>> = {
  asked: "being drafted",
  reworking: "being drafted anew",
  drafted: "waiting for a decision",
  approved: "approved, about to be posted",
  posting: "being posted",
  unclear: "waiting for somebody to look whether it was posted",
  refused: "refused by the platform, waiting for a decision",
}
