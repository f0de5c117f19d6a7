// What goes out, against the local Slack: one message for a permit, in the right place, or none; and private words that stay private.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals"
import { can, outbound } from "../../adapters/slack/outbound.ts"
import type { CardRef, PersonId, Place } from "../../src/core/domain.ts"
import { permitLifeMs } from "../../src/core/permit.ts"
import { PostRefused } from "../../src/core/ports.ts"
import { readSlack } from "../../src/label/read/slack.ts"
import { visHash } from "../../src/label/vis.ts"
import { FakeClock } from "../fakes/clock.ts"
import type { Fault } from "../fakes/slack/faults.ts"
import type { Channel, Message } from "../fakes/slack/state.ts"
import { catchPermit } from "../harness/permits.ts"
import { silentLog } from "../harness/walk.ts"
import { type House, openHouse, posts } from "./house.ts"
import { cardFor, drafted, draftOf, hard, perState } from "./states.ts"

const alive = new AbortController().signal
const answer = "Restart the **runner** <!channel> & [see](https://wiki.example/runner) :rocket:\n\n```\nmake  run <x>\n```"
const words = { kind: "retracted", reason: "wrong", at: Date.UTC(2026, 10, 21, 10, 9), by: "Rin <!here>" } as const
let house: House
let clock: FakeClock
let out: ReturnType<typeof outbound>
let question: Message
let place: Place
let rin: PersonId
const closing: (() => Promise<void>)[] = []

beforeEach(async () => {
  clock = new FakeClock()
  house = await openHouse({ clock })
  closing.push(() => house.close())
  out = outbound(house.platform.clients, clock, silentLog)
  question = house.bo.says(house.infra, "How do I restart it?")
  place = house.place(house.infra, question)
  rin = house.personId(house.rin)
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
async function permit(text = answer, at: Place = place) {
  const member = { person: rin, name: "Rin *the* <!here>", auth: "slack" as const }
  const on = { platform: house.platform, clock, place: at, message: `${at.channel}:${question.ts}`, member, answer: text }
  return (await catchPermit(on, closing)).permit
}
const calls = (method: string) => house.slack.calls.filter((c) => c.method === method)
/** Cards go the same way: only what carries a label is public. */
const publicPosts = () => calls("chat.postMessage").filter((c) => c.args["metadata"] !== undefined)
const stored = (m: Message) => house.rin.json(m)

describe("publishing", () => {
  test("is one message in the thread: label first and last, the words in between, nobody called, no previews", async () => {
    const ref = await out.publish(await permit(), alive)
    const [post, ...others] = posts(house)
    if (post === undefined) throw new Error("nothing posted")
    expect(others).toEqual([])
    expect(ref).toEqual({ workspace: house.workspace, id: `${house.infra.id}:${post.ts}`, url: expect.stringContaining(post.ts.replace(".", "")) })
    expect(post).toMatchObject({ channel: house.infra.id, threadTs: question.ts, broadcast: false, unfurl: { links: false, media: false } })
    expect(house.slack.rung.filter((r) => r.message === post)).toEqual([])
    const read = readSlack(stored(post), { channel: house.infra.id })
    expect(read.whole.split("\n")[0]).toMatch(/^✦ AI-generated · approved by Rin \*the\* <!here> · not edited .*verify: http/)
    expect(read.between).toContain("Restart the runner <!channel> & see 🚀")
    expect(read.ctx).toEqual({ p: "slack", ws: house.workspace, ch: house.infra.id, th: question.ts })
    expect(post.text).toContain("✦ AI-generated · approved by Rin *the* &lt;!here&gt;")
    expect(post.text).toContain("Restart the runner &lt;!channel&gt;")
    expect(post.text).not.toContain("<")
    expect(Buffer.byteLength(JSON.stringify(post.metadata))).toBeLessThanOrEqual(900)
  })
  test("sends what was rendered, and its label says so", async () => {
    await out.publish(await permit(), alive)
    const [post] = posts(house)
    const { mini, between } = readSlack(post === undefined ? null : stored(post))
    const claims = JSON.parse(Buffer.from(mini?.split(".")[1] ?? "", "base64url").toString("utf8")) as { dig: { vis: string } }
    expect(claims.dig.vis).toBe(await visHash(between))
  })
  test("in a channel, when the question has no thread", async () => {
    await out.publish(await permit(answer, { ...place, thread: null }), alive)
    expect(posts(house)).toMatchObject([{ threadTs: null }])
  })
  test.each<Fault>([
    "429",
    ...["channel_not_found", "not_in_channel", "is_archived", "msg_too_long", "msg_blocks_too_long", "restricted_action"].map((error) => ({ error })),
    ...["invalid_auth", "token_revoked", "account_inactive", "missing_scope", "ratelimited", "invalid_blocks", "no_text", "metadata_too_large"].map(
      (error) => ({
        error,
      }),
    ),
  ])("%j is a definite no", async (fault) => {
    const given = await permit()
    house.slack.failNext("chat.postMessage", fault)
    await expect(out.publish(given, alive)).rejects.toThrow(PostRefused)
    expect(posts(house)).toEqual([])
    expect(publicPosts()).toHaveLength(1)
  })
  test.each<Fault>([
    "failsAndNotDone",
    "failsButDone",
    "500",
    "500ButDone",
    "internal_error",
    "internal_errorButDone",
    "fatal_error",
    "fatal_errorButDone",
    { error: "request_timeout" },
    { error: "service_unavailable" },
    { error: "some_error_of_next_year" },
  ])("%j leaves it unclear, and is not tried again", async (fault) => {
    const given = await permit()
    house.slack.failNext("chat.postMessage", fault)
    const failed = await out.publish(given, alive).catch((e: unknown) => e)
    expect(failed).toBeInstanceOf(Error)
    expect(failed).not.toBeInstanceOf(PostRefused)
    expect(publicPosts()).toHaveLength(1)
    expect(posts(house)).toHaveLength(JSON.stringify(fault).includes("ButDone") ? 1 : 0)
  })
  test("that was given up before it was sent is not sent", async () => {
    await expect(out.publish(await permit(), AbortSignal.abort(new Error("stopped")))).rejects.toThrow(PostRefused)
    expect(publicPosts()).toEqual([])
  })
  test("that is given up on its way is taken off the wire, and unclear", async () => {
    const given = await permit()
    const hold = house.slack.holdNext("chat.postMessage", "before")
    const control = new AbortController()
    const sent = out.publish(given, control.signal).catch((e: unknown) => e)
    await hold.arrived
    control.abort(new Error("stopped"))
    // Well before the request would have ended by itself.
    const late = new Promise((resolve) => setTimeout(() => resolve("still on its way"), 4_000).unref())
    const ended = await Promise.race([sent, late])
    expect(ended).toBeInstanceOf(Error)
    expect(ended).not.toBeInstanceOf(PostRefused)
    hold.release()
  })
  test("does not begin when the permit died while the token was fetched", async () => {
    const given = await permit()
    const { clients } = house.platform
    const poster: typeof clients.poster = (w, s) => {
      clock.advance(permitLifeMs)
      return clients.poster(w, s)
    }
    const slow = outbound({ ...clients, poster }, clock, silentLog)
    await expect(slow.publish(given, alive)).rejects.toThrow(PostRefused)
    expect(publicPosts()).toEqual([])
  })
  test("without a token is a definite no", async () => {
    const given = await permit()
    const none = outbound({ ...house.platform.clients, poster: () => Promise.reject(new Error("no token")) }, clock, silentLog)
    await expect(none.publish(given, alive)).rejects.toThrow(PostRefused)
  })
  test("is done even when its address cannot be had", async () => {
    const given = await permit()
    house.slack.failNext("chat.getPermalink", "500")
    expect(await out.publish(given, alive)).toMatchObject({ url: null })
    const lost = outbound({ ...house.platform.clients, control: () => Promise.reject(new Error("no token")) }, clock, silentLog)
    expect(await lost.publish(await permit("Two."), alive)).toMatchObject({ url: null })
    expect(posts(house)).toHaveLength(2)
  })
  test("that lands elsewhere is deleted there, and never called posted", async () => {
    const given = await permit()
    const elsewhere = house.slack.channel({ team: house.team, name: "elsewhere", members: [house.rin, house.install] })
    const { clients } = house.platform
    const redirected = outbound({ ...clients, poster: async (w, s) => astray(await clients.poster(w, s), elsewhere) }, clock, silentLog)
    await expect(redirected.publish(given, alive)).rejects.toThrow("elsewhere")
    expect(posts(house)).toEqual([])
  })
})
/** A Slack that puts a post into another channel than was said. */
function astray<C extends Awaited<ReturnType<House["platform"]["clients"]["poster"]>>>(client: C, to: Channel): C {
  const { postMessage } = client.chat
  Object.assign(client.chat, {
    postMessage: (args: Parameters<typeof postMessage>[0]) => {
      const { thread_ts: _, ...rest } = args as typeof args & { thread_ts?: string }
      return postMessage({ ...rest, channel: to.id } as typeof args)
    },
  })
  return client
}

describe("withdrawing", () => {
  test("takes the text away and keeps the label's frame", async () => {
    const ref = await out.publish(await permit(), alive)
    const before = readSlack(stored(posts(house)[0] as Message))
    expect(await out.withdraw(ref, words)).toBe("withdrawn")
    const after = readSlack(stored(posts(house)[0] as Message))
    expect(after.mini).toBe(before.mini)
    expect(after.whole.split("\n")).toEqual([
      before.whole.split("\n")[0],
      expect.stringMatching(/^Retracted by Rin <!here>: wrong advice\./),
      before.whole.split("\n").at(-1),
    ])
    expect(posts(house)[0]?.text).not.toContain("runner")
    expect(house.slack.rung).toEqual([])
    expect(await out.withdraw(ref, words)).toBe("withdrawn")
  })
  test("deletes what Slack does not let us change", async () => {
    const ref = await out.publish(await permit(), alive)
    house.slack.failNext("chat.update", { error: "edit_window_closed" })
    expect(await out.withdraw(ref, words)).toBe("withdrawn")
    expect(posts(house)).toEqual([])
  })
  test("of what is not there is gone; of somebody else's message, refused; while Slack does not answer, a fault", async () => {
    const ref = await out.publish(await permit(), alive)
    expect(await out.withdraw({ ...ref, id: `${house.infra.id}:1.000001` }, words)).toBe("gone")
    expect(await out.withdraw({ ...ref, id: "nonsense" }, words)).toBe("gone")
    expect(await out.withdraw({ ...ref, id: `${house.infra.id}:${question.ts}` }, words)).toBe("refused")
    expect(question.text).toContain("How do I restart it?")
    house.slack.failNext("chat.update", "500")
    await expect(out.withdraw(ref, words)).rejects.toThrow()
    house.slack.failNext("chat.update", "429")
    await expect(out.withdraw(ref, words)).rejects.toThrow()
  })
  test("does not wait behind a post", async () => {
    const ref = await out.publish(await permit("One."), alive)
    const second = await permit("Two.")
    const hold = house.slack.holdNext("chat.postMessage", "before")
    const posting = out.publish(second, alive)
    await hold.arrived
    expect(await out.withdraw(ref, words)).toBe("withdrawn")
    hold.release()
    await posting
  })
})

describe("cards", () => {
  const mine = (card = perState.drafted) => ({ ...card, workspace: house.workspace, place })
  const dm = () => house.rin.dm.map((m) => m.ts)
  test("stand in a direct message, once, and follow what happens", async () => {
    const ref = await out.show(mine(), rin, null)
    expect(house.rin.dm).toHaveLength(1)
    expect(ref).toBe(`${house.rin.dm[0]?.channel}:${house.rin.dm[0]?.ts}`)
    expect(await out.show(mine(), rin, ref as CardRef)).toBe(ref)
    expect(calls("chat.update")).toEqual([])
    expect(await out.show(mine(perState.posted), rin, ref as CardRef)).toBe(ref)
    expect(JSON.stringify(house.rin.dm[0]?.blocks)).not.toContain("approve")
    expect(dm()).toHaveLength(1)
  })
  test("are sent anew when their message is gone, and shown again after a failure", async () => {
    const ref = (await out.show(mine(), rin, null)) as CardRef
    house.slack.failNext("chat.update", { error: "message_not_found" })
    expect(await out.show(mine(perState.refused), rin, ref)).not.toBe(ref)
    house.slack.failNext("chat.update", "500")
    await expect(out.show(mine(perState.posted), rin, ref)).rejects.toThrow()
    expect(await out.show(mine(perState.posted), rin, ref)).toBe(ref)
    expect(house.rin.dm[0]?.text).toContain("Posted")
  })
  test("are pointed at in the thread, once, for one pair of eyes", async () => {
    await house.bo.says(house.infra, "Me too", { thread: question })
    const ref = (await out.show(mine(), rin, null)) as CardRef
    await out.show(mine(perState.posted), rin, ref)
    await until(() => house.rin.ephemeralsTo(house.infra).length > 0)
    expect(house.rin.ephemeralsTo(house.infra)).toMatchObject([{ threadTs: question.ts }])
    expect(house.bo.ephemeralsTo(house.infra)).toEqual([])
    expect(house.infra.messages.filter((m) => m.bot !== null)).toEqual([])
  })
  test("do not depend on the pointer", async () => {
    house.slack.failNext("chat.postEphemeral", "hangs")
    expect(await out.show(mine(), rin, null)).not.toBe("unreachable")
  })
  test("tell progress at most every three seconds, and never over what came after", async () => {
    const progress = (n: number) => ({ ...mine(perState.asked), note: `Drafting. Step ${n}.` })
    const ref = (await out.show(progress(0), rin, null)) as CardRef
    for (let n = 1; n < 50; n += 1) await out.show(progress(n), rin, ref)
    expect(calls("chat.update")).toEqual([])
    clock.advance(3_000)
    await out.show(progress(50), rin, ref)
    expect(calls("chat.update")).toHaveLength(1)
    await out.show(mine(), rin, ref)
    clock.advance(3_000)
    await out.show(progress(51), rin, ref)
    expect(house.rin.dm[0]?.text).toContain("Will be read by")
  })
  test("come in turn: a slow one does not cover the next", async () => {
    const ref = (await out.show(mine(perState.asked), rin, null)) as CardRef
    clock.advance(3_000)
    const hold = house.slack.holdNext("chat.update", "before")
    const slow = out.show({ ...mine(perState.asked), note: "Drafting. Later." }, rin, ref)
    await hold.arrived
    const next = out.show(mine(), rin, ref)
    // Time enough to overtake, for one that would.
    await Promise.race([next, new Promise((resolve) => setTimeout(resolve, 100))])
    hold.release()
    await Promise.all([slow, next])
    expect(house.rin.dm[0]?.text).toContain("Will be read by")
  })
  test("of any state are taken by Slack", async () => {
    let ref = (await out.show(mine(), rin, null)) as CardRef
    for (const [name, card] of Object.entries({ ...perState, ...hard })) {
      clock.advance(10_000)
      ref = (await out.show({ ...mine(card), request: `r_${name}` as never }, rin, ref)) as CardRef
    }
    expect(house.slack.calls.filter((c) => c.method === "chat.update" && c.outcome !== "ok")).toEqual([])
    expect(dm()).toHaveLength(1)
  })
  test("reach nobody of another workspace, nobody unknown, no bot", async () => {
    for (const who of [`slack:T0PART/${house.rin.id}`, "forum:u_1", "slack:T0ACME/UNONE", `slack:T0ACME/${house.install.botUserId}`] as PersonId[]) {
      expect(await out.show(mine(), who, null)).toBe("unreachable")
      expect(await out.tell(who, { kind: "refused", words: "No." })).toBe("unreachable")
    }
  })
})

describe("private words", () => {
  test("are for one pair of eyes, and call nobody", async () => {
    expect(await out.whisper(place, rin, "Stopped by <!channel> & &lt;Co&gt;.")).toBe("told")
    expect(house.rin.ephemeralsTo(house.infra)).toMatchObject([{ text: "Stopped by &lt;!channel&gt; &amp; &lt;Co&gt;.", threadTs: question.ts }])
    expect(await out.tell(rin, { kind: "retracted", reason: "wrong", url: "https://acme.slack.com/archives/C1/p1" })).toBe("told")
    expect(house.rin.dm.at(-1)?.text).toBe("An answer that you acted on was retracted: wrong advice. <https://acme.slack.com/archives/C1/p1|Open it>")
    expect(house.slack.rung).toEqual([])
    expect(house.infra.messages.filter((m) => m.bot !== null)).toEqual([])
  })
  test("in a direct message are a message there", async () => {
    const direct = { ...place, channel: house.rin.dmWith(house.install).id, thread: null }
    expect(await out.whisper(direct, rin, "No.")).toBe("told")
    expect(house.rin.dm.at(-1)?.text).toBe("No.")
  })
  test("reach nobody who is not in the channel", async () => {
    const out_of_it = house.slack.person({ team: house.team, name: "Out" })
    expect(await out.whisper(place, house.personId(out_of_it), "No.")).toBe("unreachable")
  })
  test("are never sent through response_url, and nothing but posts is public", async () => {
    await out.show({ ...cardFor(drafted, draftOf()), workspace: house.workspace, place }, rin, null)
    await out.whisper(place, rin, "No.")
    expect(house.slack.messages.filter((m) => m.via === "response_url")).toEqual([])
    expect(house.infra.messages.filter((m) => m.bot !== null)).toEqual([])
  })
})
test("App Home is published to one person", async () => {
  await out.publishHome(rin, { workspace: house.workspace, doors: [], may: "stop", cards: [], posts: [], help: "Help." })
  expect(house.rin.home?.definition["type"]).toBe("home")
})
test("a modal that comes too late is no fault", async () => {
  house.slack.failNext("views.open", { error: "expired_trigger_id" })
  await out.openReview({ workspace: house.workspace, trigger: "1.2.3", over: "page" }, perState.drafted)
})
test("reads lag behind posts in Slack: an attempt that is not found may still be there", () => {
  expect(can).toMatchObject({ readsConsistently: false, seesOwnPosts: true })
})

/** A pointer is not waited for by anybody else. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5))
}
