// A post as Discord gives it back: the same words as were approved; anything else is seen as changed.
import { describe, expect, test } from "@jest/globals"
import { render, withLabel } from "../../adapters/discord/render.ts"
import { isLabelled, isSignpost, isWithdrawn, readyMessage, withdrawnSource } from "../../adapters/discord/signpost.ts"
import { retractReasons } from "../../src/core/domain.ts"
import { labelLines, withoutLabelLines } from "../../src/label/lines.ts"
import { discordFrame, readDiscord, visibleDiscord } from "../../src/label/read/discord.ts"
import { buildLabel } from "../../src/label/sign.ts"
import { verifyLabel, verifyMini } from "../../src/label/verify.ts"
import { normaliseVis, visHash } from "../../src/label/vis.ts"
import { fc } from "../harness/property.ts"
import { iss, sampleClaims, testKey } from "../label/sample.ts"
import { markdown } from "./markdown.ts"
import { perState } from "./states.ts"

const lines = labelLines(sampleClaims, ["Rin *&* <@123456789012345678> _x_"])
const { jti, url } = sampleClaims
const row = (mini = "a.b.c") => ({
  type: 1,
  id: 1,
  components: [
    { type: 2, id: 2, style: 5, label: "Verify", url: `${url}#${mini}` },
    { type: 2, id: 3, style: 2, label: "Report a problem", custom_id: `report:${jti}` },
    { type: 2, id: 4, style: 2, label: "I acted on this", custom_id: `acted:${jti}` },
  ],
})
/** As `GET /channels/…/messages/…` has it. */
function stored(content: string, more: Record<string, unknown> = {}) {
  const beside = { embeds: [], attachments: [], mentions: [], flags: 4, type: 19, tts: false, pinned: false }
  return { id: "423456789012345678", channel_id: "223456789012345678", content: content.trim(), components: [row()], ...beside, ...more }
}
const posted = (body: string, more = {}) => stored(withLabel(render(body).payload, lines), more)
const at = { workspace: "discord:123456789012345678", channel: "223456789012345678", thread: "323456789012345678" }
const ctx = { p: "discord", ws: at.workspace, ch: at.channel, th: at.thread }

test("what is read back of a post is what was seen when it was rendered", () => {
  fc.assert(
    fc.property(markdown, (body) => {
      fc.pre(render(body).chars < 3_000 && render(body).payload.trim() !== "")
      expect(normaliseVis(readDiscord(posted(body)).between)).toBe(normaliseVis(render(body).visible))
    }),
    { numRuns: 800 },
  )
})
test("a verifier takes off exactly the two label lines", () => {
  fc.assert(
    fc.property(markdown, (body) => {
      fc.pre(render(body).chars < 3_000 && render(body).payload.trim() !== "")
      const read = withoutLabelLines(readDiscord(posted(body)).whole, sampleClaims)
      expect(read.missing).toEqual([])
      expect(normaliseVis(read.answer)).toBe(normaliseVis(render(body).visible))
    }),
    { numRuns: 500 },
  )
})
test.each([
  ["\\*a\\* **b** *c* _d_ __e__ ~~f~~ ***g***", "*a* b c d e f g"],
  ["`*a*` ``b`c`` ```\nd\\*\n``` ```sh\ne\n```", "*a* b`c d\\* e"],
  ["a\\\\*b*", "a\\b"],
  ["snake_case_name 2*3*4 *a", "snake_case_name 234 *a"],
  ["# a #\n## b\n### c\\#\n#### d\n-# e\n> f\n>> g", "a\nb\nc#\n#### d\ne\nf\n>> g"],
  ["- a\n  - b\n* c\n1. d", "• a\n  • b\n• c\n1. d"],
  ["> a\n> b\n\n>>> c\nd", "a\nb\n\nc\nd"],
  ["<https://a.example/_x_> https://b.example", "https://a.example/_x_ https://b.example"],
  [":rocket: \\:rocket: :no_such: 10:30:45", "🚀 :rocket: :no_such: 10:30:45"],
  ["¯\\_(ツ)_/¯ ¯\\\\\\_", "¯\\_(ツ)_/¯ ¯\\_"],
  ["**not ended and `not either", "**not ended and `not either"],
])("%j is seen as %j", (content, seen) => {
  expect(normaliseVis(visibleDiscord(content))).toBe(normaliseVis(seen))
})
test.each([
  "<@123456789012345678>",
  "<@&1>",
  "<#1>",
  "<t:1:R>",
  "</a:1>",
  "<:a:1>",
  "<id:guide>",
  "@everyone",
  "@here",
  "||a||",
  "[a](https://b.example)",
  "<a@b.c>",
])("%s, alive, is not seen as the same signs shown as they are", (alive) => {
  if (alive === "<a@b.c>") return expect(visibleDiscord("<mailto:a@b.c>")).not.toBe("<mailto:a@b.c>")
  expect(visibleDiscord(alive)).not.toBe(alive)
  expect(render(alive).visible.trim()).not.toBe(visibleDiscord(alive))
})

describe("a message", () => {
  test("says its label, and its place as far as it knows", () => {
    expect(readDiscord(posted("x"), at)).toMatchObject({ mini: "a.b.c", ctx, between: "x", says: { jti, url } })
    expect(readDiscord(posted("x")).ctx).toBeNull()
    expect(readDiscord(posted("x", { guild_id: "123456789012345678" })).ctx).toEqual({ p: "discord", ws: at.workspace, ch: at.channel })
    expect(readDiscord(posted("x", { guild_id: "123456789012345678", position: 3 })).ctx).toBeNull()
  })
  test("with an issuer too long for a button has the plain address there", () => {
    const [verify, ...others] = row().components
    expect(readDiscord(posted("x", { components: [{ type: 1, components: [{ ...verify, url }, ...others] }] }))).toMatchObject({
      mini: null,
      between: "x",
      says: { jti, url },
    })
  })
  test("without the button is no labelled post", () => {
    expect(readDiscord(posted("x", { components: [] }))).toMatchObject({ mini: null, says: { jti: null, url: null } })
    expect(readDiscord(posted("x", { components: [] })).between).toContain("approved by Rin")
  })
  test.each([null, 7, "x", [], { content: 3, components: 4, embeds: {} }, { components: [null, { components: [7, { url: 9 }] }] }])(
    "%j is read without a fault",
    (message) => {
      expect(readDiscord(message)).toMatchObject({ mini: null, says: { jti: null } })
    },
  )
  test("of a text without end is read at once", () => {
    expect(readDiscord({ content: "<".repeat(1_200_000) }).whole.length).toBe(1_200_000)
  })
})

describe("what is seen as changed, and what is not", () => {
  const before = normaliseVis(readDiscord(posted("Run `ls` on [it](https://a.example).")).between)
  const seenAfter = (change: (content: string) => string, more = {}) => {
    const message = posted("Run `ls` on [it](https://a.example).")
    return normaliseVis(readDiscord({ ...message, content: change(message.content), ...more }).between)
  }
  const same = (content: string) => content
  const [verify, report, acted] = row().components
  const buttons = (...components: unknown[]) => ({ components: [{ type: 1, components }] })
  test.each([
    ["another word", seenAfter((c) => c.replace("ls", "rm"))],
    ["an escape less", seenAfter((c) => c.replace("`ls`", "||ls||"))],
    ["a link behind words", seenAfter((c) => c.replace("it (<https://a.example>)", "[it](https://a.example)"))],
    ["a mention", seenAfter((c) => c.replace("Run", "<@123456789012345678> Run"))],
    ["a line more", seenAfter((c) => `${c}\nand rm`)],
    ["a line before", seenAfter((c) => `do not\n${c}`)],
    ["small print as the text", seenAfter((c) => c.replace("Run", "-# Stop. Run"))],
    ["a label line of another label", seenAfter((c) => c.replaceAll(url, "https://evil.example/l/01KAJ5ZZZZZZZZZZZZZZZZZZZY"))],
    ["a last line that is not small print", seenAfter((c) => c.replace("\n-# ", "\n"))],
    ["the label's line twice", seenAfter((c) => `${c.split("\n")[0]}\n${c}`)],
    ["an embed", seenAfter(same, { embeds: [{ type: "rich", description: "and rm" }] })],
    ["a file", seenAfter(same, { attachments: [{ filename: "rm.sh" }] })],
    ["a sticker", seenAfter(same, { sticker_items: [{ name: "rm" }] })],
    ["a poll", seenAfter(same, { poll: { question: { text: "rm?" } } })],
    ["something forwarded", seenAfter(same, { message_snapshots: [{ message: { content: "rm" } }] })],
    ["a row more", seenAfter(same, { components: [row(), row()] })],
    ["a button with other words", seenAfter(same, buttons(verify, { ...report, label: "Run it" }, acted))],
    ["a button for another label", seenAfter(same, buttons(verify, report, { ...acted, custom_id: "acted:01KAJ5ZZZZZZZZZZZZZZZZZZZY" }))],
    ["a button twice", seenAfter(same, buttons(verify, report, report))],
    ["a second link", seenAfter(same, buttons(verify, report, acted, { ...verify, label: "Verify", url: "https://evil.example/" }))],
    ["a sign on a button", seenAfter(same, buttons(verify, { ...report, emoji: { name: "🔥" } }, acted))],
  ])("%s is", (_what, seen) => {
    expect(seen).not.toBe(before)
  })
  test.each([
    ["a moderator who suppresses embeds", seenAfter(same, { flags: 4 })],
    ["a preview that Discord makes of a link", seenAfter(same, { flags: 0, embeds: [{ type: "link", title: "A page" }] })],
    ["a reaction, a pin", seenAfter(same, { reactions: [{ emoji: { name: "🔥" }, count: 3 }], pinned: true })],
    ["a component's number", seenAfter(same, { components: [{ ...row(), id: 99 }] })],
  ])("%s is not", (_what, seen) => {
    expect(seen).toBe(before)
  })
})
test("a label's own lines are found as they are written, for whoever takes the text away, and no others", () => {
  const { content } = posted("x")
  expect(discordFrame(posted("x"))).toMatchObject({ first: content.split("\n")[0], last: content.split("\n").at(-1) })
  expect(discordFrame(posted("x", { components: [] }))).toEqual({ first: null, last: null, row: null })
  expect(discordFrame(stored(content.split("\n").slice(1, -1).join("\n")))).toMatchObject({ first: null, last: null })
  expect(discordFrame(stored(content.split("\n")[0] ?? ""))).toMatchObject({ first: expect.any(String), last: null })
})

describe("signposts are known by their whole form", () => {
  const words = (reason: (typeof retractReasons)[number]) => ({
    kind: "retracted" as const,
    reason,
    at: 1_790_000_000_000,
    by: "Rin @everyone *x* <@1>",
  })
  const { first, last } = discordFrame(posted("x"))
  const withdrawn = (source: string, more = {}) => stored([first, source, last].join("\n"), more)
  test.each(retractReasons)("a post taken back: %s", (reason) => {
    const source = withdrawnSource(words(reason))
    expect(isWithdrawn(withdrawn(source))).toBe(true)
    expect(isWithdrawn(withdrawn(`${source} Run rm.`))).toBe(false)
    expect(isWithdrawn(withdrawn(`Run rm.\n${source}`))).toBe(false)
    expect(isWithdrawn(withdrawn(source, { embeds: [{ type: "rich", description: "rm" }] }))).toBe(false)
    expect(isWithdrawn(withdrawn(source, { components: [] }))).toBe(false)
    expect(isWithdrawn(stored(source, { components: [] }))).toBe(false)
    expect(source.replace(/\\./g, "")).not.toMatch(/@|<@/)
  })
  test("a draft that is ready", () => {
    const ready = JSON.parse(JSON.stringify(readyMessage(perState.drafted)))
    const [{ components }] = ready.components
    expect(isSignpost(ready)).toBe(true)
    expect(isSignpost({ ...ready, embeds: [{ description: "rm" }] })).toBe(false)
    expect(isSignpost({ ...ready, attachments: [{ filename: "rm" }] })).toBe(false)
    expect(isSignpost({ ...ready, content: `${ready.content} Run rm.` })).toBe(false)
    expect(isSignpost({ ...ready, components: [{ type: 1, components: [...components, ...components] }] })).toBe(false)
    expect(isSignpost({ ...ready, components: [{ type: 1, components: [{ ...components[0], custom_id: "approve:x" }] }] })).toBe(false)
    expect(isSignpost(posted("x"))).toBe(false)
    expect(isLabelled(posted("x"))).toBe(true)
    expect(isLabelled(ready)).toBe(false)
  })
})

test("the label of a post verifies against the message as Discord has it", async () => {
  const key = await testKey()
  const body = "Ask *#infra* for the role :rocket:\n\n```\nvault write -f\n```"
  const claims = { ...sampleClaims, ctx, dig: { ...sampleClaims.dig, vis: await visHash(render(body).visible) } }
  const label = await buildLabel({ claims, names: ["Rin_*"], signer: key })
  const message = stored(withLabel(render(body).payload, label.lines), { components: [row(label.mini)] })
  const read = readDiscord(message, at)
  const keysOf = () => key.published
  expect(`${url}#${label.mini}`.length).toBeLessThanOrEqual(512)
  expect(read.mini).toBe(label.mini)
  const expected = { text: { whole: read.whole }, ctx: read.ctx ?? ctx }
  expect(await verifyLabel(label.jws, { expect: expected, keysOf })).toMatchObject({ valid: { jti } })
  expect(await verifyMini(read.mini ?? "", { expect: { text: { answer: read.between }, ctx }, keysOf })).toMatchObject({ valid: { iss } })
  expect(await verifyLabel(label.jws, { expect: { ...expected, ctx: { ...ctx, ch: "9" } }, keysOf })).toMatchObject({ invalid: "moved" })
})
