// What everything that hears Slack works with. Made once in index.ts.
import type { After } from "../../src/chat/after.ts"
import type { PersonId, Place, WorkspaceId } from "../../src/core/domain.ts"
import type { Actor, Clock, Inbox, Log } from "../../src/core/ports.ts"
import { refuseBusy } from "../../src/core/refusals.ts"
import type { Channels } from "./channels.ts"
import type { Clients, Team } from "./clients.ts"
import { placeOf } from "./ids.ts"
import type { Intake } from "./intake.ts"
import { notNow } from "./not-now.ts"
import type { Outbound } from "./outbound.ts"
import type { Intent, People } from "./people.ts"

export interface Context {
  readonly clients: Clients
  readonly people: People
  readonly channels: Channels
  readonly out: Outbound
  readonly clock: Clock
  readonly log: Log
  /** How long Slack waits for an answer. */
  readonly waitsMs: number
  /** Throws before `start`. */
  readonly inbox: () => Inbox
  /** Asks come in through it; stops do not. */
  readonly intake: Intake
  readonly echo: (said: string) => "first" | "again"
  /** What goes on after its gesture was answered; a graceful end waits for it. */
  readonly after: After
}

/** Somebody who did something just now, and where Slack says they did it. */
export interface Gesture {
  readonly team: Team
  readonly by: Actor
  readonly userId: string
}
/** A person's own corner of the workspace, to be judged by where no channel is meant: it is there for everybody, and needs no call. */
export function cornerOf(g: Gesture): Place {
  return placeOf(g.team.teamId, g.userId, null)
}
/** Null: nobody who may be answered, such as a bot, or an account of another organisation. */
export async function gestureOf(ctx: Context, workspace: WorkspaceId, userId: string, what: Intent): Promise<Gesture | null> {
  const team = await ctx.clients.team(workspace)
  if (team === null || userId === team.botUserId) return null
  const by = await ctx.people.actor(team, userId, what)
  return by === null ? null : { team, by, userId }
}
/** What Slack cannot say just now is no reason to lose a gesture in silence: whoever made it is told when to try again. */
export async function unlessBusy<T>(work: () => Promise<T>, told: (words: string) => T): Promise<T> {
  try {
    return await work()
  } catch (fault) {
    const busy = notNow(fault)
    if (busy === null) throw fault
    return told(refuseBusy("Slack", busy.retryAfterMs).words)
  }
}
/** Private words to somebody: in the place where they are looking, else as a direct message. Never waited for, never fails:
 *  Slack's acknowledgement must not wait for Slack's answer. */
export function say(ctx: Context, to: PersonId, words: string, at: Place | null): void {
  if (ctx.echo(`${to} ${at?.channel ?? ""} ${words}`) === "again") return
  ctx.after.add(told(ctx, to, words, at))
}
/** Whether the same was said to the same person a moment ago: a flood of refusals is told once. */
export function echo(clock: Pick<Clock, "now">): (said: string) => "first" | "again" {
  const said = new Map<string, number>()
  return (words) => {
    const at = said.get(words)
    if (at !== undefined && clock.now() - at < echoMs) return "again"
    if (said.size >= mostEchoes) said.clear()
    said.set(words, clock.now())
    return "first"
  }
}
const echoMs = 2_000
const mostEchoes = 1_000
async function told(ctx: Context, to: PersonId, words: string, at: Place | null): Promise<void> {
  const heard = at === null ? "unreachable" : await ctx.out.whisper(at, to, words).catch(() => "unreachable" as const)
  if (heard === "unreachable") await ctx.out.tell(to, { kind: "refused", words }).catch(() => ctx.log.warn({}, "somebody could not be told"))
}
