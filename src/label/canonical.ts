// Bytes that everybody makes the same way: RFC 8785 canonical JSON, SHA-256, base64url.
// JSON.stringify drops or rewrites what it cannot say; here that is refused, because a hash must cover all that was meant.
import canonicalize from "canonicalize"
import { base64url } from "jose"

/**
 * RFC 8785 (JCS) text of a JSON value.
 * Throws {@link NotCanonical} for `undefined`, NaN, infinities, bigints, lone surrogates, cycles, holes and objects of a class.
 */
export function canonical(value: unknown): string {
  refuseWhatJsonCannotSay(value, "$", [])
  return canonicalize(value) as string
}
export class NotCanonical extends TypeError {
  readonly code = "not-canonical"
  constructor(path: string, what: string) {
    super(`${path} is ${what}: canonical JSON cannot say that`)
    this.name = "NotCanonical"
  }
}

function refuseWhatJsonCannotSay(value: unknown, path: string, above: readonly object[]): void {
  switch (typeof value) {
    case "boolean":
      return
    case "string":
      if (!value.isWellFormed()) throw new NotCanonical(path, "a text with half a surrogate pair")
      return
    case "number":
      if (!Number.isFinite(value)) throw new NotCanonical(path, "not a finite number")
      return
    case "object": {
      if (value === null) return
      if (above.includes(value)) throw new NotCanonical(path, "a cycle")
      const within = [...above, value]
      if (Array.isArray(value)) {
        for (let i = 0; i < value.length; i++) refuseWhatJsonCannotSay(value[i], `${path}[${i}]`, within)
        return
      }
      const proto: unknown = Object.getPrototypeOf(value)
      if (proto !== null && Object.getPrototypeOf(proto) !== null) throw new NotCanonical(path, "an object of a class")
      for (const [key, member] of Object.entries(value)) {
        if (!key.isWellFormed()) throw new NotCanonical(path, "an object with half a surrogate pair in a name")
        refuseWhatJsonCannotSay(member, `${path}.${key}`, within)
      }
      return
    }
    default:
      throw new NotCanonical(path, `of type ${typeof value}`)
  }
}

/** SHA-256 of bytes, or of a text as UTF-8. */
export async function sha256(input: string | Uint8Array): Promise<Uint8Array> {
  const bytes = typeof input === "string" ? new TextEncoder().encode(input) : new Uint8Array(input)
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))
}
/** SHA-256 as base64url without padding: 43 characters. */
export async function sha256Base64url(input: string | Uint8Array): Promise<string> {
  return toBase64url(await sha256(input))
}
export function toBase64url(bytes: Uint8Array): string {
  return base64url.encode(bytes)
}
/** Null unless `text` is the one base64url spelling of its bytes: unused bits must be zero, padding must be absent. */
export function fromBase64url(text: string): Uint8Array | null {
  try {
    const bytes = base64url.decode(text)
    return base64url.encode(bytes) === text ? bytes : null
  } catch {
    return null
  }
}
