// What counts as said by a person, and what as a public message of ours: each sign alone is enough to say no.
import { expect, test } from "@jest/globals"
import { isSpoken, messageShape } from "../../adapters/discord/messages.ts"
import { ownMessage } from "../../adapters/discord/own.ts"
import type { Place, WorkspaceId } from "../../src/core/domain.ts"
import { draftReady } from "../../src/core/signposts.ts"

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
test.each([
  ["of somebody else", { author: { id: "1500000000000000007", username: "rin" } }],
  ["of a webhook that bears our name", { webhook_id: "1500000000000000004" }],
  ["for one person's eyes", { flags: 64 }],
])("not told of: what is %s", (_what, more) => expect(own(more)).toBeNull())
test("words like a signpost's are none without its form", () => {
  expect(own({ content: draftReady })).not.toBeNull()
})
