// Names of rows and secrets of links. Secrets are stored by their digest only: who reads the database cannot sign in.
import { createHash, randomBytes, timingSafeEqual } from "node:crypto"

/** 96 random bits: not guessable, short in an address. */
export function freshId(): string {
  return randomBytes(12).toString("base64url")
}
/** 256 random bits. */
export function freshSecret(): string {
  return randomBytes(32).toString("base64url")
}
export function digestOf(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url")
}
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(createHash("sha256").update(a).digest(), createHash("sha256").update(b).digest())
}
/** An id that came in from a form or an address. */
export function isId(raw: unknown): raw is string {
  return typeof raw === "string" && /^[A-Za-z0-9_-]{1,64}$/.test(raw)
}
