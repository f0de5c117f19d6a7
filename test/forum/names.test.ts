// A name stands on labels: it may not imitate one, nor another person's name.
import { afterEach, describe, expect, test } from "@jest/globals"
import { checkName, lookOf, tameName } from "../../adapters/forum/names.ts"
import { type House, openHouse } from "./house.ts"

test.each(["Rin", "Åsa Öberg", "O’Neill", "李雷", "Jean-Luc P.", "محمد", "Bo 2", "Sandy", "Ferdinand"])("%s is a name", (name) => {
  expect(checkName(name)).toEqual({ name })
})
test.each([
  ["", "Write the name"],
  ["   ", "Write the name"],
  ["x".repeat(41), "at most 40"],
  ["Rin · approved by Bo", "letters, digits"],
  ["✦ Rin", "letters, digits"],
  ["Rin\u202eoB", "letters, digits"],
  ["Rin\u200b", "letters, digits"],
  ["Rin\u0000", "letters, digits"],
  ["<b>Rin</b>", "letters, digits"],
  ["https://evil.example", "letters, digits"],
  ["Rin and Bo", "one person"],
  ["Countersign", "taken"],
  ["C0untersign", "taken"],
  ["Соuntеrsіgn", "taken"],
  ["Somebody who left", "taken"],
])("%j is none: %s", (name, why) => {
  expect(checkName(name)).toEqual({ words: expect.stringContaining(why) })
})
test.each([
  ["Rin", "rin"],
  ["Rin", "R\u0456n"],
  ["Bo", "B0"],
  ["Bo", "Во"],
  ["Mira", "MIRA "],
  ["Modern", "Modem"],
  ["René", "Rene"],
  ["Al", "AI"],
])("%s and %s look alike", (a, b) => {
  expect(lookOf(a)).toBe(lookOf(b))
})
test.each([
  ["Mallory ✦ · approved by Rin", "Mallory approved by Rin"],
  ["Anna and Bert", "Anna Bert"],
  ["✦✦✦", "Member"],
  ["Countersign", "Member"],
  ["x".repeat(80), "x".repeat(36)],
])("a provider's %j becomes %j", (raw, name) => {
  expect(tameName(raw)).toBe(name)
})

describe("joining", () => {
  let house: House
  afterEach(() => house.close())
  test("a name that looks like another's is refused with a sentence, and the invitation is not used up", async () => {
    house = await openHouse()
    const rin = await house.enter("Rin")
    const page = await rin.submit(await rin.open("/people"), "/people/invite", { uses: "1" })
    const link = /value="[^"]*(\/enter\/[^"]+)"/.exec(page.text)?.[1] ?? ""
    const eve = house.visitor()
    const refused = await eve.submit(await eve.open(link), "/enter", { name: "R\u0456n" })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain("looks like it")
    expect((await eve.submit(refused, "/enter", { name: "Eve" })).text).toContain("Signed in as <b>Eve</b>")
  })
  test("an entry key signs in the first person once, as admin; the next one signs the same person in again", async () => {
    house = await openHouse()
    const link = (await house.forum.entryLink()).replace(house.origin, "")
    const rin = house.visitor()
    await rin.open(link)
    await rin.open(link)
    expect((await rin.submit(await rin.open(link), "/enter", { name: "Rin" })).text).toContain("Signed in as <b>Rin</b>, admin")
    expect((await house.visitor().get(link)).status).toBe(410)
    const again = house.visitor()
    const back = await again.open((await house.forum.entryLink()).replace(house.origin, ""))
    expect(back.text).toContain("Continue as Rin")
    expect((await again.submit(back, "/enter")).text).toContain("Signed in as <b>Rin</b>, admin")
    expect((await house.forum.audience({ platform: "forum", workspace: "forum" as never, channel: "welcome", thread: null })).people).toBe(1)
  })
  test("a new start's entry key ends the one before it", async () => {
    house = await openHouse()
    const old = (await house.forum.entryLink()).replace(house.origin, "")
    await house.forum.entryLink()
    expect((await house.visitor().get(old)).status).toBe(410)
    expect((await house.visitor().post("/enter", { key: old.replace("/enter/", ""), name: "Eve" })).status).toBe(410)
  })
  test("an invitation for one person lets one person in, also when two come at once", async () => {
    house = await openHouse()
    const rin = await house.enter("Rin")
    const page = await rin.submit(await rin.open("/people"), "/people/invite", { uses: "1" })
    const key = /value="[^"]*\/enter\/([^"]+)"/.exec(page.text)?.[1] ?? ""
    const came = await Promise.all(["Ada", "Bob", "Cyd"].map((name) => house.visitor().post("/enter", { key, name })))
    expect(came.map((a) => a.status).sort()).toEqual([303, 410, 410])
  })
  test("secrets stand in the database by their digest only", async () => {
    house = await openHouse()
    const rin = await house.enter("Rin")
    const link = await house.forum.invitation()
    const db = house.database.db.withTables<Record<string, Record<string, unknown>>>()
    const stored = JSON.stringify([
      await db.selectFrom("forum_key").selectAll().execute(),
      await db.selectFrom("forum_session").selectAll().execute(),
    ])
    expect(stored).not.toContain(link.split("/enter/")[1])
    expect(stored).not.toContain(rin.cookie.split("=")[1])
  })
})
