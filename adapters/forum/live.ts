// Live updates: tells open pages that something changed, never what. The page then asks for it like any other page, signed in.
// Nothing about a person's card goes to anybody else's stream, not even that there was something.
export type Nudge =
  | { readonly event: "message"; readonly topic: string; readonly id: string }
  | { readonly event: "changed"; readonly topic: string; readonly id: string }
  | { readonly event: "doors" }
export type PrivateNudge = { readonly event: "card"; readonly request: string } | { readonly event: "note" }
export interface Line {
  readonly person: string
  /** Null: the list of topics, or a page without a topic. */
  readonly topic: string | null
  send(event: string, id: string): void
  end(): void
}
export type Live = ReturnType<typeof live>
// A browser holds a handful; more is a loop somewhere.
const maxLinesOfOne = 20

export function live() {
  const lines = new Set<Line>()
  const of = (person: string) => [...lines].filter((l) => l.person === person)
  return {
    open(line: Line): () => void {
      lines.add(line)
      const mine = of(line.person)
      if (mine.length > maxLinesOfOne) mine[0]?.end()
      return () => lines.delete(line)
    },
    everyone(n: Nudge): void {
      for (const l of lines) {
        if (n.event === "doors") l.send("doors", "")
        else if (l.topic === n.topic || l.topic === null) l.send(n.event, n.id)
      }
    },
    one(person: string, n: PrivateNudge): void {
      for (const l of of(person)) l.send(n.event, n.event === "card" ? n.request : "")
    },
    /** Ends the streams of somebody who was removed. */
    drop(person: string): void {
      for (const l of of(person)) l.end()
    },
    endAll(): void {
      for (const l of [...lines]) l.end()
    },
  }
}
