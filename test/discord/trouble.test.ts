// Trouble that is not Discord's API speaking: pages of whoever stands before it, limits of everything at once, people who are reached
// no more. A post is refused only where that is certain, and nothing is tried for ever.
import { describe, expect, test } from "@jest/globals"
import { REST } from "discord.js"
import { closeClients, restClients } from "../../adapters/discord/clients.ts"
import { notNow } from "../../adapters/discord/faults.ts"
import { PlatformBusy, PostRefused } from "../../src/core/ports.ts"
import { desk } from "./desk.ts"
import { whenDone } from "./fake-world.ts"
import { textOf } from "./house.ts"
import { perState } from "./states.ts"

const at = desk()
/** A client of whose every call this comes. */
function answers(make: () => Response): { readonly rest: REST; calls: number } {
  const got = {
    calls: 0,
    rest: new REST({
      ...{ version: "10", retries: 0, rejectOnRateLimit: () => true },
      makeRequest: async () => {
        got.calls += 1
        return make() as never
      },
    }),
  }
  got.rest.setToken("x")
  whenDone(() => {
    got.rest.clearHandlerSweeper()
    got.rest.clearHashSweeper()
  })
  return got
}
const page =
  (status: number, headers: Record<string, string> = {}) =>
  () =>
    new Response("<!DOCTYPE html><title>Cloudflare</title>", { status, headers: { "content-type": "text/html", ...headers } })

describe("a page instead of an answer to a post", () => {
  const outcome = (rest: REST) =>
    at
      .permit()
      .then((permit) => at.outOn({ poster: rest }).publish(permit, new AbortController().signal))
      .catch((fault: unknown) => fault)
  test.each([200, 204, 408, 409, 500, 502, 503, 504, 520, 521, 522, 524])("%d: nobody can tell", async (status) => {
    const made = answers(status === 204 ? () => new Response(null, { status }) : page(status))
    const fault = await outcome(made.rest)
    expect(fault).toBeInstanceOf(Error)
    expect(fault).not.toBeInstanceOf(PostRefused)
    expect(made.calls).toBe(1)
  })
  test.each([400, 401, 403, 404, 413, 429])("%d: a no", async (status) => {
    const made = answers(page(status, status === 429 ? { "retry-after": "3600" } : {}))
    expect(await outcome(made.rest)).toBeInstanceOf(PostRefused)
    expect(made.calls).toBe(1)
  })
  test("a limit of everything at once is not waited out, and what comes next is not even sent", async () => {
    const limited = { message: "You are being rate limited.", retry_after: 3600, global: true }
    const made = answers(() =>
      Response.json(limited, { status: 429, headers: { "retry-after": "3600", "x-ratelimit-global": "true", via: "1.1 google" } }),
    )
    // The hour's timer that the client would start, and that nobody can clear.
    made.rest.globalDelay = Promise.resolve()
    expect(await outcome(made.rest)).toBeInstanceOf(PostRefused)
    expect(await outcome(made.rest)).toBeInstanceOf(PostRefused)
    expect(made.calls).toBe(1)
  })
})
test.each([403, 429, 502])(
  "a page instead of an answer to a card (%d) says that it is to come again, or fails; never that it was shown",
  async (status) => {
    const made = answers(page(status, { "retry-after": "3600" }))
    const fault = await at
      .outOn({ control: made.rest })
      .show(at.card(), at.annId, null)
      .catch((thrown: unknown) => thrown)
    expect(fault).toBeInstanceOf(status === 403 ? Error : PlatformBusy)
    expect(JSON.stringify([String(fault), fault])).not.toContain("Cloudflare")
  },
)

test.each([50007, 50278])("a card in a direct message that Discord has closed is given up, not tried for ever: %d", async (code) => {
  const ref = await at.out.show(at.card(), at.annId, null)
  const posted = () => at.out.show(at.card(perState.posted), at.annId, ref === "unreachable" ? null : ref)
  at.discord.failNext("PATCH /channels/{channel}/messages/{message}", { status: 403, code })
  expect(await posted()).toBe("unreachable")
  // Back again, with a card that did not change since.
  expect(await posted()).toBe(ref)
  expect(textOf(at.ann.dm[0])).toContain("Posted, labelled")
})
test.each<[string, Record<string, string>]>([
  ["by whoever stands before it", { "retry-after": "3600" }],
  [
    "for this one thing, while its bucket is nearly full again",
    { "retry-after": "3600", "x-ratelimit-reset-after": "1", "x-ratelimit-scope": "shared" },
  ],
])("a limit of an hour is told of, not slept through: %s", async (_what, headers) => {
  const limited = { makeRequest: async () => page(429, headers)() as never }
  const clients = restClients({ token: "x", api: "https://discord.example/api", budget: limited })
  whenDone(() => closeClients(clients))
  const fault = await clients.control.get("/users/@me").catch((one: unknown) => one)
  expect(notNow(fault)?.retryAfterMs).toBeGreaterThanOrEqual(3_600_000)
})
