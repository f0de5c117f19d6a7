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
  const privateKey = await crypto.subtle.importKey("jwk", jwk, generate, false, ["sign"])
  const { d: _secret, ...open } = jwk
  const publicKey = await crypto.subtle.importKey("jwk", open, generate, true, ["verify"])
  const signer: Signer = {
    keyId: await calculateJwkThumbprint(open as Parameters<typeof calculateJwkThumbprint>[0]),
    alg,
    publicKey: open,
    sign: async (bytes) => new Uint8Array(await crypto.subtle.sign(sign, privateKey, new Uint8Array(bytes))),
  }
  // A file edited by hand can hold halves of two keys; every label would then be refused by its readers, and by nobody here.
  const probe = new TextEncoder().encode("countersign: do the two halves of this key belong together?")
  const signature = new Uint8Array(await signer.sign(probe))
  if (!(await crypto.subtle.verify(sign, publicKey, signature, probe))) throw new TypeError("the halves of this key do not belong together")
  return Object.freeze(signer)
}
