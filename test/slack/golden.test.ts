// How each state looks in Slack, as files that a person can read. `npm run golden` writes them anew; the diff is the review.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"
import { describe, expect, test } from "@jest/globals"
import { cardMessage, pointer } from "../../adapters/slack/cards.ts"
import { homeView } from "../../adapters/slack/home.ts"
import { editModal, noticeModal, redraftModal, reportModal, retractModal, reviewModal } from "../../adapters/slack/modals.ts"
import { checkBlocks } from "../fakes/slack/checks/blocks.ts"
import { checkView } from "../fakes/slack/checks/view.ts"
import { door, hard, perState, workspace } from "./states.ts"

function golden(name: string, value: unknown): void {
  const file = new URL(`../golden/slack/${name}.json`, import.meta.url)
  const text = `${JSON.stringify(value, null, 2)}\n`
  if (process.env["COUNTERSIGN_GOLDEN"] === "write") {
    mkdirSync(dirname(file.pathname), { recursive: true })
    writeFileSync(file, text)
  }
  expect(text).toBe(readFileSync(file, "utf8"))
}
const cards = Object.entries({ ...perState, ...hard })

describe("the card as a direct message", () => {
  test.each(cards)("%s", (name, card) => {
    const message = cardMessage(card)
    expect(checkBlocks(message.blocks, "message")).toEqual([])
    expect(message.text.length).toBeLessThanOrEqual(4_000)
    expect(JSON.stringify(message.blocks).length).toBeLessThanOrEqual(12_000)
    golden(`card-${name}`, message)
  })
})
describe("the review", () => {
  test.each(cards)("%s", (name, card) => {
    const view = reviewModal(card)
    expect(checkView(view, "modal")).toEqual([])
    golden(`review-${name}`, view)
  })
})
describe("the other views", () => {
  const post = { post: "C0123:1790000900.000300", workspace }
  const card = perState.drafted
  const home = {
    workspace,
    doors: [],
    may: "stop" as const,
    cards: [perState.drafted, perState.asked, perState.unclear],
    posts: [perState.posted],
    help: "I *draft* <answers>.",
  }
  test.each([
    ["edit", editModal(card)],
    ["redraft", redraftModal(card)],
    ["report", reportModal(post)],
    ["retract", retractModal(post)],
    ["notice", noticeModal("Not posted", "The draft changed after you opened it.")],
  ])("%s", (name, view) => {
    expect(checkView(view, "modal")).toEqual([])
    golden(`modal-${name}`, view)
  })
  test.each([
    ["open", homeView(home)],
    ["empty", homeView({ ...home, cards: [], posts: [] })],
    ["stopped", homeView({ ...home, doors: [door] })],
    ["stopped-admin", homeView({ ...home, doors: [{ ...door, why: null, byName: null }], may: "stop-and-resume" })],
    ["guest", homeView({ ...home, may: "look" })],
  ])("home, %s", (name, view) => {
    expect(checkView(view, "home")).toEqual([])
    golden(`home-${name}`, view)
  })
  test("pointer", () => {
    expect(checkBlocks(pointer(card).blocks, "message")).toEqual([])
    golden("pointer", pointer(card))
  })
})
