// The verifier against the shared vectors: good labels, and every way to break one.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "@jest/globals"
import type { PublishedKeys } from "../../src/label/jws.ts"
import { signLabel, signMini } from "../../src/label/sign.ts"
import { type InvalidCode, invalidWords } from "../../src/label/verdict.ts"
import { isByModel, type LabelStatus, verifyLabel, verifyMini } from "../../src/label/verify.ts"
import { answer, sampleClaims, testKey, wholePost } from "./sample.ts"

interface Vectors {
  issuers: Record<string, PublishedKeys>
  mini: { jws: string; answer: string; ctx: typeof sampleClaims.ctx }
  cases: { what: string; jws: string; whole?: string; ctx?: typeof sampleClaims.ctx; status?: LabelStatus; result: string; notes?: string[] }[]
}
const vectors: Vectors = JSON.parse(readFileSync(join(import.meta.dirname, "../vectors/labels.json"), "utf8"))
const keysOf = (iss: string) => vectors.issuers[iss] ?? null

describe("shared vectors", () => {
  test.each(vectors.cases.map((c) => [c.result, c.what, c] as const))("%s: %s", async (result, _what, c) => {
    const verdict = await verifyLabel(c.jws, {
      keysOf,
      expect: { ...(c.whole === undefined ? {} : { text: { whole: c.whole } }), ...(c.ctx === undefined ? {} : { ctx: c.ctx }) },
      status: () => c.status ?? null,
    })
    if ("valid" in verdict) expect({ result: "valid", notes: verdict.notes.map((n) => n.code) }).toEqual({ result, notes: c.notes })
    else expect(verdict).toMatchObject({ invalid: result })
  })
  test("there is a vector for every code that the label library gives", () => {
    const codes = (Object.keys(invalidWords) as InvalidCode[]).filter((code) => code !== "no-label")
    expect(codes.filter((code) => !vectors.cases.some((c) => c.result === code))).toEqual([])
  })
})

describe("any one character changed in a label", () => {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
  test("makes it invalid", async () => {
    const key = await testKey()
    const good = await signLabel(sampleClaims, key)
    const how = { keysOf: () => key.published, expect: { text: { whole: wholePost() } } }
    expect(await verifyLabel(good, how)).toHaveProperty("valid")
    for (let at = 0; at < good.length; at++) {
      const other = alphabet[(alphabet.indexOf(good[at] as string) + 1) % alphabet.length] as string
      expect([at, await verifyLabel(good.slice(0, at) + other + good.slice(at + 1), how)]).toEqual([
        at,
        expect.objectContaining({ invalid: expect.any(String) }),
      ])
    }
  })
})

describe("keys", () => {
  const verify = async (published: PublishedKeys, key: Awaited<ReturnType<typeof testKey>>) =>
    verifyLabel(await signLabel(sampleClaims, key), { keysOf: () => published, expect: {} })

  test.each([
    ["for encryption", { use: "enc" }, "unknown-key"],
    ["for another algorithm", { alg: "ES384" }, "unknown-key"],
    ["on another curve", { crv: "P-384" }, "unknown-key"],
    ["that is a shared secret", { kty: "oct" }, "unknown-key"],
    ["that is no point of the curve", { x: "AAAA" }, "bad-signature"],
  ])("a published key %s verifies nothing", async (_what, change, code) => {
    const key = await testKey()
    expect(await verify({ keys: [{ ...key.published.keys[0], ...change }] }, key)).toHaveProperty("invalid", code)
  })
  test("a trusted issuer's key does not verify another trusted issuer's label", async () => {
    const [mine, other] = [await testKey(), await testKey()]
    const jws = await signLabel({ ...sampleClaims, iss: "https://a.example", url: `https://a.example/l/${sampleClaims.jti}` }, other)
    const keys: Record<string, PublishedKeys> = { "https://a.example": mine.published, "https://b.example": other.published }
    expect(await verifyLabel(jws, { keysOf: (iss) => keys[iss] ?? null, expect: {} })).toHaveProperty("invalid", "unknown-key")
  })
  test("keys that cannot be had are a fault, not a verdict", async () => {
    const jws = await signLabel(sampleClaims, await testKey())
    const keysOf = () => Promise.reject(new Error("offline"))
    await expect(verifyLabel(jws, { keysOf, expect: {} })).rejects.toThrow("offline")
  })
  test("a label as long as a book is refused unread", async () => {
    const key = await testKey()
    const jws = await signLabel({ ...sampleClaims, chapter: "x".repeat(20_000) } as typeof sampleClaims, key)
    expect(await verifyLabel(jws, { keysOf: () => key.published, expect: {} })).toHaveProperty("invalid", "malformed")
  })
})

describe("the mini label", () => {
  const how = { keysOf, expect: { text: { answer }, ctx: sampleClaims.ctx }, status: () => ({ status: "current" }) as const }

  test("vouches for text and place", async () => {
    expect(await verifyMini(vectors.mini.jws, how)).toMatchObject({ valid: { jti: sampleClaims.jti, dst: "trainedAlgorithmicMedia" }, notes: [] })
  })
  test.each([
    ["text-changed", { text: { answer: `${answer}!` } }],
    ["moved", { ctx: { ...sampleClaims.ctx, ch: "t_8" } }],
    ["moved", { ctx: { ...sampleClaims.ctx, th: "1" } }],
  ])("%s", async (code, change) => {
    expect(await verifyMini(vectors.mini.jws, { ...how, expect: { ...how.expect, ...change } })).toHaveProperty("invalid", code)
  })
  test("takes a whole post when the full label says which lines to take off", async () => {
    const expect_ = { ...how.expect, text: { whole: wholePost() } }
    expect(await verifyMini(vectors.mini.jws, { ...how, expect: expect_, full: sampleClaims })).toMatchObject({ notes: [] })
    expect(await verifyMini(vectors.mini.jws, { ...how, expect: expect_ })).toMatchObject({ notes: [{ code: "text-not-compared" }] })
  })
  test("is no full label, and a full label is no mini", async () => {
    const full = vectors.cases[0]?.jws as string
    expect(await verifyLabel(vectors.mini.jws, how)).toHaveProperty("invalid", "malformed")
    expect(await verifyMini(full, how)).toHaveProperty("invalid", "malformed")
  })
  test("of a key that has ended does not verify", async () => {
    const key = await testKey()
    const ended = { keys: [{ ...key.published.keys[0], exp: sampleClaims.rev.at }] }
    expect(await verifyMini(await signMini(sampleClaims, key), { ...how, keysOf: () => ended })).toHaveProperty("invalid", "expired-key")
  })
  test("says by its source type whether a model was at work", async () => {
    expect(isByModel(sampleClaims)).toBe(true)
  })
})
