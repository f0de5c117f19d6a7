// Several workspaces in one process, each installed by its own people: what is one's stays one's, in posts, tokens and ends.
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { afterEach, describe, expect, test } from "@jest/globals"
import type { Db } from "../../adapters/slack/migrations.ts"
import { neededScopes } from "../../adapters/slack/scopes.ts"
import type { WorkspaceId } from "../../src/core/domain.ts"
import type { Log } from "../../src/core/ports.ts"
import { FakeClock } from "../fakes/clock.ts"
import type { Person } from "../fakes/slack/person.ts"
import type { Channel, Install, Message, Team } from "../fakes/slack/state.ts"
import { type Store, stores as storeKinds, useStores } from "../harness/ledgers.ts"
import { allows, begins, installsApp, returns, type Where } from "./browser-trip.ts"
import { type House, type HouseOptions, openHouse, openTown, posts, type Town } from "./house.ts"

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
const stores = useStores()
const partner = "slack:T0PART" as WorkspaceId

async function town(rotation = false): Promise<{ town: Town; clock: FakeClock }> {
  const clock = new FakeClock(Date.now())
  return { clock, town: await openTown({ by: "http", now: () => clock.now(), rotation }) }
}
/** A server that serves whoever installs the app. */
async function site(o: HouseOptions & { readonly town: Town; readonly clock: FakeClock }): Promise<House> {
  const { clientId, clientSecret } = o.town.app
  const house = await openHouse({ by: "http", ...o, options: { as: { many: { clientId, clientSecret, workspaces: "any" } }, ...o.options } })
  closing.push(() => house.close())
  return house
}
const trip = (h: House) => ({ slack: h.slack, app: h.app, origin: new URL(h.app.urls.events ?? "").origin })
async function installed(h: House, who: Where & { readonly by: Person }): Promise<Install> {
  expect((await installsApp(trip(h), who)).status).toBe(200)
  return "team" in who ? h.slack.install(h.app, who.team, []) : (h.slack.installs.find((i) => i.enterprise?.id === who.organisation.id) as Install)
}
async function both(h: House) {
  await installed(h, { team: h.team, by: h.mira })
  const there = await installed(h, { team: h.partner, by: h.eve })
  return { there, room: h.slack.channel({ team: h.partner, name: "room", members: [h.eve, there] }) }
}
const cardOf = (who: Person, bot: Install) => who.dmWith(bot).messages.findLast((m) => JSON.stringify(m.blocks).includes('"approve"')) as Message
async function walk(h: House, who: Person, bot: Install, channel: Channel): Promise<Message> {
  who.mention(channel, "how?", { bot })
  await h.settled()
  await who.clicks(cardOf(who, bot), "approve")
  await h.settled()
  return posts(h).at(-1) as Message
}
const incidents = async (h: House) =>
  (await Promise.all([h.workspace, partner].map((workspace) => h.ledger.read({ workspace, stream: "monitor" })))).flat()
const asked = async (h: House) => (await h.ledger.heads({})).map((head) => head.workspace)

test("two workspaces and an organisation: each posts by its own bot in its own place, and sees nothing of the others", async () => {
  const h = await site(await town())
  const { there, room } = await both(h)
  const organisation = { id: "E0ORG", name: "Org" }
  const grid = h.slack.team({ id: "T0GRID", name: "Grid", enterprise: organisation })
  const gil = h.slack.person({ team: grid, name: "Gil" })
  const wide = await installed(h, { organisation, teams: [grid], by: gil })
  const hall = h.slack.channel({ team: grid, name: "hall", members: [gil, wide] })
  const first = await walk(h, h.rin, h.install, h.infra)
  const second = await walk(h, h.eve, there, room)
  const third = await walk(h, gil, wide, hall)
  expect([first, second, third].map((m) => [m.channel, m.bot?.botId])).toEqual([
    [h.infra.id, h.install.botId],
    [room.id, there.botId],
    [hall.id, wide.botId],
  ])
  expect(posts(h)).toHaveLength(3)
  expect((await asked(h)).sort()).toEqual(["slack:T0ACME", "slack:T0GRID", "slack:T0PART"])
  expect(await incidents(h)).toEqual([])
  expect(await h.flow.inbox.posts(h.personId(h.rin), 9)).toHaveLength(1)
})

describe("a channel in which two organisations both have the app", () => {
  async function joint() {
    const h = await site(await town())
    const { there } = await both(h)
    // Slack tells of it once, in the name of the first.
    h.slack.joins(h.shared, there)
    await h.settled()
    return { h, there }
  }
  test("whose bot is mentioned, there it is one request, and nowhere else anything", async () => {
    const { h, there } = await joint()
    const post = await walk(h, h.eve, there, h.shared)
    expect(h.slack.deliveries.filter((d) => d.name === "app_mention").map((d) => d.body["context_team_id"])).toEqual(["T0ACME"])
    expect(await asked(h)).toEqual([partner])
    expect(post.bot?.botId).toBe(there.botId)
    await walk(h, h.rin, h.install, h.shared)
    expect((await asked(h)).sort()).toEqual(["slack:T0ACME", "slack:T0PART"])
    expect(posts(h).map((m) => m.bot?.botId)).toEqual([there.botId, h.install.botId])
    // What the one posted under the app's name is no incident to the other, heard or looked for.
    expect(await incidents(h)).toEqual([])
  })
  test("a sweep finds no stranger's post in what the other one let out", async () => {
    const { h, there } = await joint()
    await walk(h, h.eve, there, h.shared)
    const found = []
    for await (const m of h.platform.sweep(0)) found.push(m.post.workspace)
    expect(found).toEqual([partner])
  })
  test("a stolen token that names the other's workspace is an incident where it was stolen", async () => {
    const { h } = await joint()
    const metadata = { event_type: "ai_label", event_payload: { jws: "x", jti: "x", attempt: "x", url: "https://x.example/l/x", ws: partner } }
    await h.slack.impostor(h.install, h.infra, "Nobody approved this.", { metadata })
    await h.settled()
    expect((await incidents(h)).map((e) => `${e.workspace} ${e.fact.kind}`)).toEqual([`${h.workspace} rogueSeen`])
  })
  test("the other organisation's people ask nothing of our bot, and are told so", async () => {
    const { h } = await joint()
    h.eve.mention(h.shared, "how?", { bot: h.install })
    await h.settled()
    expect(await asked(h)).toEqual([])
    expect(h.shared.messages.filter((m) => m.bot !== null)).toEqual([])
    expect(h.eve.ephemeralsTo(h.shared).map((e) => e.text)).toEqual([expect.stringContaining("Only members of this place")])
  })
})

test("in a channel of two workspaces of one organisation, a post belongs to the one in which it was asked for", async () => {
  const h = await site(await town())
  const organisation = { id: "E0ORG", name: "Org" }
  const teams = ["T0GRID", "T1GRID"].map((id) => h.slack.team({ id, name: id, enterprise: organisation })) as [Team, Team]
  const gil = h.slack.person({ team: teams[0], name: "Gil" })
  const gia = h.slack.person({ team: teams[1], name: "Gia" })
  const wide = await installed(h, { organisation, teams, by: gil })
  await walk(h, gia, wide, h.slack.channel({ team: teams[1], name: "own", members: [gia, wide] }))
  const hall = h.slack.channel({ team: teams[0], name: "hall", members: [gil, gia, wide], sharedWith: [teams[1]] })
  gil.mention(hall, "how?", { bot: wide })
  await h.settled()
  // Slack may tell of the post in the name of the other.
  h.slack.settings.names = "last"
  await gil.clicks(cardOf(gil, wide), "approve")
  await h.settled()
  expect(posts(h).at(-1)?.channel).toBe(hall.id)
  const monitors = teams.map(({ id }) => h.ledger.read({ workspace: `slack:${id}` as WorkspaceId, stream: "monitor" }))
  expect((await Promise.all(monitors)).flat()).toEqual([])
  const found = []
  for await (const m of h.platform.sweep(0)) found.push(`${m.post.workspace} ${m.place.channel === hall.id ? "hall" : "own"}`)
  expect(found.sort()).toEqual(["slack:T0GRID hall", "slack:T1GRID own"])
})

describe("the end of one workspace", () => {
  test("by removal: the other goes on; installed again it is served again, and news of the old end changes nothing", async () => {
    const { town: t, clock } = await town()
    const h = await site({ town: t, clock })
    const { there, room } = await both(h)
    h.slack.uninstalls(there)
    await h.settled()
    expect(await h.platform.clients.team(partner)).toBeNull()
    expect((await walk(h, h.rin, h.install, h.infra)).channel).toBe(h.infra.id)
    const ends = h.slack.deliveries.filter((d) => d.name === "app_uninstalled" || d.name === "tokens_revoked")
    clock.advance(60_000)
    await installed(h, { team: h.partner, by: h.eve })
    for (const end of ends) await h.slack.replay(end)
    await h.settled()
    expect((await walk(h, h.eve, there, room)).channel).toBe(room.id)
    const facts = (await h.ledger.read({ workspace: partner, stream: "install" })).map((e) => e.fact.kind)
    expect(facts).toEqual(["installed", "uninstalled", "installed"])
  })
  test("by its token alone: nothing is posted there any more, and a card that was open posts nothing", async () => {
    const h = await site(await town())
    const { there, room } = await both(h)
    h.eve.mention(room, "how?", { bot: there })
    await h.settled()
    const card = { ...cardOf(h.eve, there) }
    h.slack.revokes(there)
    await h.settled()
    await h.eve.clicks(card, "approve")
    await h.settled()
    expect(posts(h)).toEqual([])
    expect((await walk(h, h.rin, h.install, h.infra)).channel).toBe(h.infra.id)
  })
  test("of an organisation: all its workspaces end with it, though Slack names but one", async () => {
    const h = await site(await town())
    const organisation = { id: "E0ORG", name: "Org" }
    const teams = ["T0GRID", "T1GRID"].map((id) => h.slack.team({ id, name: id, enterprise: organisation })) as [Team, Team]
    const people = teams.map((team) => h.slack.person({ team, name: "Gil" })) as [Person, Person]
    const wide = await installed(h, { organisation, teams, by: people[0] })
    for (const [i, team] of teams.entries()) {
      const gil = people[i] as Person
      await walk(h, gil, wide, h.slack.channel({ team, name: "hall", members: [gil, wide] }))
    }
    // One workspace may leave alone: as long as Slack honours the organisation's token, the others go on.
    const told = h.slack.deliveries.findLast((d) => d.name === "app_mention")
    if (told === undefined) throw new Error("nothing was told")
    const { enterprise_id: _, ...left } = told.body
    await h.slack.replay({ ...told, body: { ...left, event: { type: "app_uninstalled" }, authorizations: [], context_enterprise_id: null } })
    await h.settled()
    expect(await h.platform.clients.team("slack:T1GRID" as WorkspaceId)).toBeNull()
    expect(await h.platform.clients.team("slack:T0GRID" as WorkspaceId)).not.toBeNull()
    h.slack.uninstalls(wide)
    await h.settled()
    for (const { id } of teams) expect(await h.platform.clients.team(`slack:${id}` as WorkspaceId)).toBeNull()
    expect(await (h.database.db as unknown as Db).selectFrom("slack_install").select("id").execute()).toEqual([])
  })
})

describe("tokens that change", () => {
  const half = 12 * 3_600_000
  test("between card and click: the post goes out by the new one, exchanged once, and the old one is refused by Slack", async () => {
    const { town: t, clock } = await town(true)
    const h = await site({ town: t, clock })
    await installed(h, { team: h.team, by: h.mira })
    h.rin.mention(h.infra, "how?")
    await h.settled()
    const old = (await h.platform.clients.control(h.workspace)).token
    clock.advance(half)
    await h.rin.clicks(cardOf(h.rin, h.install), "approve")
    await h.settled()
    expect(posts(h)).toHaveLength(1)
    expect(h.slack.calls.filter((c) => c.args["grant_type"] === "refresh_token")).toMatchObject([{ outcome: "ok" }])
    expect((await h.platform.clients.control(h.workspace)).token).not.toBe(old)
    const answer = await fetch(`${h.slack.url}auth.test`, { method: "POST", headers: { authorization: `Bearer ${old}` } })
    expect(await answer.json()).toMatchObject({ ok: false, error: "token_expired" })
  })
  test("under two servers on one database: one exchanges it, and both go on with what it got", async () => {
    const place = await stores.place("postgres")
    const { town: t, clock } = await town(true)
    const one = await site({ town: t, clock, where: place.where })
    await installed(one, { team: one.team, by: one.mira })
    const two = await site({ town: t, clock, where: place.where })
    clock.advance(half)
    const asking = [one, two].map(async (h) => (await h.platform.clients.control(h.workspace)).token)
    // No time passes for the one that exchanges; the one that waits for it looks again when some does.
    await Promise.race(asking)
    let waits = true
    const all = Promise.all(asking).finally(() => {
      waits = false
    })
    while (waits) {
      clock.advance(100)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(new Set(await all).size).toBe(1)
    expect(one.slack.calls.filter((c) => c.args["grant_type"] === "refresh_token")).toHaveLength(1)
  }, 60_000)
})

describe.each(storeKinds)("at rest in %s", (kind: Store) => {
  test("no token and no refresh token can be read", async () => {
    const place = await stores.place(kind)
    const { town: t, clock } = await town(true)
    const h = await site({ town: t, clock, where: place.where })
    await installed(h, { team: h.team, by: h.mira })
    const secrets = [...h.slack.tokens].flatMap((token) => [token.value, token.refresh ?? token.value])
    expect(secrets.length).toBeGreaterThan(0)
    const rows = JSON.stringify(await (h.database.db as unknown as Db).selectFrom("slack_install").selectAll().execute())
    const files = place.where.kind === "sqlite" ? filesOf(place.where.folder) : ""
    for (const secret of secrets) expect(`${rows}${files}`).not.toContain(secret)
    expect(rows).toContain(h.team.id)
  }, 60_000)
  test("with other keys: said at the start, in words; nothing is posted; installing again cures it", async () => {
    const place = await stores.place(kind)
    const { town: t, clock } = await town()
    const first = await site({ town: t, clock, where: place.where })
    await installed(first, { team: first.team, by: first.mira })
    await first.leave()
    const said: string[] = []
    const log: Log = { info: () => undefined, warn: () => undefined, error: (_what, words) => void said.push(words) }
    const h = await site({ town: t, clock, where: place.where, log, options: { derive: () => new Uint8Array(32).fill(99) } })
    expect(said).toEqual([expect.stringMatching(/^the tokens of T0ACME cannot be opened: the keys folder is not the one .* install the app again$/)])
    h.rin.mention(h.infra, "how?")
    await h.settled()
    expect(h.rin.dm).toEqual([])
    await installed(h, { team: h.team, by: h.mira })
    expect((await walk(h, h.rin, h.install, h.infra)).channel).toBe(h.infra.id)
  }, 60_000)
})
function filesOf(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"))
    .join("\n")
}
test("two people install two workspaces at once, in two browsers", async () => {
  const h = await site(await town())
  const on = trip(h)
  const [a, b] = await Promise.all([begins(on), begins(on)])
  const ways = [allows(on, a, { team: h.team, by: h.mira }, neededScopes), allows(on, b, { team: h.partner, by: h.eve }, neededScopes)] as const
  expect(await Promise.all([returns(ways[0], a.cookie), returns(ways[1], b.cookie)]).then((all) => all.map((r) => r.status))).toEqual([200, 200])
  expect((await h.platform.clients.team(partner))?.name).toBe("Partner")
})
