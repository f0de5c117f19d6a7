// Canonical JSON: the examples of RFC 8785, and everything that it must not swallow.
import { describe, expect, test } from "@jest/globals"
import { canonical, fromBase64url, sha256Base64url, toBase64url } from "../../src/label/canonical.ts"

describe("canonical JSON", () => {
  test("is the example of RFC 8785 §3.2.3", () => {
    const text = String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`
    expect(canonical(JSON.parse(text))).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    )
  })
  test("sorts by UTF-16 code units, as the RFC has it", () => {
    expect(canonical({ "\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "😀": 5, "\u0080": 6, ö: 7 })).toBe(
      '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}',
    )
  })
  const cycle: Record<string, unknown> = {}
  cycle.within = [cycle]
  test.each([
    ["undefined", undefined],
    ["an undefined member", { a: undefined }],
    ["an undefined element", [undefined]],
    ["a hole", new Array(1)],
    ["NaN", { a: Number.NaN }],
    ["infinity", [Number.POSITIVE_INFINITY]],
    ["a bigint", { a: 1n }],
    ["a function", { a: () => 1 }],
    ["a symbol", [Symbol("a")]],
    ["half a surrogate pair", { a: "\ud800" }],
    ["half a surrogate pair in a name", { "\udc00": 1 }],
    ["a date", { at: new Date(0) }],
    ["a map", new Map([["a", 1]])],
    ["bytes", { a: new Uint8Array(2) }],
    ["an object that rewrites itself", { a: { toJSON: () => 1 } }],
    ["a cycle", cycle],
  ])("refuses %s", (_what, value) => {
    expect(() => canonical(value)).toThrow(expect.objectContaining({ code: "not-canonical" }))
  })
  test("names where the trouble is, and not what stands there", () => {
    expect(() => canonical({ a: [{ b: "secret\ud800" }] })).toThrow("$.a[0].b is a text with half a surrogate pair: canonical JSON cannot say that")
  })
  test("takes the same object twice, which is no cycle", () => {
    const one = { a: 1 }
    expect(canonical([one, one])).toBe('[{"a":1},{"a":1}]')
  })
  test("takes an object without a prototype", () => {
    expect(canonical(Object.assign(Object.create(null), { a: -0 }))).toBe('{"a":0}')
  })
})
describe("digests", () => {
  test("SHA-256 of abc is that of FIPS 180-2", async () => {
    const expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    for (const abc of ["abc", new TextEncoder().encode("xabcx").subarray(1, 4)])
      expect(Buffer.from(fromBase64url(await sha256Base64url(abc)) as Uint8Array).toString("hex")).toBe(expected)
  })
  test.each(["AB", "AA==", "A", "A+A", "A A", "AAAA\n", "ä"])("%j is not the one spelling of anything", (text) => {
    expect(fromBase64url(text)).toBeNull()
  })
  test("base64url goes there and back", () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i)
    expect(fromBase64url(toBase64url(bytes))).toEqual(bytes)
    expect(fromBase64url("")).toEqual(new Uint8Array())
  })
})
