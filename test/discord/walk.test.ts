// The walk of one question in Discord: real discord.js, by a message's menu, by command and by mention, in channels and threads.
import { afterEach, beforeEach, expect, test } from "@jest/globals"
import { readDiscord } from "../../src/label/read/discord.ts"
import { clicks, type House, idOf, openHouse, posts, textOf } from "./house.ts"

let h: House
beforeEach(async () => {
  h = await openHouse()
})
afterEach(() => h.close())

test("Draft an answer: a card that one person sees, and a click on it the one public post", async () => {
  const { rin, bo, infra } = h
  h.drafter.next({ answer: "Run `vault rotate`.", sources: [] })
  const question = bo.says(infra, "How do I rotate the password?")
  await rin.messageCommand("Draft an answer", question)
  await h.settled()
  expect(posts(h)).toEqual([])
  expect(bo.sees(infra)).toEqual([question])
  const [card, ...more] = rin.ephemeralsIn(infra)
  expect(more).toEqual([])
  expect(textOf(card)).toContain("Run `vault rotate`.")
  expect(h.drafter.asked[0]?.thread).toMatchObject([{ role: "question", author: "Bo", text: "How do I rotate the password?" }])

  await clicks(rin, card, "approve")
  await h.settled()
  const [post] = posts(h)
  expect(posts(h)).toHaveLength(1)
  expect(post?.channel).toBe(infra)
  expect(post?.replyTo).toBe(question)
  expect(post?.pings).toEqual({ users: [], roles: [], everyone: false })
  const read = readDiscord({ content: post?.content, components: post?.components })
  expect(read.between).toContain("vault rotate")
  expect(read.whole).toMatch(/^✦ AI-generated · approved by Rin/)
  const settled = rin.ephemeralsIn(infra)[0]
  expect(textOf(settled)).toContain("Posted")
  expect(idOf(settled, "approve")).toBeNull()
  expect(rin.dm).toEqual([])
})
