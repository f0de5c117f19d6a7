// Long threads and where the forum may open.
import { afterEach, describe, expect, test } from "@jest/globals"
import { ForumCannotOpen, openForum } from "../../adapters/forum/index.ts"
import { type Browser, forms } from "./browser.ts"
import { type House, openHouse } from "./house.ts"

describe("a thread of 5,000 messages", () => {
  let house: House
  afterEach(() => house.close())
  async function filled(): Promise<Browser> {
    house = await openHouse()
    const rin = await house.enter("Rin")
    const db = house.database.db.withTables<Record<string, Record<string, unknown>>>()
    await db.transaction().execute(async (t) => {
      for (let n = 2; n <= 5_000; n += 500) {
        const rows = Array.from({ length: Math.min(500, 5_001 - n) }, (_, i) => ({
          id: `m${n + i}`,
          topic: "welcome",
          n: n + i,
          kind: "message",
          author: "system",
          text: `Message **${n + i}**`,
          at: n + i,
        }))
        await t.insertInto("forum_message").values(rows).execute()
      }
      await t.updateTable("forum_topic").set({ count: 5_000 }).where("id", "=", "welcome").execute()
    })
    return rin
  }
  const shown = (text: string) => [...text.matchAll(/data-n="(\d+)"/g)].map((m) => Number(m[1]))
  test("shows its latest page, and every page before it, each with fifty messages", async () => {
    const rin = await filled()
    let page = await rin.open("/t/welcome")
    const seen: number[] = []
    for (let i = 0; i < 200; i += 1) {
      seen.unshift(...shown(page.text))
      expect(shown(page.text).length).toBeLessThanOrEqual(50)
      const earlier = /href="(\/t\/welcome\?before=\d+)"/.exec(page.text)?.[1]
      if (earlier === undefined) break
      page = await rin.open(earlier)
    }
    expect(seen).toEqual(Array.from({ length: 5_000 }, (_, i) => i + 1))
  })
  test("a draft of an old message shows there, and a link leads to its place", async () => {
    const rin = await filled()
    const page = await rin.open("/t/welcome?from=100")
    expect(shown(page.text)[0]).toBe(100)
    const there = await rin.submit(page, "/m/m120/draft")
    await house.flow.idle()
    expect(there.text).toContain('data-after="m-m120"')
    expect(shown(there.text)).toContain(120)
    expect((await rin.open("/t/welcome?before=x&from=-1")).status).toBe(200)
    expect((await rin.open("/m/m120")).text).toContain('href="/t/welcome?from=110#m-m120"')
  })
  test("what a drafter is given is the latest messages and the question, however old", async () => {
    const rin = await filled()
    await rin.submit(await rin.open("/t/welcome?from=100"), "/m/m120/draft")
    await house.flow.idle()
    const given = house.drafter.asked[0]?.thread ?? []
    expect(given).toHaveLength(50)
    expect(given.map((m) => m.id)).toEqual(["m120", ...Array.from({ length: 49 }, (_, i) => `m${4_952 + i}`)])
    expect(given[0]).toMatchObject({ role: "question", text: "Message **120**" })
  })
  test("replies at once each get a number of their own", async () => {
    const rin = await filled()
    const form = forms((await rin.open("/t/welcome")).text).find((f) => f.action.endsWith("/reply"))
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => rin.post(form?.action ?? "", { ...form?.fields, id: `same-time-${i}`, text: `at once ${i}` })),
    )
    expect(shown((await rin.open("/t/welcome?from=5001")).text)).toEqual(Array.from({ length: 20 }, (_, i) => 5_001 + i))
  })
})

describe("where it opens", () => {
  const open = (o: { origin: string; host: string; oidc?: object }) => openForum({ moderators: [], admins: [], oidc: null, ...o } as never)
  const oidc = { issuer: "https://id.example", clientId: "c", clientSecret: "s" }
  test.each([
    [
      "an address that others can reach, without sign-in",
      { origin: "https://forum.example", host: "127.0.0.1" },
      /no sign-in: the forum's address is https:\/\/forum\.example/,
    ],
    ["a port that others can reach, without sign-in", { origin: "http://127.0.0.1:3000", host: "0.0.0.0" }, /no sign-in: HOST is 0\.0\.0\.0/],
    ["sessions in the clear", { origin: "http://forum.example", host: "0.0.0.0", oidc }, /use https/],
    ["an address with a path", { origin: "https://forum.example/x", host: "127.0.0.1", oidc }, /scheme, host and port only/],
    ["no address at all", { origin: "forum", host: "127.0.0.1" }, /scheme, host and port only/],
  ])("refuses %s, and says why", async (_what, o, why) => {
    await expect(open(o)).rejects.toThrow(ForumCannotOpen)
    await expect(open(o)).rejects.toThrow(why)
  })
})
