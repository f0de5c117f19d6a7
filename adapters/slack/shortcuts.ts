// The menu of a message: draft an answer to it, report a post of ours, or say that one acted on it. All answers are private.
import { z } from "zod"
import type { Place } from "../../src/core/domain.ts"
import { isRefusal } from "../../src/core/refusals.ts"
import { type Context, type Gesture, gestureOf, say, unlessBusy } from "./context.ts"
import { isDirect, messageIdOf, personOf, placeOf } from "./ids.ts"
import { noted, notInChannel, notInDirect, notOurPost } from "./words.ts"

const shortcut = z.looseObject({
  callback_id: z.string(),
  trigger_id: z.string(),
  user: z.looseObject({ id: z.string() }),
  channel: z.looseObject({ id: z.string() }),
  message: z.looseObject({ ts: z.string(), thread_ts: z.string().optional(), user: z.string().optional(), bot_id: z.string().optional() }),
})
export const shortcutIds = { draft: "draft_answer", report: "report_answer", actedOn: "acted_on" } as const

/** When this resolves, what was asked for is durable. */
export async function onShortcut(ctx: Context, teamId: string, payload: unknown): Promise<void> {
  const read = shortcut.safeParse(payload)
  if (!read.success) return
  const { user, channel, message } = read.data
  const place = placeOf(teamId, channel.id, message.thread_ts ?? message.ts)
  return unlessBusy(
    () => onMenu(ctx, read.data, place),
    (words) => say(ctx, personOf(teamId, user.id), words, place),
  )
}
async function onMenu(ctx: Context, { callback_id, trigger_id, user, channel, message }: z.infer<typeof shortcut>, place: Place): Promise<void> {
  const gesture = await gestureOf(ctx, place.workspace, user.id, callback_id === shortcutIds.draft ? "asks" : "decides")
  if (gesture === null) return
  const id = messageIdOf({ channel: channel.id, ts: message.ts })
  switch (callback_id) {
    case shortcutIds.draft:
      return draftAnswer(ctx, gesture, { place, message: id, gesture: trigger_id })
    case shortcutIds.report: {
      // Whether it stands is asked before anybody writes a report: a form for somebody else's message would be a promise.
      const ours = message.bot_id === gesture.team.botId || message.user === gesture.team.botUserId
      if (!ours) return say(ctx, gesture.by.person, notOurPost, place)
      return ctx.out.openReport({ workspace: place.workspace, trigger: trigger_id, over: "page" }, { post: id, workspace: place.workspace })
    }
    case shortcutIds.actedOn: {
      const done = await ctx.inbox().actedOn({ by: gesture.by, workspace: place.workspace, post: { id } })
      return say(ctx, gesture.by.person, isRefusal(done) ? done.words : noted.actedOn, place)
    }
  }
}

/** For shortcuts and commands: the interaction is the gesture, so that asking again asks again. */
export async function draftAnswer(
  ctx: Context,
  g: Gesture,
  what: { readonly place: ReturnType<typeof placeOf>; readonly message: string; readonly gesture: string },
): Promise<void> {
  const channel = await ctx.channels.find(g.team, what.place.channel)
  const inside = channel !== null && (channel.is_member === true || channel.is_im === true || channel.is_mpim === true)
  if (!inside) return say(ctx, g.by.person, isDirect(what.place.channel) ? notInDirect : notInChannel, null)
  const answer = await ctx.inbox().ask({ by: g.by, place: what.place, message: what.message, gesture: what.gesture })
  if (isRefusal(answer)) say(ctx, g.by.person, answer.words, what.place)
  else if (answer.was === "open-already")
    say(ctx, g.by.person, "You have a draft for this message already: it is in your direct messages with me.", what.place)
}
