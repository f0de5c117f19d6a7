// How a card is laid out: every action carries what it decides on, one primary button, nothing but the inbox's words.
import { expect, test } from "@jest/globals"
import { parseFragment } from "parse5"
import { cardAside } from "../../adapters/forum/cards.ts"
import type { Card } from "../../src/core/card.ts"
import type { Viewer } from "../../src/page/session.ts"
import { attribute, elements, forms, visible } from "./browser.ts"

const viewer = { person: "forum:1", name: "Rin", auth: "picked", standing: "member", csrf: "the token" } as Viewer
const draft = {
  digest: "d1",
  revision: 1,
  audience: { scope: "members", where: "this topic", title: null, who: "everyone in this forum", people: 37 },
  answer: "Say <hello>",
  rendered: { payload: "<p>Say &lt;hello&gt;</p>", visible: "Say <hello>", chars: 11 },
  labelLines: { first: "✦ first · verify: https://a.example/l/1", last: "✦ last · verify: https://a.example/l/1" },
  sources: [{ n: 2, title: "a <b> source", url: "javascript:alert(1)", from: "knowledge" }],
  findings: [
    { id: "n", level: "note", words: "A note." },
    { id: "risky:4", level: "acknowledge", words: "Line 4 `opens` access." },
    { id: "s", level: "second-approver", words: "Sensitive." },
    { id: "b", level: "block", words: "Too long." },
  ],
}
const base = {
  workspace: "forum",
  request: "r1",
  place: { channel: "t" },
  message: "m",
  title: "Draft <for> you",
  note: "A <note>",
  tone: "warning",
  deadline: 1_800_000,
  settledAt: null,
  attempt: null,
  post: null,
}
const lay = async (card: object, progress: string | null = null) =>
  String(await cardAside({ ...base, draft: null, actions: [], ...card } as unknown as Card, { viewer, now: 0, progress, editing: null }))

test("under review: whole text, audience, sources, findings to tick, one primary button, all of it escaped", async () => {
  const actions = [
    { act: "approve", words: "Approve and post to this topic (37 people)", weight: "primary" },
    { act: "edit", words: "Edit", weight: "plain" },
    { act: "redraft", words: "Redraft with a hint", weight: "plain" },
    { act: "decline", words: "Discard", weight: "plain" },
  ]
  const html = await lay({ phase: "review", draft, actions })
  const page = parseFragment(html)
  expect(visible(page)).toMatch(
    /Only you can see this[\s\S]*Draft <for> you · expires in 30 min[\s\S]*A <note>[\s\S]*✦ first · verify[\s\S]*Say <hello>[\s\S]*✦ last[\s\S]*everyone in this forum \(37 people\)[\s\S]*a <b> source/,
  )
  expect(
    elements(page, "button")
      .filter((b) => attribute(b, "class") === "primary")
      .map(visible),
  ).toEqual(["Approve and post to this topic (37 people)"])
  expect(html).not.toContain("javascript:")
  const [box, ...more] = elements(page, "input").filter((i) => attribute(i, "type") === "checkbox")
  expect(more).toEqual([])
  expect(box?.attrs).toEqual(
    expect.arrayContaining([
      { name: "value", value: "risky:4" },
      { name: "form", value: "approve-r1" },
      { name: "required", value: "" },
    ]),
  )
  for (const form of forms(html)) expect(form.fields).toMatchObject({ csrf: "the token", digest: "d1" })
  expect(forms(html).map((f) => f.action)).toEqual(["/c/r1/approve", "/c/r1/edit", "/c/r1/redraft", "/c/r1/decline"])
  expect(forms(html)[1]?.fields.text).toBe("Say <hello>")
})
test("drafting: what is being done just now, and Cancel", async () => {
  const html = await lay({ phase: "drafting", actions: [{ act: "cancel", words: "Cancel", weight: "plain" }] }, "searching 41 passages")
  expect(visible(parseFragment(html))).toMatch(/searching 41 passages[\s\S]*Cancel/)
  expect(visible(parseFragment(html))).not.toContain("A <note>")
  expect(html).toContain("<noscript>")
})
test("unclear: two ways to resolve, each for this attempt", async () => {
  const actions = [
    { act: "resolve-posted", words: "It is there", weight: "plain" },
    { act: "resolve-never-seen", words: "It never appeared", weight: "plain" },
  ]
  const found = forms(await lay({ phase: "unclear", attempt: "A1", draft, actions }))
  expect(found.map((f) => [f.action, f.fields.attempt, f.fields.as])).toEqual([
    ["/c/r1/resolve", "A1", "posted"],
    ["/c/r1/resolve", "A1", "never-seen"],
  ])
})
test("settled: no buttons, the way to the post, the text folded", async () => {
  const html = await lay({ phase: "settled", draft, post: { workspace: "forum", id: "p", url: "https://a.example/m/p" } })
  expect(elements(parseFragment(html), "button")).toEqual([])
  expect(html).toContain('href="https://a.example/m/p"')
  expect(elements(parseFragment(html), "details")).toHaveLength(1)
})
