// Block Kit's limits, each met exactly and then passed by one.
import { describe, expect, test } from "@jest/globals"
import { checkBlocks } from "../fakes/slack/checks/blocks.ts"
import { checkView } from "../fakes/slack/checks/view.ts"
import { mentions } from "../fakes/slack/normalise.ts"

const x = (n: number) => "x".repeat(n)
const plain = (text: string) => ({ type: "plain_text", text })
const mrkdwn = (text: string) => ({ type: "mrkdwn", text })
const section = (n: number) => ({ type: "section", text: mrkdwn(x(n)) })
const actions = (...elements: object[]) => ({ type: "actions", elements })
const button = (more: object = {}) => ({ type: "button", action_id: "a", text: plain("Go"), ...more })
const buttons = (n: number) => actions(...Array.from({ length: n }, (_, i) => button({ action_id: `a${i}` })))
const many = (n: number, one: object) => Array.from({ length: n }, () => one)
const confirm = (more: object) =>
  button({ confirm: { title: plain("Post?"), text: plain("In #infra"), confirm: plain("Post"), deny: plain("No"), ...more } })
const option = (value: string, more: object = {}) => ({ text: plain(value), value, ...more })
const boxes = (options: object[], more: object = {}) => ({ type: "checkboxes", action_id: "c", options, ...more })
const input = (element: object) => ({ type: "input", block_id: "i", label: plain("Label"), element })
const field = (more: object) => input({ type: "plain_text_input", action_id: "t", ...more })

describe("a message's blocks at the limit and past it", () => {
  test.each<[string, readonly object[], readonly object[]]>([
    ["blocks", many(50, { type: "divider" }), many(51, { type: "divider" })],
    ["section text", [section(3_000)], [section(3_001)]],
    ["section text, empty", [section(1)], [section(0)]],
    ["section fields", [{ type: "section", fields: many(10, mrkdwn(x(2_000))) }], [{ type: "section", fields: many(11, mrkdwn("x")) }]],
    ["a field", [{ type: "section", fields: [mrkdwn(x(2_000))] }], [{ type: "section", fields: [mrkdwn(x(2_001))] }]],
    ["header", [{ type: "header", text: plain(x(150)) }], [{ type: "header", text: plain(x(151)) }]],
    ["header kind", [{ type: "header", text: plain("x") }], [{ type: "header", text: mrkdwn("x") }]],
    ["context elements", [{ type: "context", elements: many(10, mrkdwn("x")) }], [{ type: "context", elements: many(11, mrkdwn("x")) }]],
    ["context, empty", [{ type: "context", elements: [mrkdwn("x")] }], [{ type: "context", elements: [] }]],
    ["actions elements", [buttons(25)], [buttons(26)]],
    ["button text", [actions(button({ text: plain(x(75)) }))], [actions(button({ text: plain(x(76)) }))]],
    ["button value", [actions(button({ value: x(2_000) }))], [actions(button({ value: x(2_001) }))]],
    ["button url", [actions(button({ url: `https://a.b/${x(2_988)}` }))], [actions(button({ url: `https://a.b/${x(2_989)}` }))]],
    ["button style", [actions(button({ style: "primary" }))], [actions(button({ style: "green" }))]],
    ["action_id length", [actions(button({ action_id: x(255) }))], [actions(button({ action_id: x(256) }))]],
    ["action ids in one block", [actions(button(), button({ action_id: "b" }))], [actions(button(), button())]],
    ["block_id", [{ type: "divider", block_id: x(255) }], [{ type: "divider", block_id: x(256) }]],
    [
      "block ids",
      [
        { type: "divider", block_id: "1" },
        { type: "divider", block_id: "2" },
      ],
      many(2, { type: "divider", block_id: "1" }),
    ],
    ["confirm title", [actions(confirm({ title: plain(x(100)) }))], [actions(confirm({ title: plain(x(101)) }))]],
    ["confirm text", [actions(confirm({ text: plain(x(300)) }))], [actions(confirm({ text: plain(x(301)) }))]],
    ["confirm button", [actions(confirm({ confirm: plain(x(30)) }))], [actions(confirm({ confirm: plain(x(31)) }))]],
    [
      "overflow options",
      [actions({ type: "overflow", action_id: "o", options: ["1", "2", "3", "4", "5"].map((v) => option(v)) })],
      [actions({ type: "overflow", action_id: "o", options: ["1", "2", "3", "4", "5", "6"].map((v) => option(v)) })],
    ],
    ["option text", [actions(boxes([option("1", { text: plain(x(75)) })]))], [actions(boxes([option("1", { text: plain(x(76)) })]))]],
    ["option value", [actions(boxes([option(x(75))]))], [actions(boxes([{ text: plain("x"), value: x(76) }]))]],
    ["option values", [actions(boxes([option("1"), option("2")]))], [actions(boxes([option("1"), option("1")]))]],
    [
      "checkbox options",
      [actions(boxes(Array.from({ length: 10 }, (_, i) => option(`${i}`))))],
      [actions(boxes(Array.from({ length: 11 }, (_, i) => option(`${i}`))))],
    ],
    [
      "initial options",
      [actions(boxes([option("1")], { initial_options: [option("1")] }))],
      [actions(boxes([option("1")], { initial_options: [option("2")] }))],
    ],
    ["an input's initial value", [field({ initial_value: x(3_000) })], [field({ initial_value: x(3_001) })]],
    ["an input's own maximum", [field({ max_length: 3_000 })], [field({ max_length: 3_001 })]],
    ["markdown together", many(2, { type: "markdown", text: x(6_000) }), many(3, { type: "markdown", text: x(6_000) })],
    [
      "image alt text",
      [{ type: "image", image_url: "https://a.b", alt_text: x(2_000) }],
      [{ type: "image", image_url: "https://a.b", alt_text: "" }],
    ],
    ["keys that Slack knows", [section(1)], [{ ...section(1), colour: "red" }]],
    ["types that Slack knows", [{ type: "divider" }], [{ type: "marquee" }]],
    ["where text inputs stand", [field({})], [actions({ type: "plain_text_input", action_id: "t" })]],
  ])("%s", (_what, at, past) => {
    expect(checkBlocks(at, "message")).toEqual([])
    expect(checkBlocks(past, "message")).not.toEqual([])
  })
  test("the same action in two blocks is fine", () => {
    expect(checkBlocks([actions(button()), actions(button())], "home")).toEqual([])
  })
  test("a complaint points at its place", () => {
    expect(checkBlocks([section(1), section(3_001)], "message")).toEqual(["must be less than 3001 characters [json-pointer:/blocks/1/text/text]"])
  })
})

describe("a view's limits", () => {
  const modal = (more: object = {}) => ({ type: "modal", title: plain("Edit"), blocks: [section(1)], ...more })
  test.each<[string, object, object]>([
    ["blocks", modal({ blocks: many(100, { type: "divider" }) }), modal({ blocks: many(101, { type: "divider" }) })],
    ["title", modal({ title: plain(x(24)) }), modal({ title: plain(x(25)) })],
    ["submit", modal({ submit: plain(x(24)) }), modal({ submit: plain(x(25)) })],
    ["close", modal({ close: plain(x(24)) }), modal({ close: plain(x(25)) })],
    ["private metadata", modal({ private_metadata: x(3_000) }), modal({ private_metadata: x(3_001) })],
    ["callback_id", modal({ callback_id: x(255) }), modal({ callback_id: x(256) })],
    ["submit with inputs", modal({ blocks: [field({})], submit: plain("Save") }), modal({ blocks: [field({})] })],
    ["size", modal({ blocks: many(80, section(2_900)) }), modal({ blocks: many(90, section(2_900)) })],
  ])("%s", (_what, at, past) => {
    expect(checkView(at, "modal")).toEqual([])
    expect(checkView(past, "modal")).not.toEqual([])
  })
  test("Home has no title and no button", () => {
    expect(checkView({ type: "home", blocks: [section(1)] }, "home")).toEqual([])
    expect(checkView({ type: "home", title: plain("x"), blocks: [section(1)] }, "home")).not.toEqual([])
    expect(checkView(modal(), "home")).not.toEqual([])
  })
})

test.each([
  ["<!channel> <!here|here> <!everyone>", ["channel", "here", "everyone"]],
  ["<@U0ANN> and <!subteam^S0TEAM|team>", ["user", "subteam"]],
  ["&lt;!channel&gt; `@here` <https://a.b|@channel>", []],
])("%s calls %j", (text, kinds) => {
  expect(mentions(text, "markup").map((m) => m.kind)).toEqual(kinds)
})
