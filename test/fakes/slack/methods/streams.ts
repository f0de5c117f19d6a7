// chat.startStream, .appendStream, .stopStream: a message that grows before somebody's eyes. A reply in a thread always; in text or in
// chunks for life; over five minutes after it began, whatever happens; nobody's to change or delete as long as it runs.
import { checkChunks } from "../checks/chunks.ts"
import type { Core } from "../core.ts"
import { changed, snapshot } from "../events.ts"
import { keptBlocks } from "../normalise.ts"
import { put, ring, threadOf } from "../post.ts"
import { refuse } from "../refusal.ts"
import type { Channel, Fields, Message, Stream } from "../state.ts"
import { type BotCall, type Method, tiers, visibleChannel } from "../web/method.ts"
import { messageOut } from "../wire.ts"
import { hear, mayPost, undisguised } from "./chat.ts"
import { blocksOf, metadataOf } from "./content.ts"
import { sessionKey, statusOf, turn } from "./sessions.ts"

const lifeMs = 5 * 60_000
const maxText = 12_000

async function start(call: BotCall): Promise<Fields> {
  const { core, args, caller } = call
  if (core.world.team(caller.team).plan === "free") return refuse("paid_teams_only")
  undisguised(call)
  const channel = visibleChannel(call, args.must("channel"))
  const thread = threadOf(channel, args.must("thread_ts")) ?? refuse("thread_not_found")
  mayPost(call, channel, thread)
  if (channel.kind !== "im") recipient(call, channel)
  const chunks = said(call)
  const message = put(core, channel, {
    user: caller.install.botUserId,
    team: caller.team,
    bot: { botId: caller.install.botId, appId: caller.install.app.id, name: caller.install.app.name },
    text: "",
    blocks: null,
    threadTs: thread,
    via: "web-api",
    unfurl: { links: false, media: false },
  })
  message.stream = { state: "in_progress", mode: null, parts: [] }
  grow(core, message, message.stream, chunks)
  core.time.after(lifeMs, () => ended(core, message))
  await hear(call, message)
  return { channel: channel.id, ts: message.ts }
}
/** In a channel a stream is for one person's eyes, as long as it runs. */
function recipient({ core, args }: BotCall, channel: Channel): void {
  const user = args.text("recipient_user_id") ?? refuse("missing_recipient_user_id")
  if (args.text("recipient_team_id") === null) refuse("missing_recipient_team_id")
  if (!core.world.users.has(user) || !channel.members.has(user)) refuse("user_not_found")
}

interface Said {
  readonly mode: "text" | "chunks"
  readonly parts: readonly Fields[]
}
/** Null: nothing was said. */
function said({ args }: BotCall): Said | null {
  const markdown = args.text("markdown_text")
  const chunks = args.json("chunks", "invalid_chunks")
  if (chunks === undefined && (markdown === null || markdown === "")) return null
  if (chunks !== undefined && markdown !== null) return refuse("cannot_provide_both_markdown_text_and_chunks")
  if (markdown !== null && markdown.length > maxText) return refuse("msg_too_long")
  if (chunks === undefined) return { mode: "text", parts: [{ type: "markdown_text", text: markdown }] }
  const problems = checkChunks(chunks)
  if (problems.length > 0) refuse("invalid_chunks", { response_metadata: { messages: problems.map((p) => `[ERROR] ${p}`) } })
  return { mode: "chunks", parts: chunks as Fields[] }
}
function grow(core: Core, message: Message, stream: Stream, more: Said | null): void {
  if (more === null) return
  if (stream.mode !== null && stream.mode !== more.mode) refuse("streaming_mode_mismatch")
  stream.mode = more.mode
  for (const part of more.parts) add(stream, part)
  show(core, message, stream, [])
}
function add(stream: Stream, part: Fields): void {
  const last = stream.parts.at(-1)
  const before = stream.parts.find((p) => p["type"] === part["type"] && p["id"] === part["id"])
  if (part["type"] === "markdown_text" && last?.["type"] === "markdown_text") last["text"] = `${last["text"]}${part["text"]}`
  else if ((part["type"] === "task_update" || part["type"] === "plan_update") && before !== undefined) renew(before, part)
  else stream.parts.push({ ...part })
}
/** A task's title and status are replaced, its details and output grow. */
function renew(before: Fields, part: Fields): void {
  const grown = ["details", "output"].filter((name) => part[name] !== undefined).map((name) => [name, `${before[name] ?? ""}${part[name]}`])
  Object.assign(before, part, Object.fromEntries(grown))
}
function show(core: Core, message: Message, stream: Stream, below: readonly Fields[]): void {
  message.text = stream.parts.map((p) => p["text"] ?? p["title"] ?? "").join("\n")
  message.blocks = [...keptBlocks(stream.parts.flatMap(blocksIn)), ...below]
  ring(core, message, "markup")
}
function blocksIn(part: Fields): readonly Fields[] {
  const { type, id, ...rest } = part
  if (type === "markdown_text") return [{ type: "markdown", text: part["text"] }]
  if (type === "task_update") return [{ type: "task_card", task_id: id, ...rest }]
  return type === "plan_update" ? [{ type: "plan", title: part["title"] }] : (part["blocks"] as Fields[])
}

function live(call: BotCall): { readonly message: Message; readonly stream: Stream } {
  const channel = visibleChannel(call, call.args.must("channel"))
  const message = call.core.world.message(channel.id, call.args.must("ts")) ?? refuse("message_not_found")
  if (message.bot?.botId !== call.caller.install.botId) return refuse("message_not_owned_by_app")
  if (message.stream?.state !== "in_progress") return refuse("message_not_in_streaming_state")
  return { message, stream: message.stream }
}
function append(call: BotCall): Fields {
  const { message, stream } = live(call)
  grow(call.core, message, stream, said(call) ?? refuse("no_text"))
  return { channel: message.channel, ts: message.ts }
}
function stop(call: BotCall): Fields {
  const { core, args } = call
  const { message, stream } = live(call)
  const blocks = blocksOf(call)
  const metadata = metadataOf(call)
  const status = statusOf(args.text("session_status") ?? "active")
  grow(core, message, stream, said(call))
  if (blocks !== null) show(core, message, stream, blocks)
  if (typeof metadata !== "string") message.metadata = metadata
  ended(core, message)
  turn(core, sessionKey(message.channel, message.threadTs ?? message.ts), status)
  return { channel: message.channel, ts: message.ts, message: messageOut(core.world, message, "all") }
}
/** By the app, by the person's Stop button, or by Slack when its time is up. */
export function ended(core: Core, message: Message): void {
  if (message.stream?.state !== "in_progress") return
  const before = snapshot(message)
  message.stream.state = "completed"
  changed(core, message, before)
}
const write = { token: "bot", scopes: ["chat:write"] } as const
export const streams: Readonly<Record<string, Method>> = {
  "chat.startStream": { ...write, tier: tiers.two, run: start },
  "chat.appendStream": { ...write, tier: tiers.four, run: append },
  "chat.stopStream": { ...write, tier: tiers.two, run: stop },
}
