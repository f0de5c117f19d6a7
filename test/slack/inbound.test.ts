// Who is heard in Slack, and how they are answered: in private, always.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals"
import type { Message } from "../fakes/slack/state.ts"
import { type House, openHouse, posts } from "./house.ts"

let h: House
beforeEach(async () => {
  h = await openHouse()
})
afterEach(async () => {
  // Whatever was done here, nobody but its reader saw a word of it.
  expect(h.slack.messages.filter((m) => m.via === "response_url")).toEqual([])
  await h.close()
})
const words = (on: readonly { readonly text: string }[]) => on.map((m) => m.text).join("\n")
const cardOf = (who: House["rin"]) => who.dm.findLast((m) => JSON.stringify(m.blocks).includes('"approve"')) as Message
const inPublic = () => h.slack.messages.filter((m) => m.bot?.botId === h.install.botId && m.channel === h.infra.id)
async function posted(): Promise<Message> {
  h.rin.mention(h.infra, "how do I rotate it?")
  await h.settled()
  await h.rin.clicks(cardOf(h.rin), "approve")
  await h.settled()
  return posts(h)[0] as Message
}

describe("who may ask", () => {
  test("a guest may not, and is told so alone", async () => {
    h.gus.mention(h.infra, "how?")
    await h.settled()
    expect(h.drafter.asked).toEqual([])
    expect(words(h.gus.ephemeralsTo(h.infra))).toContain("Guests cannot ask")
    expect(inPublic()).toEqual([])
  })
  test("somebody of another organisation, in a channel that is shared with them, may not", async () => {
    h.eve.mention(h.shared, "how?", { bot: h.install })
    await h.settled()
    expect(h.drafter.asked).toEqual([])
  })
  test("another bot may not", async () => {
    const bot = h.slack.person({ team: h.team, name: "Robot", bot: true })
    h.infra.members.add(bot.id)
    bot.mention(h.infra, "how?")
    await h.settled()
    expect(h.drafter.asked).toEqual([])
  })
  test("in a private channel only those who are in it", async () => {
    const ops = h.slack.channel({ team: h.team, name: "ops", kind: "private", members: [h.rin, h.install] })
    const question = h.rin.says(ops, "how do we do it?")
    await expect(h.platform.mayAct(h.personId(h.bo), h.place(ops, question))).resolves.toBe("stranger")
    await expect(h.platform.mayAct(h.personId(h.rin), h.place(ops, question))).resolves.toBe("member")
  })
  test("the shortcut, where the app is not in the channel, says so", async () => {
    const random = h.slack.channel({ team: h.team, name: "random", members: [h.rin, h.bo] })
    await h.rin.shortcut("draft_answer", h.bo.says(random, "how?"))
    await h.settled()
    expect(h.drafter.asked).toEqual([])
    expect(words(h.rin.dm)).toContain("I am not in this channel")
  })
  test("a message that was edited, or that somebody else wrote about the bot, asks nothing", async () => {
    const said = h.rin.says(h.infra, "nothing for anybody")
    h.rin.edits(said, "still nothing")
    await h.settled()
    expect(h.drafter.asked).toEqual([])
  })
})

test("what is for one pair of eyes stands where they can see it: in a thread only once it has replies", async () => {
  const question = h.rin.mention(h.infra, "how?")
  h.gus.mention(h.infra, "how?")
  await h.settled()
  expect(words(h.rin.sees(h.infra))).toContain("Your draft")
  expect(words(h.gus.sees(h.infra))).toContain("Guests cannot ask")
  h.bo.says(h.infra, "me too", { thread: question })
  h.bo.mention(h.infra, "me three", { thread: question })
  await h.settled()
  expect(words(h.bo.sees(question))).toContain("Your draft")
})

test.each([
  ["what Slack itself says in a direct message, in somebody's name", { subtype: "channel_topic" }],
  ["what a bot says in somebody's name", { bot_id: "B0OTHER" }],
])("%s asks nothing", async (_what, more) => {
  h.rin.tells("help")
  await h.settled()
  const delivery = h.slack.deliveries.find((d) => d.name === "message") as NonNullable<(typeof h.slack.deliveries)[number]>
  const event = { ...(delivery.body["event"] as object), ...more, text: "the topic", ts: "1700000000.000100" }
  await h.slack.replay({ ...delivery, body: { ...delivery.body, event } })
  await h.settled()
  expect(await h.ledger.heads({})).toEqual([])
})

describe("stop", () => {
  test.each(["stop", "wait, stop", "STOP. Do not post."])("'%s' to the bot stops the channel, and is no question", async (order) => {
    h.bo.mention(h.infra, order)
    await h.settled()
    expect(h.drafter.asked).toEqual([])
    expect(await h.flow.inbox.doors({ workspace: h.workspace, channel: h.infra.id })).toMatchObject([{ scope: { channel: h.infra.id } }])
    expect(words(h.bo.ephemeralsTo(h.infra))).toContain("Stopped in this channel")
    expect(inPublic()).toEqual([])
  })
  test("in a direct message it stops the workspace", async () => {
    h.bo.tells("stop")
    await h.settled()
    expect(await h.flow.inbox.doors({ workspace: h.workspace, channel: null })).toHaveLength(1)
  })
  test("everything stops also from where the app is not, and by the command in a direct message", async () => {
    const ops = h.slack.channel({ team: h.team, name: "ops", kind: "private", members: [h.rin, h.bo] })
    await h.rin.slash("/countersign", "stop everything", ops)
    await h.settled()
    expect(await h.flow.inbox.doors({ workspace: h.workspace, channel: null })).toHaveLength(1)
    await h.mira.slash("/countersign", "resume everything", h.infra)
    await h.settled()
    expect(await h.flow.inbox.doors({ workspace: h.workspace, channel: null })).toEqual([])
    await h.bo.slash("/countersign", "stop", h.bo.dmWith())
    await h.settled()
    expect(await h.flow.inbox.doors({ workspace: h.workspace, channel: h.infra.id })).toMatchObject([{ scope: { channel: null } }])
  })
  test.each([
    ["stop!", "channel"],
    ["Stop: it is wrong", "channel"],
    ["halt", "channel"],
    ["please stop posting", "channel"],
    ["STOP, everything", "workspace"],
    ["please stop everything", "workspace"],
  ])("'/countersign %s' stops the %s, as it would in a mention", async (order, what) => {
    await h.bo.slash("/countersign", order, h.infra)
    await h.settled()
    const channel = what === "channel" ? h.infra.id : null
    expect(await h.flow.inbox.doors({ workspace: h.workspace, channel: h.infra.id })).toMatchObject([{ scope: { channel } }])
  })
  test("a question about stopping is a question", async () => {
    h.bo.mention(h.infra, "how do I stop a container?")
    await h.settled()
    expect(h.drafter.asked).toHaveLength(1)
  })
  test("a guest stops nothing, and is not told otherwise", async () => {
    h.gus.mention(h.infra, "stop")
    await h.gus.slash("/countersign", "stop", h.infra)
    await h.settled()
    expect(words(h.gus.ephemeralsTo(h.infra))).toContain("Nothing was stopped")
    expect(words(h.gus.ephemeralsTo(h.infra))).not.toContain("Stopping")
    expect(await h.flow.inbox.doors({ workspace: h.workspace, channel: h.infra.id })).toEqual([])
  })
})

describe("/countersign", () => {
  const answer = async (who: House["rin"], text: string) => {
    await who.slash("/countersign", text, h.infra)
    await h.settled()
    return words(who.ephemeralsTo(h.infra))
  }
  test("help names what there is, and who one is", async () => {
    expect(await answer(h.rin, "help")).toMatch(/Draft an answer.*\/countersign stop.*slack:T0ACME\/U/s)
  })
  test("draft answers the newest message of a person", async () => {
    const question = h.bo.says(h.infra, "how do I rotate it?")
    await answer(h.rin, "draft")
    expect(h.drafter.asked).toMatchObject([{ thread: [{ id: `${h.infra.id}:${question.ts}`, role: "question", text: "how do I rotate it?" }] }])
    expect(h.rin.dm).toHaveLength(1)
  })
  test("draft with a question of one's own says where to ask it, ready to be copied, and asks nothing", async () => {
    const said = await answer(h.rin, "draft how do I `rotate` <!channel> it?")
    expect(said).toContain("`@Countersign how do I 'rotate' &lt;!channel&gt; it?`")
    expect(h.drafter.asked).toEqual([])
    await h.rin.slash("/countersign", "draft how do I rotate it?", h.rin.dmWith())
    expect(words(h.rin.ephemeralsTo(h.rin.dmWith()))).toContain("as a message here, without the command")
    expect(h.slack.rung).toEqual([])
  })
  test("draft with the link of a message answers that one", async () => {
    const question = h.bo.says(h.infra, "how do I rotate it?")
    h.bo.says(h.infra, "and another thing")
    await answer(h.rin, `draft https://acme.slack.com/archives/${h.infra.id}/p${question.ts.replace(".", "")}`)
    expect(h.drafter.asked[0]?.thread.find((m) => m.role === "question")?.text).toBe("how do I rotate it?")
  })
  test("draft with the link of a reply answers in its thread, also when the link does not name it", async () => {
    const root = h.bo.says(h.infra, "rotation")
    const reply = h.bo.says(h.infra, "how do I rotate it?", { thread: root })
    await answer(h.rin, `draft https://acme.slack.com/archives/${h.infra.id}/p${reply.ts.replace(".", "")}`)
    await h.rin.clicks(cardOf(h.rin), "approve")
    await h.settled()
    expect(posts(h)).toMatchObject([{ threadTs: root.ts }])
  })
  test("queue and status say what waits and what is stopped", async () => {
    expect(await answer(h.rin, "queue")).toContain("Nothing waits for you")
    h.rin.mention(h.infra, "how?")
    await h.settled()
    expect(await answer(h.rin, "queue")).toContain("One draft waits")
    expect(await answer(h.rin, "status")).toContain("Nothing is stopped here")
    await answer(h.bo, "stop <!channel> & more")
    expect(await answer(h.rin, "status")).toContain("Stopped in this channel by Bo: &lt;!channel&gt; &amp; more")
    const odd = h.slack.person({ team: h.team, name: "Bo\n\u202eNothing is stopped" })
    h.infra.members.add(odd.id)
    await answer(odd, "stop everything")
    expect(await answer(h.rin, "status")).toContain("Stopped in this workspace by Bo Nothing is stopped. ")
  })
})

describe("a post", () => {
  test("is reported from its menu, in private, and its approver hears of it", async () => {
    const post = await posted()
    await h.bo.shortcut("report_answer", post)
    await h.bo.submits(h.bo.modal as NonNullable<typeof h.bo.modal>, { words: "It is wrong." })
    await h.settled()
    expect(words(h.rin.dm)).toContain("reported a problem")
    expect(inPublic()).toHaveLength(1)
  })
  test("that somebody acted on tells them when it is retracted", async () => {
    const post = await posted()
    await h.bo.shortcut("acted_on", post)
    await h.settled()
    expect(words(h.bo.ephemeralsTo(h.infra))).toContain("Noted")
    await h.rin.opensHome()
    await h.settled()
    await h.rin.clicks(h.rin.home as NonNullable<typeof h.rin.home>, "retract")
    await h.rin.submits(h.rin.modal as NonNullable<typeof h.rin.modal>, { reason: "wrong" })
    await h.settled()
    expect(words(h.bo.dm)).toContain("was retracted: wrong advice")
    expect(JSON.stringify(post.blocks)).not.toContain("Answer 1")
    expect(JSON.stringify(post.blocks)).toContain("Retracted by Rin")
  })
  test("of somebody else is none of ours", async () => {
    await h.rin.shortcut("acted_on", h.bo.says(h.infra, "my own words"))
    await h.settled()
    expect(words(h.rin.ephemeralsTo(h.infra))).toContain("not a post of Countersign")
  })
})

test("App Home has the switch, what waits and what was posted; its switch stops", async () => {
  await posted()
  h.rin.mention(h.infra, "and how do I undo it?")
  await h.settled()
  await h.rin.opensHome()
  await h.settled()
  const shown = JSON.stringify(h.rin.home?.definition)
  expect(shown).toMatch(/"action_id":"stop".*"action_id":"review".*"action_id":"retract"/s)
  await h.rin.clicks(h.rin.home as NonNullable<typeof h.rin.home>, "stop")
  await h.settled()
  expect(await h.flow.inbox.doors({ workspace: h.workspace, channel: null })).toHaveLength(1)
  expect(JSON.stringify(h.rin.home?.definition)).toContain("Stopped in this workspace by Rin")
})
test("the review in the thread shows the whole text and approves it", async () => {
  const question = h.rin.mention(h.infra, "how do I rotate it?")
  h.bo.says(h.infra, "me too", { thread: question })
  await h.settled()
  const [pointer] = h.rin.ephemeralsTo(h.infra)
  await h.rin.clicks(pointer as NonNullable<typeof pointer>, "review")
  const modal = h.rin.modal as NonNullable<typeof h.rin.modal>
  expect(JSON.stringify(modal.definition)).toMatch(/Answer 1.*#infra · public · 5 members/s)
  expect(await h.rin.submits(modal)).toMatchObject({ outcome: "closed" })
  await h.settled()
  expect(posts(h)).toHaveLength(1)
})
test("a channel that is shared with others while the draft waits asks again", async () => {
  h.rin.mention(h.infra, "how?")
  await h.settled()
  h.slack.shares(h.infra, h.partner, "pending")
  await h.rin.clicks(cardOf(h.rin), "approve")
  await h.settled()
  expect(posts(h)).toEqual([])
  expect(JSON.stringify(cardOf(h.rin).blocks)).toContain("shared with")
})
describe("a message under our name that nobody approved", () => {
  const incidents = async () => (await h.ledger.read({ workspace: h.workspace, stream: "monitor" as never })).map((e) => e.fact)
  test("is an incident", async () => {
    await h.slack.impostor(h.install, h.infra, "Trust me.")
    await h.settled()
    expect(await incidents()).toMatchObject([{ kind: "rogueSeen", why: "unknown" }])
  })
  test("and so is one whose label was taken off, though its words are the same", async () => {
    const post = await posted()
    const bare = { channel: post.channel, ts: post.ts, text: post.text, blocks: post.blocks?.slice(1, -1), metadata: {} }
    await fetch(`${h.slack.url}chat.update`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${h.install.botToken}` },
      body: JSON.stringify(bare),
    })
    await h.settled()
    expect(await incidents()).toMatchObject([{ kind: "rogueSeen", why: "changed" }])
  })
  test("and so is one that was changed after it was posted; cards and notices are not", async () => {
    const post = await posted()
    expect(await incidents()).toEqual([])
    await fetch(`${h.slack.url}chat.update`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${h.install.botToken}` },
      body: JSON.stringify({ channel: post.channel, ts: post.ts, text: "Something else.", blocks: [{ type: "divider" }] }),
    })
    await h.settled()
    expect(await incidents()).toMatchObject([{ kind: "rogueSeen", why: "changed" }])
  })
})
