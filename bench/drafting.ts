// What the drafter costs, so that it can be taken out of the figure: the same search and the same quotation as in the walk,
// over the one page that the measured server is given.
import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { quoting } from "../adapters/quoting/drafter.ts"
import type { Audience, RequestId } from "../src/core/domain.ts"
import { openKnowledge } from "../src/knowledge/open.ts"
import { spread } from "./figures.ts"

const page = `# Databases

## Rotating the database password

Make the new password valid beside the old one, move the readers, then the writers, then take the old password away.
No outage is needed, because both passwords work while the rotation is under way.
`

export async function writeKnowledge(folder: string): Promise<string> {
  const path = join(folder, "knowledge")
  await mkdir(path)
  await writeFile(join(path, "databases.md"), page)
  return path
}
/** p50 of search and quotation together, in milliseconds. */
export async function draftingMs(path: string, question: string): Promise<number> {
  const knowledge = await openKnowledge(path)
  const audience: Audience = { scope: "members", where: "", title: null, who: "", people: 2 }
  const samples: number[] = []
  for (let i = 0; i < 1_000; i++) {
    const from = performance.now()
    const passages = await knowledge.search(question, { limit: 6, readableBy: audience })
    const ask = { request: "r" as RequestId, thread: [], passages, audience, maxChars: 2_000, hint: null, previous: null }
    const proposal = await quoting.draft(ask, { signal: new AbortController().signal, onProgress: () => undefined })
    if (proposal === "declined") throw new Error("the drafter found nothing to quote")
    samples.push(performance.now() - from)
  }
  return spread(samples).p50
}
