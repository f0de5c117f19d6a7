// Commands: `/countersign …`, and those in the menu of a message. Everything is answered to whoever used them alone, and acknowledged
// before it is looked at: Discord waits three seconds. What could not be acknowledged is not done, so that silence means nothing
// happened; but a stop is a stop.
import { ApplicationCommandType } from "discord.js"
import { z } from "zod"
import type { LabelId, Place, StopScope } from "../../src/core/domain.ts"
import { isRefusal } from "../../src/core/refusals.ts"
import { readDiscord } from "../../src/label/read/discord.ts"
import { askAbout } from "./asking.ts"
import { actedOn } from "./buttons.ts"
import { menu } from "./command-list.ts"
import type { Context } from "./context.ts"
import { acknowledge, answeringOf, busyWords, type Gesture, gestureOf, type Interaction } from "./gesture.ts"
import { workspaceOf } from "./ids.ts"
import { messageShape } from "./messages.ts"
import { isOurs } from "./own.ts"
import type { Intent } from "./people.ts"
import { newest, pointedAt } from "./pointing.ts"
import { judgedBy, stopNow } from "./stops.ts"
import { doorWords, helpWords, notAMember, notHere, notOurPost, resumed } from "./words.ts"

const optionShape = z.looseObject({ name: z.string(), value: z.unknown().optional() })
const commandShape = z.looseObject({
  type: z.number(),
  name: z.string(),
  target_id: z.string().optional(),
  resolved: z.looseObject({ messages: z.record(z.string(), z.unknown()).default({}) }).default({ messages: {} }),
  options: z.array(z.looseObject({ name: z.string(), options: z.array(optionShape).default([]) })).default([]),
})
const mostCards = 5

export async function onCommand(ctx: Context, i: Interaction): Promise<void> {
  const read = commandShape.safeParse(i.data)
  if (!read.success || i.guild_id === undefined) return
  const { data: command } = read
  const target = command.type === ApplicationCommandType.Message ? command.resolved.messages[command.target_id ?? ""] : undefined
  if (command.name === menu.report || command.name === menu.retract) return onPost(ctx, i, command.name, target)
  const verb = command.options[0]?.name ?? "help"
  const acknowledged = await acknowledge(ctx, i, "reply")
  if (acknowledged === "too-late" && verb !== "stop") return
  const g = await gestureOf(ctx, i, i.guild_id, intentOf(command.name, verb)).catch(busyWords)
  if (g === null || typeof g === "string") return ctx.out.say(answeringOf(ctx, i), g ?? notAMember, "first")
  if (g.here === null) return ctx.out.say(g.answering, notHere, "first")
  if (command.type === ApplicationCommandType.Message) return onMenu(ctx, g, g.here, command.name, target)
  const option = (name: string) => {
    const value = command.options[0]?.options.find((o) => o.name === name)?.value
    return typeof value === "string" ? value : null
  }
  return onSlash(ctx, g, g.here, verb, option)
}

/** What the core asks about whoever did it: only what changes something is a decision. */
function intentOf(name: string, verb: string): Intent {
  if (verb === "stop") return "stops"
  return verb === "resume" || name === menu.actedOn ? "decides" : "asks"
}

async function onMenu(ctx: Context, g: Gesture, here: Place, name: string, target: unknown): Promise<void> {
  const read = messageShape.safeParse(target)
  if (!read.success) return ctx.out.say(g.answering, notOurPost, "first")
  if (name === menu.draft) return askAbout(ctx, g, here, read.data, "given")
  if (name !== menu.actedOn) return
  const label = labelOf(ctx, target)
  if (label === null) return ctx.out.say(g.answering, notOurPost, "first")
  return actedOn(ctx, g, label)
}
/** A form must be the first answer. Whether it is about a post that stands is asked when it is sent. */
async function onPost(ctx: Context, i: Interaction, name: typeof menu.report | typeof menu.retract, target: unknown): Promise<void> {
  const by = answeringOf(ctx, i)
  const label = labelOf(ctx, target)
  if (label !== null) await (name === menu.report ? ctx.out.openReport(by, label) : ctx.out.openRetract(by, label))
  else if ((await acknowledge(ctx, i, "reply")) === "in-time") await ctx.out.say(by, notOurPost, "first")
}
/** Null: no post of ours. */
function labelOf(ctx: Context, target: unknown): LabelId | null {
  const read = messageShape.safeParse(target)
  return read.success && isOurs(ctx.wire.botUserId, read.data) ? (readDiscord(target).says.jti as LabelId | null) : null
}

async function onSlash(ctx: Context, g: Gesture, here: Place, verb: string, option: (name: string) => string | null): Promise<void> {
  const say = (words: string) => ctx.out.say(g.answering, words, "first")
  const scope: StopScope = { workspace: here.workspace, channel: option("what") === "everything" ? null : here.channel }
  switch (verb) {
    case "draft": {
      const link = option("message")
      const found = link === null ? await newest(ctx, here) : await pointedAt(ctx, g.guildId, link)
      return typeof found === "string" ? say(found) : askAbout(ctx, g, found.place, found.message, "asked for")
    }
    case "queue":
      return queue(ctx, g)
    case "stop": {
      const begun = () => say(scope.channel === null ? "Stopping everything in this server." : "Stopping in this channel.")
      const tell = (words: string) => void say(words).catch(() => undefined)
      return stopNow(ctx, { by: g.by, scope, from: await judgedBy(ctx, g.guildId, here), why: option("why"), begun, tell })
    }
    case "resume": {
      const done = await ctx.inbox().resume({ by: g.by, scope, why: null, from: await judgedBy(ctx, g.guildId, here) })
      return say(isRefusal(done) ? done.words : resumed)
    }
    case "status": {
      const doors = await ctx.inbox().doors({ workspace: workspaceOf(g.guildId), channel: here.channel })
      return say(doors.length === 0 ? "Nothing is stopped here." : doors.map(doorWords).join("\n"))
    }
    default:
      return say(helpWords(g.by.person))
  }
}
/** Every card that waits, each in a private message of its own: what vanished is back. */
async function queue(ctx: Context, g: Gesture): Promise<void> {
  const workspace = workspaceOf(g.guildId)
  const cards = (await ctx.inbox().queue(g.by.person)).filter((c) => c.workspace === workspace)
  const [first, ...others] = cards.slice(0, mostCards)
  if (first === undefined) return ctx.out.say(g.answering, "Nothing waits for you.", "first")
  await ctx.out.showIn(g.answering, first, [])
  ctx.answers.carries(g.by.person, first.request, g.answering)
  for (const card of others) ctx.answers.carries(g.by.person, card.request, await ctx.out.showMore(g.answering, card))
  const more = cards.length - mostCards
  if (more > 0) await ctx.out.say(g.answering, `And ${more} more: decide on these, then use /countersign queue again.`, "more")
}
