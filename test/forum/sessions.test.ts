// Sessions and one-time addresses end; cookies say no more than they must; forms lead back to pages of ours only.
import { afterEach, expect, test } from "@jest/globals"
import { keys } from "../../adapters/forum/keys.ts"
import type { ForumTables } from "../../adapters/forum/migrations.ts"
import { people } from "../../adapters/forum/people.ts"
import { sessions } from "../../adapters/forum/sessions.ts"
import { FakeClock } from "../fakes/clock.ts"
import { type House, openHouse } from "./house.ts"

let house: House
afterEach(() => house.close())
const day = 24 * 3_600_000

test("a session ends after thirty days, an invitation after seven, an entry key after one", async () => {
  const clock = new FakeClock()
  house = await openHouse({ clock })
  const rin = await house.enter("Rin")
  const key = (link: string) => link.replace(`${house.origin}/enter/`, "")
  const invitation = key(await house.forum.invitation())
  const entry = key(await house.forum.entryLink())
  clock.advance(day)
  expect((await house.visitor().post("/enter", { key: entry, name: "Eve" })).status).toBe(410)
  clock.advance(6 * day - 1)
  expect((await house.visitor().get(`/enter/${invitation}`)).status).toBe(200)
  clock.advance(1)
  expect((await house.visitor().post("/enter", { key: invitation, name: "Eve" })).status).toBe(410)
  clock.advance(23 * day - 1)
  expect((await rin.get("/")).status).toBe(200)
  clock.advance(1)
  expect((await rin.get("/")).status).toBe(401)
})
test("signing out ends the session on the server, not only in the browser", async () => {
  house = await openHouse()
  const rin = await house.enter("Rin")
  const { cookie } = rin
  await rin.submit(await rin.open("/"), "/sign-out")
  expect(rin.cookie).toBe("")
  expect((await rin.get("/", { cookie })).status).toBe(401)
})
test("a session that outlived its person's removal signs nobody in", async () => {
  house = await openHouse()
  await house.enter("Ada")
  const rin = await house.enter("Rin")
  const db = house.database.db.withTables<{ forum_person: { id: string; name: string; removed_at: number } }>()
  await db.updateTable("forum_person").set({ removed_at: 1 }).where("name", "=", "Rin").execute()
  expect((await rin.get("/")).status).toBe(401)
})
test("a key for one use is used once, however close the second comes, and never after its time", async () => {
  house = await openHouse()
  const clock = new FakeClock()
  const oneTime = keys(house.database.db.withTables<ForumTables>() as never, clock)
  const old = await oneTime.make("invitation", 1, null)
  clock.advance(7 * day)
  expect(await oneTime.use(old, async (kind) => ({ kind }))).toEqual({ words: expect.stringContaining("expired") })
  const secret = await oneTime.make("invitation", 1, null)
  const used = [oneTime.use(secret, async (kind) => ({ kind })), oneTime.use(secret, async (kind) => ({ kind }))]
  expect(await Promise.all(used)).toEqual([{ kind: "invitation" }, { words: expect.stringContaining("used before") }])
})
test("cookies are out of reach of scripts and of other sites, and over https of other hosts and plain http", async () => {
  house = await openHouse()
  const link = (await house.forum.entryLink()).replace(house.origin, "")
  const entered = await house.visitor().post("/enter", { key: link.replace("/enter/", ""), name: "Rin" })
  expect(String(entered.headers["set-cookie"])).toMatch(/^countersign-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=2592000$/)
  const db = house.database.db.withTables<never>() as never
  const clock = new FakeClock()
  const folk = people(db, clock, { moderators: [], admins: [] })
  const first = await folk.first()
  if (first === null) throw new Error("nobody joined")
  expect(await sessions(db, clock, folk, "https://forum.example").open(first)).toMatch(
    /^__Host-countersign=.*; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=/,
  )
})
test.each([
  ["the page it stood on", (origin: string) => `${origin}/t/welcome?from=1`, "/t/welcome?from=1"],
  ["the start, from elsewhere", () => "https://evil.example/t/welcome", "/"],
  ["the start, from an answer to a form", (origin: string) => `${origin}/m/x/report`, "/"],
  ["the start, from nowhere", () => "", "/"],
])("a form leads back to %s", async (_what, from, to) => {
  house = await openHouse()
  const rin = await house.enter("Rin")
  const csrf = /name="csrf" value="([^"]+)"/.exec((await rin.open("/")).text)?.[1] ?? ""
  const answer = await rin.post("/notes/away", { csrf, id: "1" }, { headers: { referer: from(house.origin) } })
  expect([answer.status, answer.location]).toEqual([303, to])
})
test("every page forbids what it does not need", async () => {
  house = await openHouse()
  const { headers } = await house.visitor().get("/")
  expect(headers["content-security-policy"]).toBe(
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  )
  expect(headers).toMatchObject({ "x-content-type-options": "nosniff", "referrer-policy": "same-origin", "cache-control": "no-store" })
})
test("style, script and sign are served for ever under their digest, and no page has a style or script of its own", async () => {
  house = await openHouse()
  const rin = await house.enter("Rin")
  for (const path of ["/", "/t/welcome", "/new", "/queue", "/people"]) {
    const { text } = await rin.open(path)
    expect(text).not.toMatch(/<style|style="|\son[a-z]+="|<script(?![^>]*(src=|type="application))/)
    for (const [, file] of text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)) {
      const asset = await rin.get(file ?? "")
      expect([asset.status, asset.headers["cache-control"]]).toEqual([200, "public, max-age=31536000, immutable"])
    }
  }
})
test("two forums on one machine keep their sessions apart: cookies do not heed ports", async () => {
  house = await openHouse()
  const other = await openHouse()
  const names = [await house.enter("Rin"), await other.enter("Rin")].map((who) => who.cookie.split("=")[0])
  await other.close()
  expect(new Set(names).size).toBe(2)
})
