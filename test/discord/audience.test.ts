// Who can read a place in Discord, as the card says it: over roles, overwrites, threads, and what is open to those outside.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals"
import type { PersonId, Place } from "../../src/core/domain.ts"
import type { Channel } from "../fakes/discord/state.ts"
import { type House, openHouse } from "./house.ts"

let h: House
beforeEach(async () => {
  h = await openHouse()
})
afterEach(() => h.close())
const audience = (channel: Channel) => h.platform.audience(h.place(channel))
const hidden = (...allow: Parameters<House["discord"]["overwrites"]>[1][]) =>
  h.discord.channel(h.acme, {
    name: "ops",
    overwrites: [{ for: h.acme, deny: ["VIEW_CHANNEL"] }, { for: h.app.user, allow: ["VIEW_CHANNEL"] }, ...allow],
  })

test("everyone, where the role of everyone sees it", async () => {
  expect(await audience(h.infra)).toEqual({ scope: "members", where: "#infra", title: null, who: "everyone in this server", people: 5 })
})
describe("some, where it is closed to everyone", () => {
  test("the members of roles, and people who are named", async () => {
    const [ops, dev] = ["ops", "dev"].map((name) => h.discord.role(h.acme, { name }))
    h.discord.role(h.acme, { name: "boss", permissions: ["ADMINISTRATOR"] })
    h.discord.role(h.acme, { name: "unrelated" })
    const channel = hidden(
      { for: ops as NonNullable<typeof ops>, allow: ["VIEW_CHANNEL"] },
      { for: dev as NonNullable<typeof dev>, allow: ["VIEW_CHANNEL"] },
      { for: h.bo.user, allow: ["VIEW_CHANNEL"] },
    )
    expect(await audience(channel)).toMatchObject({
      scope: "group",
      where: "#ops (members of 3 roles and 1 person)",
      who: "members of 3 roles and 1 person",
      people: null,
    })
  })
  test("nobody but the owner and the bot", async () => {
    const own = [...h.acme.roles.values()].find((r) => r.botId === h.app.user.id)
    const channel = hidden({ for: own as NonNullable<typeof own>, allow: ["VIEW_CHANNEL"] })
    expect(await audience(channel)).toMatchObject({ scope: "group", who: "the owner of this server" })
  })
})
test.each([["DISCOVERABLE"], ["PREVIEW_ENABLED"]])("the internet, where anybody can look or join: %s", async (feature) => {
  h.discord.features(h.acme, "COMMUNITY", feature)
  expect(await audience(h.infra)).toMatchObject({ scope: "internet", people: null })
  // What is closed to everyone in it is closed to those outside.
  expect(await audience(hidden())).toMatchObject({ scope: "group" })
})
test("an announcement channel may be followed by other servers", async () => {
  const news = h.discord.channel(h.acme, { name: "news", kind: "announcement" })
  expect(await audience(news)).toMatchObject({ scope: "shared", who: expect.stringContaining("other servers that follow this channel") })
})
test("a thread is read by those who read its channel; a private one by those who are in it", async () => {
  const open = h.bo.startsThread(h.infra, "Rotating")
  expect(await audience(open)).toMatchObject({ scope: "members", where: "this thread in #infra", title: "Rotating", people: 5 })
  const closed = h.bo.startsThread(h.infra, "Between us", { private: "private" })
  closed.thread?.members.add(h.app.user.id)
  expect(await audience(closed)).toMatchObject({ scope: "group", title: "Between us", people: null })
})
test("what changes is known at once, and a place of another server or channel is none", async () => {
  expect(await audience(h.infra)).toMatchObject({ scope: "members" })
  const thread = h.bo.startsThread(h.infra, "Rotating")
  h.discord.overwrites(h.infra, { for: h.acme, deny: ["VIEW_CHANNEL"] }, { for: h.app.user, allow: ["VIEW_CHANNEL"] })
  await h.settled()
  expect(await audience(h.infra)).toMatchObject({ scope: "group" })
  const beta = h.discord.guild({ name: "Beta" })
  h.discord.install(h.app, beta, ["VIEW_CHANNEL"])
  const place: Place = { ...h.place(h.infra), workspace: `discord:${beta.id}` as Place["workspace"] }
  await expect(h.platform.audience(place)).rejects.toThrow("cannot see it")
  await expect(h.platform.audience({ ...h.place(thread), channel: thread.id })).rejects.toThrow("cannot see it")
})

describe("who may act", () => {
  const may = (who: House["rin"], channel: Channel) => h.platform.mayAct(h.personId(who), h.place(channel))
  test("members, moderators by the permission to manage messages, admins by name", async () => {
    expect([await may(h.rin, h.infra), await may(h.mira, h.infra)]).toEqual(["member", "admin"])
    const role = h.discord.role(h.acme, { name: "Mods", permissions: ["MANAGE_MESSAGES"] })
    h.discord.gives(h.acme, role, h.rin)
    expect(await may(h.rin, h.infra)).toBe("moderator")
    h.discord.overwrites(h.infra, { for: h.rin.user, deny: ["MANAGE_MESSAGES"] })
    await h.settled()
    expect(await may(h.rin, h.infra)).toBe("member")
  })
  test("readers where they may only read, who report and stop it from elsewhere; those in charge stay what they are", async () => {
    h.discord.overwrites(h.infra, { for: h.acme, deny: ["SEND_MESSAGES"] })
    const thread = h.bo.startsThread(h.infra, "Rotating")
    expect([await may(h.rin, h.infra), await may(h.mira, h.infra), await may(h.rin, thread)]).toEqual(["reader", "admin", "member"])
    expect(await h.platform.mayAct(h.personId(h.rin), { ...h.place(h.infra), channel: "direct" })).toBe("member")
    const role = h.discord.role(h.acme, { name: "Mods", permissions: ["MANAGE_MESSAGES"] })
    h.discord.gives(h.acme, role, h.rin)
    expect(await may(h.rin, h.infra)).toBe("moderator")
    h.discord.overwrites(h.infra, { for: h.acme, deny: ["SEND_MESSAGES_IN_THREADS"] })
    await h.settled()
    expect([await may(h.bo, h.infra), await may(h.bo, thread)]).toEqual(["member", "reader"])
    // A guest may be let ask, and still says nothing where nobody lets them write.
    Object.assign(h.acme.members.get(h.bo.user.id) ?? {}, { pending: true })
    expect([await may(h.bo, h.infra), await may(h.bo, thread)]).toEqual(["guest", "reader"])
  })
  test("nobody who cannot see the channel, or who is not in the private thread", async () => {
    expect(await may(h.mira, hidden())).toBe("stranger")
    const closed = h.bo.startsThread(h.infra, "Between us", { private: "private" })
    closed.thread?.members.add(h.app.user.id)
    expect([await may(h.bo, closed), await may(h.rin, closed)]).toEqual(["member", "stranger"])
  })
  test("nobody who may not enter a voice channel, whose words are for those who may", async () => {
    const voice = h.discord.channel(h.acme, { name: "standup", kind: "voice" })
    expect(await may(h.rin, voice)).toBe("member")
    h.discord.overwrites(voice, { for: h.rin.user, deny: ["CONNECT"] })
    await h.settled()
    expect([await may(h.rin, voice), await may(h.bo, voice)]).toEqual(["stranger", "member"])
  })
  test("nobody, where the place does not hang together", async () => {
    const thread = h.bo.startsThread(h.infra, "Rotating")
    const other = h.discord.channel(h.acme, { name: "other" })
    expect(await h.platform.mayAct(h.personId(h.rin), h.place(thread))).toBe("member")
    expect(await h.platform.mayAct(h.personId(h.rin), { ...h.place(thread), channel: other.id })).toBe("stranger")
  })
  test("no bot, not even with every permission", async () => {
    const other = h.discord.app({ name: "Parrot" })
    h.discord.install(other, h.acme, ["ADMINISTRATOR"])
    expect(await may(h.discord.actor(other), h.infra)).toBe("stranger")
    expect(await may(h.discord.actor(h.app), h.infra)).toBe("stranger")
  })
  test("a channel of another server is judged there", async () => {
    const beta = h.discord.guild({ name: "Beta" })
    h.discord.install(h.app, beta, ["VIEW_CHANNEL"])
    const lounge = h.discord.channel(beta, { name: "lounge" })
    const place = { ...h.place(lounge), workspace: `discord:${beta.id}` as Place["workspace"] }
    h.rin.joins(beta)
    // Known there under another name: an account is one person for each server.
    expect(await h.platform.mayAct(h.personId(h.rin), place)).toBe("stranger")
    expect(await h.platform.mayAct(`discord:${beta.id}/${h.rin.id}` as PersonId, place)).toBe("member")
  })
})
