// Two processes on one PostgreSQL: whoever has a page open at one hears what happens at the other, and nobody hears more.
import { afterEach, expect, test } from "@jest/globals"
import { useStores } from "../harness/ledgers.ts"
import { type House, openHouse } from "./house.ts"

const place = useStores()
const houses: House[] = []
afterEach(async () => {
  for (const house of houses.splice(0)) await house.close()
})

test("messages, cards and removals reach the open pages of the other process; a card only its requester's", async () => {
  const { where } = await place.place("postgres")
  const here = await openHouse({ where })
  const there = await openHouse({ where })
  houses.push(here, there)
  const rin = await here.enter("Rin")
  const invitation = (await there.forum.invitation()).replace(there.origin, "")
  const bo = there.visitor()
  await bo.submit(await bo.open(invitation), "/enter", { name: "Bo" })

  const rinThere = there.visitor()
  const link = (await there.forum.entryLink()).replace(there.origin, "")
  await rinThere.submit(await rinThere.open(link), "/enter")
  const [hers, his] = [rinThere.listen("/live?topic=welcome"), bo.listen("/live?topic=welcome")]
  await Promise.all([hers.opened, his.opened])

  await rin.submit(await rin.open("/t/welcome"), "/draft")
  await here.flow.idle()
  await hers.until("event: card")
  await rin.submit(await rin.open("/t/welcome"), "/reply", { text: "Hello" })
  await Promise.all([hers.until("event: message"), his.until("event: message")])
  expect(his.heard.join("")).not.toContain("card")

  await rin.submit(await rin.open("/people"), "/people/remove")
  await his.ended
  hers.close()
})
