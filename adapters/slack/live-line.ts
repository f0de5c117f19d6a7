// One live line: what is the next call, given what is wanted of it and what Slack said so far. One call a step, and no fault of it
// goes further. A stream that was begun is ended: with words, without them, or by Slack's own clock, five minutes after it began.
import type { Instant, WorkspaceId } from "../../src/core/domain.ts"
import type { Clock, Log } from "../../src/core/ports.ts"
import type { MessageAt } from "./ids.ts"
import { type Lacks, type Nicety, type Setback, setbackOf } from "./lacks.ts"
import type { Sessions, Status } from "./sessions.ts"

export type Mark = "in_progress" | "complete" | "error"
export interface Ending {
  /** Null: as it stands. */
  readonly words: string | null
  readonly mark: Mark
  /** Null: there is no session. */
  readonly turns: Status | null
}
/** The calls that carry words; outbound.ts makes them. */
export interface Streams {
  /** The ts of the new line, a reply in the thread. */
  start(workspace: WorkspaceId, thread: MessageAt, words: string): Promise<string>
  append(workspace: WorkspaceId, line: MessageAt, words: string): Promise<void>
  stop(workspace: WorkspaceId, line: MessageAt, end: Ending): Promise<void>
  /** For a line whose stream is over. */
  replace(workspace: WorkspaceId, line: MessageAt, words: string): Promise<void>
}
export interface Want {
  readonly status: Status
  readonly words: string
  readonly mark: Mark
}
interface Open {
  readonly is: "open"
  readonly line: MessageAt
  readonly since: Instant
  said: string
  takes: "words" | "its-end"
  /** Not before: Slack was asked enough. */
  from: Instant
  tries: number
}
/** `perhaps`: an earlier process left one, or the answer to its beginning was lost. */
export type Stream = { readonly is: "none" } | { readonly is: "perhaps" } | Open
export interface Line {
  readonly workspace: WorkspaceId
  thread: MessageAt
  want: Want
  stream: Stream
  /** What is there at once needs no line. */
  begins: Instant
  /** `silent`: no stream any more before the drafting is over. */
  voice: "may-speak" | "silent"
  /** What Slack was told last; null: nothing; `unknown`: an earlier process may have. */
  status: Status | "unknown" | null
}
export type Next = "again" | "rest" | { readonly at: Instant }

export const lifeMs = 5 * 60_000
const paceMs = 3_000
const againMs = 2_000
const mostTries = 5
const interrupted = "Interrupted. The card goes on when Countersign is back."
const tooLong = "This line ends here, since it took long. The card says how it goes on."

export interface Stepping {
  readonly streams: Streams
  readonly sessions: Sessions
  readonly known: Lacks
  readonly clock: Clock
  readonly log: Log
  /** Aborted: nothing begins any more, and nothing is waited for. */
  readonly closing: AbortSignal
}
/** Never rejects. */
export async function step(s: Stepping, l: Line, want: Want): Promise<Next> {
  const at = l.stream
  const closing = s.closing.aborted
  const drafting = want.status === "processing" && !closing
  if (!drafting && at.is === "open") return stop(s, l, at, want)
  if (closing) return "rest"
  if (at.is === "perhaps" && s.known.has(l.workspace, "streams") !== "no") return endLeft(s, l)
  if (drafting && at.is === "none" && s.clock.now() < l.begins) return { at: l.begins }
  const says = drafting || l.status !== null
  if (says && l.status !== want.status && s.known.has(l.workspace, "sessions") === "yes") return turn(s, l, want.status)
  if (!drafting) {
    l.voice = "may-speak"
    return "rest"
  }
  if (at.is === "open") return append(s, l, at, want)
  return l.voice === "silent" || s.known.has(l.workspace, "streams") !== "yes" ? "rest" : start(s, l, want)
}

async function start(s: Stepping, l: Line, { words }: Want): Promise<Next> {
  const { channel } = l.thread
  try {
    const ts = await s.streams.start(l.workspace, l.thread, words)
    const now = s.clock.now()
    l.stream = { is: "open", line: { channel, ts }, since: now, said: words, takes: "words", from: now + paceMs, tries: 0 }
    return "again"
  } catch (fault) {
    const setback = learn(s, l, "streams", fault)
    if (setback.is === "unclear") l.stream = { is: "perhaps" }
    l.voice = "silent"
    return "rest"
  }
}
async function append(s: Stepping, l: Line, open: Open, { words }: Want): Promise<Next> {
  if (open.said === words || open.takes === "its-end") return "rest"
  if (s.clock.now() < open.from) return { at: open.from }
  try {
    await s.streams.append(l.workspace, open.line, words)
    open.said = words
    open.from = s.clock.now() + paceMs
    return "again"
  } catch (fault) {
    const setback = setbackOf(fault)
    if (setback.is === "ended") {
      l.voice = "silent"
      await over(s, l, open, tooLong)
      return "rest"
    }
    if (setback.is !== "limited" && setback.is !== "unclear") open.takes = "its-end"
    open.from = s.clock.now() + (setback.is === "limited" ? setback.ms : paceMs)
    return { at: open.from }
  }
}
async function stop(s: Stepping, l: Line, open: Open, want: Want): Promise<Next> {
  if (open.tries > 0 && s.clock.now() < open.from && !s.closing.aborted) return { at: open.from }
  const drafting = want.status === "processing"
  const words = drafting ? interrupted : want.words
  const turns = hasSession(l) ? want.status : null
  try {
    await s.streams.stop(l.workspace, open.line, { words: open.takes === "words" ? words : null, mark: drafting ? "error" : want.mark, turns })
    l.stream = { is: "none" }
    if (turns !== null) l.status = turns
    return "again"
  } catch (fault) {
    const setback = setbackOf(fault)
    if (setback.is === "ended") {
      await over(s, l, open, words)
      return "again"
    }
    open.tries += 1
    if (open.tries >= mostTries || s.closing.aborted || s.clock.now() >= open.since + lifeMs) {
      s.log.warn({ workspace: l.workspace }, "a live line could not be ended; Slack ends it by itself")
      l.stream = { is: "none" }
      return "again"
    }
    if (setback.is !== "limited" && setback.is !== "unclear") open.takes = "its-end"
    open.from = s.clock.now() + (setback.is === "limited" ? setback.ms : againMs)
    return { at: open.from }
  }
}
/** Slack has ended it, or the person has: left alone it would look broken. */
async function over(s: Stepping, l: Line, open: Open, words: string): Promise<void> {
  l.stream = { is: "none" }
  await s.streams.replace(l.workspace, open.line, words).catch(() => undefined)
}
/** Best effort: what is not found, Slack ends by itself. */
async function endLeft(s: Stepping, l: Line): Promise<Next> {
  l.stream = { is: "none" }
  const found = await s.sessions.ours(l.workspace, l.thread, s.clock.now() - lifeMs).catch(() => [])
  for (const line of found) await s.streams.stop(l.workspace, line, { words: interrupted, mark: "error", turns: null }).catch(() => undefined)
  return "again"
}
const hasSession = (l: Line) => l.status !== null && l.status !== "unknown"
async function turn(s: Stepping, l: Line, to: Status): Promise<Next> {
  try {
    await s.sessions.turn(l.workspace, l.thread, to)
    l.status = to
  } catch (fault) {
    // Not in this thread: then it is not tried at each step.
    if (learn(s, l, "sessions", fault).is === "here-not") l.status = to
  }
  return "again"
}
function learn(s: Stepping, l: Line, what: Nicety, fault: unknown): Setback {
  const setback = setbackOf(fault)
  s.known.learn(l.workspace, what, setback)
  if (setback.is === "lacking") s.log.info({ workspace: l.workspace, what }, "this workspace does without; cards say how it goes")
  return setback
}
