// chat.* on the local Slack: who may post where, what a message may hold, what an update takes away, what nobody may change.
import { describe, expect, test } from "@jest/globals"
import { allScopes, said, world } from "./fake-world.ts"

const section = (text: string, more = {}) => ({ type: "section", text: { type: "mrkdwn", text }, ...more })

describe("where an app may post", () => {
  test("in its channels, in a thread, to a person", async () => {
    const w = await world()
    const root = w.ann.says(w.infra, "how?")
    const reply = await w.web.chat.postMessage({ channel: w.infra.id, thread_ts: root.ts, text: "so" })
    expect(reply).toMatchObject({
      ok: true,
      channel: w.infra.id,
      message: { thread_ts: root.ts, bot_id: w.bot.botId, app_id: w.app.id, user: w.bot.botUserId },
    })
    const nested = await w.web.chat.postMessage({ channel: w.infra.id, thread_ts: reply.ts ?? "", text: "and so" })
    expect(nested.message?.thread_ts).toBe(root.ts)
    const direct = await w.web.chat.postMessage({ channel: w.ann.id, text: "in private" })
    expect(direct.channel).toBe(w.ann.dmWith().id)
    expect(w.ann.dm.map((m) => m.text)).toEqual(["in private"])
  })
  test.each([
    ["not_in_channel", "a public channel without it", { name: "other" }],
    ["channel_not_found", "a private channel without it", { name: "secret", kind: "private" as const }],
    ["is_archived", "an archived channel", { name: "old", archived: true, bot: true }],
    ["restricted_action_read_only_channel", "a read-only channel", { name: "news", posting: "admins" as const, bot: true }],
    ["restricted_action_thread_only_channel", "a channel for threads only", { name: "threads", posting: "threads" as const, bot: true }],
  ])("%s: %s", async (error, _where, { bot: inside, ...seed }: Record<string, unknown>) => {
    const w = await world()
    const channel = w.slack.channel({ team: w.acme, members: [w.ann, ...(inside === true ? [w.bot] : [])], ...(seed as { name: string }) })
    expect(await said(w.web.chat.postMessage({ channel: channel.id, text: "hello" }))).toBe(error)
    expect(channel.messages).toEqual([])
  })
  test("no such channel, no such thread, no such person", async () => {
    const w = await world()
    expect(await said(w.web.chat.postMessage({ channel: "C0NOWHERE", text: "x" }))).toBe("channel_not_found")
    expect(await said(w.web.chat.postMessage({ channel: w.infra.id, thread_ts: "1.000001", text: "x" }))).toBe("thread_not_found")
    expect(await said(w.web.conversations.open({ users: "U0NOBODY" }))).toBe("user_not_found")
  })
  test("chat:write.public opens public channels, chat:write.customize a disguise; without them neither", async () => {
    const w = await world()
    const other = w.slack.channel({ team: w.acme, name: "other", members: [w.ann] })
    expect(await said(w.web.chat.postMessage({ channel: w.infra.id, text: "x", username: "the CEO" }))).toBe("missing_scope")
    w.bot.scopes.add("chat:write.public").add("chat:write.customize")
    expect(await said(w.web.chat.postMessage({ channel: other.id, text: "x" }))).toBe("ok")
    expect(await said(w.web.chat.postMessage({ channel: w.infra.id, text: "x", username: "the CEO" }))).toBe("ok")
  })
})

describe("what a message may hold", () => {
  test("text or blocks, and no more than fits", async () => {
    const w = await world()
    const post = (more: object) => said(w.web.chat.postMessage({ channel: w.infra.id, ...more } as never))
    expect(await post({})).toBe("no_text")
    expect(await post({ text: "x".repeat(45_000) })).toBe("ok")
    expect(w.infra.messages[0]?.text).toHaveLength(40_000)
    expect(await post({ blocks: [section("x".repeat(3_001))], text: "x" })).toBe("invalid_blocks")
    expect(await post({ blocks: "[{", text: "x" })).toBe("invalid_blocks_format")
    expect(await post({ markdown_text: "*a*", text: "b" })).toBe("markdown_text_conflict")
    expect(await post({ attachments: Array(101).fill({ fallback: "x" }), text: "x" })).toBe("too_many_attachments")
  })
  test("refused blocks say where and why", async () => {
    const w = await world()
    const refused = w.web.chat.postMessage({ channel: w.infra.id, text: "x", blocks: [section("")] })
    await expect(refused).rejects.toMatchObject({
      data: { error: "invalid_blocks", errors: ["must be more than 0 characters [json-pointer:/blocks/0/text/text]"] },
    })
  })
  test.each([
    ["nested values", { a: { b: 1 } }, "invalid_metadata_schema"],
    ["lists", { a: [1] }, "invalid_metadata_schema"],
    ["too many bytes", { a: "x".repeat(2_000) }, "metadata_too_large"],
  ])("metadata with %s is refused", async (_what, event_payload, error) => {
    const w = await world()
    const metadata = { event_type: "ai_label", event_payload: event_payload as never }
    expect(await said(w.web.chat.postMessage({ channel: w.infra.id, text: "x", metadata }))).toBe(error)
    expect(await said(w.web.chat.postMessage({ channel: w.infra.id, text: "x", metadata: { event_payload: {} } as never }))).toBe(
      "invalid_metadata_format",
    )
  })
  test("it is kept as Slack keeps it: entities, links, emoji names, ids of its own", async () => {
    const w = await world()
    await w.web.chat.postMessage({
      channel: w.infra.id,
      text: "a < b & c, see https://example.com/x?a=1. 🎉",
      blocks: [
        section("see https://example.com 🙂"),
        section("see https://example.com", { text: { type: "mrkdwn", text: "see https://example.com", verbatim: true } }),
      ] as never,
    })
    const [m] = w.infra.messages
    expect(m?.text).toBe("a &lt; b &amp; c, see <https://example.com/x?a=1>. :tada:")
    expect(m?.blocks?.map((b) => (b["text"] as { text: string }).text)).toEqual([
      "see <https://example.com> :slightly_smiling_face:",
      "see https://example.com",
    ])
    expect(m?.blocks?.every((b) => typeof b["block_id"] === "string")).toBe(true)
    await w.web.chat.postMessage({ channel: w.infra.id, text: "see https://example.com", parse: "none" })
    expect(w.infra.messages[1]?.text).toBe("see https://example.com")
  })
  test("whom it calls is counted, wherever the call stands", async () => {
    const w = await world()
    const post = (text: string, more: object = {}) => w.web.chat.postMessage({ channel: w.infra.id, text, ...more } as never)
    await post("&lt;!channel&gt; @channel is harmless")
    expect(w.slack.rung).toEqual([])
    await post(`<!channel> <@${w.ann.id}>`)
    await post("fine", { blocks: [section("<!here|here>")] })
    await post("@everyone", { parse: "full" })
    expect(w.slack.rung.map((r) => [r.kind, r.where])).toEqual([
      ["channel", "text"],
      ["user", "text"],
      ["here", "blocks"],
      ["everyone", "text"],
    ])
  })
  test("blocks are counted together, though each of them is short enough", async () => {
    const w = await world()
    const post = (n: number) =>
      w.web.chat.postMessage({ channel: w.infra.id, text: "x", blocks: Array.from({ length: n }, () => section("x".repeat(2_500))) as never })
    expect(await said(post(5))).toBe("ok")
    expect(await said(post(6))).toBe("msg_blocks_too_long")
    const blocks = Array.from({ length: 6 }, () => section("x".repeat(2_500))) as never
    const ts = w.infra.messages[0]?.ts as string
    expect(await said(w.web.chat.update({ channel: w.infra.id, ts, text: "x", blocks }))).toBe("msg_blocks_too_long")
  })
  test("phones say the text, desktops the blocks", async () => {
    const w = await world()
    await w.web.chat.postMessage({ channel: w.ann.id, text: "for the phone", blocks: [section("for the desktop")] })
    expect(w.ann.notifications).toMatchObject([{ mobile: "for the phone", desktop: "for the desktop" }])
  })
  test("unfurling is on unless switched off", async () => {
    const w = await world()
    await w.web.chat.postMessage({ channel: w.infra.id, text: "x" })
    await w.web.chat.postMessage({ channel: w.infra.id, text: "x", unfurl_links: false, unfurl_media: false })
    expect(w.infra.messages.map((m) => m.unfurl)).toEqual([
      { links: true, media: true },
      { links: false, media: false },
    ])
  })
  test("nothing is scheduled", async () => {
    const w = await world()
    expect(await said(w.web.chat.scheduleMessage({ channel: w.infra.id, text: "x", post_at: 4_000_000_000 }))).toBe("restricted_action")
  })
})

describe("changing and deleting", () => {
  const metadata = { event_type: "ai_label", event_payload: { jti: "1" } }
  async function withPost() {
    const w = await world()
    const { ts = "" } = await w.web.chat.postMessage({ channel: w.infra.id, text: "one", blocks: [section("one")], metadata })
    return { ...w, ts, at: { channel: w.infra.id, ts }, post: () => w.infra.messages[0] }
  }
  test("text alone takes the blocks away and shows that it was edited; with blocks it does not show", async () => {
    const w = await withPost()
    await w.web.chat.update({ ...w.at, text: "two", blocks: [section("two")] })
    expect(w.post()).toMatchObject({ text: "two", edited: null, metadata })
    await w.web.chat.update({ ...w.at, text: "three" })
    expect(w.post()).toMatchObject({ text: "three", blocks: null, edited: { user: w.bot.botUserId } })
  })
  test("metadata stays when left out and goes with an empty object", async () => {
    const w = await withPost()
    await w.web.chat.update({ ...w.at, text: "two" })
    expect(w.post()?.metadata).toEqual(metadata)
    await w.web.chat.update({ ...w.at, text: "two", metadata: {} as never })
    expect(w.post()?.metadata).toBeNull()
  })
  test("the app hears what was and what is", async () => {
    const w = await withPost()
    await w.slack.quiet()
    w.slack.forget()
    await w.web.chat.update({ ...w.at, text: "two" })
    await w.slack.quiet()
    expect(w.slack.deliveries[0]?.body["event"]).toMatchObject({
      subtype: "message_changed",
      message: { ts: w.ts, text: "two" },
      previous_message: { ts: w.ts, text: "one", blocks: [{ type: "section" }] },
    })
  })
  test.each([
    ["more than 4,000 characters", { text: "x".repeat(4_001) }, "msg_too_long"],
    ["nothing", {}, "no_text"],
    ["blocks that Slack refuses", { text: "x", blocks: Array(51).fill({ type: "divider" }) }, "invalid_blocks"],
  ])("an update with %s is refused and changes nothing", async (_what, change, error) => {
    const w = await withPost()
    expect(await said(w.web.chat.update({ ...w.at, ...change } as never))).toBe(error)
    expect(w.post()?.text).toBe("one")
  })
  test("only its own messages, and only while they stand", async () => {
    const w = await withPost()
    const hers = w.ann.says(w.infra, "mine")
    expect(await said(w.web.chat.update({ channel: w.infra.id, ts: hers.ts, text: "no" }))).toBe("cant_update_message")
    expect(await said(w.web.chat.delete({ channel: w.infra.id, ts: hers.ts }))).toBe("cant_delete_message")
    expect(await said(w.web.chat.delete(w.at))).toBe("ok")
    expect(await said(w.web.chat.delete(w.at))).toBe("message_not_found")
    expect(await said(w.web.chat.update({ ...w.at, text: "no" }))).toBe("message_not_found")
    expect(w.infra.messages.map((m) => m.text)).toEqual(["mine"])
  })
  test("a message has an address, in its thread too", async () => {
    const w = await withPost()
    const reply = w.ann.says(w.infra, "thanks", { thread: w.ts })
    const link = await w.web.chat.getPermalink({ channel: w.infra.id, message_ts: reply.ts })
    expect(link.permalink).toBe(`https://acme.slack.com/archives/${w.infra.id}/p${reply.ts.replace(".", "")}?thread_ts=${w.ts}&cid=${w.infra.id}`)
  })
})

describe("ephemeral messages", () => {
  test("one person sees them, no history has them, no ts changes them", async () => {
    const w = await world()
    const { message_ts = "" } = await w.web.chat.postEphemeral({ channel: w.infra.id, user: w.ann.id, text: "psst" })
    expect(w.ann.sees(w.infra).map((m) => m.text)).toEqual(["psst"])
    expect(w.bo.sees(w.infra)).toEqual([])
    expect((await w.web.conversations.history({ channel: w.infra.id })).messages).toEqual([])
    expect(await said(w.web.chat.update({ channel: w.infra.id, ts: message_ts, text: "louder" }))).toBe("message_not_found")
    expect(await said(w.web.chat.delete({ channel: w.infra.id, ts: message_ts }))).toBe("message_not_found")
    expect(w.slack.deliveries).toEqual([])
  })
  test("only to members; in a thread only once it has replies", async () => {
    const w = await world()
    const cy = w.slack.person({ team: w.acme, name: "cy" })
    expect(await said(w.web.chat.postEphemeral({ channel: w.infra.id, user: cy.id, text: "psst" }))).toBe("user_not_in_channel")
    const root = w.ann.says(w.infra, "how?")
    await w.web.chat.postEphemeral({ channel: w.infra.id, user: w.ann.id, thread_ts: root.ts, text: "psst" })
    expect(w.ann.sees(root).map((m) => m.text)).toEqual(["how?"])
    w.bo.says(w.infra, "so", { thread: root })
    expect(w.ann.sees(root).map((m) => m.text)).toEqual(["how?", "psst", "so"])
  })
})

test("each call wants its scope, and says which", async () => {
  for (const [scope, call] of [
    ["chat:write", (w: Awaited<ReturnType<typeof world>>) => w.web.chat.postMessage({ channel: w.infra.id, text: "x" })],
    ["channels:history", (w: Awaited<ReturnType<typeof world>>) => w.web.conversations.history({ channel: w.infra.id })],
    ["channels:read", (w: Awaited<ReturnType<typeof world>>) => w.web.conversations.info({ channel: w.infra.id })],
    ["users:read", (w: Awaited<ReturnType<typeof world>>) => w.web.users.info({ user: w.ann.id })],
    ["im:write", (w: Awaited<ReturnType<typeof world>>) => w.web.conversations.open({ users: w.ann.id })],
  ] as const) {
    const w = await world({ scopes: allScopes.filter((s) => s !== scope) })
    await expect(call(w)).rejects.toMatchObject({ data: { error: "missing_scope", needed: expect.stringContaining(scope) } })
  }
})
