// Calls that fail, with and without being done; limits; tokens that turn over; all with the real web client.
import { describe, expect, test } from "@jest/globals"
import { client, said, world } from "./fake-world.ts"

const gone = "slack_webapi_request_error"
describe("the next call", () => {
  test.each([
    ["failsAndNotDone", gone, 0],
    ["failsButDone", gone, 1],
    ["hangs", gone, 0],
    ["hangsButDone", gone, 1],
    ["429", "slack_webapi_rate_limited_error", 0],
    ["500", "slack_webapi_http_error", 0],
    ["500ButDone", "slack_webapi_http_error", 1],
    ["internal_error", "internal_error", 0],
    ["internal_errorButDone", "internal_error", 1],
    ["fatal_errorButDone", "fatal_error", 1],
  ] as const)("%s: the caller learns %s, and %d stand in the channel", async (fault, error, count) => {
    const w = await world(fault.startsWith("hangs") ? { patienceMs: 500 } : {})
    w.slack.failNext("chat.postMessage", fault)
    expect(await said(w.web.chat.postMessage({ channel: w.infra.id, text: "x" }))).toBe(error)
    expect(w.infra.messages).toHaveLength(count)
    expect(w.slack.calls.filter((c) => c.method === "chat.postMessage").map((c) => c.outcome)).toEqual([fault])
    expect(await said(client(w.slack, w.bot.botToken).chat.postMessage({ channel: w.infra.id, text: "x" }))).toBe("ok")
  })
  test("may be answered with any error, or a Retry-After of choice", async () => {
    const w = await world()
    w.slack.failNext("chat.postMessage", { error: "ekm_access_denied" }, { retryAfterSeconds: 30 })
    expect(await said(w.web.chat.postMessage({ channel: w.infra.id, text: "x" }))).toBe("ekm_access_denied")
    await expect(w.web.chat.postMessage({ channel: w.infra.id, text: "x" })).rejects.toMatchObject({ retryAfter: 30 })
    expect(w.infra.messages).toEqual([])
  })
  test("whose reply is lost is told as an event all the same", async () => {
    const w = await world()
    w.slack.failNext("chat.postMessage", "failsButDone")
    await said(w.web.chat.postMessage({ channel: w.infra.id, text: "x" }))
    await w.slack.quiet()
    expect(w.slack.deliveries.map((d) => d.name)).toEqual(["message"])
  })
  test.each([
    ["before", 0],
    ["after", 1],
  ] as const)("can be held %s it is done", async (when, count) => {
    const w = await world()
    const hold = w.slack.holdNext("chat.postMessage", when)
    const call = said(w.web.chat.postMessage({ channel: w.infra.id, text: "x" }))
    await hold.arrived
    expect(w.infra.messages).toHaveLength(count)
    hold.release()
    expect(await call).toBe("ok")
  })
  test("what is kept of calls holds no token", async () => {
    const w = await world()
    await w.web.chat.postMessage({ channel: w.infra.id, text: "x", token: w.bot.botToken })
    expect(JSON.stringify(w.slack.calls)).not.toContain(w.bot.botToken)
  })
  test("is told of when it has been dealt with, with what came of it, until nobody watches any more", async () => {
    const w = await world()
    const seen: string[] = []
    const end = w.slack.watch((call) => seen.push(`${call.method} ${call.outcome} ${w.infra.messages.length}`))
    await w.web.chat.postMessage({ channel: w.infra.id, text: "x" })
    await said(w.web.chat.postMessage({ channel: "C0NOWHERE", text: "x" }))
    end()
    await w.web.chat.postMessage({ channel: w.infra.id, text: "y" })
    expect(seen).toEqual(["chat.postMessage ok 1", "chat.postMessage channel_not_found 1"])
  })
})

test("with limits enforced, a channel takes a few posts and then 429 until the time has passed", async () => {
  const w = await world({ slack: { rateLimits: "enforced" } })
  const post = () => said(w.web.chat.postMessage({ channel: w.infra.id, text: "x" }))
  const answers: string[] = []
  for (let i = 0; i < 6; i += 1) answers.push(await post())
  expect(answers.filter((a) => a === "ok")).toHaveLength(5)
  expect(answers.at(-1)).toBe("slack_webapi_rate_limited_error")
  await w.slack.tick(6_000)
  expect(await post()).toBe("ok")
})

describe("OAuth", () => {
  async function installing(rotation: boolean) {
    const w = await world({ rotation })
    const beta = w.slack.team({ name: "Beta" })
    const boss = w.slack.person({ team: beta, name: "boss", admin: true })
    const redirectUri = "http://127.0.0.1:1/slack/oauth_redirect"
    const back = new URL(w.slack.allow({ app: w.app, team: beta, by: boss, scopes: ["chat:write"], redirectUri, state: "s1" }))
    const plain = client(w.slack, "")
    const access = (code: string) =>
      plain.oauth.v2.access({ client_id: w.app.clientId, client_secret: w.app.clientSecret, code, redirect_uri: redirectUri })
    const refresh = (refresh_token: string) =>
      plain.oauth.v2.access({ client_id: w.app.clientId, client_secret: w.app.clientSecret, grant_type: "refresh_token", refresh_token })
    return { ...w, beta, boss, back, plain, access, refresh, code: back.searchParams.get("code") ?? "" }
  }
  test("a code gives a token once", async () => {
    const w = await installing(false)
    expect(w.back.searchParams.get("state")).toBe("s1")
    const got = await w.access(w.code)
    expect(got).toMatchObject({
      token_type: "bot",
      scope: "chat:write",
      team: { id: w.beta.id },
      enterprise: null,
      authed_user: { id: w.boss.id },
      is_enterprise_install: false,
    })
    expect((await client(w.slack, got.access_token ?? "").auth.test()).team_id).toBe(w.beta.id)
    expect(await said(w.access(w.code))).toBe("code_already_used")
    expect(await said(w.access("made-up"))).toBe("invalid_code")
    expect(await said(w.plain.oauth.v2.access({ client_id: w.app.clientId, client_secret: "wrong", code: w.code }))).toBe("bad_client_secret")
  })
  test("a rotated token dies after twelve hours; its refresh token works once", async () => {
    const w = await installing(true)
    const first = await w.access(w.code)
    expect(first).toMatchObject({ expires_in: 43_200, refresh_token: expect.stringMatching(/^xoxe-1-/) })
    await w.slack.tick(43_200_000)
    expect(await said(client(w.slack, first.access_token ?? "").auth.test())).toBe("token_expired")
    const second = await w.refresh(first.refresh_token ?? "")
    expect(await said(client(w.slack, second.access_token ?? "").auth.test())).toBe("ok")
    expect(await said(w.refresh(first.refresh_token ?? ""))).toBe("invalid_refresh_token")
  })
  test("at most two tokens live", async () => {
    const w = await installing(true)
    const tokens = [await w.access(w.code)]
    for (let i = 0; i < 2; i += 1) tokens.push(await w.refresh(tokens.at(-1)?.refresh_token ?? ""))
    const alive = await Promise.all(tokens.map((t) => said(client(w.slack, t.access_token ?? "").auth.test())))
    expect(alive).toEqual(["token_revoked", "ok", "ok"])
  })
  test("an install on an organisation is told as one", async () => {
    const w = await world()
    const org = { id: "E0ORG", name: "Org" }
    const team = w.slack.team({ name: "Part", enterprise: org })
    const bot = w.slack.installOrganisation(w.app, org, [team], ["app_mentions:read", "channels:history"])
    const dan = w.slack.person({ team, name: "dan" })
    const room = w.slack.channel({ team, name: "room", members: [dan, bot] })
    dan.mention(room, "how?", { bot })
    await w.slack.quiet()
    expect(w.slack.deliveries[0]?.body).toMatchObject({
      team_id: team.id,
      enterprise_id: org.id,
      context_enterprise_id: org.id,
      authorizations: [{ enterprise_id: org.id, team_id: null, is_enterprise_install: true }],
    })
  })
})
