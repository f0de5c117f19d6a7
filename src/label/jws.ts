// The signature of a label, and nothing else of it. Pins `alg` and `typ`; a header may hold `alg`, `kid` and `typ` only, so
// `jwk`, `jku`, `x5u` and `crit` are never read. Keys come from the caller, by issuer.
import { compactVerify, importJWK } from "jose"
import { fromBase64url } from "./canonical.ts"
import { labelType } from "./sign.ts"
import { type Invalid, invalid } from "./verdict.ts"

/** A key as an issuer publishes it. `exp`, in seconds: the key signed no label from then on (OpenID Federation 1.0 §8.7.2). */
export interface PublishedKey {
  readonly kty?: string
  readonly crv?: string
  readonly x?: string
  readonly y?: string
  readonly kid?: string
  readonly alg?: string
  readonly use?: string
  readonly exp?: number
}
/** What `<iss>/.well-known/jwks.json` says (RFC 7517). */
export interface PublishedKeys {
  readonly keys: readonly PublishedKey[]
}
/** The keys of an issuer that the verifier trusts; null for every other issuer. May throw when keys cannot be had. */
export type KeysOf = (iss: string) => Promise<PublishedKeys | null> | PublishedKeys | null

// A label is about 1.3 kB. Nothing of this size is worth parsing.
const maxChars = 16_384
// An issuer rotates now and then; a list of thousands would only make verifiers sweat.
const maxKeys = 200

export type Opened<C> = { readonly claims: C; readonly key: PublishedKey } | { readonly bad: Invalid<never> }
type Parse<C> = (value: unknown) => { readonly ok: C } | { readonly problem: string }

/** `kid` says whether this form of label names its key. */
export async function openJws<C extends { readonly iss: string }>(
  raw: string,
  how: { readonly parse: Parse<C>; readonly kid: "named" | "absent"; readonly keysOf: KeysOf },
): Promise<Opened<C>> {
  if (raw.length > maxChars) return bad("malformed", "It is too long.")
  const parts = raw.split(".")
  // One spelling only: base64url that decodes to the same bytes in two ways would let a byte be flipped unseen.
  const [header, payload, signature] = parts.map(fromBase64url)
  if (parts.length !== 3 || !header || !payload || !signature) return bad("malformed")

  const head = json(header)
  if (typeof head !== "object" || head === null || Array.isArray(head)) return bad("malformed")
  const { alg, typ, kid, ...rest } = head as Record<string, unknown>
  if (alg !== "ES256") return bad("wrong-alg")
  if (typ !== labelType) return bad("wrong-type")
  const strange = Object.keys(rest)[0]
  if (strange !== undefined) return bad("malformed", "Its header says more than a label's may.")
  if (how.kid === "named" ? typeof kid !== "string" : kid !== undefined) return bad("malformed", "Its header does not fit this form of label.")

  const parsed = how.parse(json(payload))
  if ("problem" in parsed) return bad("malformed", `${parsed.problem}.`)
  const published = await how.keysOf(parsed.ok.iss)
  if (published === null) return bad("unknown-issuer", `It says ${parsed.ok.iss}.`)

  const candidates = published.keys.slice(0, maxKeys).filter((key) => usable(key) && (kid === undefined || key.kid === kid))
  if (candidates.length === 0) return bad("unknown-key")
  for (const key of candidates) if (await signedBy(raw, key)) return { claims: parsed.ok, key }
  return bad("bad-signature")
}
const bad = (...[code, detail]: [Parameters<typeof invalid>[0], string?]) => ({ bad: invalid(code, null, detail) })

function usable(key: PublishedKey): boolean {
  return key.kty === "EC" && key.crv === "P-256" && (key.alg ?? "ES256") === "ES256" && (key.use ?? "sig") === "sig"
}
async function signedBy(raw: string, key: PublishedKey): Promise<boolean> {
  try {
    const { kty, crv, x, y } = key
    // Only the point itself: whatever else the key says cannot change how it is used.
    await compactVerify(raw, await importJWK({ kty, crv, x, y } as Parameters<typeof importJWK>[0], "ES256"), { algorithms: ["ES256"] })
    return true
  } catch {
    // Also a published key that is no point of the curve: it verifies nothing, and is no reason to fail.
    return false
  }
}
function json(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes))
  } catch {
    return undefined
  }
}
