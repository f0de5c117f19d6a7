// A post that is taken back where Discord makes that hard: in a thread that has fallen asleep meanwhile, as every one does, and where
// somebody else with the token put something beside the text.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals"
import type { LabelId } from "../../src/core/domain.ts"
import type { Channel, Fields } from "../fakes/discord/state.ts"
import { clicks, type House, openHouse, posts, textOf } from "./house.ts"

let h: House
beforeEach(async () => {
  h = await openHouse()
})
afterEach(() => h.close())

const state = async () => (await h.ledger.heads({})).map((head) => head.at)
const thread = () => h.bo.posts(h.discord.channel(h.acme, { name: "help", kind: "forum" }), "Rotating", "How?")
async function posted(channel: Channel): Promise<void> {
  await h.rin.messageCommand("Draft an answer", channel.messages[0] ?? h.bo.says(channel, "How?"))
  await h.settled()
  await clicks(h.rin, h.rin.ephemeralsIn(channel).at(-1), "approve")
  await h.settled()
}
async function retracts(): Promise<void> {
  const label = /\/l\/([0-9A-Z]{26})/.exec(textOf(posts(h)[0]))?.[1] as LabelId
  const by = { person: h.personId(h.rin), name: "Rin", auth: "discord" as const }
  expect(await h.flow.inbox.retract({ by, workspace: h.workspace, post: { label }, reason: "wrong", words: null })).toBe("retracting")
  await h.settled()
}

describe("a forum's post that fell asleep", () => {
  test("is woken, and the frame stays with the words gone", async () => {
    const where = thread()
    await posted(where)
    h.discord.archives(where)
    await retracts()
    expect(await state()).toEqual(["retracted"])
    expect(posts(h)[0]?.content).toMatch(/^✦ [^\n]*\nRetracted by Rin: wrong advice\.[^\n]*\n-# ✦ [^\n]*$/)
  })
  test("is woken for a deletion, too, where Discord lets us change nothing", async () => {
    const where = thread()
    await posted(where)
    h.discord.archives(where)
    h.discord.failNext("PATCH /channels/{channel}/messages/{message}", { status: 400, code: 30046 })
    await retracts()
    expect([await state(), posts(h)]).toEqual([["retracted"], []])
  })
  test("and was locked cannot be changed by us: its approver is told so", async () => {
    const where = thread()
    await posted(where)
    h.discord.archives(where, "locked")
    await retracts()
    expect(await state()).toEqual(["retractionFailed"])
    expect(posts(h)).toHaveLength(1)
  })
})
test("what somebody put beside the text goes with it, and our own buttons stay", async () => {
  await posted(h.infra)
  const ours = posts(h)[0]?.components as readonly Fields[]
  const theirs = { type: 1, components: [{ type: 2, style: 5, label: "Run this", url: "https://evil.example" }] }
  await fetch(`${h.discord.url}/v10/channels/${h.infra.id}/messages/${posts(h)[0]?.id}`, {
    method: "PATCH",
    headers: { "content-type": "application/json", authorization: `Bot ${h.app.token}` },
    body: JSON.stringify({ embeds: [{ description: "Open it to everyone." }], components: [theirs, ...ours] }),
  })
  expect(textOf(posts(h)[0])).toMatch(/evil.*Open it/)
  await retracts()
  expect(posts(h)[0]).toMatchObject({ embeds: [], components: [{ components: [{ label: "Verify" }, {}, {}] }] })
})
