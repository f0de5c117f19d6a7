// One post as it should be, for tests that break it.
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from "jose"
import { type Claims, digitalSourceTypes } from "../../src/label/claims.ts"
import type { PublishedKeys } from "../../src/label/jws.ts"
import { labelLines } from "../../src/label/lines.ts"
import type { LabelSigner } from "../../src/label/sign.ts"

export const answer = "Ask #infra for the role.\nThen run vault write -f rotate-root."
export const iss = "https://forum.example"
export const jti = "01KAJ5ZZZZZZZZZZZZZZZZZZZZ"
export const sampleClaims: Claims = {
  iss,
  iat: 1_790_000_000,
  jti,
  v: 1,
  dst: digitalSourceTypes.model,
  aid: "ai-assisted",
  hol: "human_validated",
  gen: { sys: "countersign/0.1.0", prv: "openai", mdl: "gpt-5.2", at: 1_789_999_000 },
  rev: { by: ["p_Q2xk9bV1Q2xk9bV1Q2xk9b"], at: 1_790_000_000, act: "approved", edit: "none", auth: "oidc" },
  dig: {
    alg: "sha-256",
    c14n: "vis-1",
    draft: "jZae727K08KaOmKSgOaGzww_XVqGr_PKEgIMkjrcbJI",
    src: "LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ",
    // SHA-256 of the answer after vis-1, by `printf %s 'Ask #infra … rotate-root.' | openssl dgst -sha256 -binary | basenc --base64url`.
    vis: "6llMDRWQTiWhtPMlMbAahd04KeWcecKpVuqaEvY5yTI",
  },
  ctx: { p: "forum", ws: "forum", ch: "t_7" },
  url: `${iss}/l/${jti}`,
}
export interface TestKey extends LabelSigner {
  readonly alg: "ES256"
  readonly publicKey: JWK
  readonly published: PublishedKeys
}
export async function testKey(): Promise<TestKey> {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true })
  const jwk = await exportJWK(publicKey)
  const keyId = await calculateJwkThumbprint(jwk)
  return {
    keyId,
    alg: "ES256",
    publicKey: jwk,
    published: { keys: [{ kty: "EC", crv: "P-256", x: jwk.x as string, y: jwk.y as string, kid: keyId, alg: "ES256", use: "sig" }] },
    sign: async (bytes) => new Uint8Array(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, privateKey, new Uint8Array(bytes))),
  }
}
export function wholePost(claims: Claims = sampleClaims, text: string = answer, names: readonly string[] = ["Rin"]): string {
  const { first, last } = labelLines(claims, names)
  return `${first}\n${text}\n${last}`
}
