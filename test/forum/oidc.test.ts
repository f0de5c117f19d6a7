// Sign-in beyond loopback, against a real OpenID Connect provider.
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals"
import { Provider } from "oidc-provider"
import { type Answer, Browser } from "./browser.ts"
import { type House, openHouse } from "./house.ts"

// The provider tells whoever starts it that it is not set up for production. It is not.
const { warn, info } = console
beforeAll(() => void Object.assign(console, { warn: () => undefined, info: () => undefined }))
afterAll(() => void Object.assign(console, { warn, info }))

let idp: Server
let issuer = ""
let house: House
const redirects: string[] = []
const accounts: Record<string, Record<string, unknown>> = {
  mira: { name: "Mira Berg", email: "Mira@example.com", email_verified: true },
  mallory: { name: "Mallory ✦ · approved by Mira", email: "mira@example.com", email_verified: false },
  twin: { name: "Mira Berg", email: "twin@example.com", email_verified: true },
}

beforeEach(async () => {
  redirects.length = 0
  idp = createServer((req, res) => void provider().callback()(req, res))
  await new Promise<void>((resolve) => idp.listen(0, "127.0.0.1", resolve))
  issuer = `http://127.0.0.1:${(idp.address() as AddressInfo).port}`
  house = await openHouse({
    forum: { oidc: { issuer, clientId: "countersign", clientSecret: "s3cret", name: "Example" }, admins: ["mira@example.com"] },
  })
  redirects.push(`${house.origin}/sign-in/back`)
})
afterEach(async () => {
  made = null
  await house.close()
  await new Promise<void>((resolve) => {
    idp.close(() => resolve())
    idp.closeAllConnections()
  })
})
let made: Provider | null = null
function provider(): Provider {
  made ??= new Provider(issuer, {
    clients: [
      { client_id: "countersign", client_secret: "s3cret", redirect_uris: redirects, grant_types: ["authorization_code"], response_types: ["code"] },
    ],
    claims: { openid: ["sub"], profile: ["name"], email: ["email", "email_verified"] },
    findAccount: (_ctx: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id, ...accounts[id] }) }),
    cookies: { keys: ["test"] },
    pkce: { required: () => true },
  })
  return made
}

/** Signs in at the provider; the address at which it sends the browser back to us. */
async function begin(who: Browser, login: string, wanted = ""): Promise<string> {
  const to = await who.get(wanted === "" ? "/sign-in" : `/sign-in?to=${encodeURIComponent(wanted)}`)
  const there = new Browser(issuer)
  let page: Answer = await there.open(to.location.replace(issuer, ""))
  for (let step = 0; step < 4 && page.status === 200; step += 1) page = await there.submit(page, "", { login, password: "any" })
  expect(page.location).toContain(`${house.origin}/sign-in/back`)
  return page.location.replace(house.origin, "")
}
async function signIn(login: string): Promise<Browser> {
  const who = house.visitor()
  await who.open(await begin(who, login))
  return who
}
const nameOn = (page: Answer) => /Signed in as <b>([^<]*)<\/b>(, admin)?/.exec(page.text)?.slice(1, 3).join("")

test("a member signs in, is known by what the provider verified, and is the same person the next time", async () => {
  expect((await house.visitor().open("/")).text).toContain("Sign in with Example")
  expect(nameOn(await (await signIn("mira")).open("/"))).toBe("Mira Berg, admin")
  expect(nameOn(await (await signIn("mira")).open("/"))).toBe("Mira Berg, admin")
  expect((await house.forum.audience({ platform: "forum", workspace: "forum" as never, channel: "welcome", thread: null })).people).toBe(1)
})
test("an address that the provider did not verify gives no role, and a name cannot imitate a label or another person", async () => {
  const mallory = nameOn(await (await signIn("mallory")).open("/"))
  expect(mallory).toMatch(/^Mallory approved by Mira$/)
  await signIn("mira")
  expect(nameOn(await (await signIn("twin")).open("/"))).toBe("Mira Berg 2")
})
test("an answer with another state signs nobody in", async () => {
  const who = house.visitor()
  const back = await begin(who, "mira")
  expect((await who.open(back.replace(/state=[^&]+/, "state=forged"))).text).toContain("nobody was signed in")
  expect((await who.get("/")).status).toBe(401)
})
test("a sign-in leads to the page that was wanted", async () => {
  expect((await house.visitor().open("/queue")).text).toContain('href="/sign-in?to=%2Fqueue"')
  const who = house.visitor()
  expect(await who.get(await begin(who, "mira", "/queue"))).toMatchObject({ status: 303, location: "/queue" })
})
test.each([
  "https://evil.example/",
  "//evil.example/x",
  "/\\\\evil.example",
  "/%2F/evil.example/../..//evil.example",
  "javascript:alert(1)",
  "/sign-in",
])("a sign-in never leads to %s", async (wanted) => {
  const who = house.visitor()
  const { location } = await who.get(await begin(who, "mira", wanted))
  expect(new URL(location, house.origin).origin).toBe(house.origin)
  expect(location.startsWith("//")).toBe(false)
  expect(location).not.toContain("sign-in")
})

test.each(["nonce", "verifier"] as const)("an answer that does not belong to this sign-in's %s signs nobody in", async (column) => {
  const who = house.visitor()
  const back = await begin(who, "mira")
  const db = house.database.db.withTables<{ forum_login: Record<string, string> }>()
  await db
    .updateTable("forum_login")
    .set({ [column]: "x".repeat(43) })
    .execute()
  expect((await who.open(back)).text).toContain("nobody was signed in")
  expect((await who.get("/")).status).toBe(401)
})
test("an answer counts once, and only in the browser that began", async () => {
  const who = house.visitor()
  const back = await begin(who, "mira")
  expect((await house.visitor().open(back)).text).toContain("not begun in this browser")
  const { cookie } = who
  await who.open(back)
  expect((await who.get("/")).status).toBe(200)
  expect((await who.get(back, { cookie })).text).toContain("not begun in this browser")
})
test("somebody who was removed cannot come back in", async () => {
  const mira = await signIn("mira")
  await signIn("twin")
  await mira.submit(await mira.open("/people"), "/people/remove")
  const back = await house.visitor()
  expect((await back.open(await begin(back, "twin"))).text).toContain("You were removed from this forum")
})
test("with a provider there are no one-time keys: the links lead to the forum", async () => {
  expect([await house.forum.entryLink(), await house.forum.invitation()]).toEqual([`${house.origin}/`, `${house.origin}/`])
  const who = house.visitor()
  expect((await who.post("/enter", { key: "x", name: "Eve" })).status).toBe(410)
})
