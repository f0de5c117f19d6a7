// `/countersign …`. Slash commands work in channels, not in threads, and are answered to whoever typed them alone.
import { z } from "zod"
import type { Place, StopScope } from "../../src/core/domain.ts"
import type { DoorView } from "../../src/core/inbox.ts"
import { saysStop } from "../../src/core/orders.ts"
import { isRefusal, type Refusal } from "../../src/core/refusals.ts"
import { unreachable } from "../../src/core/unreachable.ts"
import { safeName } from "../../src/label/lines.ts"
import { type Context, cornerOf, type Gesture, gestureOf, unlessBusy } from "./context.ts"
import { escaped, harmless } from "./escape.ts"
import { isDirect, type MessageAt, messageIdOf, placeOf, workspaceOf } from "./ids.ts"
import { isSpoken, stopNow } from "./mentions.ts"
import { isOurs, type SlackMessage } from "./own.ts"
import type { Intent } from "./people.ts"
import { draftAnswer } from "./shortcuts.ts"
import { helpWords, resumeWords } from "./words.ts"

const command = z.looseObject({ user_id: z.string(), channel_id: z.string(), trigger_id: z.string(), text: z.string().default("") })
type Typed = z.infer<typeof command>
const lookBack = 20
const intents = { draft: "asks", queue: "asks", stop: "stops", resume: "decides", status: "asks", help: "asks" } as const satisfies Record<
  string,
  Intent
>
type Verb = keyof typeof intents
const isVerb = (word: string): word is Verb => Object.hasOwn(intents, word)

/** What the person is answered with, at once. When this resolves, what was asked for is durable. */
export async function onCommand(ctx: Context, teamId: string, payload: unknown): Promise<string> {
  const read = command.safeParse(payload)
  if (!read.success) return "Slack sent this in a form that I do not know, so nothing was done."
  const { verb, words } = orderIn(read.data.text)
  return unlessBusy(
    () => typed(ctx, teamId, read.data, verb, words),
    (busy) => busy,
  )
}
/** Nobody in a hurry minds the form: what says stop in a mention says so here. */
function orderIn(text: string): { readonly verb: Verb; readonly words: string } {
  const [first = "", ...rest] = text.trim().split(/\s+/)
  const verb = first.toLowerCase().replace(/[^a-z]+$/, "")
  if (isVerb(verb)) return { verb, words: rest.join(" ") }
  return saysStop(text) ? { verb: "stop", words: /\b(everything|all)\b/i.exec(text)?.[0] ?? "" } : { verb: "help", words: "" }
}
async function typed(ctx: Context, teamId: string, { user_id, channel_id, trigger_id }: Typed, verb: Verb, words: string): Promise<string> {
  const g = await gestureOf(ctx, workspaceOf(teamId), user_id, intents[verb])
  if (g === null) return "Only members of this workspace can do that."
  const here = placeOf(teamId, channel_id, null)
  switch (verb) {
    case "draft":
      return draft(ctx, g, channel_id, words, trigger_id)
    case "queue":
      return queue(ctx, g)
    case "stop": {
      const { scope, from } = reach(g, here, words)
      const why = words.replace(all, "").trim()
      const did = await stopNow(ctx, g, { scope, from, looking: here, why: why === "" ? null : why })
      if (did === "refused") return "Nothing was stopped."
      return scope.channel === null ? "Stopping everything in this workspace." : "Stopping in this channel."
    }
    case "resume": {
      const { scope, from } = reach(g, here, words)
      return resumed(ctx, await ctx.inbox().resume({ by: g.by, scope, why: null, from }), { workspace: here.workspace, channel: channel_id })
    }
    case "status": {
      const doors = await ctx.inbox().doors({ workspace: here.workspace, channel: channel_id })
      return doors.length === 0 ? "Nothing is stopped here." : doors.map(doorWords).join("\n")
    }
    case "help":
      return helpWords(g.by.person)
    default:
      return unreachable(verb)
  }
}
/** A wider stop goes on holding what was resumed here, or is the one that was meant. */
async function resumed(ctx: Context, done: "resumed" | Refusal, at: StopScope): Promise<string> {
  if (isRefusal(done) && done.refused !== "not-stopped") return done.words
  const [left] = await ctx.inbox().doors(at)
  const still = left === undefined ? [] : [doorWords(left), resumeWords(left.scope)]
  if (isRefusal(done)) return left === undefined ? done.words : ["Not that stop stands here, but another.", ...still].join(" ")
  return ["Resumed. Nothing that was approved before the stop is posted: approve it again.", ...still].join(" ")
}
const all = /^(everything|all)\b/i
/** In a direct message nothing else can be meant than everything. Then the person is judged by their own corner of the workspace:
 *  also where the app is not in the channel in which they typed. */
function reach(g: Gesture, here: Place, words: string): { readonly scope: StopScope; readonly from: Place } {
  const { workspace, channel } = here
  if (!all.test(words) && !isDirect(channel)) return { scope: { workspace, channel }, from: here }
  return { scope: { workspace, channel: null }, from: cornerOf(g) }
}
function doorWords(d: DoorView): string {
  const where = d.scope.workspace === "*" ? "everywhere" : d.scope.channel === null ? "in this workspace" : "in this channel"
  return `Stopped ${where} by ${escaped(safeName(d.byName ?? "somebody who left"))}${d.why === null ? "" : `: ${escaped(d.why)}`}. Nothing is posted until an admin resumes.`
}

async function queue(ctx: Context, g: Gesture): Promise<string> {
  const cards = (await ctx.inbox().queue(g.by.person)).filter((c) => c.workspace === g.team.workspace)
  if (cards.length === 0) return "Nothing waits for you."
  const lines = cards.map((c) => `• ${c.title}, ${isDirect(c.place.channel) ? "our direct messages" : `<#${c.place.channel}>`}`)
  return [`${cards.length === 1 ? "One draft waits" : `${cards.length} drafts wait`} for you, in your direct messages with me:`, ...lines].join("\n")
}

async function draft(ctx: Context, g: Gesture, channel: string, words: string, gesture: string): Promise<string> {
  const named = words === "" ? null : linked(words)
  if (words !== "" && named === null) return askInPublic(channel, words)
  const at = named ?? (await newest(ctx, g, channel))
  if (at === null) return "There is no message of a person here that I can read. Is the app in this channel?"
  const { ts } = at
  const thread = await threadOf(ctx, g, at)
  const place = placeOf(g.team.teamId, at.channel, thread ?? ts)
  await draftAnswer(ctx, g, { place, message: messageIdOf({ channel: at.channel, ts }), gesture })
  return "If you may ask here, the draft comes as a direct message from me."
}
/** A command shows to nobody but whoever typed it, and an answer in public to a question that nobody saw helps nobody. */
function askInPublic(channel: string, question: string): string {
  if (isDirect(channel)) return "Send me that as a message here, without the command, and I draft an answer to it."
  const ready = harmless(question.replaceAll("`", "'"))
  return `An answer stands below its question, so ask where the others can read it: send \`@Countersign ${ready}\` in this channel, or send the question alone and pick *Draft an answer* in its menu. The draft comes to you alone. After \`draft\`, I take the link of a message, or nothing for the newest one.`
}
type Target = MessageAt & { readonly thread: string | null }
/** `https://acme.slack.com/archives/C1/p1700000000123456?thread_ts=…` */
function linked(words: string): Target | null {
  const url = URL.parse(words.replace(/^<([^|>]+)[^>]*>$/, "$1").replaceAll("&amp;", "&"))
  const found = /^\/archives\/([A-Z0-9]+)\/p(\d{10})(\d{6})$/.exec(url?.pathname ?? "")
  if (url === null || found === null || !url.hostname.endsWith("slack.com")) return null
  return { channel: found[1] ?? "", ts: `${found[2]}.${found[3]}`, thread: url.searchParams.get("thread_ts") }
}
/** As Slack says: the link of a reply may leave its thread out, or name another. */
async function threadOf(ctx: Context, g: Gesture, at: Target): Promise<string | null> {
  const client = await ctx.clients.control(g.team.workspace)
  const got = await client.conversations.replies({ channel: at.channel, ts: at.ts, limit: 1 }).catch(() => null)
  return got?.messages?.find((m) => m.ts === at.ts)?.thread_ts ?? at.thread
}
async function newest(ctx: Context, g: Gesture, channel: string): Promise<Target | null> {
  const client = await ctx.clients.control(g.team.workspace)
  const got = await client.conversations.history({ channel, limit: lookBack }).catch(() => null)
  const messages = (got?.messages ?? []) as readonly SlackMessage[]
  const last = messages.find((m) => isSpoken(m) && m.bot_id === undefined && m.user !== undefined && !isOurs(g.team, m))
  return last?.ts === undefined ? null : { channel, ts: last.ts, thread: last.thread_ts ?? null }
}
