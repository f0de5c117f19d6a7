// Clicks, modals, Home and response URLs on the local Slack, met by a plain receiver and the real web client.
import { describe, expect, test } from "@jest/globals"
import type { ModalView } from "@slack/types"
import type { View } from "../fakes/slack/views.ts"
import { type Got, type Payload, payloadOf, receiver, said, socket, world } from "./fake-world.ts"

const plain = (text: string) => ({ type: "plain_text" as const, text })
const button = (action_id: string, more = {}) => ({ type: "button" as const, action_id, text: plain(action_id), ...more })
const card = [{ type: "actions" as const, block_id: "v1", elements: [button("approve", { value: "r1" }), button("discard", { value: "r1" })] }]
const input = {
  type: "input" as const,
  block_id: "words",
  label: plain("Words"),
  element: { type: "plain_text_input" as const, action_id: "text", multiline: true, initial_value: "draft" },
}
const checks = {
  type: "input" as const,
  block_id: "found",
  optional: true,
  label: plain("Seen"),
  element: { type: "checkboxes" as const, action_id: "seen", options: ["a", "b"].map((value) => ({ text: plain(value), value })) },
}
const modal = (blocks: unknown[] = [input, checks], more = {}): ModalView =>
  ({ type: "modal", callback_id: "edit_modal", title: plain("Edit"), submit: plain("Save"), private_metadata: "r1", blocks, ...more }) as ModalView

/** An app that hands each payload to a function and answers with what that gives. */
async function withApp(handle: (payload: Payload, got: Got) => unknown = () => "") {
  const w = await world()
  const app = await receiver((got, res) => {
    const answer = handle(payloadOf(got), got)
    res.writeHead(200, { "content-type": "application/json" }).end(typeof answer === "string" ? answer : JSON.stringify(answer))
  })
  w.app.urls.interactivity = app.url
  w.app.urls.commands = app.url
  await w.web.chat.postMessage({ channel: w.ann.id, text: "card", blocks: card })
  const [shown] = w.ann.dm
  if (shown === undefined) throw new Error("no card")
  return { ...w, got: app.got, shown, last: () => payloadOf(app.got.at(-1) as Got) }
}
/** With a modal in front of ann. */
async function withModal(view: ModalView, answer: () => unknown) {
  const w = await withApp((p) => (p.type === "view_submission" ? answer() : ""))
  await w.ann.clicks(w.shown, "approve")
  await w.web.views.open({ trigger_id: w.last().trigger_id, view })
  return { ...w, front: () => w.ann.modal as View }
}

describe("a click", () => {
  test("says who, where and what, signed, with a trigger and a response URL", async () => {
    const w = await withApp()
    const { attempt } = await w.ann.clicks(w.shown, "approve")
    expect(attempt.outcome).toBe("acknowledged")
    expect(w.last()).toMatchObject({
      type: "block_actions",
      user: { id: w.ann.id, team_id: "T0ACME" },
      team: { id: "T0ACME" },
      api_app_id: w.app.id,
      container: { type: "message", message_ts: w.shown.ts, channel_id: w.shown.channel, is_ephemeral: false },
      actions: [{ type: "button", action_id: "approve", block_id: "v1", value: "r1" }],
      message: { ts: w.shown.ts, bot_id: w.bot.botId },
      trigger_id: expect.any(String),
      response_url: expect.stringContaining("/actions/T0ACME/"),
    })
    expect(w.got.at(-1)?.headers["x-slack-signature"]).toMatch(/^v0=/)
  })
  test("that is not acknowledged is lost: never sent again", async () => {
    const w = await world()
    const app = await receiver((_, res) => void res.writeHead(500).end())
    w.app.urls.interactivity = app.url
    await w.web.chat.postMessage({ channel: w.ann.id, text: "card", blocks: card })
    const [shown] = w.ann.dm
    if (shown === undefined) throw new Error("no card")
    expect((await w.ann.clicks(shown, "approve")).attempt.outcome).toBe("http_error")
    await w.slack.tick(3_600_000)
    expect(app.got).toHaveLength(1)
  })
  test("on an ephemeral message carries no content; only its reader can make it", async () => {
    const w = await withApp()
    await w.web.chat.postEphemeral({ channel: w.infra.id, user: w.ann.id, text: "psst", blocks: card })
    const [psst] = w.ann.ephemeralsTo(w.infra)
    if (psst === undefined) throw new Error("none")
    await w.ann.clicks(psst, "approve")
    expect(w.last()).toMatchObject({ container: { is_ephemeral: true } })
    expect(w.last()).not.toHaveProperty("message")
    expect(() => w.bo.clicks(psst, "approve")).toThrow("only its reader")
  })
  test("needs something to click, and to see it", async () => {
    const w = await withApp()
    expect(() => w.ann.clicks(w.shown, "publish")).toThrow("nothing to click")
    expect(() => w.bo.clicks(w.shown, "approve")).toThrow("cannot see")
  })
  test("may come from an old screen: a copy from before the update", async () => {
    const w = await withApp()
    const old = { ...w.shown }
    await w.web.chat.update({ channel: w.shown.channel, ts: w.shown.ts, text: "settled" })
    expect(() => w.ann.clicks(w.shown, "approve")).toThrow("nothing to click")
    await w.ann.clicks(old, "approve")
    expect(w.last()).toMatchObject({ actions: [{ block_id: "v1" }] })
  })
  test("over Socket Mode it is one envelope, and its answer may carry a payload", async () => {
    const w = await world({ socketMode: true })
    const s = socket(w.slack, w.app)
    s.on("interactive", async ({ ack, body }) => ack(body.type === "view_submission" ? { response_action: "clear" } : undefined))
    await s.start()
    await w.web.chat.postMessage({ channel: w.ann.id, text: "card", blocks: card })
    const [shown] = w.ann.dm
    if (shown === undefined) throw new Error("no card")
    const { delivery } = await w.ann.clicks(shown, "approve")
    await w.web.views.open({ trigger_id: delivery.body["trigger_id"] as string, view: modal() })
    expect((await w.ann.submits(w.ann.modal as View)).outcome).toBe("closed")
  })
})

describe("a trigger", () => {
  test("opens one modal within three seconds", async () => {
    const w = await withApp()
    await w.ann.clicks(w.shown, "approve")
    const trigger_id = w.last().trigger_id
    expect(await said(w.web.views.open({ trigger_id, view: modal() }))).toBe("ok")
    expect(w.ann.modal?.definition["callback_id"]).toBe("edit_modal")
    expect(await said(w.web.views.open({ trigger_id, view: modal() }))).toBe("exchanged_trigger_id")
    await w.ann.clicks(w.shown, "approve")
    await w.slack.tick(3_001)
    expect(await said(w.web.views.open({ trigger_id: w.last().trigger_id, view: modal() }))).toBe("expired_trigger_id")
    expect(await said(w.web.views.open({ trigger_id: "1.2.3", view: modal() }))).toBe("invalid_trigger_id")
  })
  test.each([
    ["a long title", modal(undefined, { title: plain("x".repeat(25)) })],
    ["much private metadata", modal(undefined, { private_metadata: "x".repeat(3_001) })],
    ["101 blocks", modal(Array(101).fill({ type: "divider" }))],
    ["an input and no submit", { ...modal(), submit: undefined } as unknown as ModalView],
    ["a message's block", modal([{ type: "markdown", text: "x" }])],
  ])("opens nothing with %s, and is not spent by it", async (_what, view) => {
    const w = await withApp()
    await w.ann.clicks(w.shown, "approve")
    const trigger_id = w.last().trigger_id
    expect(await said(w.web.views.open({ trigger_id, view }))).toBe("invalid_arguments")
    expect(await said(w.web.views.open({ trigger_id, view: modal() }))).toBe("ok")
  })
})

describe("a modal", () => {
  test("is sent with what was typed and ticked, and closes on a plain yes", async () => {
    const w = await withModal(modal(), () => "")
    const sent = await w.ann.submits(w.front(), { text: "better\nwords", seen: ["b"] })
    expect(sent.outcome).toBe("closed")
    expect(w.last()).toMatchObject({
      type: "view_submission",
      view: {
        callback_id: "edit_modal",
        private_metadata: "r1",
        app_installed_team_id: "T0ACME",
        state: { values: { words: { text: { value: "better\nwords" } }, found: { seen: { selected_options: [{ value: "b" }] } } } },
      },
    })
    expect(w.ann.modal).toBeNull()
  })
  test("keeps what was there when nothing was typed; the client refuses an empty field by itself", async () => {
    const w = await withModal(modal(), () => "")
    const before = w.got.length
    expect(await w.ann.submits(w.front(), { text: "" })).toMatchObject({ outcome: "not-sent", errors: { words: expect.any(String) } })
    expect(w.got).toHaveLength(before)
    await w.ann.submits(w.front())
    expect(w.last()).toMatchObject({ view: { state: { values: { words: { text: { value: "draft" } } } } } })
  })
  test("shows errors under its inputs, and trouble for any other block", async () => {
    const w = await withModal(modal(), () => ({ response_action: "errors", errors: { words: "Too bold." } }))
    expect(await w.ann.submits(w.front())).toMatchObject({ outcome: "errors", errors: { words: "Too bold." } })
    expect(w.front().errors).toEqual({ words: "Too bold." })
    const x = await withModal(modal(), () => ({ response_action: "errors", errors: { elsewhere: "no" } }))
    expect((await x.ann.submits(x.front())).outcome).toBe("no-answer")
    expect(x.front().trouble).not.toBeNull()
    const none = await withModal(modal(), () => ({ response_action: "errors", errors: {} }))
    expect((await none.ann.submits(none.front())).outcome).toBe("no-answer")
  })
  test("is replaced or covered by the answer, three deep at most", async () => {
    let answer: object = { response_action: "update", view: modal([input], { callback_id: "second" }) }
    const w = await withModal(modal(), () => answer)
    expect((await w.ann.submits(w.front())).outcome).toBe("updated")
    expect(w.front().definition["callback_id"]).toBe("second")
    answer = { response_action: "push", view: modal([input], { callback_id: "third" }) }
    expect((await w.ann.submits(w.front())).outcome).toBe("pushed")
    expect(w.front()).toMatchObject({ definition: { callback_id: "third" }, previousId: expect.any(String) })
    answer = { response_action: "clear" }
    await w.ann.submits(w.front())
    expect(w.ann.modal).toBeNull()
  })
  test("pushes from its own trigger; a fourth is too many", async () => {
    const w = await withModal(modal([{ ...card[0], block_id: "in" }, input]), () => "")
    for (const more of [2, 3]) {
      await w.ann.clicks(w.front(), "approve")
      await w.web.views.push({ trigger_id: w.last().trigger_id, view: modal([{ ...card[0], block_id: `in${more}` }, input]) })
    }
    await w.ann.clicks(w.front(), "approve")
    expect(await said(w.web.views.push({ trigger_id: w.last().trigger_id, view: modal() }))).toBe("push_limit_reached")
  })
  test("updates by id; an old hash is a conflict; a closed one is gone", async () => {
    const w = await withModal(modal(), () => "")
    const { id: view_id, hash } = w.front()
    expect(await said(w.web.views.update({ view_id, hash, view: modal() }))).toBe("ok")
    expect(await said(w.web.views.update({ view_id, hash, view: modal() }))).toBe("hash_conflict")
    await w.ann.closes(w.front())
    expect(await said(w.web.views.update({ view_id, view: modal() }))).toBe("not_found")
  })
})

test("Home is published for a person and told when opened", async () => {
  const w = await withApp()
  const home = (text: string) => ({ type: "home" as const, blocks: [{ type: "section" as const, text: plain(text) }] })
  await w.web.views.publish({ user_id: w.ann.id, view: home("one") })
  const hash = w.ann.home?.hash ?? ""
  await w.web.views.publish({ user_id: w.ann.id, view: home("two"), hash })
  expect(await said(w.web.views.publish({ user_id: w.ann.id, view: home("three"), hash }))).toBe("hash_conflict")
  expect(w.ann.home?.definition["blocks"]).toMatchObject([{ text: { text: "two" } }])
  expect(w.bo.home).toBeNull()
  await w.ann.opensHome()
  expect(w.slack.deliveries.at(-1)?.body["event"]).toMatchObject({ type: "app_home_opened", user: w.ann.id, tab: "home", view: { type: "home" } })
})

describe("commands and shortcuts", () => {
  test("a command is a form, and its answer is for one person's eyes", async () => {
    const w = await withApp(() => "for you alone")
    await w.ann.slash("/countersign", "status", w.infra)
    expect(Object.fromEntries(new URLSearchParams(w.got.at(-1)?.body))).toMatchObject({
      command: "/countersign",
      text: "status",
      team_id: "T0ACME",
      channel_id: w.infra.id,
      user_id: w.ann.id,
      api_app_id: w.app.id,
    })
    expect(w.ann.ephemeralsTo(w.infra).map((e) => e.text)).toEqual(["for you alone"])
    expect(w.infra.messages).toEqual([])
  })
  test("a message shortcut carries anybody's message", async () => {
    const w = await withApp()
    const his = w.bo.says(w.infra, "how?")
    await w.ann.shortcut("draft_answer", his)
    expect(w.last()).toMatchObject({
      type: "message_action",
      callback_id: "draft_answer",
      user: { id: w.ann.id },
      message: { ts: his.ts, user: w.bo.id, text: "how?" },
      channel: { id: w.infra.id },
    })
  })
})

describe("a response URL", () => {
  const use = (url: string, body: object) =>
    fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) })
  test("works five times in half an hour", async () => {
    const w = await withApp()
    await w.ann.clicks(w.shown, "approve")
    const url = w.last().response_url
    const statuses: number[] = []
    for (let i = 0; i < 6; i += 1) statuses.push((await use(url, { text: "x", replace_original: false })).status)
    expect(statuses).toEqual([200, 200, 200, 200, 200, 404])
    await w.ann.clicks(w.shown, "approve")
    await w.slack.tick(30 * 60_000 + 1)
    expect(await (await use(w.last().response_url, { text: "x" })).json()).toEqual({ ok: false, error: "expired_url" })
  })
  test("in_channel is a public post that membership never saw, and is marked so", async () => {
    const w = await withApp()
    const other = w.slack.channel({ team: w.acme, name: "other", members: [w.ann] })
    await w.ann.slash("/countersign", "x", other)
    const url = new URLSearchParams(w.got.at(-1)?.body).get("response_url") ?? ""
    await use(url, { text: "quiet" })
    await use(url, { text: "loud", response_type: "in_channel" })
    expect(other.messages).toMatchObject([{ text: "loud", via: "response_url" }])
    expect(w.ann.ephemeralsTo(other).map((e) => e.text)).toEqual(["quiet"])
  })
  test("replaces and deletes what was clicked, be it ephemeral", async () => {
    const w = await withApp()
    await w.web.chat.postEphemeral({ channel: w.infra.id, user: w.ann.id, text: "psst", blocks: card })
    const [psst] = w.ann.ephemeralsTo(w.infra)
    if (psst === undefined) throw new Error("none")
    await w.ann.clicks(psst, "approve")
    const url = w.last().response_url
    await use(url, { text: "done", replace_original: true })
    expect(w.ann.ephemeralsTo(w.infra)).toMatchObject([{ text: "done", blocks: null }])
    await use(url, { delete_original: true })
    expect(w.ann.ephemeralsTo(w.infra)).toEqual([])
  })
})
