// Signers for tests: real keys, made anew, kept in memory.
import { createHash, sign as cryptoSign, generateKeyPairSync } from "node:crypto"
import type { PersonId, Pseudonym } from "../../src/core/domain.ts"
import type { Pseudonyms, Signer } from "../../src/core/ports.ts"

export function testSigner(alg: Signer["alg"] = "ES256"): Signer {
  const { privateKey, publicKey } = alg === "ES256" ? generateKeyPairSync("ec", { namedCurve: "P-256" }) : generateKeyPairSync("ed25519")
  const jwk = publicKey.export({ format: "jwk" }) as JsonWebKey
  const thumb = alg === "ES256" ? { crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y } : { crv: jwk.crv, kty: jwk.kty, x: jwk.x }
  return {
    keyId: createHash("sha256").update(JSON.stringify(thumb)).digest("base64url"),
    alg,
    publicKey: jwk,
    sign: async (bytes) =>
      new Uint8Array(
        alg === "ES256" ? cryptoSign("sha256", bytes, { key: privateKey, dsaEncoding: "ieee-p1363" }) : cryptoSign(null, bytes, privateKey),
      ),
  }
}
export const testPseudonyms: Pseudonyms = {
  of: (person: PersonId) => `p_${createHash("sha256").update(`test ${person}`).digest("base64url").slice(0, 22)}` as Pseudonym,
}
