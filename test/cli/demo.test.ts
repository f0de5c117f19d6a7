// The demo is the product's own proof that it works from nothing: so it is run, and its label is checked by other code too.
import { expect, test } from "@jest/globals"
import { compactVerify, importJWK, type JWK } from "jose"
import { useProgram } from "./program.ts"

const program = useProgram()

test("the demo walks from a question to a verified post, in a folder of its own", async () => {
  const folder = program.folder()
  // What the operator has set must not reach it.
  const { out, code, err } = await program.run(folder, ["demo", "--json"], { PORT: "1", DATABASE_URL: "postgres://h/d", OPENAI_API_KEY: "sk-x" })
  expect(err).toBe("")
  expect(code).toBe(0)
  const lines = out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(lines.slice(0, -1).map((l) => l.step)).toEqual(["start", "sign-in", "invite", "question", "ask", "card", "private", "approve", "post"])
  const last = lines.at(-1) as { url: string; text: string; jws: string; jwks: { keys: JWK[] }; verified: boolean }
  expect(Object.keys(last)).toEqual(["url", "text", "jws", "jwks", "verified"])
  expect(last.verified).toBe(true)
  const key = await importJWK(last.jwks.keys[0] ?? {}, "ES256")
  const { payload } = await compactVerify(last.jws, key)
  const claims = JSON.parse(new TextDecoder().decode(payload)) as { iss: string; dig: { vis: string } }
  expect(last.url.startsWith(claims.iss)).toBe(true)
  // vis-1 by hand: these texts hold nothing but ordinary characters.
  const seen = last.text.normalize("NFC").replace(/\s+/gu, " ").trim()
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(seen))
  expect(Buffer.from(hash).toString("base64url")).toBe(claims.dig.vis)
}, 60_000)
test("people get the steps, the post and the verdict", async () => {
  const { out, code } = await program.run(program.folder(), ["demo"])
  expect(code).toBe(0)
  expect(out).toContain("Bo opens the same pages and sees nothing of it.")
  expect(out).toContain("✦ Quoted automatically · approved by Rin")
  expect(out).toContain("✔ Valid.")
}, 60_000)
