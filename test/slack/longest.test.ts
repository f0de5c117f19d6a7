// The longest text that is let out: Slack takes its card and its post, in one message, whole.
import { afterEach, beforeEach, expect, test } from "@jest/globals"
import { maxChars, render } from "../../adapters/slack/render.ts"
import { readSlack } from "../../src/label/read/slack.ts"
import type { Message } from "../fakes/slack/state.ts"
import { type House, openHouse, posts } from "./house.ts"

let h: House
beforeEach(async () => {
  h = await openHouse()
})
afterEach(() => h.close())

/** As long as it may be, in paragraphs of that length. */
function longest(paragraph: number): string {
  const text = (n: number) => Array.from({ length: n }, (_, i) => `${i} ${"x <y> & ".repeat(paragraph / 8)}`.trim()).join("\n\n")
  let [fits, beyond] = [1, maxChars]
  while (beyond - fits > 1) {
    const n = Math.floor((fits + beyond) / 2)
    if (text(n).length < 2 * maxChars && render(text(n)).chars <= maxChars) fits = n
    else beyond = n
  }
  return text(fits)
}
test.each([16, 200, 2_400])("in paragraphs of %i characters", async (paragraph) => {
  const answer = longest(paragraph)
  h.drafter.next({ answer, sources: [] })
  h.rin.mention(h.infra, "how do I rotate it?")
  await h.settled()
  const card = h.rin.dm[0] as Message
  const short = JSON.stringify(card.blocks).includes('"approve"')
  await h.rin.clicks(card, short ? "approve" : "review")
  await h.settled()
  if (!short) expect(await h.rin.submits(h.rin.modal as NonNullable<typeof h.rin.modal>)).toMatchObject({ outcome: "closed" })
  await h.settled()
  expect(posts(h)).toHaveLength(1)
  expect(readSlack(h.rin.json(posts(h)[0] as Message)).between).toBe(render(answer).visible)
})
