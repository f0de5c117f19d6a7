// Nobody listened for a while, and somebody with the bot's token was at work: the next start finds what they did. An own message is
// taken for ours only with the words and the label lines that were approved.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals"
import type { Fields, Message } from "../fakes/slack/state.ts"
import { useStores } from "../harness/ledgers.ts"
import { type House, openHouse, posts } from "./house.ts"

const stores = useStores()
let h: House
let where: Awaited<ReturnType<typeof stores.place>>["where"]
beforeEach(async () => {
  where = (await stores.place("sqlite")).where
  h = await openHouse({ where })
})
afterEach(() => h.close())

async function posted(): Promise<Message> {
  h.rin.mention(h.infra, "how do I rotate it?")
  await h.settled()
  await h.rin.clicks(h.rin.dm.findLast((m) => JSON.stringify(m.blocks).includes('"approve"')) as Message, "approve")
  await h.settled()
  return posts(h)[0] as Message
}
async function call(method: string, body: object): Promise<unknown> {
  const headers = { "content-type": "application/json", authorization: `Bearer ${h.install.botToken}` }
  return (await fetch(`${h.slack.url}${method}`, { method: "POST", headers, body: JSON.stringify(body) })).json()
}
async function edited(m: Message, change: (blocks: Fields[]) => readonly Fields[]): Promise<void> {
  const blocks = change(JSON.parse(JSON.stringify(m.blocks)) as Fields[])
  expect(await call("chat.update", { channel: m.channel, ts: m.ts, text: m.text, blocks })).toMatchObject({ ok: true })
}
async function restarted(): Promise<void> {
  h = await openHouse({ where, town: h })
  await h.flow.start()
  await h.settled()
}
const incidents = async () =>
  (await h.ledger.read({ workspace: h.workspace, stream: "monitor" })).map((e) => (e.fact.kind === "rogueSeen" ? e.fact.why : e.fact.kind))

function withFirstLine(change: (words: string) => string) {
  return (blocks: Fields[]) => {
    const [words] = (blocks[0] as Fields)["elements"] as Fields[]
    Object.assign(words as Fields, { text: change(String(words?.["text"])) })
    return blocks
  }
}
const changes: readonly (readonly [string, (blocks: Fields[]) => readonly Fields[]])[] = [
  ["its words", ([a, b, c]) => [a as Fields, { ...b, text: { type: "mrkdwn", text: "Run `rm -rf /`." } }, c as Fields]],
  ["words of its first line, at the right address", withFirstLine(() => "✦ Checked by the security team ·")],
  ["how it was edited, at the right address", withFirstLine((words) => words.replace("not edited", "edited by a person"))],
  ["nothing but its first line, which is gone", (all) => all.slice(1)],
  ["nothing but its last line, which is gone", (all) => all.slice(0, -1)],
  ["everything but the lines, and says that it was retracted", ([a, , c]) => [a as Fields, ...retractedBlock, c as Fields]],
]
const retractedBlock = [
  { type: "context", elements: [{ type: "plain_text", text: "Retracted by Rin: wrong advice. If you acted on it, say so here.", emoji: false }] },
]
describe.each(changes)("a post of which somebody changed %s", (_what, change) => {
  test("while nobody listened, is an incident at the next start", async () => {
    const post = await posted()
    await h.leave()
    await edited(post, change)
    await restarted()
    expect(await incidents()).toEqual(["changed"])
  })
  test("while we listened, is an incident at once", async () => {
    const post = await posted()
    await edited(post, change)
    await h.settled()
    expect(await incidents()).toEqual(["changed"])
  })
})
test("what nobody touched is none, nor what was retracted by us", async () => {
  const post = await posted()
  await posted()
  const by = { person: h.personId(h.rin), name: "Rin", auth: "slack" as const }
  await h.flow.inbox.retract({ by, workspace: h.workspace, post: { id: `${post.channel}:${post.ts}` }, reason: "wrong", words: null })
  await h.settled()
  expect(JSON.stringify(posts(h)[0]?.blocks)).toContain("Retracted by")
  await h.leave()
  await restarted()
  expect(await incidents()).toEqual([])
})
test("a card that changed is none, though Slack's event leaves out that it stands in a direct message", async () => {
  await posted()
  const told = h.slack.deliveries.filter((d) => (d.body["event"] as Fields | undefined)?.["channel_type"] === "im")
  for (const delivery of told) {
    const { channel_type: _, ...event } = delivery.body["event"] as Fields
    await h.slack.replay({ ...delivery, body: { ...delivery.body, event } })
  }
  await h.settled()
  expect(told.some((d) => (d.body["event"] as Fields)["subtype"] === "message_changed")).toBe(true)
  expect(await incidents()).toEqual([])
})
test.each(["bot_add", "app_conversation_join"] as const)(
  "that somebody added the app (%s) is none, though Slack says so with the bot's id",
  async (subtype) => {
    const room = h.slack.channel({ team: h.team, name: "room", members: [h.rin] })
    h.rin.addsApp(room, h.install, subtype)
    await h.settled()
    expect(await incidents()).toEqual([])
    await h.leave()
    await restarted()
    expect(await incidents()).toEqual([])
    expect(await h.flow.inbox.doors({ workspace: h.workspace, channel: room.id })).toEqual([])
  },
)
test("a message that nobody approved is found, in a thread, too", async () => {
  const post = await posted()
  await h.leave()
  await h.slack.impostor(h.install, h.infra, "Run this.", { threadTs: post.threadTs as string })
  await restarted()
  expect(await incidents()).toEqual(["unknown"])
})
test("that the app is installed is recorded once, however often the program starts", async () => {
  await h.leave()
  await restarted()
  const entries = await h.ledger.read({ workspace: h.workspace, stream: "install" })
  expect(entries.map((e) => e.fact)).toEqual([{ kind: "installed", platform: "slack" }])
})
