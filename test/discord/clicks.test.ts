// Clicks that must not post: a stranger's, one on an old card, one after the end, and the same one again and again.
import { afterEach, describe, expect, test } from "@jest/globals"
import { cardActs } from "../../adapters/discord/actions.ts"
import { FakeClock } from "../fakes/clock.ts"
import type { Message } from "../fakes/discord/state.ts"
import { useStores } from "../harness/ledgers.ts"
import { clicks, type House, type HouseOptions, idOf, modalOf, openHouse, posts, textOf } from "./house.ts"

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
async function house(o: HouseOptions = {}): Promise<House> {
  const made = await openHouse(o)
  closing.push(() => made.close())
  return made
}
/** Rin's card, as she sees it now: a copy, since a screen may be old. */
async function card(h: House): Promise<Message> {
  await h.rin.messageCommand("Draft an answer", h.bo.says(h.infra, "How?"))
  await h.settled()
  return { ...(h.rin.ephemeralsIn(h.infra).at(-1) as Message) }
}
const kinds = async (h: House) => {
  const [head] = await h.ledger.heads({})
  return (await h.ledger.read({ workspace: h.workspace, stream: head?.stream ?? ("" as never) })).map((e) => e.fact.kind)
}
const member = (h: House) => h.acme.members.get(h.rin.id) as NonNullable<ReturnType<House["acme"]["members"]["get"]>>
const told = (h: House) => textOf(h.rin.ephemeralsIn(h.infra).at(-1))
const stores = useStores()

describe("the same click again", () => {
  test("many at once, each an interaction of its own: one post, one approval", async () => {
    const h = await house()
    const seen = await card(h)
    await Promise.all(Array.from({ length: 20 }, () => clicks(h.rin, seen, "approve")))
    await h.settled()
    expect(posts(h)).toHaveLength(1)
    expect((await kinds(h)).filter((k) => ["approved", "postingBegun", "posted"].includes(k))).toEqual(["approved", "postingBegun", "posted"])
    expect(h.discord.calls.filter((c) => c.route === "POST /channels/{channel}/messages")).toHaveLength(1)
  })
  test("after a restart, on a card from before: one post", async () => {
    const place = await stores.place("sqlite")
    const first = await openHouse({ where: place.where })
    const seen = await card(first)
    await first.leave()
    const second = await house({ where: place.where, town: first })
    await clicks(second.rin, seen, "approve")
    await second.settled()
    expect(posts(second)).toHaveLength(1)
    expect(textOf(second.rin.ephemeralsIn(second.infra).at(-1))).toContain("Posted")
  })
})

describe("two copies of one card, as the command and the queue leave them", () => {
  async function two(h: House) {
    const first = await card(h)
    await h.rin.slash("countersign", "queue", {}, h.infra)
    await h.settled()
    return [first, { ...(h.rin.ephemeralsIn(h.infra).at(-1) as Message) }] as const
  }
  test("clicked at once: one post, one approval", async () => {
    const h = await house()
    const [first, second] = await two(h)
    await Promise.all([clicks(h.rin, first, "approve"), clicks(h.rin, second, "approve"), clicks(h.rin, first, "approve")])
    await h.settled()
    expect(posts(h)).toHaveLength(1)
    expect((await kinds(h)).filter((k) => k === "approved")).toHaveLength(1)
  })
  test("the one that was left behind says what became of it when it is clicked, and offers nothing more", async () => {
    const h = await house()
    const [first, second] = await two(h)
    await clicks(h.rin, second, "approve")
    await h.settled()
    await clicks(h.rin, first, "approve")
    await h.settled()
    const seen = h.rin.ephemeralsIn(h.infra).map((m) => [idOf(m, "approve"), textOf(m).includes("Posted, labelled")])
    expect(seen).toEqual(Array(2).fill([null, true]))
    expect(posts(h)).toHaveLength(1)
  })
})

describe("somebody else's click", () => {
  test("approves nothing, and they alone are told so", async () => {
    const h = await house()
    h.rin.closesDms()
    h.rin.mention(h.infra, "how?")
    await h.settled()
    await clicks(h.bo, h.infra.messages[1], "review")
    await h.settled()
    const forged: Message = { ...(h.infra.messages[1] as Message) }
    expect(idOf(h.bo.ephemeralsIn(h.infra)[0], "approve")).toBeNull()
    expect(forged.components).not.toEqual([])
    expect(posts(h)).toHaveLength(0)
    expect(h.infra.messages).toHaveLength(2)
  })
  test("with the name of another's button on a card of their own: nothing of either card comes of it", async () => {
    const h = await house()
    const hers = await card(h)
    await h.bo.messageCommand("Draft an answer", h.rin.says(h.infra, "Eh?"))
    await h.settled()
    const his = h.bo.ephemeralsIn(h.infra).at(-1) as Message
    const held = his.components
    for (const act of cardActs) {
      const forged = (idOf(hers, "approve") ?? "").replace("approve", act)
      his.components = JSON.parse(JSON.stringify(held).replaceAll(idOf({ ...his, components: held }, "approve") ?? "", forged))
      await h.bo.clicks(his, forged)
      await h.settled()
      expect(h.bo.modal).toBeNull()
      expect(textOf(h.bo.ephemeralsIn(h.infra).at(-1))).toContain("belongs to somebody else")
    }
    expect(h.bo.ephemeralsIn(h.infra).map(textOf).join()).not.toContain("Answer 1.")
    expect(posts(h)).toHaveLength(0)
    expect((await h.ledger.heads({})).map((head) => head.at)).toEqual(["drafted", "drafted"])
  })
  test.each([
    ["who left the server", (h: House) => h.rin.leaves(h.acme)],
    ["who was timed out", (h: House) => Object.assign(member(h), { timedOutUntil: Date.now() + 3_600_000 })],
    ["who has not passed the screening", (h: House) => Object.assign(member(h), { pending: true })],
    ["who cannot see the channel any more", (h: House) => h.discord.overwrites(h.infra, { for: h.rin.user, deny: ["VIEW_CHANNEL"] })],
  ])("of one %s approves nothing", async (_who, happens) => {
    const h = await house()
    h.rin.mention(h.infra, "how?")
    await h.settled()
    const seen = h.rin.dm[0]
    happens(h)
    await clicks(h.rin, seen, "approve")
    await h.settled()
    expect(posts(h)).toHaveLength(0)
    expect(await kinds(h)).not.toContain("approved")
  })
})

test("a card of another server is none of this one's", async () => {
  const h = await house()
  const seen = await card(h)
  const now = h.rin.ephemeralsIn(h.infra)[0] as Message
  const beta = h.discord.guild({ name: "Beta" })
  h.discord.install(h.app, beta, ["VIEW_CHANNEL"])
  const forged = idOf(seen, "approve")?.replace(h.acme.id, beta.id) ?? ""
  now.components = JSON.parse(JSON.stringify(now.components).replaceAll(idOf(seen, "approve") ?? "", forged))
  await h.rin.clicks(now, forged)
  await h.settled()
  expect(posts(h)).toHaveLength(0)
  expect(told(h)).toContain("This card is out of date")
})

test.each(["approve", "discard", "edit"])("on a message that all can see, the button of a card is none, be it her own: %s", async (act) => {
  const h = await house()
  const custom_id = idOf(await card(h), act) as string
  // Somebody has the bot's token, and wants her to click without reading.
  const button = { type: 2, style: 1, label: "See the news", custom_id }
  await h.discord.impostor(h.app, h.infra, { content: "News.", components: [{ type: 1, components: [button] }] })
  await h.settled()
  const bait = h.infra.messages.at(-1) as Message
  await h.rin.clicks(bait, custom_id)
  await h.settled()
  expect(posts(h)).toEqual([])
  expect(h.rin.modal).toBeNull()
  expect((await h.ledger.heads({})).map((head) => head.at)).toEqual(["drafted"])
  expect(textOf(bait)).not.toContain("Draft for")
  expect(told(h)).toContain("out of date")
})
/** She opened it to edit a text that was redrafted meanwhile. */
async function outdatedForm(h: House) {
  const old = await card(h)
  await clicks(h.rin, old, "edit")
  const form = modalOf(h.rin)
  await clicks(h.rin, old, "redraft")
  await h.rin.submits(modalOf(h.rin), { words: "shorter" })
  await h.settled()
  h.rin.user.modal = form
  return form
}
describe("a click too late", () => {
  test("on an old card approves nothing; the new card posts the new text", async () => {
    const h = await house()
    const old = await card(h)
    await clicks(h.rin, old, "redraft")
    await h.rin.submits(modalOf(h.rin), { words: "shorter" })
    await h.settled()
    // Discord itself has no such button any more on the message; an old client may still send it.
    const now = h.rin.ephemeralsIn(h.infra)[0] as Message
    now.components = old.components
    await h.rin.clicks(now, idOf(old, "approve") ?? "")
    await h.settled()
    expect(posts(h)).toHaveLength(0)
    expect(told(h)).toContain("The draft changed after you opened it")
    // And what they look at is the new card from then on.
    await clicks(h.rin, now, "approve")
    await h.settled()
    expect(posts(h)[0]?.content).toContain("Answer 2 (shorter)")
  })
  test("on an old edit changes nothing, and gives back what was typed", async () => {
    const h = await house()
    const form = await outdatedForm(h)
    await h.rin.submits(form, { text: "What Rin typed." })
    await h.settled()
    expect(told(h)).toContain("The draft changed after you opened it")
    expect(told(h)).toContain("What Rin typed.")
  })
  test("on an old edit gives all of it back, however long it is with its escapes", async () => {
    const h = await house()
    const form = await outdatedForm(h)
    const typed = `${"*_".repeat(1_000)}\n${"😀".repeat(500)}${"_*".repeat(499)}`
    await h.rin.submits(form, { text: typed })
    await h.settled()
    const [, ...said] = h.rin.ephemeralsIn(h.infra).map((m) => String(m.components[0]?.["content"]))
    expect(said[0]).toContain("The draft changed after you opened it")
    expect(
      said
        .join("")
        .replace(/\\([*_])/g, "$1")
        .replace(/\s/g, ""),
    ).toContain(typed.replace(/\s/g, ""))
  })
  test("after the draft has expired posts nothing", async () => {
    const clock = new FakeClock(Date.now())
    const h = await house({ clock, policy: { draftTtlMs: 3_600_000 } })
    h.rin.mention(h.infra, "how?")
    await h.settled()
    const seen = { ...(h.rin.dm[0] as Message) }
    clock.advance(3_600_001)
    await clicks(h.rin, seen, "approve")
    await h.settled()
    expect(posts(h)).toHaveLength(0)
    expect(textOf(h.rin.ephemeralsIn(h.rin.dmWith()).at(-1))).toContain("This draft has expired")
  })
  test("when the private answer can be changed no more, the next one still is, and the queue brings the card back", async () => {
    const clock = new FakeClock(Date.now())
    const h = await house({ clock })
    const seen = await card(h)
    clock.advance(16 * 60_000)
    await h.discord.tick(16 * 60_000)
    await clicks(h.rin, seen, "redraft")
    await h.rin.submits(modalOf(h.rin), { words: "shorter" })
    await h.settled()
    expect(textOf(h.rin.ephemeralsIn(h.infra)[0])).toContain("Answer 2 (shorter).")
    h.rin.reloads()
    await h.rin.slash("countersign", "queue", {}, h.infra)
    await h.settled()
    await clicks(h.rin, h.rin.ephemeralsIn(h.infra).at(-1), "approve")
    await h.settled()
    expect(posts(h)).toHaveLength(1)
  })
})

test("what must be checked is ticked first; only then is there a button, and it approves", async () => {
  const finding = { id: "risk:1", level: "acknowledge" as const, words: "Line 1 opens access." }
  const h = await house({ checks: [{ name: "risk", see: () => [finding] }] })
  const seen = await card(h)
  expect(idOf(seen, "approve")).toBeNull()
  const select = h.rin.ephemeralsIn(h.infra)[0]
  const options = JSON.stringify(select?.components).match(/"value":"([^"]+)"/)?.[1] ?? ""
  await clicks(h.rin, select, "acknowledge", [options])
  await h.settled()
  await clicks(h.rin, h.rin.ephemeralsIn(h.infra)[0], "approve_checked")
  await h.settled()
  expect(posts(h)).toHaveLength(1)
})
