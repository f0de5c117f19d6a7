// What is signed, how large it is, and that tools that know nothing of us verify it.
import { execFile } from "node:child_process"
import { createPublicKey } from "node:crypto"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals"
import { decodeProtectedHeader, importJWK, type JWK, jwtVerify } from "jose"
import { canonical, fromBase64url, toBase64url } from "../../src/label/canonical.ts"
import { type Claims, digitalSourceTypes } from "../../src/label/claims.ts"
import { buildLabel, signLabel, signMini } from "../../src/label/sign.ts"
import { sampleClaims, type TestKey, testKey } from "./sample.ts"

let key: TestKey
beforeAll(async () => {
  key = await testKey()
})

describe("a signed label", () => {
  test("names algorithm, key and type, and nothing else", async () => {
    expect(decodeProtectedHeader(await signLabel(sampleClaims, key))).toEqual({ alg: "ES256", kid: key.keyId, typ: "ai-label+jwt" })
  })
  test("carries its claims as canonical JSON, so that the same claims are the same bytes", async () => {
    const payload = (await signLabel(sampleClaims, key)).split(".")[1] as string
    expect(new TextDecoder().decode(fromBase64url(payload) as Uint8Array)).toBe(canonical(sampleClaims))
  })
  test("is a JWT to any JOSE library", async () => {
    const { payload } = await jwtVerify(await signLabel(sampleClaims, key), await importJWK(key.publicKey, "ES256"), {
      typ: "ai-label+jwt",
      issuer: sampleClaims.iss,
    })
    expect(payload).toEqual(sampleClaims)
  })
  test.each([
    ["an issuer with a path", { iss: "https://forum.example/x" }],
    ["an issuer that is a script", { iss: "javascript:alert(1)" }],
    ["an id that is no ULID", { jti: "1" }],
    ["nobody who approved", { rev: { ...sampleClaims.rev, by: [] } }],
    ["a hash of another length", { dig: { ...sampleClaims.dig, vis: "AAAA" } }],
    ["a time in fractions", { iat: 1.5 }],
    ["a time beyond the calendar", { rev: { ...sampleClaims.rev, at: 1e15 } }],
    ["ai-autonomous", { aid: "ai-autonomous" as "ai-assisted" }],
  ])("is never made of %s", async (_what, change: Partial<Claims>) => {
    await expect(signLabel({ ...sampleClaims, ...change }, key)).rejects.toMatchObject({ code: "not-a-label" })
  })
  test("is never signed with a key for something else", async () => {
    await expect(signLabel(sampleClaims, { ...key, alg: "Ed25519" })).rejects.toMatchObject({ code: "not-a-label" })
    await expect(signLabel(sampleClaims, { ...key, sign: async () => new Uint8Array(70) })).rejects.toMatchObject({ code: "not-a-label" })
  })
  test("comes with its lines and its mini form", async () => {
    const label = await buildLabel({ claims: sampleClaims, names: ["Rin"], signer: key })
    expect(label.lines.first).toBe(`✦ AI-generated · approved by Rin · not edited · verify: ${sampleClaims.url}`)
    expect(label.mini.split(".")).toHaveLength(3)
  })
})

describe("sizes", () => {
  const discord: Claims = {
    ...sampleClaims,
    iss: "https://b.example.org",
    url: `https://b.example.org/l/${sampleClaims.jti}`,
    ctx: { p: "discord", ws: "1234567890123456789", ch: "1234567890123456789", th: "1234567890123456789" },
  }
  test("the full label stays under 1.4 kB", async () => {
    expect((await signLabel(discord, key)).length).toBeLessThan(1_400)
  })
  test("the mini label has at most 410 bytes, whatever the place", async () => {
    for (const dst of Object.values(digitalSourceTypes)) expect((await signMini({ ...discord, dst }, key)).length).toBeLessThanOrEqual(410)
  })
  test("a label page's address with the mini label fits a Discord button, also for a longer host", async () => {
    expect(`${discord.url}#${await signMini(discord, key)}`.length).toBeLessThanOrEqual(460)
    const iss = "https://countersign.some-company.example"
    const long = { ...discord, iss, url: `${iss}/l/${discord.jti}` }
    expect(`${long.url}#${await signMini(long, key)}`.length).toBeLessThanOrEqual(512)
  })
})

describe("without our code", () => {
  const run = promisify(execFile)
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "label-"))
    await run("openssl", ["version"]).catch((cause) => {
      throw new Error("This test needs openssl on the PATH: install the package `openssl`.", { cause })
    })
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  /** r ‖ s -> SEQUENCE of two INTEGERs (SEC 1, C.5): leading zeros off, one zero before a set sign bit. */
  function der(raw: Uint8Array): Uint8Array {
    const integer = (part: Uint8Array) => {
      const digits = part.subarray(part.findIndex((byte) => byte !== 0))
      const body = (digits[0] as number) > 127 ? [0, ...digits] : [...digits]
      return [2, body.length, ...body]
    }
    const body = [...integer(raw.subarray(0, 32)), ...integer(raw.subarray(32))]
    return Uint8Array.from([0x30, body.length, ...body])
  }
  async function openssl(jws: string): Promise<string> {
    const [head, body, signature] = jws.split(".") as [string, string, string]
    const [pem, sig, signed] = ["key.pem", "sig.der", "signed.bin"].map((name) => join(folder, name)) as [string, string, string]
    await writeFile(
      pem,
      createPublicKey({ key: key.publicKey as JWK, format: "jwk" } as Parameters<typeof createPublicKey>[0]).export({ type: "spki", format: "pem" }),
    )
    await writeFile(sig, der(fromBase64url(signature) as Uint8Array))
    await writeFile(signed, `${head}.${body}`)
    const { stdout } = await run("openssl", ["dgst", "-sha256", "-verify", pem, "-signature", sig, signed]).catch((e: { stdout: string }) => e)
    return stdout.trim()
  }
  test("openssl verifies a label, and refuses it with one claim changed", async () => {
    const good = await signLabel(sampleClaims, key)
    expect(await openssl(good)).toBe("Verified OK")
    const [head, , signature] = good.split(".")
    const payload = toBase64url(new TextEncoder().encode(canonical({ ...sampleClaims, iat: 1 })))
    expect(await openssl(`${head}.${payload}.${signature}`)).toBe("Verification failure")
  })
  test("the recipe in docs/label.md verifies a label with a shell, openssl and basenc", async () => {
    const doc = await readFile(join(import.meta.dirname, "../../docs/label.md"), "utf8")
    const recipe = /```sh\n(# verify-label[\s\S]*?)```/.exec(doc)?.[1] as string
    const x = { kty: "EC", crv: "P-256", x: key.publicKey.x, y: key.publicKey.y }
    for (const [jws, words] of [[await signLabel(sampleClaims, key), "Verified OK"]] as const) {
      await writeFile(join(folder, "label.jws"), jws)
      await writeFile(join(folder, "jwks.json"), JSON.stringify({ keys: [{ ...x, kid: key.keyId }] }))
      const { stdout } = await run("sh", ["-eu", "-c", recipe], { cwd: folder })
      expect(stdout.trim().split("\n").at(-1)).toBe(words)
    }
  })
})
