// What Slack is told we have, we have; what is not Slack's is refused; what comes twice counts once.
import { createHmac } from "node:crypto"
import { afterEach, describe, expect, test } from "@jest/globals"
import { signedBy, tooFarOff } from "../../adapters/slack/signature.ts"
import type { Inbox } from "../../src/core/ports.ts"
import { FakeClock } from "../fakes/clock.ts"
import { type By, type House, type HouseOptions, openHouse } from "./house.ts"

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
async function house(o: HouseOptions = {}): Promise<House> {
  const made = await openHouse(o)
  closing.push(() => made.close())
  return made
}
const mention = (h: House) => h.slack.deliveries.find((d) => d.name === "app_mention")

describe.each(["socket", "http"] as const)("by %s", (by: By) => {
  test("a mention is acknowledged after it was committed, and not before", async () => {
    let commit: () => void = () => undefined
    const committed = new Promise<void>((resolve) => {
      commit = resolve
    })
    let asked: () => void = () => undefined
    const asking = new Promise<void>((resolve) => {
      asked = resolve
    })
    const between = (inbox: Inbox): Inbox => ({
      ...inbox,
      async ask(a) {
        asked()
        await committed
        return inbox.ask(a)
      },
    })
    const h = await house({ by, between })
    h.rin.mention(h.infra, "how?")
    await asking
    expect(mention(h)?.attempts[0]?.outcome).toBe("pending")
    commit()
    await h.settled()
    expect(mention(h)?.attempts[0]?.outcome).toBe("acknowledged")
    expect(h.rin.dm).toHaveLength(1)
  })
  test("a mention that could not be committed is not acknowledged; Slack sends it again, and it is one request", async () => {
    let failures = 1
    const between = (inbox: Inbox): Inbox => ({
      ...inbox,
      async ask(a) {
        if (failures-- > 0) throw new Error("the disk is full")
        return inbox.ask(a)
      },
    })
    const h = await house({ by, between })
    if (by === "socket") h.slack.settings.deadlineMs = 200
    h.rin.mention(h.infra, "how?")
    await h.settled()
    expect(mention(h)?.attempts.map((a) => a.outcome === "acknowledged")).toEqual([false, true])
    expect(h.rin.dm).toHaveLength(1)
  })
  test("what people say to each other is acknowledged without a look at anybody", async () => {
    const h = await house({ by })
    const before = h.slack.calls.length
    h.bo.says(h.infra, "lunch?")
    await h.settled()
    expect(h.slack.deliveries.map((d) => d.attempts[0]?.outcome)).toEqual(["acknowledged"])
    expect(h.slack.calls.length).toBe(before)
  })
  test("a graceful end lets what has begun come to its end", async () => {
    const h = await house({ by })
    h.rin.mention(h.infra, "how?")
    await h.slack.quiet()
    await h.leave()
    expect(h.slack.connections(h.app)).toBe(0)
    expect(mention(h)?.attempts[0]?.outcome).toBe("acknowledged")
  })
})

describe("a request that is not Slack's, or not of now", () => {
  test.each([
    ["six minutes old", -6 * 60_000],
    ["six minutes in the future", 6 * 60_000],
    ["of tomorrow", 24 * 3_600_000],
  ])("is refused: signed %s", async (_why, off) => {
    const clock = new FakeClock(Date.now())
    const h = await house({ by: "http", clock })
    h.rin.mention(h.infra, "how?")
    await h.settled()
    const delivery = mention(h)
    if (delivery === undefined) throw new Error("no mention")
    expect(await h.slack.replay(delivery, 1, { signedAt: clock.now() + off })).toEqual([401])
    expect(await h.slack.replay(delivery, 1)).toEqual([200])
  })
  test("is refused: signed with another secret", async () => {
    const h = await house({ by: "http" })
    h.rin.mention(h.infra, "how?")
    await h.settled()
    expect(await h.slack.replay(mention(h) as NonNullable<ReturnType<typeof mention>>, 1, { secret: "a guess that is wrong" })).toEqual([401])
  })
  test.each([
    ["no headers", {}],
    ["no signature", { "x-slack-request-timestamp": String(Math.floor(Date.now() / 1_000)) }],
    ["a signature that is none", { "x-slack-request-timestamp": String(Math.floor(Date.now() / 1_000)), "x-slack-signature": "v0=zz" }],
    ["ssl_check, which Slack does not sign", { "content-type": "application/x-www-form-urlencoded" }],
  ])("is refused: %s", async (_why, headers) => {
    const h = await house({ by: "http" })
    const answer = await fetch(String(h.app.urls.events), {
      method: "POST",
      headers: headers as Record<string, string>,
      body: "ssl_check=1&payload={}",
    })
    expect(answer.status).toBe(401)
  })
  test("nothing else is there", async () => {
    const h = await house({ by: "http" })
    expect((await fetch(String(h.app.urls.events))).status).toBe(404)
    expect((await fetch(`${String(h.app.urls.events)}/more`, { method: "POST" })).status).toBe(404)
  })
})

async function signedPost(h: House, type: string, body: string): Promise<Response> {
  const at = String(Math.floor(Date.now() / 1_000))
  const signature = `v0=${createHmac("sha256", h.app.signingSecret).update(`v0:${at}:${body}`).digest("hex")}`
  const headers = { "content-type": type, "x-slack-request-timestamp": at, "x-slack-signature": signature }
  return fetch(String(h.app.urls.events), { method: "POST", headers, body })
}
const [json, form] = ["application/json", "application/x-www-form-urlencoded"] as const
test("Slack's question whether the address is ours is answered", async () => {
  const h = await house({ by: "http" })
  const answer = await signedPost(h, json, JSON.stringify({ type: "url_verification", challenge: "abc" }))
  expect(await answer.json()).toEqual({ challenge: "abc" })
})
test.each([
  [json, "null"],
  [json, "{"],
  [json, ""],
  [json, "[1]"],
  [json, '{"type":"event_callback","event":null}'],
  [form, "payload=null"],
  [form, "payload=%7B"],
  [form, "a=b"],
  ["text/plain", "null"],
])("what is signed, and in no form that we know, is refused and ends nothing: %s %s", async (type, body) => {
  const h = await house({ by: "http" })
  expect([400, 503]).toContain((await signedPost(h, type, body)).status)
  h.rin.mention(h.infra, "how?")
  await h.settled()
  expect(h.rin.dm).toHaveLength(1)
})
test("more than Slack ever sends is not read", async () => {
  const h = await house({ by: "http" })
  // The answer may come before all of it was sent, which then has nowhere to go.
  const status = await signedPost(h, json, "a".repeat(10_000_000)).then(
    (answer) => answer.status,
    () => "closed",
  )
  expect([413, "closed"]).toContain(status)
})
test("a signature is of these bytes and this time", () => {
  const signed = signedBy("s3cret")
  const body = Buffer.from("hello")
  const good = `v0=${createHmac("sha256", "s3cret").update("v0:1:hello").digest("hex")}`
  expect(signed({ "x-slack-signature": good, "x-slack-request-timestamp": "1" }, body)).toBe(true)
  expect(signed({ "x-slack-signature": good, "x-slack-request-timestamp": "2" }, body)).toBe(false)
  expect(signed({ "x-slack-signature": good, "x-slack-request-timestamp": "1" }, Buffer.from("hellO"))).toBe(false)
  expect(() => signedBy(" ")).toThrow(/empty/)
})
test.each([
  ["300", 0, false],
  ["301", 0, true],
  ["0", 300_000, false],
  ["0", 300_001, true],
  ["", 0, true],
  ["1e3", 0, true],
  ["-1", 0, true],
])("a time stamp of %s at %d is too far off: %s", (header, now, far) => {
  expect(tooFarOff(header, now)).toBe(far)
})
