// What the question is, when a message holds more than a person's words, or none: the drafter is given what its readers see. And what
// is said where it cannot be answered.
import { afterEach, beforeEach, expect, test } from "@jest/globals"
import type { KnownBlock } from "@slack/types"
import type { PersonId } from "../../src/core/domain.ts"
import type { Message } from "../fakes/slack/state.ts"
import { client } from "./fake-world.ts"
import { type House, openHouse, posts } from "./house.ts"

let h: House
beforeEach(async () => {
  h = await openHouse()
})
afterEach(() => h.close())

const question = () => h.drafter.asked.at(-1)?.thread.find((m) => m.role === "question")?.text
/** What another app posts in #infra. */
async function alert(content: object): Promise<Message> {
  const robot = h.slack.install(h.slack.app({ name: "Alerts", events: [] }), h.team, ["chat:write"])
  h.infra.members.add(robot.botUserId)
  await client(h.slack, robot.botToken).chat.postMessage({ channel: h.infra.id, ...content } as never)
  return h.infra.messages.at(-1) as Message
}
const blocks: KnownBlock[] = [
  { type: "header", text: { type: "plain_text", text: "Disk full" } },
  { type: "section", text: { type: "mrkdwn", text: "`db-3` has *2 %* left" } },
  { type: "actions", elements: [{ type: "button", action_id: "ack", text: { type: "plain_text", text: "Acknowledge" } }] },
]

test.each<[string, object, string]>([
  [
    "attachments alone",
    { attachments: [{ fallback: "Disk full on db-3", title: "Disk full", text: "Disk full on db-3" }] },
    "Disk full\nDisk full on db-3",
  ],
  ["blocks alone", { blocks }, "Disk full\ndb-3 has 2 % left"],
  ["blocks in an attachment", { attachments: [{ blocks }] }, "Disk full\ndb-3 has 2 % left"],
  ["text and more", { text: "Disk full on &lt;db-3&gt;", blocks }, "Disk full on <db-3>"],
])("an app's message of %s is a question", async (_what, content, words) => {
  const post = await alert(content)
  await h.rin.shortcut("draft_answer", post)
  await h.settled()
  expect(question()).toBe(words)
  await h.rin.clicks(h.rin.dm[0] as Message, "approve")
  await h.settled()
  expect(posts(h)).toMatchObject([{ threadTs: post.ts }])
})
test("what Slack itself says of who came and of what was added is no part of the talk", async () => {
  h.rin.addsApp(h.infra, h.install)
  const said = h.bo.says(h.infra, "how do I rotate it?")
  const read = await h.platform.thread({ ...h.place(h.infra, said), thread: null }, `${h.infra.id}:${said.ts}`, 50)
  expect(read.map((m) => m.text)).toEqual(["how do I rotate it?"])
})
test("a file without a word is named", async () => {
  await h.rin.shortcut("draft_answer", h.bo.says(h.infra, "", { files: ["trace.txt"] }))
  await h.settled()
  expect(question()).toBe("trace.txt")
})
test("the newest message of a person may have a file, or be a reply that its thread sent to the channel", async () => {
  const root = h.bo.says(h.infra, "how do I rotate it?")
  h.bo.says(h.infra, "how do I read this?", { files: ["trace.txt"] })
  await h.rin.slash("/countersign", "draft", h.infra)
  await h.settled()
  expect(question()).toBe("how do I read this?")
  h.bo.says(h.infra, "and how do I restart it?", { thread: root, broadcast: true })
  await h.rin.slash("/countersign", "draft", h.infra)
  await h.settled()
  expect(question()).toBe("and how do I restart it?")
})
test("a mention that an app wrote in somebody's name asks nothing, and stops nothing", async () => {
  h.rin.mention(h.infra, "help")
  await h.settled()
  const delivery = h.slack.deliveries.find((d) => d.name === "app_mention") as NonNullable<(typeof h.slack.deliveries)[number]>
  for (const [i, text] of ["how do I rotate it?", "stop"].entries()) {
    const event = { ...(delivery.body["event"] as object), bot_id: "B0OTHER", text: `<@${h.install.botUserId}> ${text}`, ts: `1700000000.00010${i}` }
    await h.slack.replay({ ...delivery, body: { ...delivery.body, event } })
    await h.settled()
  }
  expect(await h.ledger.heads({})).toEqual([])
  expect(await h.flow.inbox.doors({ workspace: h.workspace, channel: h.infra.id })).toEqual([])
})
test("somebody who is known by another workspace is a stranger here", async () => {
  const said = h.bo.says(h.infra, "how do I rotate it?")
  expect(await h.platform.mayAct(`slack:T0OTHER/${h.rin.id}` as PersonId, h.place(h.infra, said))).toBe("stranger")
})
test("where an app cannot be is said in words that fit", async () => {
  await h.rin.shortcut("draft_answer", h.bo.says(h.bo.dmWithPerson(h.rin), "how do I rotate it?"))
  await h.settled()
  expect(h.rin.dm.at(-1)?.text).toContain("I am not in this direct message")
  expect(h.drafter.asked).toEqual([])
})
test("a draft whose question is gone is refused by what is gone", async () => {
  const asked = h.bo.says(h.infra, "how do I rotate it?")
  await h.rin.shortcut("draft_answer", asked)
  await h.settled()
  h.bo.deletes(asked)
  await h.rin.clicks(h.rin.dm[0] as Message, "approve")
  await h.settled()
  expect(posts(h)).toEqual([])
  expect(h.rin.dm.at(-1)?.text).toContain("The message that this answers is not there any more")
})
test("the queue names a direct message in words: Slack shows no link to one", async () => {
  h.rin.tells("how do I rotate it?")
  h.rin.mention(h.infra, "how do I restart it?")
  await h.settled()
  await h.rin.slash("/countersign", "queue", h.infra)
  await h.settled()
  const said = h.rin.ephemeralsTo(h.infra).at(-1)?.text
  expect(said).toMatch(/^• .*, our direct messages$/m)
  expect(said).toContain(`<#${h.infra.id}>`)
})
