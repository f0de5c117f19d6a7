// What counts as said by a person, and what as a public message of ours: each sign alone is enough to say no.
import { expect, test } from "@jest/globals"
import { isSpoken, messageShape } from "../../adapters/discord/messages.ts"
import { ownMessage } from "../../adapters/discord/own.ts"
import { readyMessage } from "../../adapters/discord/signpost.ts"
import type { Place, RequestId, WorkspaceId } from "../../src/core/domain.ts"

const message = {
  id: "1500000000000000001",
  channel_id: "1500000000000000002",
  author: { id: "1500000000000000003", username: "bo" },
  content: "how?",
}
const read = (raw: object) => messageShape.parse(raw)

test("a person's message and a reply are spoken", () => {
  expect([isSpoken(read(message)), isSpoken(read({ ...message, type: 19 }))]).toEqual([true, true])
})
test.each([
  ["a bot's", { author: { ...message.author, bot: true } }],
  ["Discord's own", { author: { ...message.author, system: true } }],
  ["a webhook's", { webhook_id: "1500000000000000004" }],
  ["another application's", { application_id: "1500000000000000005" }],
  ["that somebody joined", { type: 7 }],
])("no person says: %s", (_what, more) => expect(isSpoken(read({ ...message, ...more }))).toBe(false))

const me = message.author.id
const place: Place = { platform: "discord", workspace: "discord:1500000000000000009" as WorkspaceId, channel: message.channel_id, thread: null }
const own = (more: object) => ownMessage(me, read({ ...message, ...more }), { ...message, ...more }, { place, what: "created" })
test("whatever stands under our name is told of, label or not", () => {
  expect(own({})).toMatchObject({ post: { id: `${message.channel_id}:${message.id}` }, attempt: null, label: null, visible: "how?" })
})
test("an answer to an interaction that all can see stands under our name, too", () => {
  expect(own({ webhook_id: "1500000000000000004", application_id: "1500000000000000004" })).not.toBeNull()
  expect(own({ webhook_id: "1500000000000000004", flags: 64 })).toBeNull()
})
test.each([
  ["of somebody else", { author: { id: "1500000000000000007", username: "rin" } }],
  ["of a webhook that bears our name", { author: { id: "1500000000000000004", username: "bo" }, webhook_id: "1500000000000000004" }],
  ["for one person's eyes", { flags: 64 }],
])("not told of: what is %s", (_what, more) => expect(own(more)).toBeNull())
const signpost = readyMessage({ workspace: place.workspace, request: "r_1" as RequestId })
const [review] = signpost.components[0]?.components ?? []
test("a signpost says nothing, so it is not told of", () => {
  expect(own(signpost)).toBeNull()
})
test.each<[string, object]>([
  ["without its form", { components: [] }],
  ["beside a poll", { poll: { question: { text: "Run it?" } } }],
  ["beside a sticker", { sticker_items: [{ id: "1", name: "Run it" }] }],
  ["beside a forwarded message", { message_snapshots: [{ message: { content: "Run it" } }] }],
  ["beside an embed", { embeds: [{ description: "Run it" }] }],
  ["with another sign on its button", { components: [{ type: 1, components: [{ ...review, emoji: { name: "🔥" } }] }] }],
])("words like a signpost's are none %s", (_how, more) => expect(own({ ...signpost, ...more })).not.toBeNull())
