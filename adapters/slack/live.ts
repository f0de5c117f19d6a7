// What moves while a draft is made: one line in the thread of its card, streamed where the workspace has streams, and the status of
// that thread. Beside the card, never in its place: nothing waits for it, no fault of it reaches the card, and it says what the card
// says. Ends with the drafting and with the process.
import type { Card } from "../../src/core/card.ts"
import type { Instant } from "../../src/core/domain.ts"
import type { Clock, Log } from "../../src/core/ports.ts"
import { unreachable } from "../../src/core/unreachable.ts"
import type { MessageAt } from "./ids.ts"
import { isDirect } from "./ids.ts"
import { lacks } from "./lacks.ts"
import { type Line, lifeMs, type Stepping, type Stream, type Streams, step, type Want } from "./live-line.ts"
import type { Sessions, Status } from "./sessions.ts"

export interface Live {
  /** With every card that is shown, at where it stands now. `over`: it stood there before. */
  follow(card: Card, at: MessageAt, how: "new" | "over"): void
  /** Until no call is under way; waiting is not work. */
  idle(): Promise<void>
  /** Ends what is open, and begins nothing more. */
  close(): Promise<void>
}
interface Followed {
  readonly line: Line
  work: "rests" | "runs"
  wakesAt: Instant | null
}
const most = 2_000
const graceMs = 1_000

export function live(streams: Streams, sessions: Sessions, clock: Clock, log: Log): Live {
  const followed = new Map<string, Followed>()
  const under = new Set<Promise<void>>()
  const closing = new AbortController()
  const stepping: Stepping = { streams, sessions, known: lacks(clock), clock, log, closing: closing.signal }
  const born = clock.now()

  function kick(f: Followed): void {
    if (f.work === "runs") return
    const run = work(f)
    under.add(run)
    void run.finally(() => under.delete(run))
  }
  async function work(f: Followed): Promise<void> {
    f.work = "runs"
    for (;;) {
      const { want } = f.line
      const next = await step(stepping, f.line, want)
      // What is wanted may have changed just now.
      if (next === "again" || f.line.want !== want) continue
      f.work = "rests"
      if (next !== "rest") wake(f, next.at)
      return
    }
  }
  function wake(f: Followed, at: Instant): void {
    if (closing.signal.aborted || (f.wakesAt !== null && f.wakesAt <= at)) return
    f.wakesAt = at
    const woken = () => {
      if (f.wakesAt === at) f.wakesAt = null
      kick(f)
    }
    clock.sleep(Math.max(1, at - clock.now()), closing.signal).then(woken, () => undefined)
  }
  const idle = async () => {
    while (under.size > 0) await Promise.all(under)
  }

  return {
    follow(card, at, how) {
      // Cards stand in direct messages alone; a stream anywhere else would be public words that nobody approved.
      if (!isDirect(at.channel)) return
      // An edit is checked in no time, and cannot be cancelled.
      if (card.phase === "drafting" && !card.actions.some((a) => a.act === "cancel")) return
      const key = `${card.workspace} ${card.request}`
      // What an earlier process began has ended by itself when this one is older than a stream lives.
      const left: Stream = how === "over" && clock.now() - born < lifeMs ? { is: "perhaps" } : { is: "none" }
      const want = wantOf(card)
      const before = followed.get(key)
      const status = how === "over" ? "unknown" : null
      const line = before?.line ?? { workspace: card.workspace, thread: at, want, stream: left, begins: 0, voice: "may-speak", status }
      const f: Followed = before ?? { line, work: "rests", wakesAt: null }
      if (want.status === "processing" && (before === undefined || line.want.status !== "processing")) line.begins = clock.now() + graceMs
      f.line.thread = at
      f.line.want = want
      followed.delete(key)
      followed.set(key, f)
      for (const [oldest, { line }] of followed) {
        if (followed.size <= most) break
        if (line.stream.is !== "open") followed.delete(oldest)
      }
      kick(f)
    },
    idle,
    async close() {
      closing.abort(new Error("Slack is closing"))
      for (const f of followed.values()) kick(f)
      await idle()
    },
  }
}

function wantOf({ phase, note, tone }: Card): Want {
  const mark = phase === "drafting" ? "in_progress" : tone === "warning" ? "error" : "complete"
  return { status: statusOf(phase), words: note ?? "The draft is ready on its card.", mark }
}
function statusOf(phase: Card["phase"]): Status {
  switch (phase) {
    case "drafting":
      return "processing"
    case "review":
    case "unclear":
      return "suspended"
    case "settled":
      return "active"
    default:
      return unreachable(phase)
  }
}
