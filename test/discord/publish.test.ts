// Public words, against the local Discord: one message for a permit, in the right place, or none; and the signpost that takes it back.
import { describe, expect, test } from "@jest/globals"
import { REST } from "discord.js"
import { attemptOf } from "../../adapters/discord/ids.ts"
import { can } from "../../adapters/discord/outbound.ts"
import { isWithdrawn } from "../../adapters/discord/signpost.ts"
import { permitLifeMs } from "../../src/core/permit.ts"
import { PostRefused } from "../../src/core/ports.ts"
import { readDiscord } from "../../src/label/read/discord.ts"
import { visHash } from "../../src/label/vis.ts"
import type { Fault } from "../fakes/discord/faults.ts"
import { flag, type Message } from "../fakes/discord/state.ts"
import { answer, desk } from "./desk.ts"

const alive = new AbortController().signal
const words = { kind: "retracted", reason: "wrong", at: Date.UTC(2026, 10, 21, 10, 9), by: "Ann @everyone" } as const
const at = desk()
const route = "POST /channels/{channel}/messages"
const posts = (): readonly Message[] => at.discord.messages.filter((m) => m.author === at.app.user && m.channel.guild !== null)
const stored = async (m: Message | undefined) => at.rest.get(`/channels/${m?.channel.id}/messages/${m?.id}`)

describe("publishing", () => {
  test("is one message that answers the question: label first and last, the words in between, nobody called, no previews", async () => {
    const ref = await at.out.publish(await at.permit(), alive)
    const [post, ...others] = posts()
    if (post === undefined) throw new Error("nothing posted")
    expect(others).toEqual([])
    const url = `https://discord.com/channels/${at.acme.id}/${at.infra.id}/${post.id}`
    expect(ref).toEqual({ workspace: at.place.workspace, id: `${at.infra.id}:${post.id}`, url })
    expect(post).toMatchObject({ channel: at.infra, replyTo: at.question, pings: { everyone: false, users: [], roles: [] }, via: "rest", embeds: [] })
    expect(post.flags).toBe(flag.suppressEmbeds)
    expect(post.unfurled).toBe(false)
    expect(attemptOf(post.nonce)).toMatch(/^[0-9A-Z]{26}$/)
    expect(at.calls(route)).toHaveLength(1)
    expect(at.calls(route)[0]?.body).toMatchObject({ enforce_nonce: true, allowed_mentions: { parse: [], replied_user: false } })
    const read = readDiscord(await stored(post))
    const [first, ...rest] = read.whole.split("\n")
    expect(first).toMatch(/^✦ AI-generated · approved by Ann_\*the\* @here · not edited .*verify: http/)
    expect(rest.at(-1)).toMatch(/^✦ AI-generated · approved by Ann_\*the\* @here · 2026-11-21 10:00 UTC · not edited/)
    expect(read.between.trim()).toBe("Restart the runner @everyone see (https://wiki.example/runner) :rocket:\n\nmake  run <@1>")
  })
  test("sends what was rendered, and its label says so", async () => {
    await at.out.publish(await at.permit(), alive)
    const { mini, between } = readDiscord(await stored(posts()[0]))
    const claims = JSON.parse(Buffer.from(mini?.split(".")[1] ?? "", "base64url").toString("utf8")) as { dig: { vis: string } }
    expect(claims.dig.vis).toBe(await visHash(between))
  })
  test("stays readable, label and all, when a moderator suppresses embeds", async () => {
    await at.out.publish(await at.permit(), alive)
    const before = readDiscord(await stored(posts()[0]))
    at.mo.suppressesEmbeds(posts()[0] as Message)
    expect(readDiscord(await stored(posts()[0]))).toEqual(before)
  })
  test("in a thread goes into the thread, also when the question stands one channel up", async () => {
    const thread = at.bo.startsThread(at.infra, "Restarting", { on: at.question })
    await at.out.publish(await at.permit(answer, { ...at.place, thread: thread.id }), alive)
    const own = at.bo.says(thread, "And now?")
    await at.out.publish(await at.permit("Two.", { ...at.place, thread: thread.id }, `${thread.id}:${own.id}`), alive)
    expect(posts()).toMatchObject([
      { channel: thread, replyTo: null },
      { channel: thread, replyTo: own },
    ])
  })
  test("goes out when the question was deleted meanwhile", async () => {
    const given = await at.permit()
    at.bo.deletes(at.question)
    await at.out.publish(given, alive)
    expect(posts()).toHaveLength(1)
  })
  test.each<[Fault, string]>([
    [{ retryAfterSeconds: 1 }, "no more messages just now"],
    [{ retryAfterSeconds: 1, scope: "global" }, "no more messages just now"],
    [{ status: 429, code: 20028 }, "no more messages just now"],
    [{ status: 404, code: 10003 }, "not there any more"],
    [{ status: 403, code: 50001 }, "cannot see it"],
    [{ status: 403, code: 50013 }, "does not let the app post"],
    [{ status: 400, code: 50083 }, "archived"],
    [{ status: 400, code: 40067 }, "tag"],
    [{ status: 400, code: 160002 }, "history"],
    [{ status: 400, code: 50035 }, "form"],
    [{ status: 400, code: 200000 }, "filter"],
    [{ status: 403, code: 424242 }, "does not let the app post"],
    [{ status: 401, code: 0 }, "token"],
  ])("%j is a definite no", async (fault, why) => {
    const given = await at.permit()
    at.discord.failNext(route, fault)
    const failed = await at.out.publish(given, alive).catch((e: unknown) => e)
    expect(failed).toBeInstanceOf(PostRefused)
    expect((failed as PostRefused).message).toContain(why)
    expect(posts()).toEqual([])
    expect(at.calls(route)).toHaveLength(1)
  })
  test.each<Fault>([
    "failsAndNotDone",
    "failsButDone",
    "500",
    "500ButDone",
    { status: 408, code: 0 },
    { status: 409, code: 0 },
    { status: 503, code: 0 },
    // The nonce was used before: this very attempt was posted, and deleted.
    { status: 404, code: 10008 },
  ])("%j leaves it unclear, and is not tried again", async (fault) => {
    const given = await at.permit()
    at.discord.failNext(route, fault)
    const failed = await at.out.publish(given, alive).catch((e: unknown) => e)
    expect(failed).toBeInstanceOf(Error)
    expect(failed).not.toBeInstanceOf(PostRefused)
    expect(at.calls(route)).toHaveLength(1)
    expect(posts()).toHaveLength(String(fault).includes("ButDone") ? 1 : 0)
  })
  test("says nothing of the text when it fails, wherever that is written", async () => {
    for (const fault of ["500", { status: 400, code: 50035 }, { status: 409, code: 0 }] as const) {
      const given = await at.permit("The secret plan.")
      at.discord.failNext(route, fault)
      const failed = await at.out.publish(given, alive).catch((e: unknown) => e as Error)
      const said = (e: unknown): string => (e instanceof Error ? `${e.stack} ${JSON.stringify(e)} ${said(e.cause)}` : JSON.stringify(e ?? ""))
      expect(said(failed)).not.toMatch(/secret plan|Bot /)
    }
  })
  test("that was given up before it was sent is not sent; nor is one whose permit is old", async () => {
    await expect(at.out.publish(await at.permit(), AbortSignal.abort(new Error("stopped")))).rejects.toThrow(PostRefused)
    const old = await at.permit()
    at.clock.advance(permitLifeMs)
    await expect(at.out.publish(old, alive)).rejects.toThrow("nothing was posted")
    expect(at.calls(route)).toEqual([])
  })
  test("that waits behind another is not sent after it was given up", async () => {
    const [first, second] = [await at.permit("One."), await at.permit("Two.")]
    const hold = at.discord.holdNext(route, "before")
    const control = new AbortController()
    const one = at.out.publish(first, alive)
    await hold.arrived
    const two = at.out.publish(second, control.signal).catch((e: unknown) => e)
    control.abort(new Error("stopped"))
    hold.release()
    expect(await two).toBeInstanceOf(Error)
    await one
    await at.discord.quiet()
    expect(posts()).toHaveLength(1)
    expect(at.calls(route)).toHaveLength(1)
  })
  test("that is given up on its way is taken off the wire, and unclear", async () => {
    const given = await at.permit()
    const hold = at.discord.holdNext(route, "before")
    const control = new AbortController()
    const sent = at.out.publish(given, control.signal).catch((e: unknown) => e)
    await hold.arrived
    control.abort(new Error("stopped"))
    const ended = await sent
    expect(ended).toBeInstanceOf(Error)
    expect(ended).not.toBeInstanceOf(PostRefused)
    hold.release()
  })
  test("with a label that leaves too little room is refused before anything is sent", async () => {
    const given = await at.permit("x".repeat(1_900))
    await expect(at.out.publish(given, alive)).rejects.toThrow("too long for one message")
    expect(at.calls(route)).toEqual([])
  })
  test("that lands elsewhere is deleted there, and never called posted", async () => {
    const elsewhere = at.discord.channel(at.acme, { name: "elsewhere" })
    const astray = new REST({ api: at.discord.url, version: "10", retries: 0 }).setToken(at.app.token)
    const { post } = astray
    astray.post = (_route, options) =>
      post.call(astray, `/channels/${elsewhere.id}/messages`, { ...options, body: { ...(options?.body as object), message_reference: undefined } })
    await expect(at.outOn({ poster: astray }).publish(await at.permit(), alive)).rejects.toThrow("elsewhere")
    expect(posts()).toEqual([])
  })
  test("is done once for a permit", async () => {
    const given = await at.permit()
    await at.out.publish(given, alive)
    await expect(at.out.publish(given, alive)).rejects.toThrow("spent before")
    expect(posts()).toHaveLength(1)
  })
})

describe("withdrawing", () => {
  test("takes the text away and keeps the label's frame and its buttons", async () => {
    const ref = await at.out.publish(await at.permit(), alive)
    const before = readDiscord(await stored(posts()[0]))
    expect(await at.out.withdraw(ref, words)).toBe("withdrawn")
    const after = readDiscord(await stored(posts()[0]))
    expect(after.mini).toBe(before.mini)
    expect(after.whole.split("\n")).toEqual([
      before.whole.split("\n")[0],
      expect.stringMatching(/^Retracted by Ann @everyone: wrong advice\./),
      before.whole.split("\n").at(-1),
    ])
    expect(isWithdrawn(await stored(posts()[0]))).toBe(true)
    expect(at.calls("PATCH /channels/{channel}/messages/{message}")[0]?.body["allowed_mentions"]).toEqual({ parse: [] })
    expect(posts()[0]?.mentionEveryone).toBe(false)
    expect(await at.out.withdraw(ref, words)).toBe("withdrawn")
  })
  test("deletes what Discord does not let us change", async () => {
    const ref = await at.out.publish(await at.permit(), alive)
    at.discord.failNext("PATCH /channels/{channel}/messages/{message}", { status: 400, code: 30046 })
    expect(await at.out.withdraw(ref, words)).toBe("withdrawn")
    expect(posts()).toEqual([])
  })
  test("of what is not there is gone; of somebody else's message, refused; while Discord does not answer, a fault", async () => {
    const ref = await at.out.publish(await at.permit(), alive)
    expect(await at.out.withdraw({ ...ref, id: `${at.infra.id}:123456789012345678` }, words)).toBe("gone")
    expect(await at.out.withdraw({ ...ref, id: "nonsense" }, words)).toBe("gone")
    expect(await at.out.withdraw({ ...ref, id: `${at.infra.id}:${at.question.id}` }, words)).toBe("refused")
    expect(at.question.content).toBe("How do I restart it?")
    at.discord.failNext("PATCH /channels/{channel}/messages/{message}", "500", "500")
    await expect(at.out.withdraw(ref, words)).rejects.toThrow()
  })
  test("does not wait behind a post", async () => {
    const ref = await at.out.publish(await at.permit("One."), alive)
    const second = await at.permit("Two.")
    const hold = at.discord.holdNext(route, "before")
    const posting = at.out.publish(second, alive)
    await hold.arrived
    expect(await at.out.withdraw(ref, words)).toBe("withdrawn")
    hold.release()
    await posting
  })
})

test("reads lag behind posts in Discord: an attempt that is not found may still be there", () => {
  expect(can).toMatchObject({ readsConsistently: false, seesOwnPosts: true })
})
