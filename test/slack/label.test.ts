// A post as Slack gives it back: the same words as were approved, whatever Slack did to their form; anything else is seen as changed.
import { describe, expect, test } from "@jest/globals"
import { labelBlock } from "../../adapters/slack/blocks.ts"
import { metadataOf } from "../../adapters/slack/label-metadata.ts"
import { payloadOf, render } from "../../adapters/slack/render.ts"
import { signpostBlock } from "../../adapters/slack/signpost.ts"
import type { AttemptId } from "../../src/core/domain.ts"
import { retractReasons } from "../../src/core/domain.ts"
import { retractWords } from "../../src/core/signposts.ts"
import { labelLines, withoutLabelLines } from "../../src/label/lines.ts"
import { emojiSigns } from "../../src/label/read/emoji.ts"
import { labelBlocks, readSlack, visibleSlack } from "../../src/label/read/slack.ts"
import { buildLabel } from "../../src/label/sign.ts"
import { verifyLabel, verifyMini } from "../../src/label/verify.ts"
import { normaliseVis, visHash } from "../../src/label/vis.ts"
import { keptBlocks } from "../fakes/slack/normalise.ts"
import { fc } from "../harness/property.ts"
import { iss, sampleClaims, testKey } from "../label/sample.ts"
import { markdown } from "./markdown.ts"

const attempt = "01KAJ5ZZZZZZZZZZZZZZZZZZZZ" as AttemptId
const ctx = { p: "slack", ws: "slack:T0123", ch: "C0123", th: "1790000000.000100" }
const lines = labelLines(sampleClaims, ["Rin *&* <Bo>"])
const payload = { event_type: "ai_label", event_payload: { jws: "a.b.c", jti: sampleClaims.jti, url: sampleClaims.url, attempt } }

/** A message as `conversations.history` has it after Slack kept these blocks. */
function stored(blocks: readonly unknown[], more: Record<string, unknown> = {}) {
  const kept = keptBlocks(JSON.parse(JSON.stringify(blocks)) as Record<string, unknown>[])
  return { type: "message", ts: "1790000001.000200", thread_ts: ctx.th, team: "T0123", blocks: kept, metadata: payload, ...more }
}
const posted = (body: string) => stored([labelBlock(lines.first), ...payloadOf(render(body)).blocks, labelBlock(lines.last)])

test("what is read back of a post is what was seen when it was rendered", () => {
  fc.assert(
    fc.property(markdown, (body) => {
      expect(normaliseVis(readSlack(posted(body)).between)).toBe(normaliseVis(render(body).visible))
    }),
    { numRuns: 3_000 },
  )
})
test("a verifier takes off exactly the two label lines", () => {
  fc.assert(
    fc.property(markdown, (body) => {
      const read = withoutLabelLines(readSlack(posted(body)).whole, sampleClaims)
      expect(read.missing).toEqual([])
      expect(normaliseVis(read.answer)).toBe(normaliseVis(render(body).visible))
    }),
    { numRuns: 500 },
  )
})
test("emoji are the same by name and by sign, in code, too, and whatever their skin", () => {
  const pairs = [
    [":rocket: `:tada:` :wave::skin-tone-3: :flag-gb:", "🚀 `🎉` 👋🏼 🇬🇧"],
    [":male-technologist::skin-tone-3: :+1: :thumbsup:", "👨🏼‍💻 👍 👍"],
    ["status:ok:rocket:", "status:ok🚀"],
    [":heart: :warning: :one: :copyright:", "❤️ ⚠ 1️⃣ ©"],
  ] as const
  for (const [named, signs] of pairs) expect(normaliseVis(visibleSlack([section(named)]))).toBe(normaliseVis(visibleSlack([section(signs)])))
  expect(visibleSlack([section("10:30:45 :no_such_thing: 1*2#3")])).toBe("10:30:45 :no_such_thing: 1*2#3")
})
test("emoji are found as Unicode has them, whatever stands around them", () => {
  const pieces = [..."1#*a :·✦“©®❤🚀👩💻🇬🇧🏴", "\uFE0F", "\u20E3", "\u200D", "\u{E0067}", "\u{E007F}", "👩‍💻", "1️⃣"]
  // A digit is an emoji to Unicode, but none that has a name.
  const nameless = /^[0-9#*]\uFE0F?$/u
  const found = (text: string, rule: RegExp) => [...text.matchAll(rule)].filter(([sign]) => !nameless.test(sign)).map((m) => [m.index, m[0]])
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), (all) => {
      const text = all.join("")
      expect(found(text, emojiSigns)).toEqual(found(text, /\p{RGI_Emoji}|\p{Emoji}\u{FE0F}?/gv))
    }),
    { numRuns: 3_000 },
  )
})
const section = (text: string) => ({ type: "section", text: { type: "mrkdwn", text } })

describe("a message that says where it stands and what it is", () => {
  test("says its label, its attempt and its place", () => {
    expect(readSlack(posted("x"), { channel: "C0123" })).toMatchObject({
      mini: "a.b.c",
      ctx,
      between: "x",
      says: { jti: sampleClaims.jti, attempt, url: sampleClaims.url },
    })
  })
  test("says no thread when it begins one, and no place when it does not know its channel", () => {
    expect(readSlack(stored([], { thread_ts: "1790000001.000200", channel: "C9" })).ctx).toEqual({ p: "slack", ws: "slack:T0123", ch: "C9" })
    expect(readSlack(posted("x")).ctx).toBeNull()
  })
  test("metadata of another kind is no label", () => {
    expect(readSlack(stored([], { metadata: { event_type: "deploy", event_payload: payload.event_payload } }))).toMatchObject({
      mini: null,
      says: { jti: null },
    })
  })
  test.each([
    null,
    7,
    "x",
    [],
    { blocks: 3, metadata: 4, attachments: {} },
    { blocks: [null, 7, { type: 9 }] },
    { metadata: { event_type: "ai_label" } },
  ])("%j is read without a fault", (message) => {
    expect(readSlack(message)).toMatchObject({ mini: null })
  })
})

describe("seen as changed is", () => {
  const before = readSlack(posted("Run `ls`.")).between
  const edge = (change: (blocks: Record<string, unknown>[]) => unknown[], more = {}) => {
    const message = posted("Run `ls`.")
    return readSlack({ ...message, blocks: change(message.blocks), ...more }).between
  }
  test.each([
    ["another word", edge(([a, , c]) => [a, { type: "section", text: { type: "mrkdwn", text: "Run `rm`." } }, c])],
    ["a field beside the text", edge(([a, b, c]) => [a, { ...b, fields: [{ type: "mrkdwn", text: "and run `rm`" }] }, c])],
    ["a block of an unknown kind", edge(([a, b, c]) => [a, b, { type: "video", title: { type: "plain_text", text: "x" } }, c])],
    ["a picture", edge(([a, b, c]) => [a, b, { type: "image", image_url: "https://evil.example/x", alt_text: "do rm" }, c])],
    ["a heading", edge(([a, b, c]) => [a, { type: "header", text: { type: "plain_text", text: "Stop: rm" } }, b, c])],
    [
      "a rich text",
      edge(([a, b, c]) => [a, b, { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "rm" }] }] }, c]),
    ],
    ["a markdown block", edge(([a, b, c]) => [a, b, { type: "markdown", text: "rm" }, c])],
    ["buttons", edge(([a, b, c]) => [a, b, { type: "actions", elements: [{ type: "button", text: { type: "plain_text", text: "Go" } }] }, c])],
    ["an attachment", edge((all) => all, { attachments: [{ text: "and run rm" }] })],
    ["a file", edge((all) => all, { files: [{ title: "rm.sh" }] })],
    ["a label line of another label", edge(([, b, c]) => [labelBlock(lines.first.replace(sampleClaims.url, "https://evil.example/l/1")), b, c])],
    [
      "words before the label's link",
      edge(([, b, c]) => [
        {
          type: "context",
          elements: [
            { type: "mrkdwn", text: "Trust me" },
            { type: "mrkdwn", text: `<${sampleClaims.url}|verify>` },
          ],
        },
        b,
        c,
      ]),
    ],
    ["a label line in the middle", edge(([a, b, c]) => [a, labelBlock(lines.first), b, c])],
    ["no blocks at all", edge(() => [], { text: "Run `rm`." })],
  ])("%s", (_what, after) => {
    expect(normaliseVis(after)).not.toBe(normaliseVis(before))
  })
})
test("a label's own blocks are found for whoever takes the text away, and no others", () => {
  const message = posted("x")
  expect(labelBlocks(message)).toEqual({ first: message.blocks[0], last: message.blocks[2] })
  expect(labelBlocks({ ...message, metadata: {} })).toEqual({ first: null, last: null })
  expect(labelBlocks(stored([labelBlock(lines.first)]))).toEqual({ first: expect.anything(), last: null })
})
test("what stands in place of a retracted post is the fixed sentence, whatever somebody is called", () => {
  const at = Date.UTC(2026, 10, 21, 10, 9)
  for (const reason of retractReasons) {
    const block = signpostBlock({ kind: "retracted", reason, at, by: "Rin <!channel> *x*" })
    const seen = readSlack(stored([labelBlock(lines.first), block, labelBlock(lines.last)])).between
    expect(normaliseVis(seen)).toBe(`Retracted by Rin <!channel> *x*: ${retractWords[reason]}. If you acted on it, say so here. 2026-11-21 10:09 UTC`)
  }
})

test("the label of a post verifies against the message as Slack has it", async () => {
  const key = await testKey()
  const body = "Ask *#infra* for the role :rocket:\n\n```\nvault write -f\n```"
  const claims = { ...sampleClaims, ctx, dig: { ...sampleClaims.dig, vis: await visHash(render(body).visible) } }
  const label = await buildLabel({ claims, names: ["Rin"], signer: key })
  const blocks = [labelBlock(label.lines.first), ...payloadOf(render(body)).blocks, labelBlock(label.lines.last)]
  const read = readSlack(stored(blocks, { metadata: metadataOf(label, attempt) }), { channel: "C0123" })
  const keysOf = () => key.published
  expect(read.mini).toBe(label.mini)
  const expected = { text: { whole: read.whole }, ctx }
  expect(await verifyLabel(label.jws, { expect: expected, keysOf })).toMatchObject({ valid: { jti: claims.jti } })
  expect(await verifyMini(read.mini ?? "", { expect: { text: { answer: read.between }, ctx }, keysOf })).toMatchObject({ valid: { iss } })
  expect(await verifyLabel(label.jws, { expect: { ...expected, ctx: { ...ctx, ch: "C9" } }, keysOf })).toMatchObject({ invalid: "moved" })
})
test("metadata stays under 900 bytes, whatever the address", async () => {
  const key = await testKey()
  for (const host of ["https://a.example", "https://a.very.long.name.of.a.machine.in.some.corner.of.a.large.organisation.example:8443"]) {
    const claims = { ...sampleClaims, iss: host, url: `${host}/l/${sampleClaims.jti}`, ctx }
    const metadata = metadataOf(await buildLabel({ claims, names: ["Rin"], signer: key }), attempt)
    expect(Buffer.byteLength(JSON.stringify(metadata))).toBeLessThanOrEqual(900)
    expect(metadata.event_payload).toMatchObject({ jti: claims.jti, attempt, url: claims.url })
  }
})
