// Streams and agent sessions on the local Slack: who has them, what a stream may hold, how it ends, what it keeps from happening.
import { describe, expect, test } from "@jest/globals"
import { allScopes, client, receiver, said, world } from "./fake-world.ts"

const agentScopes = [...allScopes, "assistant:write"]
async function paid(how: Parameters<typeof world>[0] = {}) {
  const w = await world({ scopes: agentScopes, ...how })
  w.acme.plan = "paid"
  const root = await w.web.chat.postMessage({ channel: w.ann.id, text: "working" })
  const thread = { channel: root.channel ?? "", thread_ts: root.ts ?? "" }
  const start = async (chunks?: unknown[]) =>
    (await w.web.chat.startStream({ ...thread, ...(chunks === undefined ? { markdown_text: "one" } : { chunks: chunks as never }) })).ts ?? ""
  const message = (ts: string) => w.ann.dm.find((m) => m.ts === ts)
  return { ...w, thread, start, message, on: (ts: string) => ({ channel: thread.channel, ts }) }
}
const task = (id: string, title: string, status = "in_progress", more = {}) => ({ type: "task_update", id, title, status, ...more })

describe("a stream", () => {
  test("grows in a thread, and stands when it is stopped", async () => {
    const w = await paid()
    const ts = await w.start()
    expect(w.message(ts)).toMatchObject({ text: "one", threadTs: w.thread.thread_ts, stream: { state: "in_progress" } })
    await w.web.chat.appendStream({ ...w.on(ts), markdown_text: " two" })
    const blocks = [{ type: "section", text: { type: "mrkdwn", text: "below" } }]
    const ended = await w.web.chat.stopStream({ ...w.on(ts), markdown_text: " three", blocks })
    expect(ended.message).toMatchObject({ text: "one two three", streaming_state: "completed" })
    expect(w.message(ts)?.blocks).toMatchObject([{ type: "markdown", text: "one two three" }, { type: "section" }])
  })
  test("of tasks renews each by its id, and adds to what it says below", async () => {
    const w = await paid()
    const ts = await w.start([task("a", "Reading", "in_progress", { details: "1" }), { type: "plan_update", title: "Plan" }])
    await w.web.chat.appendStream({
      ...w.on(ts),
      chunks: [task("a", "Read", "complete", { details: "2" }), task("b", "Writing")] as never,
    })
    expect(w.message(ts)?.blocks).toMatchObject([
      { type: "task_card", task_id: "a", title: "Read", status: "complete", details: "12" },
      { type: "plan", title: "Plan" },
      { type: "task_card", task_id: "b", title: "Writing" },
    ])
  })
  test("is text or chunks for life, never both at once, and never empty when it grows", async () => {
    const w = await paid()
    const [text, chunks] = [await w.start(), await w.start([task("a", "Reading")])]
    expect(await said(w.web.chat.appendStream({ ...w.on(text), chunks: [task("a", "x")] as never }))).toBe("streaming_mode_mismatch")
    expect(await said(w.web.chat.appendStream({ ...w.on(chunks), markdown_text: "x" }))).toBe("streaming_mode_mismatch")
    expect(await said(w.web.chat.appendStream({ ...w.on(text), markdown_text: "x", chunks: [task("a", "x")] as never }))).toBe(
      "cannot_provide_both_markdown_text_and_chunks",
    )
    expect(await said(w.web.chat.appendStream(w.on(text) as never))).toBe("no_text")
  })
  test("takes 12,000 characters a call, tasks of 256, and no chunk of another kind", async () => {
    const w = await paid()
    const ts = await w.start([task("a", "x".repeat(256))])
    const append = (...chunks: unknown[]) => said(w.web.chat.appendStream({ ...w.on(ts), chunks: chunks as never }))
    expect(await append(task("a", "x".repeat(257)))).toBe("invalid_chunks")
    expect(await append(task("a", "x", "cancelled"))).toBe("invalid_chunks")
    expect(await append({ type: "markdown_text", text: "x".repeat(12_001) })).toBe("invalid_chunks")
    expect(await append({ type: "video" })).toBe("invalid_chunks")
    expect(await append({ type: "blocks", blocks: [{ type: "section" }] })).toBe("invalid_chunks")
    expect(await said(w.web.chat.startStream({ ...w.thread, markdown_text: "x".repeat(12_001) }))).toBe("msg_too_long")
    expect(w.message(ts)?.text).toBe("x".repeat(256))
  })
  test("dies five minutes after it began, though it was kept busy; then it can be changed", async () => {
    const w = await paid()
    const ts = await w.start()
    await w.slack.tick(299_000)
    expect(await said(w.web.chat.appendStream({ ...w.on(ts), markdown_text: "x" }))).toBe("ok")
    await w.slack.tick(1_000)
    expect(await said(w.web.chat.appendStream({ ...w.on(ts), markdown_text: "x" }))).toBe("message_not_in_streaming_state")
    expect(await said(w.web.chat.stopStream(w.on(ts)))).toBe("message_not_in_streaming_state")
    expect(await said(w.web.chat.update({ ...w.on(ts), text: "mended" }))).toBe("ok")
  })
  test("that runs is not changed and not deleted", async () => {
    const w = await paid()
    const ts = await w.start()
    expect(await said(w.web.chat.update({ ...w.on(ts), text: "other" }))).toBe("streaming_state_conflict")
    expect(await said(w.web.chat.delete(w.on(ts)))).toBe("cant_delete_message")
    await w.web.chat.stopStream(w.on(ts))
    expect(await said(w.web.chat.update({ ...w.on(ts), text: "other" }))).toBe("ok")
    expect(await said(w.web.chat.delete(w.on(ts)))).toBe("ok")
  })
  test("is a reply; in a channel it is for one person, who is named", async () => {
    const w = await paid()
    const question = w.ann.says(w.infra, "how?")
    const there = { channel: w.infra.id, thread_ts: question.ts, markdown_text: "one" }
    const start = (more: Record<string, string>) => said(w.web.chat.startStream({ ...there, ...more }))
    expect(await said(w.web.chat.startStream({ channel: w.thread.channel, markdown_text: "one" } as never))).toBe("invalid_arguments")
    expect(await start({})).toBe("missing_recipient_user_id")
    expect(await start({ recipient_user_id: w.ann.id })).toBe("missing_recipient_team_id")
    expect(await start({ recipient_user_id: "U0NOBODY", recipient_team_id: w.acme.id })).toBe("user_not_found")
    expect(await start({ recipient_user_id: w.ann.id, recipient_team_id: w.acme.id })).toBe("ok")
    expect(await start({ username: "Somebody" })).toBe("missing_scope")
  })
  test("is the app's own, and is told of when it begins and when it ends", async () => {
    const w = await paid()
    const app = await receiver()
    Object.assign(w.app.urls, app.urls)
    const other = w.slack.install(w.slack.app({ name: "Other" }), w.acme, agentScopes)
    const ts = await w.start()
    w.slack.joins(w.ann.dmWith(w.bot), other)
    expect(await said(client(w.slack, other.botToken).chat.stopStream(w.on(ts)))).toBe("message_not_owned_by_app")
    await w.web.chat.stopStream(w.on(ts))
    await w.slack.quiet()
    const told = app.got.map((g) => JSON.parse(g.body).event).filter((e) => [e.ts, e.message?.ts].includes(ts))
    expect(told.map((e) => e.subtype ?? "posted")).toEqual(["posted", "message_changed"])
  })
  test("begins and ends twenty times a minute", async () => {
    const w = await paid({ slack: { rateLimits: "enforced" } })
    for (let i = 0; i < 20; i += 1) await w.start()
    expect(await said(w.web.chat.startStream({ ...w.thread, markdown_text: "x" }))).toMatch(/rate/)
  })
})

describe("a session", () => {
  const set = (w: Awaited<ReturnType<typeof paid>>, status: string, more = {}) =>
    w.web.agents.sessions.setStatus({ channel_id: w.thread.channel, thread_ts: w.thread.thread_ts, status, ...more } as never)
  const at = (w: Awaited<ReturnType<typeof paid>>) => w.ann.sessionIn(w.ann.dmWith(w.bot), w.thread.thread_ts)
  test("has one of four statuses, and keeps the title that it began with", async () => {
    const w = await paid()
    await set(w, "processing", { title: "Draft" })
    expect(await set(w, "suspended", { title: "Other" })).toMatchObject({ status: "suspended", title: "Draft" })
    expect(await said(set(w, "is thinking…"))).toBe("invalid_arguments")
    expect(at(w)).toMatchObject({ status: "suspended", title: "Draft" })
  })
  test("stands in a thread of a conversation that the app is in", async () => {
    const w = await paid()
    expect(await said(set(w, "active", { thread_ts: "" }))).toBe("thread_ts_required")
    expect(await said(set(w, "active", { channel_id: "C0NOWHERE" }))).toBe("channel_not_found")
    expect(await said(set(w, "active", { channel_id: w.slack.channel({ team: w.acme, name: "other" }).id }))).toBe("not_authorized")
  })
  test("that works for an hour without a word is at rest", async () => {
    const w = await paid()
    await set(w, "processing")
    await w.slack.tick(3_600_000)
    expect(at(w)?.status).toBe("active")
  })
  test("turns with the end of a stream", async () => {
    const w = await paid()
    await set(w, "processing")
    await w.web.chat.stopStream({ ...w.on(await w.start()), session_status: "suspended" })
    expect(at(w)?.status).toBe("suspended")
    await set(w, "processing")
    await w.web.chat.stopStream(w.on(await w.start()))
    expect(at(w)?.status).toBe("active")
  })
  test("has a Stop button while it works, which ends its streams and tells the app, and leaves the status to it", async () => {
    const w = await paid()
    const app = await receiver()
    Object.assign(w.app.urls, app.urls)
    const channel = w.ann.dmWith(w.bot)
    await expect(w.ann.stopsAgent(channel, w.thread.thread_ts)).rejects.toThrow("no Stop button")
    await set(w, "processing")
    const ts = await w.start()
    await w.ann.stopsAgent(channel, w.thread.thread_ts)
    const event = app.got.map((g) => JSON.parse(g.body).event).find((e) => e.type === "agent_session_stopped")
    expect(event).toMatchObject({ channel: channel.id, user: w.ann.id, thread_ts: w.thread.thread_ts, streaming_message_ts: [ts] })
    expect(await said(w.web.chat.stopStream(w.on(ts)))).toBe("message_not_in_streaming_state")
    expect(at(w)?.status).toBe("processing")
    await expect(w.bo.stopsAgent(channel, w.thread.thread_ts)).rejects.toThrow("cannot see")
  })
  test("has no Stop button where the app does not want to hear of it", async () => {
    const w = await paid()
    w.app.events.delete("agent_session_stopped")
    expect(await set(w, "processing")).toMatchObject({ warning: "missing_agent_session_stopped_event_subscription" })
    await expect(w.ann.stopsAgent(w.ann.dmWith(w.bot), w.thread.thread_ts)).rejects.toThrow("no Stop button")
  })
})

test("a free plan has neither, and an app that is no agent has no session", async () => {
  const w = await paid()
  w.acme.plan = "free"
  const session = () =>
    said(w.web.agents.sessions.setStatus({ channel_id: w.thread.channel, thread_ts: w.thread.thread_ts, status: "active" } as never))
  expect(await said(w.web.chat.startStream({ ...w.thread, markdown_text: "x" }))).toBe("paid_teams_only")
  expect(await session()).toBe("feature_disabled")
  w.acme.plan = "paid"
  expect(await session()).toBe("ok")
  w.bot.scopes.delete("assistant:write")
  expect(await session()).toBe("feature_disabled")
})
