// What lies open on a screen follows what its person did in it: the review that a draft was discarded in, and the page below a form.
import { afterEach, beforeEach, expect, test } from "@jest/globals"
import type { Digest } from "../../src/core/domain.ts"
import type { View } from "../fakes/slack/views.ts"
import { type House, openHouse, posts } from "./house.ts"

let h: House
beforeEach(async () => {
  h = await openHouse()
})
afterEach(() => h.close())

const shows = (view: View | null) => JSON.stringify(view?.definition ?? null)
async function review(): Promise<View> {
  h.rin.mention(h.infra, "how do I rotate it?")
  await h.settled()
  const [pointer] = h.rin.ephemeralsTo(h.infra)
  await h.rin.clicks(pointer as NonNullable<typeof pointer>, "review")
  await h.settled()
  return h.rin.modal as View
}
async function home(): Promise<View> {
  await h.rin.opensHome()
  await h.settled()
  return h.rin.home as View
}

test("a draft that is discarded in its review is offered there no more", async () => {
  const open = await review()
  expect(open.definition["submit"]).toBeDefined()
  await h.rin.clicks(open, "discard")
  await h.settled()
  expect(h.rin.modal?.id).toBe(open.id)
  expect(shows(h.rin.modal)).toContain("Discarded")
  expect(h.rin.modal?.definition["submit"]).toBeUndefined()
})
test("what is refused in a review is said on top of it", async () => {
  const open = await review()
  const [card] = await h.flow.inbox.queue(h.personId(h.rin))
  const { request, draft } = card as NonNullable<typeof card>
  const by = { person: h.personId(h.rin), name: "Rin", auth: "slack" as const }
  await h.flow.inbox.decide({ by, workspace: h.workspace, request, digest: draft?.digest as Digest, act: "redraft", hint: null })
  await h.settled()
  await h.rin.clicks(open, "discard")
  await h.settled()
  expect(shows(h.rin.modal)).toContain("The draft changed after you opened it")
  expect(await h.flow.inbox.queue(h.personId(h.rin))).toHaveLength(1)
})
test("a draft that is discarded from App Home waits there no more", async () => {
  h.rin.mention(h.infra, "how do I rotate it?")
  await h.settled()
  await h.rin.clicks(await home(), "review")
  await h.settled()
  await h.rin.clicks(h.rin.modal as View, "discard")
  await h.settled()
  expect(shows(h.rin.home)).toContain("Nothing waits for you")
})
test("a draft that is approved from App Home is said to be on its way", async () => {
  h.rin.mention(h.infra, "how do I rotate it?")
  await h.settled()
  await h.rin.clicks(await home(), "review")
  await h.settled()
  expect(await h.rin.submits(h.rin.modal as View)).toMatchObject({ outcome: "closed" })
  await h.settled()
  expect(posts(h)).toHaveLength(1)
  // Or posted already: then it can be retracted there.
  expect(shows(h.rin.home)).toMatch(/Approved\. Posting now|"retract"/)
})
test("a post that is retracted from App Home is offered for that no more", async () => {
  await review()
  await h.rin.submits(h.rin.modal as View)
  await h.settled()
  await h.rin.clicks(await home(), "retract")
  await h.settled()
  expect(await h.rin.submits(h.rin.modal as View, { reason: "wrong" })).toMatchObject({ outcome: "closed" })
  await h.settled()
  expect(shows(h.rin.home)).not.toContain('"retract"')
})
test("a page that cannot be brought up to date keeps nobody from what they did", async () => {
  const open = await review()
  h.slack.failNext("views.publish", "500")
  expect(await h.rin.submits(open)).toMatchObject({ outcome: "closed" })
  await h.settled()
  expect(posts(h)).toHaveLength(1)
})
