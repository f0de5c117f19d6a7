// Claims -> signed labels: JWS Compact (RFC 7515), ES256, `typ: ai-label+jwt`, over canonical JSON, so that the same claims
// are always the same bytes. Checks what it signs: a label that its own verifier would refuse is never made.
import { canonical, sha256, toBase64url } from "./canonical.ts"
import type { Claims, Label, MiniClaims } from "./claims.ts"
import { labelLines } from "./lines.ts"
import { parseClaims, parseMiniClaims } from "./shape.ts"

/** `typ` of every label, full and mini. */
export const labelType = "ai-label+jwt"

/** A key that signs: `keyId` is its RFC 7638 thumbprint; `sign` gives r ‖ s, 64 bytes. */
export interface LabelSigner {
  readonly keyId: string
  readonly alg: "ES256" | "Ed25519"
  sign(bytes: Uint8Array): Promise<Uint8Array>
}
/** What was to be signed is no label. */
export class NotALabel extends Error {
  readonly code = "not-a-label"
  constructor(problem: string) {
    super(`This cannot be signed as a label: ${problem}.`)
    this.name = "NotALabel"
  }
}

/** The full label. Throws {@link NotALabel}. */
export async function signLabel(claims: Claims, signer: LabelSigner): Promise<string> {
  const parsed = parseClaims(claims)
  if ("problem" in parsed) throw new NotALabel(parsed.problem)
  return sign({ alg: "ES256", kid: signer.keyId, typ: labelType }, claims, signer)
}
/** The mini label: no `kid`, since 70 bytes matter where it travels and an issuer has few keys to try. */
export async function signMini(claims: Claims, signer: LabelSigner): Promise<string> {
  const mini = await miniClaims(claims)
  const parsed = parseMiniClaims(mini)
  if ("problem" in parsed) throw new NotALabel(parsed.problem)
  return sign({ alg: "ES256", typ: labelType }, mini, signer)
}
/** The label whole, as a platform takes it. `names`: of the approvers, in the order of `claims.rev.by`. */
export async function buildLabel(of: { readonly claims: Claims; readonly names: readonly string[]; readonly signer: LabelSigner }): Promise<Label> {
  const [jws, mini] = await Promise.all([signLabel(of.claims, of.signer), signMini(of.claims, of.signer)])
  return { claims: of.claims, jws, mini, lines: labelLines(of.claims, of.names) }
}

export async function miniClaims(claims: Claims): Promise<MiniClaims> {
  return {
    iss: claims.iss,
    jti: claims.jti,
    dst: claims.dst.slice(claims.dst.lastIndexOf("/") + 1) as MiniClaims["dst"],
    dig: { vis: claims.dig.vis },
    ctx: await placeHash(claims.ctx),
    rev: { at: claims.rev.at },
  }
}
/** A place in 11 characters: 64 bits, against moving a label between places that exist, not against forging one. */
export async function placeHash({ p, ws, ch, th }: Claims["ctx"]): Promise<string> {
  return toBase64url((await sha256(canonical({ p, ws, ch, ...(th === undefined ? {} : { th }) }))).subarray(0, 8))
}

async function sign(header: object, payload: object, signer: LabelSigner): Promise<string> {
  if (signer.alg !== "ES256") throw new NotALabel(`labels are signed with ES256, this key is for ${signer.alg}`)
  const part = (x: object) => toBase64url(new TextEncoder().encode(canonical(x)))
  const signed = `${part(header)}.${part(payload)}`
  const signature = await signer.sign(new TextEncoder().encode(signed))
  if (signature.length !== 64) throw new NotALabel(`the key gave a signature of ${signature.length} bytes; ES256 has 64, r and s`)
  return `${signed}.${toBase64url(signature)}`
}
