// A database that cannot be used: the page says what is wrong and what helps, what was typed comes back, and nothing is lost.
import { afterEach, expect, test } from "@jest/globals"
import { LedgerUnavailable } from "../../src/core/ports.ts"
import { type House, openHouse } from "./house.ts"

let house: House
afterEach(() => house.close())

test("a mention on a full disk: the sentence of the database, and the text; asked again when there is room", async () => {
  let full = true
  const words = "The disk is full, so nothing was written. Free some space; nothing needs to be restarted."
  house = await openHouse({
    between: (inbox) => ({ ...inbox, ask: async (a) => (full ? Promise.reject(new LedgerUnavailable(words)) : inbox.ask(a)) }),
  })
  const rin = await house.enter("Rin")
  const text = "@countersign what happens after I ask?"
  const answer = await rin.submit(await rin.open("/t/welcome"), "/reply", { text })
  expect(answer.status).toBe(500)
  expect(answer.text).toContain(words)
  expect(answer.text).toContain(text)
  full = false
  await house.forum.start({ ...house.flow.inbox })
  await house.flow.idle()
  expect((await rin.open("/queue")).text).toContain("Draft for you")
})
