// What a card lets one do, and what a click is believed to say.
import { describe, expect, test } from "@jest/globals"
import { cardActs, cardId, postActs, postId, readClick, stillOn, switchId } from "../../adapters/discord/actions.ts"
import { cardMessage } from "../../adapters/discord/cards.ts"
import { editModal, readEdit, readRetraction, readWords, redraftModal, retractModal } from "../../adapters/discord/modals.ts"
import { render, withLabel } from "../../adapters/discord/render.ts"
import type { Card } from "../../src/core/card.ts"
import type { Digest, LabelId, RequestId, WorkspaceId } from "../../src/core/domain.ts"
import { checkMessage, settable } from "../fakes/discord/checks/message.ts"
import { fc } from "../harness/property.ts"
import { cardFor, drafted, draftOf, findings, hard, hardCard, perState, workspace } from "./states.ts"

interface Part {
  readonly type: number
  readonly content?: string
  readonly label?: string
  readonly style?: number
  readonly custom_id?: string
  readonly options?: readonly { readonly value: string }[]
  readonly min_values?: number
  readonly components?: readonly Part[]
}
function partsOf(card: Card, acknowledged: readonly string[] = []): readonly Part[] {
  const flat = (p: Part): readonly Part[] => [p, ...(p.components ?? []).flatMap(flat)]
  return (cardMessage(card, acknowledged).components as readonly Part[]).flatMap(flat)
}
const acts = (card: Card, acknowledged: readonly string[] = []) =>
  partsOf(card, acknowledged).flatMap((p) => (p.custom_id === undefined ? [] : [p.custom_id.split(":")[0]]))
const texts = (card: Card) => partsOf(card).flatMap((p) => p.content ?? [])
const all = Object.values({ ...perState, ...hard })
const change = ["edit", "redraft", "discard"]
const digest = "another-digest-another-digest-another-diges" as Digest
const label = "01KAJ5ZZZZZZZZZZZZZZZZZZZZ" as LabelId

describe("approving on the card", () => {
  test("is one primary button that names the place and its readers", () => {
    const buttons = partsOf(perState.drafted).filter((p) => p.type === 2)
    expect(buttons.map((b) => b.label)).toEqual(["Approve and post to #infra (1,243 people)", "Edit", "Redraft with a hint", "Discard"])
    expect(buttons.map((b) => b.style)).toEqual([1, 2, 2, 2])
  })
  test("comes when each thing to check is ticked, and not before", () => {
    const card = hardCard("with-findings")
    expect(acts(card)).toEqual(["acknowledge", ...change])
    const select = partsOf(card).find((p) => p.type === 3)
    expect(select?.options?.map((o) => o.value)).toEqual(["risky-advice:4"])
    expect(acts(card, ["risky-advice:4"])).toEqual(["approve_checked", ...change])
    expect(acts(card, ["secrets:7", "audience"])).toEqual(["acknowledge", ...change])
  })
  test("wants all the ticks at once, and is not offered where they are too many to show", () => {
    const many = (n: number) =>
      cardFor(drafted, draftOf({ findings: Array.from({ length: n }, (_, i) => ({ id: `f:${i}`, level: "acknowledge" as const, words: "Look." })) }))
    expect(partsOf(many(25)).find((p) => p.type === 3)?.min_values).toBe(25)
    expect(acts(many(26))).toEqual(change)
    expect(acts(cardFor(drafted, draftOf({ findings: [{ id: "x".repeat(101), level: "acknowledge", words: "Look." }] })))).toEqual(change)
  })
  test.each(["blocked", "stopped", "too-long-for-a-message", "more-than-a-card-holds"])("is not offered: %s", (name) => {
    expect(acts(hardCard(name))).toEqual(change)
  })
  test("is offered in no state but one", () => {
    const offered = Object.entries(perState).filter(([, card]) => acts(card).some((act) => act?.startsWith("approve")))
    expect(offered.map(([name]) => name)).toEqual(["drafted"])
  })
  test("settled cards have no buttons but the link to the post", () => {
    for (const card of all.filter((c) => c.phase === "settled")) expect(acts(card)).toEqual([])
    expect(partsOf(perState.posted).map((p) => p.label)).toContain("Open the post")
  })
})
describe("what is approved is what is shown", () => {
  test("the card holds the very text that is posted, label lines included, in a part of its own", () => {
    for (const card of all) {
      if (!acts(card).some((act) => act?.startsWith("approve")) || card.draft === null) continue
      expect(texts(card)[1]).toBe(withLabel(card.draft.rendered.payload, card.draft.labelLines))
    }
  })
  test("what a message cannot hold is not shown cut, and cannot be approved", () => {
    for (const text of ["a word and another ".repeat(400), "漢字".repeat(1_700)]) {
      const card = cardFor(drafted, draftOf({ text, sources: [] }))
      expect(() => checkMessage(JSON.parse(JSON.stringify(cardMessage(card, []))), settable)).not.toThrow()
      expect(acts(card)).toEqual(change)
      expect(texts(card).join()).toContain("cannot be approved here")
      expect(texts(card).join()).not.toContain("a word and another")
    }
  })
  test("nothing that people or models say is alive on it", () => {
    const who = "@everyone <@123456789012345678> **x** [a](https://evil.example)"
    const audience = { scope: "members" as const, where: `#${who}`, title: null, who, people: null }
    const sources = [{ n: 1, title: who, url: "javascript:alert(1)", from: "thread" as const }]
    const card = cardFor(drafted, draftOf({ text: who, audience, sources, findings: [{ id: "a", level: "note", words: who }] }))
    const said = texts({ ...card, note: who, title: who })
      .join("\n")
      .replace(/\\[^0-9A-Za-z\s]/gu, "x")
    expect(said).not.toMatch(/[@[]|<(?!https?:|t:)/)
  })
})

describe("clicks", () => {
  test("carry the server, the request and the digest, and no word of the draft", () => {
    for (const card of all) {
      for (const { custom_id } of partsOf(card)) {
        if (custom_id === undefined) continue
        expect(custom_id.length).toBeLessThanOrEqual(100)
        const click = readClick(custom_id)
        expect(click).toMatchObject({ on: "card", workspace, request: card.request })
        expect(click?.on === "card" ? stillOn(card, click) : null).toBe(card.draft?.digest ?? null)
      }
    }
  })
  test("come back as what they are", () => {
    const card = { workspace, request: "r_1" as RequestId, draft: null }
    for (const act of cardActs) expect(readClick(cardId(act, card))).toEqual({ on: "card", act, workspace, request: "r_1", digest: null })
    for (const act of postActs) expect(readClick(postId(act, label))).toEqual({ on: "post", act, label })
    expect(readClick(switchId("stop", workspace))).toEqual({ on: "server", act: "stop", workspace })
  })
  test("on a card that changed since are no longer on it", () => {
    const click = readClick(cardId("approve", perState.drafted))
    if (click?.on !== "card") throw new Error("no click on a card")
    expect(stillOn(perState.drafted, click)).toBe(perState.drafted.draft?.digest)
    expect(stillOn(cardFor({ ...drafted, draft: { ...drafted.draft, digest } }), click)).toBeNull()
    expect(stillOn({ draft: null }, click)).toBeNull()
    expect(stillOn(perState.drafted, { ...click, digest: null })).toBeNull()
  })
  test("that are none of ours are nothing", () => {
    const real = cardId("approve", perState.drafted)
    const strange = [
      "",
      "approve",
      "approve:",
      `${real}:x`,
      real.slice(0, -1),
      `${real}x`,
      real.replace("approve", "Approve"),
      ` ${real}`,
      `${real}\n`,
    ]
    const long = `resolve_never_seen:${"1".repeat(20)}:${"r".repeat(40)}:${"d".repeat(22)}`
    const others = [
      long,
      "stop:*",
      "stop:forum",
      "report:abc",
      `report:${label}:x`,
      "toString:1",
      "approve:1:r_1:-",
      `approve:123456789012345678:${"r".repeat(60)}:-`,
    ]
    for (const id of [...strange, ...others, null, 7, {}, ["approve"]]) expect(readClick(id)).toBeNull()
    expect(readClick(cardId("approve", { ...perState.drafted, workspace: "forum" as WorkspaceId }))).toBeNull()
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          fc.string(),
          fc.string().map((s) => `approve:${s}`),
        ),
        (id) => {
          expect(readClick(id)).toBeNull()
        },
      ),
      { numRuns: 1_000 },
    )
  })
})

/** What Discord's client sends of a modal's fields. */
const submitted = (...fields: readonly object[]) => ({ custom_id: "x", components: fields.map((component) => ({ type: 18, id: 1, component })) })
describe("a submitted form", () => {
  const withText = (answer: string) => cardFor(drafted, draftOf({ answer, rendered: render("x") }))
  test("gives an edited text back whole; a text that no field holds is not cut", () => {
    const text = "word ".repeat(799).trim()
    const [field] = (editModal(withText(text))?.components ?? []) as { component: { value?: string } }[]
    expect(readEdit(submitted({ type: 4, custom_id: "text", value: field?.component.value }))).toBe(text)
    expect(editModal(withText("w".repeat(4_000)))).not.toBeNull()
    expect(editModal(withText("w".repeat(4_001)))).toBeNull()
    expect(editModal(perState.asked)).toBeNull()
    expect(editModal(withText(""))).not.toBeNull()
  })
  test("says the hint, and a reason that there is", () => {
    const words = (value: string | null) => ({ type: 4, custom_id: "words", value })
    const reason = (...values: string[]) => ({ type: 3, custom_id: "reason", values })
    expect(JSON.stringify(redraftModal(perState.drafted).components)).toContain('"words"')
    expect(JSON.stringify(retractModal(label).components)).toContain('"outdated"')
    expect(readWords(submitted(words("  shorter ")))).toBe("shorter")
    expect(readWords(submitted(words(null)))).toBeNull()
    expect(readRetraction(submitted(reason("outdated"), words("see v2")))).toEqual({ reason: "outdated", words: "see v2" })
    for (const bad of [reason("because"), reason(), reason("wrong", "outdated")]) expect(readRetraction(submitted(bad))).toBeNull()
  })
  test("with a field twice is none, nor is anything else", () => {
    const text = { type: 4, custom_id: "text", value: "a" }
    expect(readEdit(submitted(text, text))).toBeNull()
    expect(readEdit(submitted({ ...text, value: "a".repeat(4_001) }))).toBeNull()
    fc.assert(
      fc.property(fc.anything(), (data) => {
        for (const read of [readEdit, readWords, readRetraction]) expect(read(data)).toBeNull()
      }),
      { numRuns: 1_000 },
    )
  })
  test("of a finding that is a note asks for no tick", () => {
    expect(acts(cardFor(drafted, draftOf({ findings: findings.filter((f) => f.level === "note") })))[0]).toBe("approve")
  })
})
