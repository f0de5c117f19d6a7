// What everything that hears Discord works with. Made once in index.ts.
import type { After } from "../../src/chat/after.ts"
import type { Card } from "../../src/core/card.ts"
import type { LabelId, PersonId } from "../../src/core/domain.ts"
import type { Clock, Inbox, Log, Platform } from "../../src/core/ports.ts"
import type { Answering, Answers } from "./answering.ts"
import type { People } from "./people.ts"
import type { Questions } from "./questions.ts"
import type { Rooms } from "./rooms.ts"
import type { Wire } from "./wire.ts"

/** What outbound.ts does for an interaction. All of it is for one person's eyes. */
export interface Outbound extends Pick<Platform, "publish" | "withdraw" | "show" | "tell"> {
  /** The first answer, within 3 s: `reply` opens an ephemeral answer, `update` leaves the clicked message as it is. */
  acknowledge(by: Answering, how: "reply" | "update"): Promise<"in-time" | "too-late">
  /** Plain words. `first`: in place of the ephemeral answer that `reply` opened; `more`: an ephemeral message of its own. */
  say(by: Answering, words: string, where: "first" | "more"): Promise<void>
  /** A card in place of what `acknowledge` opened or left. `acknowledged`: findings that were ticked there. */
  showIn(by: Answering, card: Card, acknowledged: readonly string[]): Promise<void>
  /** The same, as the card stands when its turn comes: never older than what is shown elsewhere. */
  showAgain(by: Answering, card: Card, read: () => Promise<Card | null>): Promise<void>
  /** A card in an ephemeral message of its own; what to answer by from now on. */
  showMore(by: Answering, card: Card): Promise<Answering>
  /** Modals: each is the first answer itself. `too-late` when Discord takes it no more. */
  openEdit(by: Answering, card: Card): Promise<"in-time" | "too-late">
  openRedraft(by: Answering, card: Card): Promise<"in-time" | "too-late">
  openReport(by: Answering, label: LabelId): Promise<"in-time" | "too-late">
  openRetract(by: Answering, label: LabelId): Promise<"in-time" | "too-late">
  /** The app's commands, all of them, everywhere. */
  setCommands(commands: readonly unknown[]): Promise<void>
}

export interface Context {
  readonly wire: Wire
  /** Whether Discord gives out the words of messages that are not addressed to the bot. */
  readonly messageContent: "on" | "off"
  readonly rooms: Rooms
  readonly people: People
  readonly questions: Questions
  readonly answers: Answers
  readonly out: Outbound
  readonly clock: Clock
  readonly log: Log
  /** Servers that the bot is in. */
  readonly guilds: ReadonlyMap<string, GuildKnown>
  /** Throws before `start`. */
  readonly inbox: () => Inbox
  /** What goes on after its gesture was answered; a graceful end waits for it. */
  readonly after: After
}
export interface GuildKnown {
  /** The role that Discord made for the bot; null: none is known. */
  readonly ownRole: string | null
}

/** Private words to somebody who is not looking at an answer of ours: a direct message. Never waited for, never fails. */
export function tell(ctx: Context, to: PersonId, words: string): void {
  const told = ctx.out.tell(to, { kind: "refused", words })
  ctx.after.add(
    told.then(
      (how) => (how === "unreachable" ? ctx.log.info({}, "somebody takes no direct messages, and was not told") : undefined),
      () => ctx.log.warn({}, "somebody could not be told"),
    ),
  )
}
