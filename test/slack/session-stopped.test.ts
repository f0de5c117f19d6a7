// Slack's own Stop button, and the live line in the whole walk: a cancelled draft stays cancelled, whoever presses, however often.

import { readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals"
import { parse } from "yaml"
import { neededScopes, scopesOfAgents } from "../../adapters/slack/scopes.ts"
import type { Proposal } from "../../src/core/domain.ts"
import { FakeClock } from "../fakes/clock.ts"
import type { Message } from "../fakes/slack/state.ts"
import { useStores } from "../harness/ledgers.ts"
import { type House, type HouseOptions, openHouse, posts } from "./house.ts"

const stores = useStores()
const closing: (() => Promise<void>)[] = []
let clock: FakeClock
beforeEach(() => {
  clock = new FakeClock(Date.now())
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
/** A workspace with the plan for it, and the app set up as an agent. */
async function house(o: HouseOptions = {}): Promise<House> {
  const h = await openHouse({ clock, ...o })
  closing.push(() => h.close())
  h.team.plan = "paid"
  h.install.scopes.add("assistant:write")
  for (const event of Object.keys(scopesOfAgents)) h.app.events.add(event)
  return h
}
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((done) => setTimeout(done, 5))
}
/** A drafter at work until it is told to be ready. */
async function drafting(h: House) {
  let ready: (answer: Proposal) => void = () => undefined
  h.drafter.next(({ signal, onProgress }) => {
    onProgress("writing")
    return new Promise((done, fail) => {
      ready = done
      signal.addEventListener("abort", () => fail(signal.reason), { once: true })
    })
  })
  const asked = h.drafter.asked.length
  h.rin.mention(h.infra, "how do I rotate it?")
  await until(() => h.drafter.asked.length > asked)
  await until(() => {
    clock.advance(1_000)
    return line(h)?.stream?.state === "in_progress"
  })
  return { ready: () => ready({ answer: "Run it.", sources: [] }) }
}
const dm = (h: House) => h.rin.dmWith(h.install)
const card = (h: House) => dm(h).messages.find((m) => m.threadTs === null) as Message
const line = (h: House) => dm(h).messages.findLast((m) => m.stream !== null)
const said = (m: Message | undefined) => JSON.stringify(m?.blocks)
const facts = async (h: House) => {
  const [head] = await h.ledger.heads({})
  return (await h.ledger.read({ workspace: h.workspace, stream: head?.stream ?? ("" as never) })).map((e) => e.fact.kind)
}

describe("the whole walk with a live line", () => {
  test("the draft comes, the line ends, and the approved post is the only public word", async () => {
    const h = await house()
    const draft = await drafting(h)
    expect(line(h)).toMatchObject({ threadTs: card(h).ts, channel: dm(h).id })
    draft.ready()
    await h.settled()
    expect(line(h)).toMatchObject({ stream: { state: "completed" } })
    await h.rin.clicks(card(h), "approve")
    await h.settled()
    expect(posts(h)).toHaveLength(1)
    expect(h.infra.messages.filter((m) => m.bot !== null)).toEqual(posts(h))
    expect(h.infra.messages.filter((m) => m.stream !== null)).toEqual([])
    expect(h.rin.sessionIn(dm(h), card(h).ts)?.status).toBe("active")
    expect(h.slack.calls.filter((c) => /Stream$/.test(c.method) && "metadata" in c.args)).toEqual([])
  })
  test("Cancel on the card ends it", async () => {
    const h = await house()
    await drafting(h)
    await h.rin.clicks(card(h), "cancel")
    await h.settled()
    expect(line(h)).toMatchObject({ text: "Cancelled. Nothing was posted.", stream: { state: "completed" } })
  })
  test("a stop while it is drafted does not keep it open", async () => {
    const h = await house()
    const draft = await drafting(h)
    await h.mira.slash("/countersign", "stop everything", h.infra)
    draft.ready()
    await h.settled()
    expect(line(h)?.stream?.state).toBe("completed")
    expect(posts(h)).toEqual([])
  })
  test("a process that ends takes its line with it; the next one begins another", async () => {
    const { where } = await stores.place("sqlite")
    const first = await house({ where })
    await drafting(first)
    await first.leave()
    expect(line(first)).toMatchObject({ text: expect.stringContaining("Interrupted"), stream: { state: "completed" } })
    const second = await house({ where, town: first })
    await second.flow.start()
    await second.settled()
    expect(said(card(second))).toContain('"approve"')
    expect(dm(second).messages.filter((m) => m.stream?.state === "in_progress")).toEqual([])
  })
  test("a process that is killed leaves it open, and the next one ends it", async () => {
    const { where } = await stores.place("sqlite")
    const first = await house({ where })
    await drafting(first)
    first.slack.failNext("chat.stopStream", "failsAndNotDone")
    await first.leave()
    expect(line(first)?.stream?.state).toBe("in_progress")
    const second = await house({ where, town: first })
    await second.flow.start()
    await second.settled()
    expect(line(second)?.stream?.state).toBe("completed")
    expect(said(card(second))).toContain('"approve"')
  })
})

describe.each(["socket", "http"] as const)("Slack's Stop button, by %s", (by) => {
  test("cancels the drafting, and the card says so", async () => {
    const h = await house({ by })
    await drafting(h)
    await h.rin.stopsAgent(dm(h), card(h).ts)
    await h.settled()
    expect(await facts(h)).toContain("cancelled")
    expect(said(card(h))).toContain("Cancelled. Nothing was posted.")
    expect(said(line(h))).toContain("Cancelled. Nothing was posted.")
    expect(h.rin.sessionIn(dm(h), card(h).ts)?.status).toBe("active")
    expect(posts(h)).toEqual([])
  })
  test("ten times is once", async () => {
    const h = await house({ by })
    await drafting(h)
    await h.rin.stopsAgent(dm(h), card(h).ts)
    const delivery = h.slack.deliveries.find((d) => d.name === "agent_session_stopped")
    await h.slack.replay(delivery as NonNullable<typeof delivery>, 10)
    await h.settled()
    expect((await facts(h)).filter((kind) => kind === "cancelled")).toHaveLength(1)
    expect(h.rin.dm.filter((m) => m.threadTs === null)).toHaveLength(1)
  })
})
describe("Slack's Stop button", () => {
  test("pressed by somebody else cancels nothing, and they are told so", async () => {
    const h = await house()
    const draft = await drafting(h)
    h.slack.joins(dm(h), h.bo)
    await h.bo.stopsAgent(dm(h), card(h).ts)
    await until(() => h.bo.dm.length > 0)
    expect(h.bo.dm.map((m) => m.text).join()).toContain("belongs to somebody else")
    expect(await facts(h)).not.toContain("cancelled")
    draft.ready()
    await h.settled()
    expect(said(card(h))).toContain('"approve"')
  })
  test("holds when Slack could not be asked at first: it tells of it again", async () => {
    const h = await house({ by: "http" })
    await drafting(h)
    h.slack.failNext("conversations.replies", "500")
    await h.rin.stopsAgent(dm(h), card(h).ts)
    await until(() => said(card(h))?.includes("Cancelled") === true)
    expect(await facts(h)).toContain("cancelled")
  })
  test("where nothing is under way any more brings the session to rest", async () => {
    const h = await house()
    await drafting(h)
    await h.rin.clicks(card(h), "cancel")
    await h.settled()
    const client = await h.platform.clients.control(h.workspace)
    await client.agents.sessions.setStatus({ channel_id: dm(h).id, thread_ts: card(h).ts, status: "processing" })
    await h.rin.stopsAgent(dm(h), card(h).ts)
    await h.settled()
    expect(h.rin.sessionIn(dm(h), card(h).ts)?.status).toBe("active")
    expect((await facts(h)).filter((kind) => kind === "cancelled")).toHaveLength(1)
  })
  test("comes too late for a draft that is there: it stays, and says what to do", async () => {
    const h = await house()
    const draft = await drafting(h)
    draft.ready()
    await h.settled()
    const client = await h.platform.clients.control(h.workspace)
    await client.agents.sessions.setStatus({ channel_id: dm(h).id, thread_ts: card(h).ts, status: "processing" })
    await h.rin.stopsAgent(dm(h), card(h).ts)
    await h.settled()
    expect(said(card(h))).toContain('"approve"')
    expect(h.rin.dm.at(-1)?.text).toContain("Look at the new text")
  })
  test("in a thread that is no card of ours does nothing", async () => {
    const h = await house()
    const root = h.rin.tells("help")
    await h.settled()
    const client = await h.platform.clients.control(h.workspace)
    await client.agents.sessions.setStatus({ channel_id: dm(h).id, thread_ts: root.ts, status: "processing" })
    await h.rin.stopsAgent(dm(h), root.ts)
    await h.settled()
    expect(await h.ledger.heads({})).toEqual([])
  })
  test("believes no buttons but our own cards', and of those only this workspace's", async () => {
    const h = await house()
    const draft = await drafting(h)
    const other = h.slack.install(h.slack.app({ name: "Other" }), h.team, neededScopes)
    h.slack.joins(dm(h), other)
    const theirs = await h.slack.impostor(other, dm(h), "A card?", { blocks: card(h).blocks as never })
    const blocks = JSON.parse(said(card(h))?.replaceAll(h.workspace, "slack:T0OTHER") ?? "[]")
    const ours = await h.slack.impostor(h.install, dm(h), "A card?", { blocks })
    const client = await h.platform.clients.control(h.workspace)
    for (const answer of [theirs, ours]) {
      const { ts } = (await answer.json()) as { ts: string }
      await client.agents.sessions.setStatus({ channel_id: dm(h).id, thread_ts: ts, status: "processing" })
      await h.rin.stopsAgent(dm(h), ts)
      await h.platform.idle()
      expect(h.rin.sessionIn(dm(h), ts)?.status).toBe("active")
    }
    expect(await facts(h)).not.toContain("cancelled")
    draft.ready()
    await h.settled()
    expect(said(card(h))).toContain('"approve"')
  })
})

test("what docs/slack.md adds for agents is what their events need, and no more", () => {
  const root = resolve(import.meta.dirname, "../..")
  const docs = readFileSync(join(root, "docs/slack.md"), "utf8")
  const manifest = parse(docs.split("## With Slack's agent view")[1]?.match(/```yaml\n([\s\S]*?)```/)?.[1] ?? "") as {
    readonly features: { readonly agent_view: { readonly agent_description: string } }
    readonly oauth_config: { readonly scopes: { readonly bot: readonly string[] } }
    readonly settings: { readonly event_subscriptions: { readonly bot_events: readonly string[] } }
  }
  expect(manifest.settings.event_subscriptions.bot_events).toEqual(Object.keys(scopesOfAgents))
  expect(manifest.oauth_config.scopes.bot).toEqual(Object.values(scopesOfAgents).flat())
  expect(neededScopes).not.toContain("assistant:write")
  expect(manifest.features.agent_view.agent_description.length).toBeLessThanOrEqual(300)
})
