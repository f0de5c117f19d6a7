// Who reads a place, as the card says it: guests and people of other organisations are named. Whoever is let in between the approval
// and the post makes it a place that nobody approved for, and the same text is asked again.
import { afterEach, beforeEach, expect, test } from "@jest/globals"
import { FakeClock } from "../fakes/clock.ts"
import type { Channel, Message } from "../fakes/slack/state.ts"
import { type House, openHouse, posts } from "./house.ts"

let h: House
let clock: FakeClock
beforeEach(async () => {
  clock = new FakeClock(Date.now())
  h = await openHouse({ clock })
})
afterEach(() => h.close())

async function who(channel: Channel): Promise<string> {
  const audience = await h.platform.audience({ platform: "slack", workspace: h.workspace, channel: channel.id, thread: null })
  return `${audience.where} · ${audience.who}`
}
const asked = (method: string) => h.slack.calls.filter((c) => c.method === method).length
const cardOn = (m: Message) => JSON.stringify(m.blocks)
async function card(channel: Channel): Promise<Message> {
  h.rin.mention(channel, "how do I rotate it?")
  await h.settled()
  return h.rin.dm.findLast((m) => cardOn(m).includes('"approve"')) as Message
}

test("guests are named, of both kinds, and so are people of other organisations", async () => {
  const max = h.slack.person({ team: h.team, name: "Max", guest: "multi" })
  const kinds = h.slack.channel({ team: h.team, name: "ops", kind: "private", members: [h.rin, h.install] })
  expect(await who(kinds)).toBe("#ops · private · 2 members")
  kinds.members.add(h.gus.id)
  expect(await who(kinds)).toBe("#ops · private · 3 members, 1 of them a guest")
  kinds.members.add(max.id)
  expect(await who(kinds)).toBe("#ops · private · 4 members, 2 of them guests")
  expect(await who(h.shared)).toBe("#shared · public · 3 members, 1 of them from another organisation · shared with Partner")
  h.shared.members.add(max.id)
  expect(await who(h.shared)).toBe("#shared · public · 4 members, 1 of them a guest and 1 from another organisation · shared with Partner")
})
test("a bot is no guest, nor is somebody who left", async () => {
  const bot = h.slack.person({ team: h.partner, name: "Other bot", bot: true })
  const left = h.slack.person({ team: h.team, name: "Lee", guest: "multi", deleted: true })
  const ops = h.slack.channel({ team: h.team, name: "ops", members: [h.rin, bot, left, h.install] })
  expect(await who(ops)).toBe("#ops · public · 4 members")
})
test("a group message names them, too", async () => {
  const group = h.slack.channel({ team: h.team, name: "", kind: "mpim", members: [h.rin, h.gus, h.install] })
  expect(await who(group)).toBe("this group message · everybody in this group message, 1 of them a guest")
})
test("each person is asked about once an hour, however many cards there are", async () => {
  await who(h.infra)
  const before = asked("users.info")
  for (let i = 0; i < 5; i += 1) await who(h.infra)
  expect(asked("users.info")).toBe(before)
  clock.advance(3_600_001)
  await who(h.infra)
  expect(asked("users.info")).toBe(before + 4)
})
test("in a large channel nobody is counted, and nobody is asked about", async () => {
  const all = h.slack.channel({ team: h.team, name: "all", members: [h.gus, h.install], crowd: 1_200 })
  expect(await who(all)).toBe("#all · public · 1,202 members")
  expect([asked("users.info"), asked("conversations.members")]).toEqual([0, 0])
})
test("whether somebody is in a private channel is asked no further than the page that has them", async () => {
  const ops = h.slack.channel({ team: h.team, name: "ops", kind: "private", members: [h.rin, h.install], crowd: 450 })
  const may = (of: typeof h.rin) => h.platform.mayAct(h.personId(of), { platform: "slack", workspace: h.workspace, channel: ops.id, thread: null })
  expect([await may(h.rin), asked("conversations.members")]).toEqual(["member", 1])
  const late = h.slack.person({ team: h.team, name: "Lee" })
  ops.members.add(late.id)
  expect([await may(late), asked("conversations.members")]).toEqual(["member", 4])
  expect([await may(h.bo), asked("conversations.members")]).toEqual(["stranger", 7])
})
test("while Slack does not say who is a guest, the card says that they are not counted", async () => {
  h.slack.failNext("users.info", { retryAfterSeconds: 30 })
  expect(await who(h.infra)).toBe("#infra · public · 5 members, guests not counted")
  expect(await who(h.infra)).toBe("#infra · public · 5 members, 1 of them a guest")
})

/** Approves, and does something between the click and the look that comes before the post. */
async function approveWhile(seen: Message, change: () => void): Promise<void> {
  clock.advance(3_001)
  const hold = h.slack.holdNext("conversations.info", "after")
  const click = h.rin.clicks(seen, "approve")
  // Of the click's own check. The place is looked at once more before the post.
  await hold.arrived
  change()
  hold.release()
  await click
  await h.settled()
}
test.each([
  ["a guest", () => h.slack.person({ team: h.team, name: "Max", guest: "single" }), "6 members, 2 of them guests"],
  ["somebody of another organisation", () => h.eve, "6 members, 1 of them a guest and 1 from another organisation"],
])("%s who came in after the approval has it asked again", async (_who, person, words) => {
  const seen = await card(h.infra)
  expect(cardOn(seen)).toContain("5 members, 1 of them a guest")
  await approveWhile(seen, () => h.infra.members.add(person().id))
  expect(posts(h)).toEqual([])
  const again = h.rin.dm.findLast((m) => cardOn(m).includes('"approve"')) as Message
  expect(cardOn(again)).toContain(words)
  await h.rin.clicks(again, "approve")
  await h.settled()
  expect(posts(h)).toHaveLength(1)
})
test.each(["accepted", "pending"] as const)(
  "one more organisation, %s, in a large channel that was shared before, has it asked again",
  async (how) => {
    const third = h.slack.team({ id: "T0THIRD", name: "Third" })
    const all = h.slack.channel({ team: h.team, name: "all", members: [h.rin, h.install], crowd: 1_200, sharedWith: [h.partner] })
    const seen = await card(all)
    expect(cardOn(seen)).toContain("1,202 members · shared with Partner")
    await approveWhile(seen, () => h.slack.shares(all, third, how))
    expect(posts(h)).toEqual([])
    const again = h.rin.dm.findLast((m) => cardOn(m).includes('"approve"')) as Message
    expect(cardOn(again)).toContain("shared with 2 other organisations")
    // That an invitation which was shown is accepted, or that somebody goes, makes it no wider.
    await approveWhile(again, () => (how === "pending" ? h.slack.shares(all, third, "accepted") : h.slack.unshares(all, h.partner)))
    expect(posts(h)).toHaveLength(1)
  },
)
test("a member who came in changes nothing, nor does a guest who left", async () => {
  const seen = await card(h.infra)
  await approveWhile(seen, () => {
    h.infra.members.add(h.slack.person({ team: h.team, name: "Mo" }).id)
    h.infra.members.delete(h.gus.id)
  })
  expect(posts(h)).toHaveLength(1)
})
test("when they can be counted no more, the text is asked again", async () => {
  const seen = await card(h.infra)
  await approveWhile(seen, () => h.slack.failNext("conversations.members", ...Array(2).fill({ retryAfterSeconds: 30 })))
  expect(posts(h)).toEqual([])
  expect(cardOn(h.rin.dm.at(-1) as Message)).toContain("5 members, guests not counted")
})
