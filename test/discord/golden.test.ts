// How each state looks in Discord, as files that a person can read. `npm run golden` writes them anew; the diff is the review.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"
import { describe, expect, test } from "@jest/globals"
import { cardMessage } from "../../adapters/discord/cards.ts"
import { editModal, type Modal, redraftModal, reportModal, retractModal } from "../../adapters/discord/modals.ts"
import { readyMessage } from "../../adapters/discord/signpost.ts"
import type { LabelId } from "../../src/core/domain.ts"
import { checkMessage, settable } from "../fakes/discord/checks/message.ts"
import { checkModal } from "../fakes/discord/checks/modal.ts"
import { hard, hardCard, perState } from "./states.ts"

function golden(name: string, value: unknown): void {
  const file = new URL(`../golden/discord/${name}.json`, import.meta.url)
  const text = `${JSON.stringify(value, null, 2)}\n`
  if (process.env["COUNTERSIGN_GOLDEN"] === "write") {
    mkdirSync(dirname(file.pathname), { recursive: true })
    writeFileSync(file, text)
  }
  expect(text).toBe(readFileSync(file, "utf8"))
}
const asSent = (body: object) => JSON.parse(JSON.stringify(body)) as Record<string, unknown>
const label = "01KAJ5ZZZZZZZZZZZZZZZZZZZZ" as LabelId

describe("the card", () => {
  test.each(Object.entries({ ...perState, ...hard }))("%s", (name, card) => {
    const message = cardMessage(card, [])
    expect(() => checkMessage(asSent(message), settable)).not.toThrow()
    golden(`card-${name}`, message)
  })
  test("with everything ticked", () => {
    const message = cardMessage(hardCard("with-findings"), ["risky-advice:4"])
    expect(() => checkMessage(asSent(message), settable)).not.toThrow()
    golden("card-ticked", message)
  })
})
describe("the other forms", () => {
  test.each<[string, Modal | null]>([
    ["edit", editModal(perState.drafted)],
    ["redraft", redraftModal(perState.drafted)],
    ["report", reportModal(label)],
    ["retract", retractModal(label)],
  ])("%s", (name, modal) => {
    expect(() => checkModal(asSent(modal ?? {}))).not.toThrow()
    golden(`modal-${name}`, modal)
  })
  test("a draft is ready", () => {
    const message = readyMessage(perState.drafted)
    expect(() => checkMessage(asSent(message), settable)).not.toThrow()
    golden("ready", message)
  })
})
