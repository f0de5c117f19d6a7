// A key pair that signs: private here, public outside. Ids are RFC 7638 thumbprints.
import { calculateJwkThumbprint } from "jose"
import type { Signer } from "../../src/core/ports.ts"

export type SignerAlg = Signer["alg"]
const algorithms = {
  ES256: { generate: { name: "ECDSA", namedCurve: "P-256" }, sign: { name: "ECDSA", hash: "SHA-256" }, kty: "EC", crv: "P-256" },
  Ed25519: { generate: { name: "Ed25519" }, sign: { name: "Ed25519" }, kty: "OKP", crv: "Ed25519" },
} as const

export async function generateJwk(alg: SignerAlg): Promise<JsonWebKey> {
  const pair = (await crypto.subtle.generateKey(algorithms[alg].generate, true, ["sign", "verify"])) as CryptoKeyPair
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey("jwk", pair.privateKey)
  return { kty, crv, x, ...(y === undefined ? {} : { y }), d } as JsonWebKey
}
/** Throws when the key is not one of `alg`, or its halves do not belong together. */
export async function signerOf(alg: SignerAlg, jwk: JsonWebKey): Promise<Signer> {
  const { generate, sign, kty, crv } = algorithms[alg]
  if (jwk.kty !== kty || jwk.crv !== crv || jwk.d === undefined) throw new TypeError(`not a private key for ${alg}`)
  // The platform refuses halves of two keys here: labels of such a key would be refused by their readers, and by nobody else.
  const privateKey = await crypto.subtle.importKey("jwk", jwk, generate, false, ["sign"])
  const { d: _secret, ...open } = jwk
  return Object.freeze({
    keyId: await calculateJwkThumbprint(open as Parameters<typeof calculateJwkThumbprint>[0]),
    alg,
    publicKey: open,
    sign: async (bytes: Uint8Array) => new Uint8Array(await crypto.subtle.sign(sign, privateKey, new Uint8Array(bytes))),
  })
}
