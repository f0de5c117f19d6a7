// How the local Slack tells an app what happened: signed requests and sockets, deadlines and second tries, met by real receivers.
import { createHmac } from "node:crypto"
import { describe, expect, test } from "@jest/globals"
import { verifySlackRequest } from "@slack/bolt/dist/receivers/verify-request.js"
import { type Got, receiver, socket, world } from "./fake-world.ts"

const eventsOf = (got: readonly Got[]) => got.map((g) => JSON.parse(g.body))

describe("over HTTP", () => {
  test("a mention comes as two events, signed over their bytes", async () => {
    const w = await world()
    const app = await receiver()
    Object.assign(w.app.urls, app.urls)
    w.ann.mention(w.infra, "how do I?")
    await w.slack.quiet()
    expect(
      eventsOf(app.got)
        .map((e) => e.event.type)
        .sort(),
    ).toEqual(["app_mention", "message"])
    for (const { headers, body } of app.got) {
      const at = headers["x-slack-request-timestamp"]
      const mac = createHmac("sha256", w.app.signingSecret).update(`v0:${at}:${body}`).digest("hex")
      expect(headers["x-slack-signature"]).toBe(`v0=${mac}`)
      expect(() => verifySlackRequest({ signingSecret: w.app.signingSecret, body, headers: headers as never })).not.toThrow()
    }
    expect(w.slack.deliveries.every((d) => d.acknowledgedAfterMs !== null && d.acknowledgedAfterMs < 3_000)).toBe(true)
  })
  test("an envelope says through which install it came", async () => {
    const w = await world()
    const app = await receiver()
    Object.assign(w.app.urls, app.urls)
    w.ann.mention(w.infra, "how?")
    await w.slack.quiet()
    expect(eventsOf(app.got)[0]).toMatchObject({
      type: "event_callback",
      team_id: "T0ACME",
      context_team_id: "T0ACME",
      api_app_id: w.app.id,
      is_ext_shared_channel: false,
      authorizations: [{ team_id: "T0ACME", enterprise_id: null, user_id: w.bot.botUserId, is_bot: true, is_enterprise_install: false }],
    })
  })
  test("in a shared channel the team on top is the stranger's, and the install is ours", async () => {
    const w = await world()
    const app = await receiver()
    Object.assign(w.app.urls, app.urls)
    const other = w.slack.team({ name: "Other" })
    const eve = w.slack.person({ team: other, name: "eve" })
    w.slack.shares(w.infra, other, "accepted")
    w.slack.joins(w.infra, eve)
    eve.mention(w.infra, "how?")
    await w.slack.quiet()
    const mention = eventsOf(app.got).find((e) => e.event.type === "app_mention")
    expect(mention).toMatchObject({
      team_id: other.id,
      context_team_id: "T0ACME",
      is_ext_shared_channel: true,
      authorizations: [{ team_id: "T0ACME" }],
    })
    expect(mention.event.team).toBe(other.id)
  })
  test("what fails is tried at once, after a minute and after five more, with its number and reason, and then no more", async () => {
    const w = await world()
    const app = await receiver((_, res) => void res.writeHead(503).end())
    Object.assign(w.app.urls, app.urls)
    w.app.events.delete("app_mention")
    w.ann.says(w.infra, "hello")
    await w.slack.quiet()
    expect(app.got.map((g) => g.headers["x-slack-retry-num"])).toEqual([undefined, "1"])
    await w.slack.tick(59_000)
    expect(app.got).toHaveLength(2)
    await w.slack.tick(3_600_000)
    expect(app.got.map((g) => [g.headers["x-slack-retry-num"], g.headers["x-slack-retry-reason"]])).toEqual([
      [undefined, undefined],
      ["1", "http_error"],
      ["2", "http_error"],
      ["3", "http_error"],
    ])
    expect(new Set(eventsOf(app.got).map((e) => e.event_id)).size).toBe(1)
  })
  test("three seconds without an answer is a timeout, and the event comes again", async () => {
    const w = await world()
    let [first, hungUp] = [true, false]
    const app = await receiver((_, res) => {
      if (!first) return void res.end()
      first = false
      res.on("close", () => {
        hungUp = true
      })
    })
    Object.assign(w.app.urls, app.urls)
    w.ann.says(w.infra, "hello")
    await until(() => app.got.length === 1)
    await w.slack.tick(2_900)
    expect(w.slack.deliveries[0]?.attempts[0]?.outcome).toBe("pending")
    await w.slack.tick(100)
    await w.slack.quiet()
    expect(w.slack.deliveries[0]?.attempts.map((a) => [a.outcome, a.retryReason])).toEqual([
      ["http_timeout", null],
      ["acknowledged", "http_timeout"],
    ])
    expect(w.slack.deliveries[0]?.attempts[0]?.acknowledgedAfterMs).toBeNull()
    await until(() => hungUp)
  })
  test("x-slack-no-retry ends the retries", async () => {
    const w = await world()
    const app = await receiver((_, res) => void res.writeHead(500, { "x-slack-no-retry": "1" }).end())
    Object.assign(w.app.urls, app.urls)
    w.ann.says(w.infra, "hello")
    await w.slack.quiet()
    await w.slack.tick(600_000)
    expect(app.got).toHaveLength(1)
  })
  test("a delivery can be played again byte for byte, or forged", async () => {
    const w = await world()
    const app = await receiver()
    Object.assign(w.app.urls, app.urls)
    w.ann.says(w.infra, "hello")
    await w.slack.quiet()
    const [delivery] = w.slack.deliveries
    if (delivery === undefined) throw new Error("nothing was delivered")
    expect(await w.slack.replay(delivery, 20)).toEqual(Array(20).fill(200))
    expect(new Set(app.got.map((g) => g.body)).size).toBe(1)
    const before = Number(app.got[0]?.headers["x-slack-request-timestamp"])
    await w.slack.replay(delivery, 1, { signedAt: Date.now() + 86_400_000, secret: "" })
    expect(Number(app.got.at(-1)?.headers["x-slack-request-timestamp"])).toBeGreaterThan(before + 80_000)
  })
  test("Slack knows the URL by its challenge", async () => {
    const w = await world()
    const app = await receiver((got, res) => void res.end(JSON.parse(got.body).challenge))
    Object.assign(w.app.urls, app.urls)
    expect(await w.slack.challenges(w.app)).toBe(true)
  })
})

describe("who hears what", () => {
  const heard = async (w: Awaited<ReturnType<typeof world>>) => {
    await w.slack.quiet()
    return w.slack.deliveries.map((d) => d.name)
  }
  test.each([
    ["without the scope", (w: Awaited<ReturnType<typeof world>>) => w.bot.scopes.delete("channels:history")],
    ["without the subscription", (w: Awaited<ReturnType<typeof world>>) => w.app.events.delete("message.channels")],
  ])("%s there is no message event", async (_why, without) => {
    const w = await world()
    without(w)
    w.ann.mention(w.infra, "how?")
    expect(await heard(w)).toEqual(["app_mention"])
  })
  test("where the bot is no member it hears nothing, not even its name", async () => {
    const w = await world()
    const quiet = w.slack.channel({ team: w.acme, name: "quiet", members: [w.ann] })
    w.ann.mention(quiet, "how?")
    expect(await heard(w)).toEqual([])
  })
  test("a direct message is message.im and never app_mention", async () => {
    const w = await world()
    w.ann.tells(`<@${w.bot.botUserId}> how?`)
    expect(await heard(w)).toEqual(["message"])
    expect(w.slack.deliveries[0]?.body["event"]).toMatchObject({ channel_type: "im", channel: w.ann.dmWith().id })
  })
  test("its own post comes back, with bot_id, app_id and metadata, after the reply or before it", async () => {
    const w = await world()
    const metadata = { event_type: "ai_label", event_payload: { jti: "1" } }
    for (const order of ["before-reply", "after-reply"] as const) {
      w.slack.settings.ownEvents = order
      w.slack.forget()
      const { ts } = await w.web.chat.postMessage({ channel: w.infra.id, text: "hello", metadata })
      await w.slack.quiet()
      const own = w.slack.deliveries.find((d) => d.name === "message")
      expect(own?.body["event"]).toMatchObject({ ts, user: w.bot.botUserId, bot_id: w.bot.botId, app_id: w.app.id, metadata })
    }
  })
  test("edits and deletions come as hidden messages; a thread's root leaves a tombstone", async () => {
    const w = await world()
    const m = w.ann.says(w.infra, "one")
    w.ann.edits(m, "two")
    w.bo.says(w.infra, "reply", { thread: m })
    w.ann.deletes(m)
    const alone = w.bo.says(w.infra, "alone")
    w.bo.deletes(alone)
    const subtypes = w.slack.deliveries.map((d) => (d.body["event"] as { subtype?: string }).subtype)
    expect(subtypes).toEqual([undefined, "message_changed", undefined, "message_changed", undefined, "message_deleted"])
    expect(w.infra.messages.map((x) => x.subtype)).toEqual(["tombstone", null])
    await w.slack.quiet()
  })
  test("an uninstalled app hears it once more, and its token is dead", async () => {
    const w = await world()
    w.slack.uninstalls(w.bot)
    expect(await heard(w)).toEqual(["app_uninstalled", "tokens_revoked"])
    expect(w.slack.deliveries[0]?.body["authorizations"]).toEqual([])
    await expect(w.web.auth.test()).rejects.toMatchObject({ data: { error: "account_inactive" } })
  })
  test("held events come when released, in another order if wanted", async () => {
    const w = await world({ slack: { events: "held" } })
    w.ann.says(w.infra, "one")
    w.ann.says(w.infra, "two")
    expect(w.slack.deliveries).toEqual([])
    w.slack.release("reversed")
    await w.slack.quiet()
    expect(w.slack.deliveries.map((d) => (d.body["event"] as { text: string }).text)).toEqual(["two", "one"])
  })
})

describe("over Socket Mode", () => {
  test("the real client is greeted, hears a mention and acknowledges by envelope", async () => {
    const w = await world({ socketMode: true })
    const s = socket(w.slack, w.app)
    const heard: string[] = []
    s.on("slack_event", async ({ ack, body }) => {
      heard.push(body.event.type)
      await ack()
    })
    await s.start()
    w.ann.mention(w.infra, "how do I?")
    await w.slack.quiet()
    expect(heard).toEqual(["app_mention", "message"])
    expect(w.slack.deliveries.map((d) => d.attempts.map((a) => a.outcome))).toEqual([["acknowledged"], ["acknowledged"]])
  })
  test("what is not acknowledged comes again in a new envelope, numbered", async () => {
    const w = await world({ socketMode: true })
    const s = socket(w.slack, w.app)
    const seen: [string, number][] = []
    s.on("slack_event", async ({ ack, envelope_id, retry_num }) => {
      seen.push([envelope_id, retry_num])
      if (retry_num > 0) await ack()
    })
    await s.start()
    w.ann.says(w.infra, "hello")
    await until(() => seen.length === 1)
    await w.slack.tick(3_000)
    await w.slack.quiet()
    expect(seen.map(([, n]) => n)).toEqual([0, 1])
    expect(seen[0]?.[0]).not.toBe(seen[1]?.[0])
  })
  test("two connections get payloads in turn", async () => {
    const w = await world({ socketMode: true })
    const counts = [0, 0]
    for (const i of [0, 1]) {
      const s = socket(w.slack, w.app)
      s.on("slack_event", async ({ ack }) => {
        counts[i] = (counts[i] ?? 0) + 1
        await ack()
      })
      await s.start()
    }
    expect(w.slack.connections(w.app)).toBe(2)
    for (let i = 0; i < 6; i += 1) w.ann.says(w.infra, `${i}`)
    await w.slack.quiet()
    expect(counts).toEqual([3, 3])
  })
  test("without a connection an event waits for its minute, and a broken one hands over what it held", async () => {
    const w = await world({ socketMode: true })
    w.ann.says(w.infra, "nobody listens")
    await w.slack.quiet()
    expect(w.slack.deliveries[0]?.attempts.map((a) => a.outcome)).toEqual(["connection_failed", "connection_failed"])
    const s = socket(w.slack, w.app, { autoReconnectEnabled: false })
    let heard = 0
    s.on("slack_event", async ({ ack }) => {
      heard += 1
      await ack()
    })
    await s.start()
    await w.slack.tick(60_000)
    await w.slack.quiet()
    expect(heard).toBe(1)
  })
  test("a disconnect frame sends the client away, and it comes back by itself", async () => {
    const w = await world({ socketMode: true })
    const s = socket(w.slack, w.app, { clientPingTimeout: 50 })
    let hellos = 0
    s.on("connected", () => {
      hellos += 1
    })
    await s.start()
    w.slack.disconnect(w.app, "refresh_requested")
    await until(() => hellos === 2)
    await until(() => w.slack.connections(w.app) === 1)
  })
  test("a ticket opens one connection", async () => {
    const w = await world({ socketMode: true })
    const reply = await fetch(`${w.slack.url}apps.connections.open`, { method: "POST", headers: { authorization: `Bearer ${w.app.appToken}` } })
    const { url } = (await reply.json()) as { url: string }
    const first = new WebSocket(url)
    const hello = await new Promise<string>((done) => first.addEventListener("message", (m) => done(String(m.data)), { once: true }))
    expect(JSON.parse(hello)).toMatchObject({ type: "hello", num_connections: 1, connection_info: { app_id: w.app.id } })
    const second = new WebSocket(url)
    expect(await new Promise((done) => second.addEventListener("error", () => done("refused"), { once: true }))).toBe("refused")
    await new Promise((done) => {
      first.addEventListener("close", done, { once: true })
      first.close()
    })
  })
})

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((next) => setTimeout(next, 5))
}
