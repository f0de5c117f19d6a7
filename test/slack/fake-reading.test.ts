// conversations.*, users.*, auth.*, and what a person sees, on the local Slack.
import { describe, expect, test } from "@jest/globals"
import { client, said, world } from "./fake-world.ts"

describe("history and replies", () => {
  test("newest first without replies; replies oldest first with their root", async () => {
    const w = await world()
    const root = w.ann.says(w.infra, "how?")
    const so = w.bo.says(w.infra, "so", { thread: root })
    w.bo.says(w.infra, "next")
    const history = await w.web.conversations.history({ channel: w.infra.id })
    expect(history.messages?.map((m) => m.text)).toEqual(["next", "how?"])
    expect(history.messages?.[1]).toMatchObject({ reply_count: 1, thread_ts: root.ts, latest_reply: so.ts })
    const replies = await w.web.conversations.replies({ channel: w.infra.id, ts: root.ts })
    expect(replies.messages?.map((m) => m.text)).toEqual(["how?", "so"])
    const lone = await w.web.conversations.replies({ channel: w.infra.id, ts: so.ts })
    expect(lone.messages?.map((m) => m.text)).toEqual(["so"])
    expect(await said(w.web.conversations.replies({ channel: w.infra.id, ts: "1.000001" }))).toBe("thread_not_found")
  })
  test("metadata comes only when asked for", async () => {
    const w = await world()
    const metadata = { event_type: "ai_label", event_payload: { jti: "1" } }
    await w.web.chat.postMessage({ channel: w.infra.id, text: "x", metadata })
    const plain = await w.web.conversations.history({ channel: w.infra.id })
    expect(plain.messages?.[0]?.metadata).toEqual({ event_type: "ai_label" })
    const full = await w.web.conversations.history({ channel: w.infra.id, include_all_metadata: true })
    expect(full.messages?.[0]?.metadata).toEqual(metadata)
  })
  test("pages end where Slack says, and their cursors lead through all of it once", async () => {
    const w = await world({ slack: { maxPage: 3 } })
    for (let i = 0; i < 8; i += 1) w.ann.says(w.infra, `${i}`)
    const seen: string[] = []
    let pages = 0
    for await (const page of w.web.paginate("conversations.history", { channel: w.infra.id, limit: 100 })) {
      pages += 1
      for (const m of (page as { messages?: { text: string }[] }).messages ?? []) seen.push(m.text)
    }
    expect(pages).toBe(3)
    expect(seen).toEqual(["7", "6", "5", "4", "3", "2", "1", "0"])
    expect(await said(w.web.conversations.history({ channel: w.infra.id, cursor: "made-up" }))).toBe("invalid_cursor")
    expect(await said(w.web.conversations.history({ channel: w.infra.id, limit: 5_000 }))).toBe("invalid_limit")
  })
  test("oldest and latest bound it to the microsecond", async () => {
    const w = await world()
    const [a, b, c] = ["a", "b", "c"].map((t) => w.ann.says(w.infra, t))
    const texts = async (more: object) => (await w.web.conversations.history({ channel: w.infra.id, ...more })).messages?.map((m) => m.text)
    expect(await texts({ oldest: a?.ts, latest: c?.ts })).toEqual(["b"])
    expect(await texts({ oldest: b?.ts, latest: b?.ts, inclusive: true })).toEqual(["b"])
    expect(await said(w.web.conversations.history({ channel: w.infra.id, oldest: "yesterday" }))).toBe("invalid_ts_oldest")
  })
  test("it may lag behind what was posted", async () => {
    const w = await world({ slack: { historyLagMs: 2_000 } })
    await w.web.chat.postMessage({ channel: w.infra.id, text: "x" })
    const count = async () => (await w.web.conversations.history({ channel: w.infra.id })).messages?.length
    expect(await count()).toBe(0)
    await w.slack.tick(2_000)
    expect(await count()).toBe(1)
  })
  test("where the bot is no member it reads nothing", async () => {
    const w = await world()
    const open = w.slack.channel({ team: w.acme, name: "open", members: [w.ann] })
    const hidden = w.slack.channel({ team: w.acme, name: "hidden", kind: "private", members: [w.ann] })
    expect(await said(w.web.conversations.history({ channel: open.id }))).toBe("not_in_channel")
    expect(await said(w.web.conversations.history({ channel: hidden.id }))).toBe("channel_not_found")
    expect(await said(w.web.conversations.info({ channel: open.id }))).toBe("ok")
    expect(await said(w.web.conversations.info({ channel: hidden.id }))).toBe("channel_not_found")
  })
})

describe("conversations", () => {
  test("info tells private from shared from pending, and counts when asked", async () => {
    const w = await world()
    const other = w.slack.team({ name: "Other" })
    const info = async (id: string) => (await w.web.conversations.info({ channel: id, include_num_members: true })).channel
    const big = w.slack.channel({ team: w.acme, name: "big", members: [w.bot], crowd: 1_242 })
    expect(await info(big.id)).toMatchObject({ name: "big", num_members: 1_243, is_private: false, is_ext_shared: false, is_member: true })
    const shared = w.slack.channel({ team: w.acme, name: "shared", kind: "private", members: [w.bot], sharedWith: [other] })
    expect(await info(shared.id)).toMatchObject({ is_private: true, is_shared: true, is_ext_shared: true, connected_team_ids: [other.id] })
    w.slack.shares(w.infra, other, "pending")
    expect(await info(w.infra.id)).toMatchObject({ is_ext_shared: false, is_pending_ext_shared: true, pending_connected_team_ids: [other.id] })
    expect((await w.web.conversations.info({ channel: w.infra.id })).channel).not.toHaveProperty("num_members")
  })
  test("sharing inside one organisation is not sharing with another", async () => {
    const w = await world()
    const org = { id: "E0ORG", name: "Org" }
    const [here, there] = ["Here", "There"].map((name) => w.slack.team({ name, enterprise: org }))
    if (here === undefined || there === undefined) throw new Error("two teams")
    const bot = w.slack.install(w.app, here, ["channels:read"])
    const channel = w.slack.channel({ team: here, name: "both", members: [bot], sharedWith: [there] })
    const info = await client(w.slack, bot.botToken).conversations.info({ channel: channel.id })
    expect(info.channel).toMatchObject({ is_shared: true, is_org_shared: true, is_ext_shared: false })
  })
  test("a channel may be private on the other side", async () => {
    const w = await world()
    const other = w.slack.team({ name: "Other" })
    const channel = w.slack.channel({ team: other, name: "theirs", members: [w.bot], sharedWith: [w.acme], flippedFor: [w.acme] })
    expect((await w.web.conversations.info({ channel: channel.id })).channel).toMatchObject({ is_private: true, is_group: true })
  })
  test("members are paged; open gives the same conversation each time; lists hold what the bot may know", async () => {
    const w = await world()
    const { members } = await w.web.conversations.members({ channel: w.infra.id, limit: 2 })
    expect(members).toHaveLength(2)
    expect(await said(w.web.conversations.members({ channel: w.infra.id, cursor: "made-up" }))).toBe("invalid_cursor")
    const [one, two] = [await w.web.conversations.open({ users: w.ann.id }), await w.web.conversations.open({ users: w.ann.id })]
    expect(one.channel?.id).toBe(two.channel?.id)
    w.slack.channel({ team: w.acme, name: "hidden", kind: "private", members: [w.ann] })
    const { channels } = await w.web.users.conversations({ types: "public_channel,private_channel,im" })
    expect(channels?.map((c) => c.id).sort()).toEqual([w.infra.id, one.channel?.id].sort())
    expect(await said(w.web.conversations.list({ types: "mpim" }))).toBe("missing_scope")
  })
})

describe("who somebody is", () => {
  test("members, guests, admins, bots, those who left", async () => {
    const w = await world()
    const as = async (seed: object) => (await w.web.users.info({ user: w.slack.person({ team: w.acme, name: "x", ...seed }).id })).user
    expect(await as({})).toMatchObject({ is_restricted: false, is_ultra_restricted: false, is_admin: false, is_bot: false, team_id: "T0ACME" })
    expect(await as({ guest: "multi" })).toMatchObject({ is_restricted: true, is_ultra_restricted: false })
    expect(await as({ guest: "single" })).toMatchObject({ is_restricted: true, is_ultra_restricted: true })
    expect(await as({ admin: true })).toMatchObject({ is_admin: true })
    expect(await as({ bot: true })).toMatchObject({ is_bot: true })
    expect(await as({ deleted: true })).toMatchObject({ deleted: true })
    expect(await said(w.web.users.info({ user: "U0NOBODY" }))).toBe("user_not_found")
  })
  test("a foreigner is a stranger until we share a channel; afterwards only the team tells", async () => {
    const w = await world()
    const eve = w.slack.person({ team: w.slack.team({ name: "Other" }), name: "eve", admin: true })
    const info = async () => (await w.web.users.info({ user: eve.id })).user
    expect(await info()).toMatchObject({ is_stranger: true, team_id: eve.user.team })
    w.slack.shares(w.infra, w.slack.team({ id: eve.user.team, name: "Other" }), "accepted")
    w.slack.joins(w.infra, eve)
    expect(await info()).toMatchObject({ is_stranger: false, team_id: eve.user.team, is_admin: false })
  })
  test("auth.test says who we are and, in a header, what we may", async () => {
    const w = await world()
    const test_ = await w.web.auth.test()
    expect(test_).toMatchObject({ team_id: "T0ACME", user_id: w.bot.botUserId, bot_id: w.bot.botId, is_enterprise_install: false })
    expect(test_.response_metadata?.scopes).toEqual([...w.bot.scopes])
    expect((await w.web.bots.info({ bot: w.bot.botId })).bot).toMatchObject({ app_id: w.app.id, user_id: w.bot.botUserId })
  })
  test.each([
    ["not_authed", ""],
    ["invalid_auth", "xoxb-made-up"],
  ])("%s", async (error, token) => {
    const w = await world()
    expect(await said(client(w.slack, token).auth.test())).toBe(error)
  })
  test("an app token is no bot token, nor the other way round; an unknown method is unknown", async () => {
    const w = await world()
    expect(await said(client(w.slack, w.app.appToken).auth.test())).toBe("not_allowed_token_type")
    expect(await said(w.web.apps.connections.open())).toBe("not_allowed_token_type")
    expect(await said(w.web.apiCall("chat.postPublicly"))).toBe("unknown_method")
    w.slack.revokes(w.bot)
    expect(await said(w.web.auth.test())).toBe("token_revoked")
  })
})

describe("people", () => {
  test("see what they may, and can do nothing where they may not look", async () => {
    const w = await world()
    const cy = w.slack.person({ team: w.acme, name: "cy" })
    const gus = w.slack.person({ team: w.acme, name: "gus", guest: "multi" })
    const eve = w.slack.person({ team: w.slack.team({ name: "Other" }), name: "eve" })
    const hers = w.ann.says(w.infra, "hello")
    expect(cy.sees(w.infra)).toEqual([hers])
    expect(() => gus.sees(w.infra)).toThrow("cannot see")
    expect(() => eve.sees(w.infra)).toThrow("cannot see")
    expect(() => cy.says(w.infra, "x")).toThrow("is not in")
    expect(() => w.bo.edits(hers, "x")).toThrow("own")
    expect(() => w.bo.deletes(hers)).toThrow("own")
    await expect(async () => eve.slash("/countersign", "", w.infra)).rejects.toThrow("not installed")
    await expect(async () => w.ann.slash("/other", "", w.infra)).rejects.toThrow("no command")
    await expect(async () => w.ann.shortcut("other", hers)).rejects.toThrow("no such shortcut")
    await w.slack.quiet()
  })
})
