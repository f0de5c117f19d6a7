// Buttons on cards, in modals and on App Home. Whoever clicked is who Slack says; whether they may, and whether the card still
// stands, the core says. What goes wrong is told to the one who clicked, and to nobody else.
import { z } from "zod"
import type { Card } from "../../src/core/card.ts"
import type { Place, WorkspaceId } from "../../src/core/domain.ts"
import { isRefusal, type Refusal } from "../../src/core/refusals.ts"
import { type actionIds, type Click, readClick, readPostClick } from "./actions.ts"
import { homeFollows } from "./app-home.ts"
import { type Context, cornerOf, type Gesture, gestureOf, say, unlessBusy } from "./context.ts"
import { personOf, placeOf, workspaceOf } from "./ids.ts"
import { stopNow } from "./mentions.ts"
import { readAcknowledged } from "./modals.ts"
import type { Opening } from "./outbound.ts"
import { noted, staleClick } from "./words.ts"

type ActionId = (typeof actionIds)[keyof typeof actionIds]
const clicked = z.looseObject({
  trigger_id: z.string(),
  user: z.looseObject({ id: z.string() }),
  channel: z.looseObject({ id: z.string() }).optional(),
  message: z.looseObject({ ts: z.string(), thread_ts: z.string().optional() }).optional(),
  container: z.looseObject({ thread_ts: z.string().optional() }).optional(),
  view: z.looseObject({ type: z.string(), id: z.string(), hash: z.string().optional() }).optional(),
})
type Clicked = z.infer<typeof clicked>

/** When this resolves, what was decided is durable. */
export async function onButton(ctx: Context, teamId: string, id: ActionId, body: unknown): Promise<void> {
  const read = clicked.safeParse(body)
  if (!read.success) return
  const here = whereOf(teamId, read.data)
  const who = personOf(teamId, read.data.user.id)
  return unlessBusy(
    () => clickedBy(ctx, teamId, id, body, read.data, here),
    (words) => say(ctx, who, words, here),
  )
}
async function clickedBy(ctx: Context, teamId: string, id: ActionId, body: unknown, c: Clicked, here: Place | null): Promise<void> {
  const g = await gestureOf(ctx, workspaceOf(teamId), c.user.id, id === "stop" ? "stops" : "decides")
  if (g === null) return
  switch (id) {
    case "stop":
    case "resume":
      return turn(ctx, g, id, here)
    case "retract":
    case "report":
    case "acted":
      return onPost(ctx, g, id, body, c, here)
    default:
      return onCard(ctx, g, id, body, c, here)
  }
}
const openingOf = (workspace: WorkspaceId, c: Clicked): Opening => ({
  workspace,
  trigger: c.trigger_id,
  over: c.view?.type === "modal" ? "modal" : "page",
})
/** Where the words about a click can be seen by whoever clicked; null: on a page without a place, such as App Home. */
function whereOf(teamId: string, c: Clicked): Place | null {
  if (c.channel === undefined) return null
  return placeOf(teamId, c.channel.id, c.message?.thread_ts ?? c.container?.thread_ts ?? null)
}

async function onCard(
  ctx: Context,
  g: Gesture,
  id: Exclude<ActionId, "stop" | "resume" | "retract" | "report" | "acted">,
  body: unknown,
  c: Clicked,
  here: Place | null,
): Promise<void> {
  const click = readClick(body)
  if (click === null || click.workspace !== g.team.workspace) return say(ctx, g.by.person, staleClick, here)
  const on = { by: g.by, workspace: click.workspace, request: click.request }
  const about = { ctx, g, c, here }
  switch (id) {
    case "review":
    case "edit":
    case "redraft": {
      const card = await currentCard(ctx, g, click)
      if (isRefusal(card)) return say(ctx, g.by.person, card.words, here)
      const from = openingOf(click.workspace, c)
      if (id === "review") return ctx.out.openReview(from, card)
      return id === "edit" ? ctx.out.openEdit(from, card) : ctx.out.openRedraft(from, card)
    }
    case "approve":
      if (click.digest === null) return say(ctx, g.by.person, staleClick, here)
      return settled(about, await ctx.inbox().decide({ ...on, digest: click.digest, act: "approve", acknowledged: readAcknowledged(body) }))
    case "discard":
      if (click.digest === null) return say(ctx, g.by.person, staleClick, here)
      return settled(about, await ctx.inbox().decide({ ...on, digest: click.digest, act: "decline" }))
    case "cancel":
      return settled(about, await ctx.inbox().cancel(on))
    case "resolve_posted":
    case "resolve_never_seen": {
      const card = await currentCard(ctx, g, click)
      if (isRefusal(card)) return say(ctx, g.by.person, card.words, here)
      if (card.attempt === null) return say(ctx, g.by.person, staleClick, here)
      const as = id === "resolve_posted" ? ("posted" as const) : ("never-seen" as const)
      return settled(about, await ctx.inbox().resolve({ ...on, attempt: card.attempt, as }))
    }
  }
}
interface About {
  readonly ctx: Context
  readonly g: Gesture
  readonly c: Clicked
  readonly here: Place | null
}
/** The card is brought up to date by the walk itself; only a no needs words. A form would stay as it was, and so would the page below it. */
async function settled({ ctx, g, c, here }: About, done: Card | Refusal): Promise<void> {
  const modal = c.view?.type === "modal" ? c.view : null
  if (isRefusal(done)) {
    if (modal === null) return say(ctx, g.by.person, done.words, here)
    return ctx.out.openNotice(openingOf(g.team.workspace, c), "Not done", done.words)
  }
  if (modal === null) return
  // Another change since then has shown it already.
  ctx.after.add(ctx.out.updateReview(done.workspace, modal, done))
  homeFollows(ctx, g)
}
async function currentCard(ctx: Context, g: Gesture, click: Click): Promise<Card | Refusal> {
  const card = await ctx.inbox().card(click.workspace, click.request, g.by.person)
  return card ?? { refused: "not-yours", words: "This draft belongs to somebody else. Only the person who asked can decide on it." }
}

async function onPost(ctx: Context, g: Gesture, id: "retract" | "report" | "acted", body: unknown, c: Clicked, here: Place | null): Promise<void> {
  const about = readPostClick(body)
  if (about === null || about.workspace !== g.team.workspace) return say(ctx, g.by.person, staleClick, here)
  switch (id) {
    case "retract":
      return ctx.out.openRetract(openingOf(about.workspace, c), about)
    case "report":
      return ctx.out.openReport(openingOf(about.workspace, c), about)
    case "acted": {
      const done = await ctx.inbox().actedOn({ by: g.by, workspace: about.workspace, post: { id: about.post } })
      return say(ctx, g.by.person, isRefusal(done) ? done.words : noted.actedOn, here)
    }
  }
}

/** The switch of App Home: the whole workspace. Resolves when it is thrown; the page follows. */
async function turn(ctx: Context, g: Gesture, to: "stop" | "resume", here: Place | null): Promise<void> {
  const scope = { workspace: g.team.workspace, channel: null }
  const from = here ?? cornerOf(g)
  // What it came to is told afterwards: also that something was already on its way.
  if (to === "stop") await stopNow(ctx, g, { scope, from, looking: here, why: null })
  else {
    const done = await ctx.inbox().resume({ by: g.by, scope, why: null, from })
    if (isRefusal(done)) say(ctx, g.by.person, done.words, here)
  }
  homeFollows(ctx, g)
}
