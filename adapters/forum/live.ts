// Live updates: tells open pages that something changed, never what. The page then asks for it like any other page, signed in.
// Nothing about a person's card goes to anybody else's stream, not even that there was something.
import { unreachable } from "../../src/core/unreachable.ts"

export type Nudge =
  | { readonly event: "message"; readonly topic: string; readonly id: string }
  | { readonly event: "changed"; readonly topic: string; readonly id: string }
  | { readonly event: "doors" }
export type PrivateNudge = { readonly event: "card"; readonly request: string } | { readonly event: "note" }
/** What other processes are told. */
export type Passed =
  | { readonly to: "everyone"; readonly nudge: Nudge }
  | { readonly to: "one"; readonly person: string; readonly nudge: PrivateNudge }
  | { readonly to: "nobody-more"; readonly person: string }
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

/** `pass`: to the other processes, if there are any. */
export function live(pass: (p: Passed) => void) {
  const lines = new Set<Line>()
  const of = (person: string) => [...lines].filter((l) => l.person === person)
  function hear(p: Passed): void {
    switch (p.to) {
      case "everyone":
        for (const l of lines) {
          if (p.nudge.event === "doors") l.send("doors", "")
          else if (l.topic === p.nudge.topic || l.topic === null) l.send(p.nudge.event, p.nudge.id)
        }
        return
      case "one":
        for (const l of of(p.person)) l.send(p.nudge.event, p.nudge.event === "card" ? p.nudge.request : "")
        return
      case "nobody-more":
        for (const l of of(p.person)) l.end()
        return
      default:
        unreachable(p)
    }
  }
  function tell(p: Passed): void {
    hear(p)
    pass(p)
  }
  return {
    open(line: Line): () => void {
      lines.add(line)
      const mine = of(line.person)
      if (mine.length > maxLinesOfOne) mine[0]?.end()
      return () => lines.delete(line)
    },
    anybody: () => lines.size > 0,
    hear,
    everyone: (nudge: Nudge) => tell({ to: "everyone", nudge }),
    one: (person: string, nudge: PrivateNudge) => tell({ to: "one", person, nudge }),
    /** Ends the streams of somebody who was removed. */
    drop: (person: string) => tell({ to: "nobody-more", person }),
    endAll(): void {
      for (const l of [...lines]) l.end()
    },
  }
}
