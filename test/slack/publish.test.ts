// Public words, against the local Slack: one message for a permit, in the right place, or none; and the signpost that takes it back.
import { describe, expect, test } from "@jest/globals"
import { can, outbound } from "../../adapters/slack/outbound.ts"
import { permitLifeMs } from "../../src/core/permit.ts"
import { PostRefused } from "../../src/core/ports.ts"
import { readSlack } from "../../src/label/read/slack.ts"
import { visHash } from "../../src/label/vis.ts"
import type { Fault } from "../fakes/slack/faults.ts"
import type { Channel, Message } from "../fakes/slack/state.ts"
import { silentLog } from "../harness/walk.ts"
import { answer, desk } from "./desk.ts"
import { type House, posts } from "./house.ts"

const alive = new AbortController().signal
const words = { kind: "retracted", reason: "wrong", at: Date.UTC(2026, 10, 21, 10, 9), by: "Rin <!here>" } as const
const at = desk()
/** Cards go the same way: only what carries a label is public. */
const publicPosts = () => at.calls("chat.postMessage").filter((c) => JSON.stringify(c.args["metadata"] ?? null).includes("ai_label"))
const stored = (m: Message) => at.house.rin.json(m)

describe("publishing", () => {
  test("is one message in the thread: label first and last, the words in between, nobody called, no previews", async () => {
    const ref = await at.out.publish(await at.permit(), alive)
    const [post, ...others] = posts(at.house)
    if (post === undefined) throw new Error("nothing posted")
    expect(others).toEqual([])
    expect(ref).toEqual({
      workspace: at.house.workspace,
      id: `${at.house.infra.id}:${post.ts}`,
      url: expect.stringContaining(post.ts.replace(".", "")),
    })
    expect(post).toMatchObject({ channel: at.house.infra.id, threadTs: at.question.ts, broadcast: false, unfurl: { links: false, media: false } })
    expect(at.house.slack.rung.filter((r) => r.message === post)).toEqual([])
    const read = readSlack(stored(post), { channel: at.house.infra.id })
    expect(read.whole.split("\n")[0]).toMatch(/^✦ AI-generated · approved by Rin \*the\* <!here> · not edited .*verify: http/)
    expect(read.between).toContain("Restart the runner <!channel> & see 🚀")
    expect(read.ctx).toEqual({ p: "slack", ws: at.house.workspace, ch: at.house.infra.id, th: at.question.ts })
    expect(post.text).toContain("✦ AI-generated · approved by Rin *the* &lt;!here&gt;")
    expect(post.text).toContain("Restart the runner &lt;!channel&gt;")
    expect(post.text).not.toContain("<")
    expect(Buffer.byteLength(JSON.stringify(post.metadata))).toBeLessThanOrEqual(900)
  })
  test("sends what was rendered, and its label says so", async () => {
    await at.out.publish(await at.permit(), alive)
    const [post] = posts(at.house)
    const { mini, between } = readSlack(post === undefined ? null : stored(post))
    const claims = JSON.parse(Buffer.from(mini?.split(".")[1] ?? "", "base64url").toString("utf8")) as { dig: { vis: string } }
    expect(claims.dig.vis).toBe(await visHash(between))
  })
  test("in a channel, when the at.question has no thread", async () => {
    await at.out.publish(await at.permit(answer, { ...at.place, thread: null }), alive)
    expect(posts(at.house)).toMatchObject([{ threadTs: null }])
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
    const given = await at.permit()
    at.house.slack.failNext("chat.postMessage", fault)
    await expect(at.out.publish(given, alive)).rejects.toThrow(PostRefused)
    expect(posts(at.house)).toEqual([])
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
    const given = await at.permit()
    at.house.slack.failNext("chat.postMessage", fault)
    const failed = await at.out.publish(given, alive).catch((e: unknown) => e)
    expect(failed).toBeInstanceOf(Error)
    expect(failed).not.toBeInstanceOf(PostRefused)
    expect(publicPosts()).toHaveLength(1)
    expect(posts(at.house)).toHaveLength(JSON.stringify(fault).includes("ButDone") ? 1 : 0)
  })
  test("that was given up before it was sent is not sent", async () => {
    await expect(at.out.publish(await at.permit(), AbortSignal.abort(new Error("stopped")))).rejects.toThrow(PostRefused)
    expect(publicPosts()).toEqual([])
  })
  test("that is given up on its way is taken off the wire, and unclear", async () => {
    const given = await at.permit()
    const hold = at.house.slack.holdNext("chat.postMessage", "before")
    const control = new AbortController()
    const sent = at.out.publish(given, control.signal).catch((e: unknown) => e)
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
    const given = await at.permit()
    const { clients } = at.house.platform
    const poster: typeof clients.poster = (w, s) => {
      at.clock.advance(permitLifeMs)
      return clients.poster(w, s)
    }
    const slow = outbound({ ...clients, poster }, at.clock, silentLog)
    await expect(slow.publish(given, alive)).rejects.toThrow(PostRefused)
    expect(publicPosts()).toEqual([])
  })
  test("without a token is a definite no", async () => {
    const given = await at.permit()
    const none = outbound({ ...at.house.platform.clients, poster: () => Promise.reject(new Error("no token")) }, at.clock, silentLog)
    await expect(none.publish(given, alive)).rejects.toThrow(PostRefused)
  })
  test("is done even when its address cannot be had", async () => {
    const given = await at.permit()
    at.house.slack.failNext("chat.getPermalink", "500")
    expect(await at.out.publish(given, alive)).toMatchObject({ url: null })
    const lost = outbound({ ...at.house.platform.clients, control: () => Promise.reject(new Error("no token")) }, at.clock, silentLog)
    expect(await lost.publish(await at.permit("Two."), alive)).toMatchObject({ url: null })
    expect(posts(at.house)).toHaveLength(2)
  })
  test.each(["another channel", "the channel, out of its thread"])(
    "that lands elsewhere (%s) is deleted there, and never called posted",
    async (where) => {
      const given = await at.permit()
      const { team, rin, install, infra } = at.house
      const elsewhere = where === "another channel" ? at.house.slack.channel({ team, name: "elsewhere", members: [rin, install] }) : infra
      const { clients } = at.house.platform
      const redirected = outbound({ ...clients, poster: async (w, s) => astray(await clients.poster(w, s), elsewhere) }, at.clock, silentLog)
      await expect(redirected.publish(given, alive)).rejects.toThrow("elsewhere")
      expect(posts(at.house)).toEqual([])
    },
  )
})
/** A Slack that puts a post into another channel than was said, and into no thread. */
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
    const ref = await at.out.publish(await at.permit(), alive)
    const before = readSlack(stored(posts(at.house)[0] as Message))
    expect(await at.out.withdraw(ref, words)).toBe("withdrawn")
    const after = readSlack(stored(posts(at.house)[0] as Message))
    expect(after.mini).toBe(before.mini)
    expect(after.whole.split("\n")).toEqual([
      before.whole.split("\n")[0],
      expect.stringMatching(/^Retracted by Rin <!here>: wrong advice\./),
      before.whole.split("\n").at(-1),
    ])
    expect(posts(at.house)[0]?.text).not.toContain("runner")
    expect(at.house.slack.rung).toEqual([])
    expect(await at.out.withdraw(ref, words)).toBe("withdrawn")
  })
  test("deletes what Slack does not let us change", async () => {
    const ref = await at.out.publish(await at.permit(), alive)
    at.house.slack.failNext("chat.update", { error: "edit_window_closed" })
    expect(await at.out.withdraw(ref, words)).toBe("withdrawn")
    expect(posts(at.house)).toEqual([])
  })
  test("of what is not there is gone; of somebody else's message, refused; while Slack does not answer, a fault", async () => {
    const ref = await at.out.publish(await at.permit(), alive)
    expect(await at.out.withdraw({ ...ref, id: `${at.house.infra.id}:1.000001` }, words)).toBe("gone")
    expect(await at.out.withdraw({ ...ref, id: "nonsense" }, words)).toBe("gone")
    expect(await at.out.withdraw({ ...ref, id: `${at.house.infra.id}:${at.question.ts}` }, words)).toBe("refused")
    expect(at.question.text).toContain("How do I restart it?")
    at.house.slack.failNext("chat.update", "500")
    await expect(at.out.withdraw(ref, words)).rejects.toThrow()
    at.house.slack.failNext("chat.update", "429")
    await expect(at.out.withdraw(ref, words)).rejects.toThrow()
    at.house.slack.failNext("chat.update", { error: "internal_error" })
    await expect(at.out.withdraw(ref, words)).rejects.toThrow()
    at.house.slack.failNext("chat.update", { error: "edit_window_closed" })
    at.house.slack.failNext("chat.delete", { error: "service_unavailable" })
    await expect(at.out.withdraw(ref, words)).rejects.toThrow()
  })
  test("does not wait behind a post", async () => {
    const ref = await at.out.publish(await at.permit("One."), alive)
    const second = await at.permit("Two.")
    const hold = at.house.slack.holdNext("chat.postMessage", "before")
    const posting = at.out.publish(second, alive)
    await hold.arrived
    expect(await at.out.withdraw(ref, words)).toBe("withdrawn")
    hold.release()
    await posting
  })
})

test("reads lag behind posts in Slack: an attempt that is not found may still be there", () => {
  expect(can).toMatchObject({ readsConsistently: false, seesOwnPosts: true })
})
