// Private words, against the local Discord: cards that stand in one place and follow what happens, and words for one pair of eyes.
import { describe, expect, test } from "@jest/globals"
import { answerableMs } from "../../adapters/discord/answering.ts"
import { isSignpost } from "../../adapters/discord/signpost.ts"
import type { CardRef, PersonId, RequestId } from "../../src/core/domain.ts"
import { PlatformBusy } from "../../src/core/ports.ts"
import type { Message } from "../fakes/discord/state.ts"
import { desk } from "./desk.ts"
import { said } from "./fake-world.ts"
import { idOf, textOf } from "./house.ts"
import { cardFor, drafted, draftOf, hard, hardCard, perState } from "./states.ts"

const at = desk()
const edits = () => at.calls("PATCH /channels/{channel}/messages/{message}")
const mine = () => at.ann.ephemeralsIn(at.infra)
const ours = () => at.infra.messages.filter((m) => m.author === at.app.user)
const show = (card = perState.drafted, over: CardRef | "unreachable" | null = null) => at.out.show(at.card(card), at.annId, over as CardRef | null)

describe("a card of a request that came by mention", () => {
  test("stands in a direct message, once, and follows what happens", async () => {
    const ref = await show()
    expect(ref).toBe(`d:${at.ann.dm[0]?.channel.id}:${at.ann.dm[0]?.id}`)
    expect(await show(perState.drafted, ref)).toBe(ref)
    expect(edits()).toEqual([])
    expect(await show(perState.posted, ref)).toBe(ref)
    expect(idOf(at.ann.dm[0], "approve")).toBeNull()
    expect(textOf(at.ann.dm[0])).toContain("Posted, labelled")
    expect(at.ann.dm).toHaveLength(1)
    expect(ours()).toEqual([])
  })
  test("is sent anew when its message is gone, and shown again after a failure", async () => {
    const ref = await show()
    at.discord.failNext("PATCH /channels/{channel}/messages/{message}", { status: 404, code: 10008 })
    expect(await show(perState.refused, ref)).not.toBe(ref)
    const next = `d:${at.ann.dm[1]?.channel.id}:${at.ann.dm[1]?.id}` as CardRef
    at.discord.failNext("PATCH /channels/{channel}/messages/{message}", "500")
    await expect(show(perState.posted, next)).rejects.toBeInstanceOf(PlatformBusy)
    expect(await show(perState.posted, next)).toBe(next)
    expect(textOf(at.ann.dm[1])).toContain("Posted, labelled")
  })
  test("comes once, also when Discord's answer is lost and it is sent again", async () => {
    at.discord.failNext("POST /channels/{channel}/messages", "500ButDone")
    await expect(show()).rejects.toBeInstanceOf(PlatformBusy)
    expect(await show()).toBe(`d:${at.ann.dm[0]?.channel.id}:${at.ann.dm[0]?.id}`)
    expect(at.calls("POST /channels/{channel}/messages")).toHaveLength(2)
    expect(at.ann.dm).toHaveLength(1)
  })
  test("comes again when its message was deleted, however soon", async () => {
    const ref = await show()
    const sent = at.ann.dm[0] as Message
    await at.rest.delete(`/channels/${sent.channel.id}/messages/${sent.id}`)
    await show(perState.unclear, ref)
    await at.rest.delete(`/channels/${sent.channel.id}/messages/${at.ann.dm[0]?.id}`)
    expect(await show()).toMatch(/^d:/)
    expect(at.ann.dm).toHaveLength(1)
  })
  test("tells progress at most every three seconds, and never over what came after", async () => {
    const progress = (n: number) => ({ ...perState.asked, note: `Drafting. Step ${n}.` })
    const ref = await show(progress(0))
    for (let n = 1; n < 50; n += 1) await show(progress(n), ref)
    expect(edits()).toEqual([])
    at.clock.advance(3_000)
    await show(progress(50), ref)
    expect(edits()).toHaveLength(1)
    await show(perState.drafted, ref)
    at.clock.advance(3_000)
    await show(progress(51), ref)
    expect(textOf(at.ann.dm[0])).toContain("Will be read by")
  })
  test("comes in turn: a slow one does not cover the next", async () => {
    const ref = await show(perState.asked)
    at.clock.advance(3_000)
    const hold = at.discord.holdNext("PATCH /channels/{channel}/messages/{message}", "before")
    const slow = show({ ...perState.asked, note: "Drafting. Later." }, ref)
    await hold.arrived
    const next = show(perState.drafted, ref)
    hold.release()
    await Promise.all([slow, next])
    expect(textOf(at.ann.dm[0])).toContain("Will be read by")
  })
  test("that fails is shown by whoever came after it", async () => {
    const ref = await show()
    at.discord.failNext("PATCH /channels/{channel}/messages/{message}", "500")
    const both = await Promise.allSettled([show(perState.posted, ref), show(perState.posted, ref)])
    expect(both.map((one) => one.status)).toEqual(["rejected", "fulfilled"])
    expect(textOf(at.ann.dm[0])).toContain("Posted, labelled")
  })
  test("of any state is taken by Discord", async () => {
    let ref = await show()
    for (const [name, card] of Object.entries({ ...perState, ...hard })) {
      at.clock.advance(10_000)
      ref = await at.out.show({ ...at.card(card), request: `r_${name}` as RequestId }, at.annId, ref as CardRef)
      // Five a channel and five seconds are what Discord takes.
      await at.discord.tick(6_000)
    }
    expect(edits().filter((c) => c.status !== 200)).toEqual([])
    expect(at.ann.dm).toHaveLength(1)
  })
  test("reaches nobody of another server, nobody unknown, no bot", async () => {
    const others = [
      `discord:123456789012345678/${at.ann.id}`,
      "forum:u_1",
      `${at.place.workspace}/123456789012345678`,
      `${at.place.workspace}/${at.app.user.id}`,
    ]
    for (const who of others as PersonId[]) {
      expect(await at.out.show(at.card(), who, null)).toBe("unreachable")
      if (who !== others[0]) expect(await at.out.tell(who, { kind: "refused", words: "No." })).toBe("unreachable")
    }
  })
})

describe("when somebody takes no direct messages", () => {
  const mentions = () => Object.assign(at.question, { author: at.ann.user, mentions: [at.app.user.id], content: `<@${at.app.user.id}> how?` })
  test("and asked in public, a sentence there says that a draft is ready, to whoever mentioned us, once, and goes when it is settled", async () => {
    at.ann.closesDms()
    mentions()
    expect(await show(perState.asked)).toBe("unreachable")
    const ref = await show(perState.drafted)
    const [signpost] = ours()
    expect(ref).toBe(`s:${at.infra.id}:${signpost?.id}`)
    expect(signpost).toMatchObject({ content: "A draft is ready for you.", replyTo: at.question, pings: { users: [], everyone: false } })
    expect(isSignpost(await at.rest.get(`/channels/${at.infra.id}/messages/${signpost?.id}`))).toBe(true)
    expect(idOf(signpost, "review")).not.toBeNull()
    expect(await show({ ...perState.drafted, note: "Again." }, ref)).toBe(ref)
    expect(ours()).toHaveLength(1)
    expect(await show(perState.declined, ref)).toBe(ref)
    expect(ours()).toEqual([])
    expect(await show(perState.declined, ref)).toBe(ref)
  })
  test("and asked in private, nothing is said in public", async () => {
    at.ann.closesDms()
    expect(await show()).toBe("unreachable")
    expect(ours()).toEqual([])
    expect(await at.out.tell(at.annId, { kind: "reported", url: null })).toBe("unreachable")
  })
  test("and the bot may not write there either, nobody is told", async () => {
    at.ann.closesDms()
    mentions()
    at.discord.overwrites(at.infra, { for: at.acme, deny: ["SEND_MESSAGES"] })
    at.discord.permits(at.acme, [...at.acme.roles.values()].find((r) => r.botId === at.app.user.id) as never, ["VIEW_CHANNEL"])
    expect(await show()).toBe("unreachable")
  })
  test("the click on that sentence opens the card for their eyes, and the card follows there", async () => {
    at.ann.closesDms()
    mentions()
    const ref = await show()
    const click = await at.interaction(() => at.ann.clicks(ours()[0] as Message, idOf(ours()[0], "review") ?? ""))
    at.answers.carries(at.annId, at.card().request, click)
    await at.out.acknowledge(click, "reply")
    await at.out.showIn(click, at.card(), [])
    expect(idOf(mine()[0], "approve")).not.toBeNull()
    expect(await show(perState.posted, ref)).toBe(ref)
    expect(textOf(mine()[0])).toContain("Posted, labelled")
    expect(ours()).toEqual([])
  })
})

describe("a card of a request that came by command", () => {
  async function asked() {
    const by = await at.command()
    at.answers.askedFrom(at.annId, at.card().message, by)
    expect(await at.out.acknowledge(by, "reply")).toBe("in-time")
    return by
  }
  test("stands in the answer to the command and follows there, for one pair of eyes", async () => {
    const by = await asked()
    const ref = await show(perState.asked)
    expect(ref).toBe(`e:${by.id}`)
    at.clock.advance(3_000)
    expect(await show(perState.drafted, ref)).toBe(ref)
    expect(mine()).toHaveLength(1)
    expect(idOf(mine()[0], "approve")).not.toBeNull()
    expect(at.bo.sees(at.infra)).toEqual([at.question])
    expect(at.ann.dm).toEqual([])
  })
  test("comes directly when its time is over and there is something to decide, and not for the news", async () => {
    await asked()
    const ref = await show()
    at.clock.advance(answerableMs)
    await at.discord.tick(15 * 60_000)
    expect(await show(perState.posted, ref)).toBe("unreachable")
    expect(at.ann.dm).toEqual([])
    const next = await show({ ...perState.drafted, note: "You are asked again." }, ref)
    expect(next).toMatch(/^d:/)
    expect(at.ann.dm).toHaveLength(1)
  })
  test("comes directly when she dismissed it", async () => {
    await asked()
    const ref = await show()
    at.discord.failNext("PATCH /webhooks/{application}/{token}/messages/@original", { status: 404, code: 10008 })
    expect(await show(perState.unclear, ref)).toMatch(/^d:/)
  })
  test("lives on in the answer to the next click", async () => {
    await asked()
    const ref = await show()
    at.clock.advance(10 * 60_000)
    await at.discord.tick(10 * 60_000)
    const click = await at.interaction(() => at.ann.clicks(mine()[0] as Message, idOf(mine()[0], "discard") ?? ""))
    at.answers.carries(at.annId, at.card().request, { ...click, at: at.clock.now() })
    await at.out.acknowledge(click, "update")
    at.clock.advance(10 * 60_000)
    await at.discord.tick(10 * 60_000)
    expect(await show(perState.declined, ref)).toBe(`e:${click.id}`)
    expect(textOf(mine()[0])).toContain("Discarded. Nothing was posted.")
    expect(mine()).toHaveLength(1)
  })
  test("keeps its ticks for as long as it is the same draft", async () => {
    const by = await asked()
    const card = hardCard("with-findings")
    await show(card)
    expect([idOf(mine()[0], "approve"), idOf(mine()[0], "approve_checked")]).toEqual([null, null])
    await at.out.showIn(by, at.card(card), ["risky-advice:4"])
    expect(idOf(mine()[0], "approve_checked")).not.toBeNull()
    await show({ ...card, note: "It expires soon." })
    expect(idOf(mine()[0], "approve_checked")).not.toBeNull()
    const next = { ...drafted, draft: { ...drafted.draft, digest: "e".repeat(43) as never, revision: 2 } }
    await show(cardFor(next, draftOf({ findings: card.draft?.findings ?? [] })))
    expect(idOf(mine()[0], "approve_checked")).toBeNull()
    expect(idOf(mine()[0], "acknowledge")).not.toBeNull()
  })
  test("can be shown beside others in one answer, each of which follows by itself", async () => {
    const by = await asked()
    await at.out.say(by, "Two drafts wait for you.", "first")
    const [one, two] = [await at.out.showMore(by, at.card()), await at.out.showMore(by, { ...at.card(), request: "r_two" as RequestId })]
    at.answers.carries(at.annId, at.card().request, one)
    at.answers.carries(at.annId, "r_two" as RequestId, two)
    expect(mine()).toHaveLength(3)
    await at.out.show({ ...at.card(perState.posted), request: "r_two" as RequestId, message: "x" }, at.annId, `e:${two.id}` as CardRef)
    expect(mine().map((m) => textOf(m).includes("Posted, labelled"))).toEqual([false, false, true])
  })
})

describe("private words", () => {
  test("follow what she did last, or come directly", async () => {
    const by = await at.command()
    await at.out.acknowledge(by, "reply")
    at.answers.askedFrom(at.annId, "another question", by)
    const notice = { kind: "retracted", reason: "wrong", url: "https://discord.com/channels/1/2/3" } as const
    expect(await at.out.tell(at.annId, notice)).toBe("told")
    expect(textOf(mine().at(-1))).toContain("was retracted: wrong advice. Open it (<https://discord.com/channels/1/2/3>)")
    expect(at.ann.dm).toEqual([])
    at.clock.advance(answerableMs)
    expect(await at.out.tell(at.annId, notice)).toBe("told")
    expect(at.ann.dm).toHaveLength(1)
  })
  test("call nobody and are for one pair of eyes", async () => {
    const by = await at.command()
    await at.out.acknowledge(by, "reply")
    await at.out.say(by, "Stopped by @everyone <@123456789012345678>: *now*.\n- one", "first")
    await at.out.say(by, "More.", "more")
    expect(mine().map(textOf)).toEqual([expect.stringContaining("\\\\@everyone \\\\<\\\\@1234"), expect.stringContaining("More.")])
    expect(at.bo.sees(at.infra)).toEqual([at.question])
    expect(at.discord.messages.filter((m) => m.pings.everyone || m.pings.users.length > 0)).toEqual([])
  })
  test("that come too late are no fault", async () => {
    const by = await at.command()
    await at.discord.tick(600_000)
    expect(await at.out.acknowledge(by, "reply")).toBe("too-late")
    expect(await at.out.openRedraft(by, at.card())).toBe("too-late")
    await at.out.say(by, "No.", "first")
    await at.out.say(by, "No.", "more")
    expect(ours()).toEqual([])
  })
  test("a second answer to one click is too late, too", async () => {
    const by = await at.command()
    expect(await at.out.acknowledge(by, "reply")).toBe("in-time")
    expect(await at.out.acknowledge(by, "reply")).toBe("too-late")
  })
  test("nothing that Discord refuses carries the text of a card", async () => {
    at.discord.failNext("POST /users/@me/channels", { status: 400, code: 50035 })
    const failed = await show().catch((e: unknown) => e as Error & { code: string })
    expect(failed).toMatchObject({ code: "discord-50035" })
    expect(JSON.stringify([failed, (failed as Error).stack, (failed as Error).cause ?? null])).not.toContain("rotate")
  })
})

describe("forms", () => {
  test("open with the text in them, and what is too long says so", async () => {
    const by = await at.command()
    expect(await at.out.openEdit(by, at.card())).toBe("in-time")
    expect(JSON.stringify(at.ann.modal?.components)).toContain("Only the *owner*")
    const next = await at.command()
    expect(await at.out.openEdit(next, at.card(cardFor(drafted, draftOf({ answer: "w".repeat(4_001) }))))).toBe("in-time")
    expect(textOf(mine().at(-1))).toContain("longer than Discord's field holds")
    expect(at.bo.sees(at.infra)).toEqual([at.question])
  })
  test("of a post name its label", async () => {
    const label = "01KAJ5ZZZZZZZZZZZZZZZZZZZZ" as never
    expect(await at.out.openReport(await at.command(), label)).toBe("in-time")
    expect(at.ann.modal?.customId).toBe(`report:${label}`)
    expect(await at.out.openRetract(await at.command(), label)).toBe("in-time")
    expect(at.ann.modal?.customId).toBe(`retract:${label}`)
  })
})
test("nothing is ever sent by a webhook of a channel, and a dead token is said so", async () => {
  expect(at.discord.messages.filter((m) => m.via === "webhook")).toEqual([])
  at.discord.failNext("PUT /applications/{application}/commands", { status: 401, code: 0 })
  expect(await said(at.out.setCommands([]))).not.toBe("ok")
})
