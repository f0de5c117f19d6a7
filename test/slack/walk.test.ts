// The walk of one mention in Slack, without a browser: real Bolt and web client, over both transports.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals"
import { readSlack } from "../../src/label/read/slack.ts"
import type { Message } from "../fakes/slack/state.ts"
import { type By, type House, openHouse, posts } from "./house.ts"

describe.each(["socket", "http"] as const)("by %s", (by: By) => {
  let house: House
  beforeEach(async () => {
    house = await openHouse({ by })
  })
  afterEach(() => house.close())

  test("a mention becomes a private card, and a click on it the one public post", async () => {
    const { rin, bo, infra } = house
    house.drafter.next({ answer: "Run `vault rotate`.", sources: [] })
    const question = bo.says(infra, "How do I rotate the password?")
    rin.mention(infra, "please answer", { thread: question })
    await house.settled()
    const [card] = rin.dm
    expect(posts(house)).toEqual([])
    expect(JSON.stringify(card?.blocks)).toContain("Run `vault rotate`.")
    expect(bo.dm).toEqual([])
    expect(house.slack.rung.filter((r) => r.message.bot !== null)).toEqual([])

    await rin.clicks(card as Message, "approve")
    await house.settled()
    const [post] = posts(house)
    expect(posts(house)).toHaveLength(1)
    expect(post).toMatchObject({ channel: infra.id, threadTs: question.ts, unfurl: { links: false, media: false } })
    const read = readSlack(rin.json(post as Message))
    expect(read.between).toContain("Run vault rotate.")
    expect(read.whole).toMatch(/^✦ AI-generated · approved by Rin/)
    const settled = rin.dm[0] as Message
    expect(JSON.stringify(settled.blocks)).toContain("Posted")
    expect(JSON.stringify(settled.blocks)).not.toContain("approve")
  })
  test("the message shortcut drafts an answer to somebody else's message, for the one who used it", async () => {
    const { rin, bo, infra } = house
    const question = bo.says(infra, "How do I rotate the password?")
    await rin.shortcut("draft_answer", question)
    await house.settled()
    expect(rin.dm).toHaveLength(1)
    expect(bo.dm).toEqual([])
    await rin.clicks(rin.dm[0] as Message, "approve")
    await house.settled()
    expect(posts(house)).toMatchObject([{ channel: infra.id, threadTs: question.ts }])
  })
  test("a second person's request about the same message is one of its own", async () => {
    const { rin, mira, bo, infra } = house
    const question = bo.says(infra, "How do I rotate the password?")
    await rin.shortcut("draft_answer", question)
    await mira.shortcut("draft_answer", question)
    await house.settled()
    expect([rin.dm, mira.dm].map((dm) => dm.length)).toEqual([1, 1])
  })
  test("a mention that tells of itself twice, as mention and as message, is one ask", async () => {
    house.rin.mention(house.infra, "how do I rotate it?")
    await house.settled()
    expect(house.slack.deliveries.map((d) => d.name)).toEqual(expect.arrayContaining(["app_mention", "message"]))
    expect(house.drafter.asked).toHaveLength(1)
    expect(house.rin.dm).toHaveLength(1)
  })
  test("a direct message is answered there, after approval", async () => {
    const said = house.rin.tells("How do I rotate it?")
    await house.settled()
    const card = house.rin.dm.find((m) => m.bot !== null) as Message
    await house.rin.clicks(card, "approve")
    await house.settled()
    expect(posts(house)).toMatchObject([{ channel: said.channel, threadTs: said.ts }])
  })
  test("an edit in the modal is a new revision, and what is posted is the edited text", async () => {
    house.rin.mention(house.infra, "how?")
    await house.settled()
    await house.rin.clicks(house.rin.dm[0] as Message, "edit")
    const modal = house.rin.modal
    if (modal === null) throw new Error("no modal")
    const field = JSON.stringify(modal.definition).match(/"block_id":"(text:0:[^"]+)"/)?.[1] ?? ""
    expect(await house.rin.submits(modal, { [field]: "My own words." })).toMatchObject({ outcome: "closed" })
    await house.settled()
    await house.rin.clicks(house.rin.dm[0] as Message, "approve")
    await house.settled()
    expect(readSlack(house.rin.json(posts(house)[0] as Message)).between).toContain("My own words.")
  })
})
