// What may happen to one request, in a few lines that share no code with the product: the words of the README, executable.
// A post needs, for exactly the text that stands, enough different people who clicked on exactly it, since it was drafted and
// since the last stop; nothing may be posted twice; nothing while a stop stands.
export type Who = "rin" | "bo" | "eve"

export class Oracle {
  text = 1
  readonly needs: number
  approvedBy = new Set<Who>()
  phase: "drafted" | "reworking" | "approved" | "posting" | "refused" | "unclear" | "posted" | "ended" = "drafted"
  shut = false
  /** Whether a stop came since the first approval of the present text. */
  stale = false

  constructor(needs: number) {
    this.needs = needs
  }
  /** Whether a click may count, and if it does, counts it. `again`: it had counted before. */
  approve(who: Who, text: number): "counts" | "again" | "no" {
    const asker = who === "rin"
    if (who === "eve" || (!asker && this.needs < 2)) return "no"
    if (text === this.text && this.approvedBy.has(who) && this.phase !== "reworking" && this.phase !== "ended") return "again"
    if (this.phase !== "drafted" || text !== this.text || this.shut) return "no"
    this.approvedBy.add(who)
    if (this.approvedBy.size >= this.needs) this.phase = "approved"
    return "counts"
  }
  /** Whether the text may be changed or dropped by `who`. */
  change(who: Who, text: number, into: "reworking" | "ended"): "counts" | "again" | "no" {
    if (who !== "rin") return "no"
    if (into === "ended" && this.phase === "ended") return "again"
    if ((this.phase !== "drafted" && this.phase !== "refused") || text !== this.text) return "no"
    this.phase = into
    return "counts"
  }
  redrafted(): void {
    if (this.phase !== "reworking") return
    this.text += 1
    this.approvedBy = new Set()
    this.stale = false
    this.phase = "drafted"
  }
  stop(): void {
    this.shut = true
    if (this.approvedBy.size > 0) this.stale = true
  }
  resume(): void {
    this.shut = false
  }
  /** What a message in public makes of it, of the last attempt or of one that the request has gone on from. */
  seen(of: "last" | "before"): "posted" | "known" | "incident" {
    if (of === "before") return "incident"
    if (this.phase === "posted") return "known"
    if (this.phase !== "posting" && this.phase !== "unclear" && this.phase !== "refused") return "incident"
    this.phase = "posted"
    return "posted"
  }
  /** Whether a permit may be given out now. */
  get mayPost(): boolean {
    return this.phase === "approved" && !this.shut && !this.stale
  }
}
