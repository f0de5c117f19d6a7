// A folder of Markdown as Knowledge: split by headings, searched in this process, read again when its files change.
// A folder that cannot be read is a fault with its cure, at start-up and later: documents that are gone are never quoted.
import { wider } from "../core/audience.ts"
import type { Audience, AudienceScope } from "../core/domain.ts"
import type { Knowledge, Log } from "../core/ports.ts"
import { indexOf, type Search } from "./index-of.ts"
import { listPages, readPage } from "./pages.ts"
import { sectionsOf } from "./passages.ts"

export interface KnowledgeOptions {
  /** Where readers find a page, if anywhere: gets `runbooks/vault.md` and its heading. */
  readonly urlOf?: (path: string, heading: string) => string | null
  /** The widest audience that may read this folder. A place that reaches further gets no passages. */
  readonly mayRead?: Exclude<AudienceScope, "people">
  /** The folder is looked at again when a search comes and so much time has passed. */
  readonly recheckMs?: number
  readonly log?: Log
}

/** Throws {@link KnowledgeUnreadable}. */
export async function openKnowledge(folder: string, options: KnowledgeOptions = {}): Promise<Knowledge> {
  const { urlOf = () => null, mayRead = "members", recheckMs = 3_000, log } = options
  const widest: Audience = { scope: mayRead, where: "", title: null, who: "", people: null }
  let stamp: string | null = null
  let size = 0
  let search: Search = () => []
  let lookedAt = 0
  let looking: Promise<void> | null = null

  const look = async () => {
    const listing = await listPages(folder)
    const seen = listing.pages.map((p) => p.stamp).join("\n")
    lookedAt = performance.now()
    if (seen === stamp) return
    const sections = []
    let skipped = listing.skipped
    // One after another: a change of documentation must not take the machine's file handles and memory at once.
    for (const found of listing.pages) {
      const page = await readPage(found)
      if (page === null) skipped++
      else sections.push(...sectionsOf(page))
    }
    search = await indexOf(sections)
    size = sections.length
    stamp = seen
    if (skipped > 0)
      log?.warn({ skipped, passages: size }, "some files of the knowledge folder were left out: binary, too large, too many, or links out of it")
  }
  const fresh = () => {
    if (looking === null && (stamp === null || performance.now() - lookedAt >= recheckMs)) {
      looking = look().finally(() => {
        looking = null
      })
    }
    return looking ?? Promise.resolve()
  }

  await fresh()
  return {
    get size() {
      return size
    },
    async search(query, how) {
      await fresh()
      if (wider(how.readableBy, widest)) return []
      return search(query, how.limit).map(({ section, score }) => ({
        title: section.heading === "" ? section.path : `${section.path} § ${section.heading}`,
        url: urlOf(section.path, section.heading),
        text: section.text,
        score,
      }))
    },
  }
}
