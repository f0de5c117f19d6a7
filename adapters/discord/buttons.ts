// Buttons and ticks on cards, on posts and on signposts. Whoever clicked is who Discord says; whether they may, and whether the card
// still stands, the core says. What goes wrong is told to the one who clicked, and to nobody else.
import { z } from "zod"
import type { Card } from "../../src/core/card.ts"
import type { LabelId } from "../../src/core/domain.ts"
import { isRefusal, type Refusal, refuse } from "../../src/core/refusals.ts"
import { type CardClick, type PostClick, readClick, type SwitchClick, stillOn } from "./actions.ts"
import type { Context } from "./context.ts"
import { acknowledge, answeringOf, busyWords, type Gesture, gestureOf, type Interaction, userOf } from "./gesture.ts"
import { guildIdOf, personOf } from "./ids.ts"
import { ephemeralFlag } from "./messages.ts"
import type { Intent } from "./people.ts"
import { stopNow } from "./stops.ts"
import { notAMember, noted, notYours, resumed, staleClick } from "./words.ts"

const componentShape = z.looseObject({ custom_id: z.string(), values: z.array(z.string()).default([]) })

/** When this resolves, what was decided is durable. What could not be acknowledged in time is not done, except a stop. */
export async function onComponent(ctx: Context, i: Interaction): Promise<void> {
  const read = componentShape.safeParse(i.data)
  const click = read.success ? readClick(read.data.custom_id) : null
  if (click === null) return outOfDate(ctx, i)
  switch (click.on) {
    case "card":
      return onCard(ctx, i, click, read.data?.values ?? [])
    case "post":
      return onPost(ctx, i, click)
    case "server":
      return onSwitch(ctx, i, click)
  }
}
async function outOfDate(ctx: Context, i: Interaction): Promise<void> {
  const by = answeringOf(ctx, i)
  if ((await acknowledge(ctx, i, "reply")) === "in-time") await ctx.out.say(by, staleClick, "first")
}

/** Who clicked, or why nobody did; `more`: where it is said. */
async function whoClicked(ctx: Context, i: Interaction, guildId: string | null, where: "first" | "more", what: Intent = "decides") {
  const g = guildId === null ? null : await gestureOf(ctx, i, guildId, what).catch(busyWords)
  if (g !== null && typeof g !== "string") return g
  await ctx.out.say(answeringOf(ctx, i), g ?? notAMember, where)
  return null
}

async function onCard(ctx: Context, i: Interaction, click: CardClick, values: readonly string[]): Promise<void> {
  const guildId = guildIdOf(click.workspace)
  // What stands in a server is about that server: a card of another would be forged.
  if (guildId === null || (i.guild_id !== undefined && i.guild_id !== guildId)) return outOfDate(ctx, i)
  // A card is for one pair of eyes. What stands before all of them was made by somebody else with the token, to be clicked unread.
  if (i.guild_id !== undefined && click.act !== "review" && ((i.message?.flags ?? 0) & ephemeralFlag) === 0) return outOfDate(ctx, i)
  if (click.act === "edit" || click.act === "redraft") return openForm(ctx, i, click, guildId)
  const where = click.act === "review" ? "first" : "more"
  if ((await acknowledge(ctx, i, where === "first" ? "reply" : "update")) === "too-late") return
  const looks = click.act === "review" || click.act === "acknowledge"
  const g = await whoClicked(ctx, i, guildId, where, looks ? "asks" : "decides")
  if (g === null) return
  const say = (words: string) => ctx.out.say(g.answering, words, where)
  const card = await ctx.inbox().card(click.workspace, click.request, g.by.person)
  if (card === null) return say(notYours)
  // A direct message is changed as a message, for as long as it is there.
  const lives = i.guild_id !== undefined
  if (lives) ctx.answers.carries(g.by.person, click.request, g.answering)
  const on = { by: g.by, workspace: click.workspace, request: click.request }
  const now = () => ctx.inbox().card(click.workspace, click.request, g.by.person)
  // What was clicked on may be an old copy of the card: what it says from now on is how things are.
  const asItIs = () => (lives ? ctx.out.showAgain(g.answering, card, now) : Promise.resolve())
  const no = async (words: string) => {
    await say(words)
    await asItIs()
  }
  const stale = () => no(card.phase === "settled" && card.note !== null ? card.note : refuse("stale-card").words)
  // What changes now is shown by whoever changes it; what was settled before is not.
  const settled = (done: Card | Refusal) => (isRefusal(done) ? no(done.words) : card.phase === "settled" ? asItIs() : undefined)
  switch (click.act) {
    case "review":
      return ctx.out.showAgain(g.answering, card, now)
    case "acknowledge":
      return stillOn(card, click) === null ? stale() : ctx.out.showIn(g.answering, card, values)
    case "approve":
    case "approve_checked": {
      const digest = stillOn(card, click)
      if (digest === null) return stale()
      // The button is there only where each of them was ticked, in this very message.
      const acknowledged = click.act === "approve" ? [] : toCheck(card)
      return settled(await ctx.inbox().decide({ ...on, digest, act: "approve", acknowledged }))
    }
    case "discard": {
      const digest = stillOn(card, click)
      return digest === null ? stale() : settled(await ctx.inbox().decide({ ...on, digest, act: "decline" }))
    }
    case "cancel":
      return settled(await ctx.inbox().cancel(on))
    case "resolve_posted":
    case "resolve_never_seen": {
      if (card.attempt === null) return no(refuse("not-unclear").words)
      const as = click.act === "resolve_posted" ? ("posted" as const) : ("never-seen" as const)
      return settled(await ctx.inbox().resolve({ ...on, attempt: card.attempt, as }))
    }
  }
}
export const toCheck = (card: Card): readonly string[] => (card.draft?.findings ?? []).filter((f) => f.level === "acknowledge").map((f) => f.id)

/** A form must be the first answer, so Discord is asked nothing before it: what it needs is in the ledger. Who it is, and whether they may,
 *  is judged when it is sent. */
async function openForm(ctx: Context, i: Interaction, click: CardClick, guildId: string): Promise<void> {
  const by = answeringOf(ctx, i)
  const user = userOf(i)
  const card = user === undefined ? null : await ctx.inbox().card(click.workspace, click.request, personOf(guildId, user.id))
  const no = card === null ? notYours : stillOn(card, click) === null ? refuse("stale-card").words : null
  if (no === null && card !== null) {
    await (click.act === "edit" ? ctx.out.openEdit(by, card) : ctx.out.openRedraft(by, card))
    return
  }
  if ((await acknowledge(ctx, i, "reply")) === "in-time") await ctx.out.say(by, no ?? staleClick, "first")
}

async function onPost(ctx: Context, i: Interaction, click: PostClick): Promise<void> {
  const by = answeringOf(ctx, i)
  if (i.guild_id === undefined) return outOfDate(ctx, i)
  if (click.act === "report") return void (await ctx.out.openReport(by, click.label))
  if (click.act === "retract") return void (await ctx.out.openRetract(by, click.label))
  if ((await acknowledge(ctx, i, "reply")) === "too-late") return
  const g = await whoClicked(ctx, i, i.guild_id, "first")
  if (g !== null) await actedOn(ctx, g, click.label)
}
export async function actedOn(ctx: Context, g: Gesture, label: LabelId): Promise<void> {
  const done = await ctx.inbox().actedOn({ by: g.by, workspace: g.workspace, post: { label } })
  return ctx.out.say(g.answering, isRefusal(done) ? done.words : noted.actedOn, "first")
}

async function onSwitch(ctx: Context, i: Interaction, click: SwitchClick): Promise<void> {
  const guildId = guildIdOf(click.workspace)
  const acknowledged = await acknowledge(ctx, i, "reply")
  if (acknowledged === "too-late" && click.act !== "stop") return
  const g = await whoClicked(ctx, i, guildId, "first", click.act === "stop" ? "stops" : "decides")
  if (g === null) return
  const say = (words: string) => ctx.out.say(g.answering, words, "first")
  const scope = { workspace: click.workspace, channel: null }
  if (click.act === "resume") {
    const done = await ctx.inbox().resume({ by: g.by, scope, why: null, from: g.from })
    return say(isRefusal(done) ? done.words : resumed)
  }
  await stopNow(ctx, { by: g.by, scope, from: g.from, why: null, tell: (words) => void say(words).catch(() => undefined) })
}
