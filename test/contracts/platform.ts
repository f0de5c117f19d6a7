// What every platform must do, real or fake. Permits come from the real walk: a wrapper catches them at the door.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals"
import type { PersonId, Place } from "../../src/core/domain.ts"
import { PermitDead, type PublishPermit, permitLifeMs } from "../../src/core/permit.ts"
import type { Actor, Ledger, Platform } from "../../src/core/ports.ts"
import { isRefusal } from "../../src/core/refusals.ts"
import { FakeClock } from "../fakes/clock.ts"
import { FakeDrafter } from "../fakes/drafter.ts"
import { freshLedger } from "../harness/ledgers.ts"
import { catchPermit, flowWith } from "../harness/permits.ts"

/** A platform with one place, one message in it, and one member who may ask. */
export interface Stage {
  readonly platform: Platform
  readonly place: Place
  readonly message: string
  readonly member: Actor
  /** What the public reads under our name, label lines off, as label/read has it. */
  readPosts(): Promise<readonly { readonly id: string; readonly visible: string }[]>
  close(): Promise<void>
}
const text = "Restart the **runner**.\n\n1. Stop it `now`\n2. Start it <b>again</b>\n\n```\nmake  run\n```\n"
const nobody = { reason: "wrong", kind: "retracted", at: 0, by: "Rin" } as const

export function platformContract(name: string, make: (clock: FakeClock) => Promise<Stage>): void {
  describe(`platform: ${name}`, () => {
    let clock: FakeClock
    let stage: Stage
    let ledger: Ledger
    let platform: Platform
    const closing: (() => Promise<void>)[] = []
    const alive = new AbortController().signal
    beforeEach(async () => {
      clock = new FakeClock()
      stage = await make(clock)
      platform = stage.platform
      ledger = await freshLedger(clock)
      closing.push(
        () => stage.close(),
        () => ledger.close(),
      )
    })
    afterEach(async () => {
      for (const close of closing.splice(0).reverse()) await close()
    })

    const permitFor = (answer = text) => catchPermit({ clock, answer, ...stage }, closing)

    test("render is pure: the same text gives the same body, and asks nothing of the platform", () => {
      expect(platform.render(text, stage.place)).toEqual(platform.render(text, stage.place))
    })
    test("what is posted is what was approved: read back from public markup it is the same text", async () => {
      const { permit, visible } = await permitFor()
      const post = await platform.publish(permit, alive)
      expect(await stage.readPosts()).toEqual([{ id: post.id, visible }])
    })
    test("a spent permit posts nothing more", async () => {
      const { permit } = await permitFor()
      await platform.publish(permit, alive)
      await expect(platform.publish(permit, alive)).rejects.toThrow(PermitDead)
      expect(await stage.readPosts()).toHaveLength(1)
    })
    test("a permit that died of age, or that nobody gave, posts nothing", async () => {
      const { permit } = await permitFor()
      clock.advance(permitLifeMs)
      await expect(platform.publish(permit, alive)).rejects.toThrow(PermitDead)
      await expect(platform.publish(Object.freeze(Object.create(null)) as PublishPermit, alive)).rejects.toThrow(PermitDead)
      expect(await stage.readPosts()).toEqual([])
    })
    test("a request that was given up posts nothing", async () => {
      const { permit, attempt, label } = await permitFor()
      await expect(platform.publish(permit, AbortSignal.abort(new Error("stopped")))).rejects.toThrow()
      expect(await stage.readPosts()).toEqual([])
      expect(await platform.findPosted(attempt, stage.place, label)).not.toHaveProperty("id")
    })
    test("a sweep tells of what is posted, as readers see it with its label, also when it is not what was posted any more", async () => {
      const sweep = async () => {
        const found = []
        for await (const m of platform.sweep(0)) found.push(m)
        return found
      }
      expect(await sweep()).toEqual([])
      const { permit, attempt, label, visible } = await permitFor()
      const post = await platform.publish(permit, alive)
      const [found] = await sweep()
      // A message may keep its label alone.
      expect([attempt, null]).toContain(found?.attempt)
      expect(found).toMatchObject({ label, visible, post: { id: post.id }, place: { channel: stage.place.channel } })
      expect(found?.whole).toMatch(/^✦ [^\n]*\n.*\n✦ [^\n]*$/s)
      await platform.withdraw(post, nobody)
      for (const m of await sweep()) expect(m.visible ?? "").not.toContain("Restart the")
    })
    test("an attempt is found once it is posted, and never by asking", async () => {
      const { permit, attempt, label } = await permitFor()
      expect(await platform.findPosted(attempt, stage.place, label)).toBe(platform.can.readsConsistently ? "absent" : "cannot-tell")
      expect(await stage.readPosts()).toEqual([])
      const post = await platform.publish(permit, alive)
      expect(await platform.findPosted(attempt, stage.place, label)).toMatchObject({ id: post.id })
    })
    test("a withdrawn post has no text any more; withdrawing twice is one withdrawal; an unknown post is gone", async () => {
      const { permit } = await permitFor()
      const post = await platform.publish(permit, alive)
      expect(await platform.withdraw(post, { ...nobody, at: clock.now() })).toBe("withdrawn")
      expect(await platform.withdraw(post, { ...nobody, at: clock.now() })).toBe("withdrawn")
      expect(await stage.readPosts()).toEqual([])
      expect(await platform.withdraw({ ...post, id: "none" }, nobody)).toBe("gone")
    })
    test("two approved answers are two posts, each found by its own attempt", async () => {
      const [one, two] = [await permitFor("One."), await permitFor("Two.")]
      const [first, second] = [await platform.publish(one.permit, alive), await platform.publish(two.permit, alive)]
      expect(await platform.findPosted(one.attempt, stage.place, one.label)).toMatchObject({ id: first.id })
      expect(await platform.findPosted(two.attempt, stage.place, two.label)).toMatchObject({ id: second.id })
    })
    test("the thread holds the question and no more than asked for, and rejects when the question is not there", async () => {
      const thread = await platform.thread(stage.place, stage.message, 1)
      expect(thread).toEqual([expect.objectContaining({ id: stage.message, role: "question" })])
      await expect(platform.thread(stage.place, "none", 10)).rejects.toThrow()
    })
    test("a member is a member, and whoever is not known here is a stranger, reads nothing and is told nothing", async () => {
      const stranger = `${platform.name}:stranger` as PersonId
      expect(["member", "moderator", "admin"]).toContain(await platform.mayAct(stage.member.person, stage.place))
      expect(await platform.mayAct(stranger, stage.place)).toBe("stranger")
      expect(await platform.mayAct("elsewhere:1" as PersonId, stage.place)).toBe("stranger")
      expect(await platform.tell(stranger, { kind: "refused", words: "No." })).toBe("unreachable")
    })
    test("the same card shown twice stands in one place", async () => {
      const { flow } = flowWith({ ledger, clock, platform, drafter: new FakeDrafter("never") })
      closing.push(() => flow.stop())
      const asked = await flow.inbox.ask({ by: stage.member, place: stage.place, message: stage.message, gesture: "shown" })
      if (isRefusal(asked)) throw new Error(asked.words)
      const card = await flow.inbox.card(stage.place.workspace, asked.request, stage.member.person)
      if (card === null) throw new Error("no card")
      const ref = await platform.show(card, stage.member.person, null)
      expect(ref).not.toBe("unreachable")
      expect(await platform.show(card, stage.member.person, ref === "unreachable" ? null : ref)).toBe(ref)
      expect(await platform.show(card, `${platform.name}:stranger` as PersonId, null)).toBe("unreachable")
    })
    test("somebody who is forgotten is a stranger, and their name and words are gone", async () => {
      await platform.forget(stage.member.person)
      expect(await platform.mayAct(stage.member.person, stage.place)).toBe("stranger")
      const left = JSON.stringify(await platform.thread(stage.place, stage.message, 10).catch(() => []))
      expect(left).not.toContain(stage.member.name)
    })
  })
}
