// What every signer must do, whatever holds the key.
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals"
import { calculateJwkThumbprint, importJWK, type JWK } from "jose"
import type { Signer } from "../../src/core/ports.ts"

export function signerContract(name: string, make: () => Promise<{ readonly signer: Signer; readonly close?: () => Promise<void> }>): void {
  describe(`signer: ${name}`, () => {
    let signer: Signer
    let close: (() => Promise<void>) | undefined
    beforeAll(async () => {
      const made = await make()
      signer = made.signer
      close = made.close
    })
    afterAll(async () => close?.())

    const bytes = (text: string) => new TextEncoder().encode(text)
    const verifies = async (signature: Uint8Array, signed: Uint8Array) => {
      const key = (await importJWK(signer.publicKey as JWK, signer.alg)) as CryptoKey
      const how = signer.alg === "ES256" ? { name: "ECDSA", hash: "SHA-256" } : { name: "Ed25519" }
      return crypto.subtle.verify(how, key, new Uint8Array(signature), new Uint8Array(signed))
    }

    test("its id is the RFC 7638 thumbprint of its public key", async () => {
      expect(signer.keyId).toBe(await calculateJwkThumbprint(signer.publicKey as JWK))
    })
    test("its public key holds nothing private", () => {
      expect(Object.keys(signer.publicKey).sort()).toEqual(signer.alg === "ES256" ? ["crv", "kty", "x", "y"] : ["crv", "kty", "x"])
    })
    test("it signs 64 raw bytes that the public key verifies", async () => {
      const signature = await signer.sign(bytes("a text"))
      expect(signature).toHaveLength(64)
      expect(await verifies(signature, bytes("a text"))).toBe(true)
    })
    test("its signature fits no other bytes", async () => {
      expect(await verifies(await signer.sign(bytes("a text")), bytes("another text"))).toBe(false)
    })
    test("it signs an empty text, and a megabyte", async () => {
      for (const what of [new Uint8Array(), new Uint8Array(1 << 20)]) expect(await verifies(await signer.sign(what), what)).toBe(true)
    })
    test("it signs many texts at once, each its own", async () => {
      const texts = Array.from({ length: 20 }, (_, i) => bytes(`text ${i}`))
      const signatures = await Promise.all(texts.map((t) => signer.sign(t)))
      for (const [i, t] of texts.entries()) expect(await verifies(signatures[i] as Uint8Array, t)).toBe(true)
    })
    test("it signs only the bytes given, when they are a part of a larger buffer", async () => {
      const part = bytes("xxa textxx").subarray(2, 8)
      expect(await verifies(await signer.sign(part), bytes("a text"))).toBe(true)
    })
  })
}
