// Forms that were sent from modals. They are acknowledged first; a no is then a private word, with what was typed in it, so that nobody
// loses their words to a card that changed.
import { z } from "zod"
import type { Card } from "../../src/core/card.ts"
import { isRefusal, type Refusal, refuse } from "../../src/core/refusals.ts"
import { type CardClick, type PostClick, readClick, stillOn } from "./actions.ts"
import type { Context } from "./context.ts"
import { acknowledge, answeringOf, busyWords, type Gesture, gestureOf, type Interaction } from "./gesture.ts"
import { guildIdOf, workspaceOf } from "./ids.ts"
import { readEdit, readRetraction, readWords } from "./modals.ts"
import { notAMember, noted, notYours, staleClick } from "./words.ts"

const formShape = z.looseObject({ custom_id: z.string() })

/** When this resolves, what was sent is durable, or was refused. */
export async function onForm(ctx: Context, i: Interaction): Promise<void> {
  const read = formShape.safeParse(i.data)
  const click = read.success ? readClick(read.data.custom_id) : null
  const by = answeringOf(ctx, i)
  const guildId = click?.on === "card" ? guildIdOf(click.workspace) : (i.guild_id ?? null)
  // From a card it changes that card; from a post it must not touch the post.
  const where = click?.on === "card" ? "more" : "first"
  if ((await acknowledge(ctx, i, where === "more" ? "update" : "reply")) === "too-late") return
  const say = (words: string) => ctx.out.say(by, words, where)
  if (click === null || click.on === "server" || guildId === null) return say(staleClick)
  const g = await gestureOf(ctx, i, guildId, "decides").catch(busyWords)
  if (g === null || typeof g === "string") return say(g ?? notAMember)
  const done = click.on === "card" ? await onCard(ctx, g, i, click) : await onPost(ctx, g, i, click)
  if (done === "followed") return
  await say(typeof done === "string" ? done : `${done.words}${typed(click, i.data)}`)
}
/** So that it can be copied: all of it, in as many private messages as it takes. */
function typed(click: CardClick | PostClick, data: unknown): string {
  const words = click.act === "edit" ? readEdit(data) : readWords(data)
  return words === null || words.trim() === "" ? "" : `\n\nYou wrote:\n${words}`
}

async function onCard(ctx: Context, g: Gesture, i: Interaction, click: CardClick): Promise<"followed" | Refusal | string> {
  const card = await ctx.inbox().card(click.workspace, click.request, g.by.person)
  if (card === null) return notYours
  if (i.guild_id !== undefined) ctx.answers.carries(g.by.person, click.request, g.answering)
  const digest = stillOn(card, click)
  if (digest === null) return refuse("stale-card")
  const on = { by: g.by, workspace: click.workspace, request: click.request, digest }
  const after = (done: Card | Refusal) => (isRefusal(done) ? done : "followed")
  switch (click.act) {
    case "edit": {
      const text = readEdit(i.data)
      return text === null ? staleClick : after(await ctx.inbox().decide({ ...on, act: "edit", text }))
    }
    case "redraft":
      return after(await ctx.inbox().decide({ ...on, act: "redraft", hint: readWords(i.data) }))
    default:
      return staleClick
  }
}
async function onPost(ctx: Context, g: Gesture, i: Interaction, click: PostClick): Promise<Refusal | string> {
  const on = { by: g.by, workspace: workspaceOf(g.guildId), post: { label: click.label } }
  switch (click.act) {
    case "report": {
      const done = await ctx.inbox().report({ ...on, why: readWords(i.data) })
      return isRefusal(done) ? done : noted.reported
    }
    case "retract": {
      const read = readRetraction(i.data)
      if (read === null) return staleClick
      const done = await ctx.inbox().retract({ ...on, ...read })
      return isRefusal(done) ? done : noted.retracting
    }
    default:
      return staleClick
  }
}
