// What comes in and concerns nobody costs nothing, and nothing that concerns somebody is passed over.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals"
import { mayConcern } from "../../adapters/slack/happenings.ts"
import { slackLabelEvent } from "../../src/label/read/slack.ts"
import type { Message } from "../fakes/slack/state.ts"
import { type House, openHouse, posts } from "./house.ts"

const label = { metadata: { event_type: slackLabelEvent, event_payload: {} } }
const card = { type: "message", channel: "D1", channel_type: "im", ts: "1.2", user: "UB", bot_id: "B1", app_id: "A1", text: "Draft for you" }
const hidden = { type: "message", channel: "D1", channel_type: "im", ts: "3.4" }

describe("of what is said in a direct message", () => {
  test.each([
    ["a person's words", { ...card, user: "U1", bot_id: undefined, app_id: undefined }],
    ["a labelled post", { ...card, ...label }],
    ["a labelled post that was changed", { ...hidden, subtype: "message_changed", message: { ...card, ...label }, previous_message: card }],
    ["a post whose label was taken off", { ...hidden, subtype: "message_changed", message: card, previous_message: { ...card, ...label } }],
    ["a labelled post that was deleted", { ...hidden, subtype: "message_deleted", previous_message: { ...card, ...label } }],
    ["a change that does not say of what", { ...hidden, subtype: "message_changed" }],
  ])("%s is looked at", (_what, event) => expect(mayConcern(event)).toBe(true))
  test.each([
    ["a card", card],
    ["a card that was brought up to date", { ...hidden, subtype: "message_changed", message: card, previous_message: card }],
    ["a notice that was deleted", { ...hidden, subtype: "message_deleted", previous_message: card }],
  ])("%s is not", (_what, event) => expect(mayConcern(event)).toBe(false))
})

describe("the address of a post", () => {
  let house: House
  beforeEach(async () => {
    house = await openHouse()
  })
  afterEach(() => house.close())
  async function post(): Promise<Message> {
    house.rin.mention(house.infra, "how?")
    await house.settled()
    await house.rin.clicks(house.rin.dm.at(-1) as Message, "approve")
    await house.settled()
    return posts(house).at(-1) as Message
  }
  const asked = () => house.slack.calls.filter((c) => c.method === "chat.getPermalink").map((c) => c.args["message_ts"])

  test("is asked for once, though the post comes back as an event", async () => {
    const [first, second] = [await post(), await post()]
    expect(asked()).toEqual([first.ts, second.ts])
  })
  test("is asked for again when Slack did not say it", async () => {
    house.slack.failNext("chat.getPermalink", "internal_error")
    const { ts } = await post()
    expect(asked()).toEqual([ts, ts])
  })
})
