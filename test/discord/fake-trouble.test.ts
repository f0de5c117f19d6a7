// What breaks on request: calls that are done or not, held ones, rate limits, and the ban after too many mistakes.
import { expect, test } from "@jest/globals"
import { Routes } from "discord.js"
import { said, world } from "./fake-world.ts"

const posting = "POST /channels/{channel}/messages"

test.each([
  ["failsAndNotDone", 0],
  ["failsButDone", 1],
  ["500", 0],
  ["500ButDone", 1],
] as const)("%s leaves %i messages", async (fault, left) => {
  const { discord, infra, rest } = await world()
  discord.failNext(posting, fault)
  expect(await said(rest.post(Routes.channelMessages(infra.id), { body: { content: "a" } }))).not.toBe("ok")
  expect(infra.messages).toHaveLength(left)
  expect(discord.calls.at(-1)?.outcome).toBe(fault)
})

test.each([
  ["hangs", 0],
  ["hangsButDone", 1],
] as const)("%s until the caller gives up, and leaves %i messages", async (fault, left) => {
  const { discord, infra, rest } = await world()
  discord.failNext(posting, fault)
  const patience = new AbortController()
  const call = said(rest.post(Routes.channelMessages(infra.id), { body: { content: "a" }, signal: patience.signal }))
  while (discord.calls.at(-1)?.outcome !== fault) await new Promise((resolve) => setImmediate(resolve))
  await discord.quiet()
  patience.abort()
  expect(await call).toBe("AbortError")
  expect(infra.messages).toHaveLength(left)
})

test("a call is held before or after it is done, and says so", async () => {
  const { discord, infra, rest } = await world()
  const post = () => said(rest.post(Routes.channelMessages(infra.id), { body: { content: "a" } }))
  for (const [when, there] of [
    ["before", 0],
    ["after", 2],
  ] as const) {
    const hold = discord.holdNext(posting, when)
    const call = post()
    await hold.arrived
    expect(infra.messages).toHaveLength(there)
    await discord.quiet()
    hold.release()
    expect(await call).toBe("ok")
  }
})

test("an error on request comes with its code, and an unknown route is a mistake of the test", async () => {
  const { discord, infra, rest } = await world()
  discord.failNext(posting, { status: 403, code: 50013 })
  const post = () => said(rest.post(Routes.channelMessages(infra.id), { body: { content: "a" } }))
  expect(await post()).toBe(50013)
  expect(await post()).toBe("ok")
  expect(() => discord.failNext("POST /nowhere", "500")).toThrow(/no route/)
})

test.each(["user", "global", "shared"] as const)("a %s rate limit on request is one to the real client", async (scope) => {
  const { discord, infra, rest } = await world()
  rest.options.rejectOnRateLimit = () => true
  discord.failNext(posting, { retryAfterSeconds: 30, scope })
  const call = rest.post(Routes.channelMessages(infra.id), { body: { content: "a" } })
  await expect(call).rejects.toMatchObject({ global: scope === "global", scope })
  expect(infra.messages).toEqual([])
})

test("buckets fill up and empty again; every answer says how much room is left", async () => {
  const { discord, app, infra } = await world({ discord: { rateLimits: "enforced" } })
  const post = () => discord.impostor(app, infra, { content: "a" })
  const rooms: (string | null)[] = []
  for (let n = 0; n < 5; n += 1) rooms.push((await post()).headers.get("x-ratelimit-remaining"))
  expect(rooms).toEqual(["4", "3", "2", "1", "0"])
  const over = await post()
  expect(over.status).toBe(429)
  expect(await over.json()).toMatchObject({ global: false, retry_after: expect.any(Number) })
  expect(over.headers.get("x-ratelimit-scope")).toBe("user")
  await discord.tick(5_000)
  expect((await post()).status).toBe(200)
})

test("the fifty-first call within a second is one too many", async () => {
  const { discord, app } = await world({ discord: { rateLimits: "enforced" } })
  const get = (path: string) => fetch(`${discord.url}/v10${path}`, { headers: { authorization: `Bot ${app.token}` } })
  for (let n = 0; n < 50; n += 1) expect((await get(n % 2 === 0 ? "/users/@me" : "/users/@me/guilds")).status).toBe(200)
  const over = await get("/gateway/bot")
  expect([over.status, over.headers.get("x-ratelimit-global")]).toEqual([429, "true"])
  await discord.tick(1_000)
  expect((await get("/gateway/bot")).status).toBe(200)
})

test("too many invalid requests are answered by nobody any more", async () => {
  const { discord, app, infra } = await world({ discord: { invalidRequestLimit: 3 } })
  const post = (token: string) => discord.impostor({ ...app, token }, infra, { content: "a" })
  // What others used up of a shared limit is not this bot's mistake.
  discord.failNext(posting, ...Array(3).fill({ retryAfterSeconds: 1, scope: "shared" }))
  for (let n = 0; n < 3; n += 1) expect((await post(app.token)).headers.get("x-ratelimit-scope")).toBe("shared")
  for (let n = 0; n < 3; n += 1) expect((await post("wrong")).status).toBe(401)
  const banned = await post(app.token)
  expect([banned.status, await banned.text()]).toEqual([429, "error code: 1015"])
  await discord.tick(10 * 60_000)
  expect((await post(app.token)).status).toBe(200)
})
