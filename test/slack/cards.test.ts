// What a card lets one do, and what a click is believed to say.
import { describe, expect, test } from "@jest/globals"
import { actionIds, clickValue, postValue, readClick, readPostClick, readWorkspace, workspaceValue } from "../../adapters/slack/actions.ts"
import { cardMessage, pointer } from "../../adapters/slack/cards.ts"
import { homeView } from "../../adapters/slack/home.ts"
import {
  editModal,
  readAcknowledged,
  readEdit,
  readRetraction,
  readWords,
  redraftModal,
  retractModal,
  reviewModal,
} from "../../adapters/slack/modals.ts"
import { payloadOf, render } from "../../adapters/slack/render.ts"
import type { Card } from "../../src/core/card.ts"
import type { Digest, RequestId } from "../../src/core/domain.ts"
import { visibleSlack } from "../../src/label/read/slack.ts"
import { checkView } from "../fakes/slack/checks/view.ts"
import { fc } from "../harness/property.ts"
import { cardFor, drafted, draftOf, findings, hard, perState, workspace } from "./states.ts"

type Button = { readonly action_id: string; readonly value: string; readonly confirm?: { text: { text: string } }; readonly text: { text: string } }
const buttonsOf = (blocks: readonly unknown[]) =>
  blocks.flatMap((b) => {
    const { type, elements = [], accessory } = b as { type: string; elements?: Button[]; accessory?: Button }
    return type === "actions" ? elements : accessory === undefined ? [] : [accessory]
  })
const acts = (card: Card) => buttonsOf(cardMessage(card).blocks).map((b) => b.action_id)
const hardCard = (name: string) => hard[name] as Card
const all = Object.values({ ...perState, ...hard })
const digest = "another-digest-another-digest-another-diges" as Digest

describe("approving on the card", () => {
  test("is one primary button that names the place and asks back with its readers", () => {
    const [approve] = buttonsOf(cardMessage(perState.drafted).blocks)
    expect(approve).toMatchObject({ action_id: "approve", style: "primary", text: { text: "Approve and post to #infra (1,243 people)" } })
    expect(approve?.confirm?.text.text).toContain("#infra")
    expect(approve?.confirm?.text.text).toContain("public · 1,243 members · shared with Acme")
  })
  test.each(["with-findings", "too-long-for-a-message", "long-names"])("waits for the review: %s", (name) => {
    expect(acts(hardCard(name))).not.toContain("approve")
    expect(acts(hardCard(name))[0]).toBe("review")
    expect(reviewModal(hardCard(name)).submit).toBeDefined()
  })
  test.each(["blocked", "stopped"])("is not offered: %s", (name) => {
    expect(acts(hardCard(name))).toEqual(["edit", "redraft", "discard"])
    expect(reviewModal(hardCard(name)).submit).toBeUndefined()
  })
  test("is offered in no state but one", () => {
    const offered = Object.entries(perState).filter(([, card]) => acts(card).includes("approve") || reviewModal(card).submit !== undefined)
    expect(offered.map(([name]) => name)).toEqual(["drafted"])
  })
  test("settled cards have no buttons", () => {
    for (const card of all.filter((c) => c.phase === "settled")) expect(acts(card)).toEqual([])
  })
})
describe("what is approved is what is shown", () => {
  test("the card and the review hold the very blocks that are posted, between the label lines", () => {
    for (const card of all) {
      if (card.draft === null) continue
      const posted = JSON.stringify(payloadOf(card.draft.rendered).blocks).slice(1, -1)
      if (acts(card).includes("approve")) expect(JSON.stringify(cardMessage(card).blocks)).toContain(posted)
      if (reviewModal(card).submit !== undefined) expect(JSON.stringify(reviewModal(card).blocks)).toContain(posted)
    }
  })
  test("what no modal can hold has no submit button, and nothing of it is shown cut", () => {
    for (const text of ["a word and another ".repeat(20_000), "````\n```\n````\n\nx\n\n".repeat(60)]) {
      const card = cardFor(drafted, draftOf({ text }))
      const view = reviewModal(card)
      expect(checkView(view, "modal")).toEqual([])
      expect(view.submit).toBeUndefined()
      expect(acts(card)).not.toContain("approve")
      expect(visibleSlack(view.blocks)).toContain("cannot be approved here")
    }
  })
  test("a thing to check whose tick could not come back has no submit button", () => {
    const card = cardFor(drafted, draftOf({ findings: [{ id: "x".repeat(300), level: "acknowledge", words: "Look." }] }))
    expect(reviewModal(card).submit).toBeUndefined()
  })
})
describe("buttons", () => {
  test("carry the request and the digest, and no word of the draft", () => {
    for (const card of all) {
      for (const b of buttonsOf([...cardMessage(card).blocks, ...reviewModal(card).blocks, ...pointer(card).blocks])) {
        expect(JSON.parse(b.value)).toEqual({ r: card.request, d: card.draft?.digest ?? null, w: card.workspace })
      }
    }
  })
  test("of a new revision stand in a new block", () => {
    const ids = (card: Card) => cardMessage(card).blocks.map((b) => b.block_id)
    const next = cardFor({ ...drafted, draft: { ...drafted.draft, digest } })
    expect(ids(next)).not.toEqual(ids(perState.drafted))
  })
  test("come back as what they are", () => {
    const click = { request: "r_1" as RequestId, digest, workspace }
    expect(readClick({ actions: [{ value: clickValue(click) }] })).toEqual(click)
    expect(readClick({ view: { private_metadata: clickValue({ ...click, digest: null }) } })).toEqual({ ...click, digest: null })
    expect(readPostClick({ actions: [{ value: postValue({ post: "C1:1.2", workspace }) }] })).toEqual({ post: "C1:1.2", workspace })
    expect(readWorkspace({ actions: [{ value: workspaceValue(workspace) }] })).toBe(workspace)
  })
  test("whatever else comes back is nothing", () => {
    const values = [
      "",
      "{}",
      "null",
      "[]",
      "7",
      "{",
      '{"r":"r_1"}',
      '{"r":"","d":null,"w":"slack:T1"}',
      '{"r":"r_1","d":null,"w":"forum"}',
      '{"r":"r_1","d":null,"w":"slack:T1","x":1}',
      '{"r":{"toString":1},"d":null,"w":"slack:T1"}',
      '{"__proto__":{"r":"r_1","d":null,"w":"slack:T1"}}',
      `{"r":"${"r".repeat(201)}","d":null,"w":"slack:T1"}`,
    ]
    for (const value of values) {
      expect(readClick({ actions: [{ value }] })).toBeNull()
      expect(readPostClick({ actions: [{ value }] })).toBeNull()
      expect(readWorkspace({ actions: [{ value }] })).toBeNull()
    }
    const two = { value: clickValue({ request: "r_1" as RequestId, digest, workspace }) }
    expect(readClick({ actions: [two, two] })).toBeNull()
    fc.assert(
      fc.property(fc.anything(), (payload) => {
        for (const read of [readClick, readPostClick, readWorkspace, readEdit, readWords, readRetraction]) expect(read(payload)).toBeNull()
        expect(readAcknowledged(payload)).toEqual([])
      }),
      { numRuns: 2_000 },
    )
  })
})

/** Fields as Slack's client gives them back; `change` is what somebody typed. */
function submitted(view: { readonly blocks: readonly unknown[] }, change: (value: string, id: string) => string = (v) => v) {
  const inputs = (view.blocks as { type: string; block_id: string; element: { type: string; action_id: string; initial_value?: string } }[]).filter(
    (b) => b.type === "input" && b.element.type === "plain_text_input",
  )
  const entries = inputs.map((b) => {
    const value = change(b.element.initial_value ?? "", b.block_id).trim()
    return [b.block_id, { [b.element.action_id]: { type: "plain_text_input", value: value === "" ? null : value } }]
  })
  return { state: { values: Object.fromEntries(entries.reverse()) } }
}
describe("editing", () => {
  const withText = (answer: string) => cardFor(drafted, draftOf({ answer, rendered: render("x") }))
  const text = fc
    .array(
      fc.oneof(fc.lorem({ maxCount: 40 }), fc.constantFrom("\n", "\n\n", "    code", "```", "😀".repeat(300), "x".repeat(2_500), " ", "\n\n\n\n")),
      { maxLength: 60 },
    )
    .map((parts) => parts.join(" "))
  test("gives the text back whole, over as many fields as it needs", () => {
    fc.assert(
      fc.property(text, (answer) => {
        const view = editModal(withText(answer))
        if (view === null) return
        expect(checkView(view, "modal")).toEqual([])
        expect(readEdit(submitted(view))).toBe(answer.trim())
      }),
      { numRuns: 300 },
    )
  })
  test("a text of 40,000 characters has room, one of 60,000 is refused, not cut", () => {
    expect(editModal(withText("word ".repeat(8_000)))).not.toBeNull()
    expect(editModal(withText("word ".repeat(12_000)))).toBeNull()
    expect(editModal(withText(`a${" ".repeat(5_000)}b`))).toBeNull()
  })
  test("takes what is typed, in any field, and the field at the end", () => {
    const view = editModal(withText("word ".repeat(900)))
    if (view === null) throw new Error("no modal")
    const edited = readEdit(submitted(view, (value, id) => (id.startsWith("text:0:") ? `Begin ${value}` : value === "" ? "The end." : value)))
    expect(edited?.startsWith("Begin word word")).toBe(true)
    expect(edited?.endsWith("word\n\nThe end.")).toBe(true)
  })
  test("with a field left out, or twice, is no edit", () => {
    const view = editModal(withText("word ".repeat(900)))
    if (view === null) throw new Error("no modal")
    const { values } = submitted(view).state
    const first = Object.keys(values).find((id) => id.startsWith("text:0:")) ?? ""
    const { [first]: value, ...rest } = values
    expect(readEdit({ state: { values: rest } })).toBeNull()
    expect(readEdit({ state: { values: { ...values, "text:0:x:other": value } } })).toBeNull()
  })
})
describe("a submitted form", () => {
  const tick = (id: string, options: readonly string[]) => ({
    [id]: { ack: { type: "checkboxes", selected_options: options.map((value) => ({ value })) } },
  })
  test("says which findings were ticked", () => {
    const view = reviewModal(cardFor(drafted, draftOf({ findings })))
    const boxes = (view.blocks as { type: string; block_id: string; optional?: boolean }[]).filter((b) => b.type === "input")
    expect(boxes).toHaveLength(1)
    expect(boxes[0]?.optional).not.toBe(true)
    expect(readAcknowledged({ state: { values: tick(boxes[0]?.block_id ?? "", ["checked"]) } })).toEqual(["risky-advice:4"])
    expect(readAcknowledged({ state: { values: tick(boxes[0]?.block_id ?? "", []) } })).toEqual([])
    expect(readAcknowledged({ state: { values: tick("other", ["checked"]) } })).toEqual([])
  })
  test("says the hint, and a reason that there is", () => {
    const words = (value: string | null) => ({ words: { words: { type: "plain_text_input", value } } })
    const reason = (value: string) => ({ reason: { reason: { type: "static_select", selected_option: { value } } } })
    expect(redraftModal(perState.drafted).blocks.map((b) => b.block_id)).toEqual(["words"])
    expect(retractModal({ post: "C1:1.2", workspace }).blocks.map((b) => b.block_id)).toEqual([undefined, "reason", "words"])
    expect(readWords({ state: { values: words("  shorter ") } })).toBe("shorter")
    expect(readWords({ state: { values: words(null) } })).toBeNull()
    expect(readRetraction({ state: { values: { ...reason("outdated"), ...words("see v2") } } })).toEqual({ reason: "outdated", words: "see v2" })
    expect(readRetraction({ state: { values: reason("because") } })).toBeNull()
  })
})
test("App Home holds as many drafts and posts as there are, or says how many more", () => {
  const home = {
    workspace,
    doors: [],
    may: "stop" as const,
    cards: Array(200).fill(perState.drafted),
    posts: Array(200).fill(perState.posted),
    help: "x".repeat(9_000),
  }
  expect(checkView(homeView(home), "home")).toEqual([])
  expect(visibleSlack(homeView(home).blocks)).toContain("and 160 more")
  expect(buttonsOf(homeView(home).blocks)[0]?.action_id).toBe(actionIds.stop)
})
