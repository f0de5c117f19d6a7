// The label page: one address, three forms, and what strangers are not told.
import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "@jest/globals"
import type { LabelId } from "../../src/core/domain.ts"
import type { Claims } from "../../src/label/claims.ts"
import { signLabel } from "../../src/label/sign.ts"
import { recipe } from "../../src/web/label/recipe.ts"
import { findRecord } from "../../src/web/label/record.ts"
import { testSigner } from "../harness/signers.ts"
import { bo, mira, rin } from "../harness/walk.ts"
import { type House, openHouse } from "./house.ts"

let house: House
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.close())

async function posted(): Promise<{ readonly id: string; readonly jws: string }> {
  house.walk.drafter.next({ answer: "Run `vault rotate` as Zebediah says.", sources: [] })
  const request = await house.walk.ask()
  await house.walk.decide(request, { act: "approve" })
  const state = await house.walk.state(request)
  if (state.at !== "posted") throw new Error(state.at)
  return { id: state.draft.label, jws: house.walk.board.posts[0]?.jws ?? "" }
}

test("people read who let it out and what was checked, first a sentence", async () => {
  const { id } = await posted()
  const page = await house.page(`/l/${id}`, bo)
  expect(page).toContain("A model (parrot-1, test) drafted this.")
  expect(page).toContain("Rin approved it")
  expect(page).toContain("Run `vault rotate` as Zebediah says.")
  for (const tick of [
    "The signature is good",
    "The approved text is the one the label speaks of",
    "The approval is recorded in the ledger, before the post",
  ])
    expect(page).toContain(tick)
})
test("strangers read status, model, times and pseudonyms, and no name, place or text", async () => {
  const { id } = await posted()
  const page = await house.page(`/l/${id}`)
  const json = await (await house.get(`/l/${id}`, null, { accept: "application/json" })).text()
  expect(page).toContain("One person approved it")
  expect(page).toContain("parrot-1")
  expect(page).toContain(house.walk.parts.pseudonyms.of(rin.person))
  for (const [what, said] of Object.entries({ page, json })) {
    for (const hidden of ["Rin", "vault rotate", "Zebediah", "board.test"]) expect(`${what}: ${said}`).not.toContain(hidden)
  }
})
test("a member of another platform is a stranger here", async () => {
  const { id } = await posted()
  const other = { ...bo, person: bo.person.replace("board:", "elsewhere:") as typeof bo.person }
  const away = await openHouse((p) => ({
    ...p,
    ledger: house.ledger,
    sessions: { ...p.sessions, viewer: async () => ({ ...other, standing: "member", csrf: "" }) },
  }))
  const page = await (await away.get(`/l/${id}`, null)).text()
  expect(page).not.toContain("Rin approved")
  await away.close()
})
test("programs get JSON; members also get names, text and post", async () => {
  const { id } = await posted()
  const asked = await house.get(`/l/${id}`, null, { accept: "application/json" })
  expect(asked.headers.get("content-type")).toContain("application/json")
  const stranger = await asked.json()
  expect(stranger).toMatchObject({ jti: id, status: "current", checks: { signature: "good", text: "same", ledger: "recorded" } })
  expect(stranger).not.toHaveProperty("text")
  expect(await (await house.get(`/l/${id}`, bo, { accept: "application/json" })).json()).toMatchObject({
    approved_by: ["Rin"],
    text: "Run `vault rotate` as Zebediah says.",
    post: expect.stringContaining("http://board.test/"),
  })
})
test.each([
  ["by its media type", "", { accept: "application/ai-label+jwt" }],
  ["by its address", ".jws", { accept: "text/html" }],
])("verifiers get the label itself, %s", async (_how, ending, headers) => {
  const { id, jws } = await posted()
  const answer = await house.get(`/l/${id}${ending}`, null, headers)
  expect(answer.headers.get("content-type")).toBe("application/ai-label+jwt")
  expect(answer.headers.get("access-control-allow-origin")).toBe("*")
  expect(await answer.text()).toBe(jws)
})
test("a retracted answer says so to everyone, and its text is gone", async () => {
  const { id } = await posted()
  const post = { label: id as never }
  await house.walk.flow.inbox.retract({ by: rin, workspace: house.walk.place.workspace, post, reason: "unsafe", words: "It opens port 22 to all." })
  await house.walk.flow.idle()
  expect(await (await house.get(`/l/${id}`, null, { accept: "application/json" })).json()).toMatchObject({ status: "retracted", reason: "unsafe" })
  const stranger = await house.page(`/l/${id}`)
  expect(stranger).toContain("This answer was retracted")
  expect(stranger).toContain("not safe to follow")
  expect(stranger).not.toContain("port 22")
  const member = await house.page(`/l/${id}`, bo)
  expect(member).toContain("It opens port 22 to all.")
  expect(member).not.toContain("Zebediah")
})
test.each([
  ["never was", async () => "01ARZ3NDEKTSV4RRFFQ69G5FAV"],
  [
    "belongs to a draft that nobody approved",
    async () => {
      const request = await house.walk.ask()
      const state = await house.walk.state(request)
      return "draft" in state ? state.draft.label : ""
    },
  ],
  [
    "belongs to a post that its platform refused",
    async () => {
      house.walk.board.failNext("post", "refused")
      const request = await house.walk.ask()
      await house.walk.decide(request, { act: "approve" })
      const facts = await house.ledger.read({ workspace: house.walk.place.workspace, stream: request })
      const begun = facts.map((e) => e.fact).find((f) => f.kind === "postingBegun")
      return begun?.jti ?? "none was begun"
    },
  ],
  ["is no id at all", async () => "..%2f..%2fetc"],
])("a label that %s is not here, in any form", async (_what, id) => {
  const path = `/l/${await id()}`
  for (const accept of ["text/html", "application/json", "application/ai-label+jwt"])
    expect((await house.get(path, mira, { accept })).status).toBe(404)
})

test("a signature by a key that is not published is shown as bad", async () => {
  const { id } = await posted()
  const record = await findRecord(house.ledger, id, { keys: [] })
  expect(record).toMatchObject({ ticks: { signature: "bad", ledger: "recorded" } })
})
test("a label that names somebody who did not approve is shown as missing from the ledger", async () => {
  const { id, jws } = await posted()
  const claims = JSON.parse(Buffer.from(jws.split(".")[1] ?? "", "base64url").toString()) as Claims
  const forged = await signLabel({ ...claims, rev: { ...claims.rev, by: [house.walk.parts.pseudonyms.of(bo.person)] } }, house.walk.parts.labelKey)
  const { ledger } = house
  const lying = {
    find: ledger.find.bind(ledger),
    read: ledger.read.bind(ledger),
    body: async (w: never, ref: never) => ((await ledger.body(w, ref)) === jws ? forged : ledger.body(w, ref)),
  }
  expect(await findRecord({ ...ledger, ...lying } as never, id, house.parts.jwks())).toMatchObject({
    ticks: { signature: "good", ledger: "missing" },
  })
})

test("the recipe on the page verifies with openssl and nothing of ours, and fails when a byte is flipped", async () => {
  const { id, jws } = await posted()
  expect(await house.page(`/l/${id}`)).toContain("openssl dgst -sha256 -verify")
  const run = (label: string) => {
    const folder = mkdtempSync(join(tmpdir(), "countersign-recipe-"))
    try {
      writeFileSync(join(folder, "served"), label)
      const key = house.parts.jwks().keys[0] ?? {}
      const script = `curl() { cat served; }\n${recipe(`http://127.0.0.1:3000/l/${id}`, key)}`
      return execFileSync("bash", ["-c", `${script} 2>&1 || true`], { cwd: folder, encoding: "utf8" })
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
  expect(run(jws)).toContain("Verified OK")
  const [head, payload, signature] = jws.split(".")
  expect(run(`${head}.${payload?.slice(0, -1)}${payload?.endsWith("A") ? "B" : "A"}.${signature}`)).toContain("Verification failure")
}, 60_000)
test("the recipe holds for signatures of every shape", async () => {
  // r and s are 32 bytes each; about every 128th has a leading zero, every second a leading one bit.
  const signer = testSigner()
  const folder = mkdtempSync(join(tmpdir(), "countersign-recipe-"))
  try {
    for (let i = 0; i < 24; i++) {
      const body = Buffer.from(JSON.stringify({ i })).toString("base64url")
      const signature = Buffer.from(await signer.sign(new TextEncoder().encode(`e30.${body}`))).toString("base64url")
      writeFileSync(join(folder, "served"), `e30.${body}.${signature}`)
      const script = `curl() { cat served; }\n${recipe("http://x/l/1", signer.publicKey as never)}`
      expect(execFileSync("bash", ["-c", script], { cwd: folder, encoding: "utf8" })).toContain("Verified OK")
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}, 60_000)
test("the label of a draft does not say that there is one, nor that something is wrong", async () => {
  const request = await house.walk.ask()
  const state = await house.walk.state(request)
  if (state.at !== "drafted") throw new Error(state.at)
  const drafted = await house.get(`/l/${state.draft.label}`, rin)
  const never = await house.get("/l/01ARZ3NDEKTSV4RRFFQ69G5FAV", rin)
  expect([drafted.status, never.status]).toEqual([404, 404])
  const words = await drafted.text()
  expect(words).toBe(await never.text())
  expect(words).toContain("from the moment it is posted, not before")
})
test("what readers reported stands there for members, without who said it, and not for strangers", async () => {
  const { id } = await posted()
  await house.walk.flow.inbox.report({ workspace: house.walk.place.workspace, post: { label: id as LabelId }, by: bo, why: "line 2 is <wrong>" })
  await house.walk.flow.inbox.report({ workspace: house.walk.place.workspace, post: { label: id as LabelId }, by: mira, why: null })
  const page = await house.page(`/l/${id}`, rin)
  expect(page).toContain("“line 2 is &lt;wrong&gt;”")
  expect(page).toContain("A problem, without words")
  expect(/What readers reported[\s\S]*?<\/ul>/.exec(page)?.[0]).not.toMatch(/\b(Bo|Mira)\b/)
  expect(await (await house.get(`/l/${id}`, rin, { accept: "application/json" })).json()).toMatchObject({
    reports: [{ why: "line 2 is <wrong>" }, { why: null }],
  })
  for (const accept of ["text/html", "application/json"]) expect(await (await house.get(`/l/${id}`, null, { accept })).text()).not.toContain("line 2")
})
